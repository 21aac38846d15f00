//! How complete the readings of the last weeks are, by area and for the boxes that lack most.

use std::collections::{BTreeMap, HashMap};

use model::{BoxId, IsoWeek};

/// Readings of a box within a window of weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxReadings {
    /// The box.
    pub box_id: BoxId,
    /// The name of its station; empty if unknown.
    pub station_name: String,
    /// Its area; empty if unknown.
    pub area: String,
    /// The first week in which it was ever measured.
    pub first_week: IsoWeek,
    /// The readings of each week of the window that has any.
    pub weeks: Vec<(IsoWeek, u32)>,
}

/// A line of the map: the share of the expected readings in each week, 0 to 1; nothing before the first measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletenessRow<T> {
    /// What the line is of.
    pub of: T,
    /// One share for each week of the map.
    pub shares: Vec<Option<f64>>,
}

/// A box in the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedBox {
    /// The box.
    pub box_id: BoxId,
    /// The name of its station; empty if unknown.
    pub station_name: String,
}

/// The readings of all boxes in service over the last complete weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletenessMap {
    /// The weeks, ascending.
    pub weeks: Vec<IsoWeek>,
    /// Each area by name, all its boxes together; an empty name stands for none.
    pub areas: Vec<CompletenessRow<String>>,
    /// The boxes that lack most readings, the worst first.
    pub boxes: Vec<CompletenessRow<MappedBox>>,
    /// How many boxes lack any reading.
    pub incomplete_boxes: usize,
    /// How many boxes were measured at some time up to the last of the weeks.
    pub measured_boxes: usize,
}

impl CompletenessMap {
    /// How many boxes are shown.
    pub const MAX_BOXES: usize = 100;
    /// How many weeks are shown.
    pub const WEEKS: i32 = 26;

    /// From the readings of boxes in the weeks before the running one, of which each has so many quarter-hours.
    ///
    /// # Errors
    /// For a week that the calendar does not know.
    pub fn of<E>(
        running_week: IsoWeek,
        boxes: Vec<BoxReadings>,
        quarters_in: impl Fn(IsoWeek) -> Result<u16, E>,
    ) -> Result<Self, E> {
        let weeks: Vec<IsoWeek> = (1..=Self::WEEKS).rev().map(|back| running_week.plus(-back)).collect();
        let expected = weeks.iter().map(|&week| quarters_in(week).map(f64::from));
        let expected: Vec<f64> = expected.collect::<Result<_, _>>()?;
        let mut areas: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
        let mut found = Vec::with_capacity(boxes.len());
        for BoxReadings { box_id, station_name, area, first_week, weeks: read } in boxes {
            let read: HashMap<IsoWeek, u32> = read.into_iter().collect();
            let of_area = areas.entry(area).or_insert_with(|| vec![(0.0, 0.0); weeks.len()]);
            let mut lacks = 0.0;
            let mut shares = Vec::with_capacity(weeks.len());
            for ((&week, &expected), (of_area, in_area)) in weeks.iter().zip(&expected).zip(of_area) {
                if week < first_week {
                    shares.push(None);
                    continue;
                }
                let readings = f64::from(read.get(&week).copied().unwrap_or(0)).min(expected);
                *of_area += readings;
                *in_area += expected;
                lacks += expected - readings;
                shares.push(Some(readings / expected));
            }
            let of = MappedBox { box_id, station_name };
            found.push((lacks, CompletenessRow { of, shares }));
        }
        let measured_boxes = found.iter().filter(|(_, row)| row.shares.iter().any(Option::is_some)).count();
        let incomplete_boxes = found.iter().filter(|(lacks, _)| *lacks > 0.0).count();
        found.retain(|(lacks, _)| *lacks > 0.0);
        found.sort_by(|(a, left), (b, right)| {
            b.total_cmp(a).then_with(|| left.of.box_id.cmp(&right.of.box_id))
        });
        found.truncate(Self::MAX_BOXES);
        let share = |(readings, expected): (f64, f64)| (expected > 0.0).then(|| readings / expected);
        let row = |(of, sums): (String, Vec<(f64, f64)>)| CompletenessRow {
            of,
            shares: sums.into_iter().map(share).collect(),
        };
        Ok(Self {
            weeks,
            areas: areas.into_iter().map(row).collect(),
            boxes: found.into_iter().map(|(_, row)| row).collect(),
            incomplete_boxes,
            measured_boxes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(index: i32) -> IsoWeek {
        IsoWeek::from_index(index)
    }

    fn of(id: &str, area: &str, first_week: i32, weeks: Vec<(i32, u32)>) -> BoxReadings {
        BoxReadings {
            box_id: BoxId::new(id).unwrap(),
            station_name: String::new(),
            area: area.to_owned(),
            first_week: week(first_week),
            weeks: weeks.into_iter().map(|(index, readings)| (week(index), readings)).collect(),
        }
    }

    #[test]
    fn boxes_that_lack_most_come_first_and_nothing_is_expected_before_the_first_measurement() {
        let all = |from: i32| (from..1_026).map(|week| (week, 672)).collect::<Vec<_>>();
        let mut half = all(1_000);
        half[3].1 = 336;
        let boxes = vec![
            of("full", "Breda", 900, all(1_000)),
            of("new", "Breda", 1_020, all(1_020)),
            of("silent", "Venlo", 900, (1_000..1_010).map(|week| (week, 672)).collect()),
            of("half", "Venlo", 900, half),
            of("later", "Venlo", 1_026, Vec::new()),
        ];
        let map = CompletenessMap::of(week(1_026), boxes, |_| Ok::<_, ()>(672)).unwrap();
        assert_eq!((map.weeks.len(), map.weeks[0], map.weeks[25]), (26, week(1_000), week(1_025)));
        let ids: Vec<&str> = map.boxes.iter().map(|row| row.of.box_id.as_str()).collect();
        assert_eq!(ids, ["silent", "half"]);
        assert_eq!((map.incomplete_boxes, map.measured_boxes), (2, 4));
        assert_eq!(map.boxes[0].shares[9..11], [Some(1.0), Some(0.0)]);
        assert_eq!(map.boxes[1].shares[3], Some(0.5));
        let area = |name: &str| map.areas.iter().find(|row| row.of == name).unwrap();
        assert!(area("Breda").shares.iter().all(|share| *share == Some(1.0)));
        assert_eq!(area("Venlo").shares[3], Some(0.75));
        assert_eq!(area("Venlo").shares[25], Some(0.5));
    }
}
