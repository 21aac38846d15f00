//! Two million real readings of 18 boxes give their known weekly extremes.

use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int8Type, Int16Type};
use domain::calendar::Calendar;
use model::{IsoWeek, Phase};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::files::{Store, import, settings, shared};

/// The known extremes cover weeks with at least so many readings (90 % of 672).
const MIN_READINGS: u16 = 605;

fn los_angeles() -> Calendar {
    Calendar::new(chrono_tz::America::Los_Angeles)
}

struct KnownWeek {
    box_id: String,
    week: IsoWeek,
    min_kw: f64,
    max_kw: f64,
    readings: i16,
}

fn known_weeks(path: &std::path::Path) -> Vec<KnownWeek> {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    let mut weeks = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        let column = |name| batch.column_by_name(name).unwrap();
        for row in 0..batch.num_rows() {
            let year = column("year").as_primitive::<Int16Type>().value(row);
            let number = column("week").as_primitive::<Int8Type>().value(row);
            weeks.push(KnownWeek {
                box_id: column("boxid").as_string::<i32>().value(row).to_owned(),
                week: IsoWeek::from_year_and_number(i32::from(year), u32::try_from(number).unwrap()).unwrap(),
                min_kw: column("min").as_primitive::<Float64Type>().value(row),
                max_kw: column("max").as_primitive::<Float64Type>().value(row),
                readings: column("n").as_primitive::<Int16Type>().value(row),
            });
        }
    }
    weeks
}

#[test]
fn weekly_extremes_and_counts_of_the_real_readings_are_the_known_ones() {
    let (Some(raw), Some(weekly)) = (shared("ucsd_15min.parquet"), shared("ucsd_weekly.parquet")) else {
        return;
    };
    let mut store = Store::new();
    let report = import(&mut store, &raw, &los_angeles(), &settings());
    assert_eq!((report.rows, report.accepted, report.ignored), (2_173_473, 2_173_473, 0));
    assert!(report.refusals.is_empty(), "{:?}", report.refusals.named());
    assert_eq!(report.boxes, 18);

    let known = known_weeks(&weekly);
    assert_eq!(known.len(), 3205);
    let mut rounded = 0;
    for KnownWeek { box_id, week, min_kw, max_kw, readings } in &known {
        let tally = &store[&(box_id.clone(), Phase::Sumli, *week)];
        assert_eq!(i32::from(tally.readings()), i32::from(*readings), "{box_id} {week}");
        for (ours, theirs) in [(tally.min_kw(), *min_kw), (tally.max_kw(), *max_kw)] {
            assert_eq!(ours as f32, theirs as f32, "{box_id} {week}");
            // The known extremes of one box were stored in single precision.
            if ours != theirs {
                assert_eq!(box_id, "UCSD-TotalCampus");
                rounded += 1;
            }
        }
    }
    assert!(rounded < 250, "{rounded}");
    let complete = store.values().filter(|tally| tally.readings() >= MIN_READINGS).count();
    assert_eq!(complete, known.len(), "no week too many");

    let once = store.clone();
    let again = import(&mut store, &raw, &los_angeles(), &settings());
    assert_eq!(again, report);
    assert_eq!(store, once, "importing again changes nothing");
}

#[test]
fn csv_and_parquet_of_two_boxes_give_the_same_tallies() {
    let (Some(raw), Some(csv)) = (shared("ucsd_15min.parquet"), shared("ucsd_15min_two_boxes.csv.gz")) else {
        return;
    };
    let mut from_text = Store::new();
    let report = import(&mut from_text, &csv, &los_angeles(), &settings());
    assert!(report.refusals.is_empty(), "{:?}", report.refusals.named());
    assert_eq!(report.boxes, 2);

    let mut store = Store::new();
    import(&mut store, &raw, &los_angeles(), &settings());
    let boxes: std::collections::BTreeSet<&String> = from_text.keys().map(|(id, ..)| id).collect();
    let of_two: Store =
        store.iter().filter(|((id, ..), _)| boxes.contains(id)).map(|(k, t)| (k.clone(), *t)).collect();
    assert_eq!(from_text, of_two);

    let once = store.clone();
    import(&mut store, &csv, &los_angeles(), &settings());
    assert_eq!(store, once, "an overlapping file changes nothing");
}
