//! What was measured already: how often the limit was passed in the last weeks.

use serde::{Deserialize, Serialize};

use crate::{Capacity, Extreme, IsoWeek, Limits, Loading, PowerFactor, WeekExtremes};

/// How often the measured extremes of a transformer passed its limit in the last weeks.
///
/// Weeks count, not extremes: a week in which import and feed-in both pass their limits is one week.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Exceedance {
    /// Weeks in which an extreme passed the limit, at least 1.
    pub weeks: u32,
    /// Weeks that were measured among those looked at, at least [`Self::weeks`].
    pub measured_weeks: u32,
    /// How many weeks were looked at: those up to [`Self::until`].
    pub window_weeks: u32,
    /// The last of the weeks looked at, measured or not.
    pub until: IsoWeek,
    /// The highest loading among the extremes that passed their limit.
    pub peak_loading: Loading,
    /// The active power behind it, kW; negative is feed-in.
    pub peak_kw: f64,
    /// The week of the peak, the latest if several share it.
    pub peak_week: IsoWeek,
    /// The last week that passed the limit; nothing in what earlier versions stored.
    #[serde(default)]
    pub last_week: Option<IsoWeek>,
    /// The active power of that week, kW, of the extreme with the higher loading; negative is feed-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_kw: Option<f64>,
}

impl Exceedance {
    /// How many weeks are looked at to tell that a transformer is overloaded already.
    pub const WINDOW_WEEKS: u32 = 8;
    /// How many weeks are looked at where none of those passed a limit: a year.
    pub const YEAR_WEEKS: u32 = 52;

    /// Whether it is of the last weeks, and not only of the last year.
    #[must_use]
    pub const fn is_recent(&self) -> bool {
        self.window_weeks <= Self::WINDOW_WEEKS
    }

    /// Whether the last or the highest of the last weeks that passed a limit passed that of an extreme's direction.
    #[must_use]
    pub fn is_recent_in(&self, extreme: Extreme) -> bool {
        let is_of = |kw: f64| match extreme {
            Extreme::Max => kw >= 0.0,
            Extreme::Min => kw < 0.0,
        };
        self.is_recent() && (is_of(self.peak_kw) || self.last_kw.is_some_and(is_of))
    }

    /// Counts the last `window_weeks` weeks up to `until`; nothing if none of them passed a limit.
    ///
    /// `weeks` come in any order, each once; an extreme counts where `counts` says so. A week of which
    /// neither extreme counts is not measured.
    #[must_use]
    pub fn of(
        weeks: &[WeekExtremes],
        (until, window_weeks): (IsoWeek, u32),
        limits: &Limits,
        (capacity, power_factor): (Capacity, PowerFactor),
        counts: impl Fn(IsoWeek, Extreme) -> bool,
    ) -> Option<Self> {
        let recent = |week: &&WeekExtremes| (0..window_weeks as i32).contains(&(until - week.week));
        let (mut exceeding, mut measured_weeks) = (0, 0);
        let mut peak: Option<(Loading, f64, IsoWeek)> = None;
        let mut last: Option<(IsoWeek, f64)> = None;
        for week in weeks.iter().filter(recent) {
            let extremes_kw = Extreme::ALL
                .into_iter()
                .filter(|&extreme| counts(week.week, extreme))
                .map(|extreme| week.get(extreme))
                .filter(|kw| kw.is_finite());
            let mut is_measured = false;
            let mut of_week: Option<(Loading, f64)> = None;
            for kw in extremes_kw {
                is_measured = true;
                if !limits.exceeded_by(kw) {
                    continue;
                }
                let loading = Loading::of(kw, capacity.active_kw(power_factor)).ok()?;
                if of_week.is_none_or(|(highest, _)| loading >= highest) {
                    of_week = Some((loading, kw));
                }
                let is_higher =
                    |(highest, _, at): &(Loading, f64, IsoWeek)| (loading, week.week) >= (*highest, *at);
                if peak.as_ref().is_none_or(is_higher) {
                    peak = Some((loading, kw, week.week));
                }
            }
            measured_weeks += u32::from(is_measured);
            exceeding += u32::from(of_week.is_some());
            if let Some((_, kw)) = of_week.filter(|_| last.is_none_or(|(at, _)| week.week > at)) {
                last = Some((week.week, kw));
            }
        }
        let (peak_loading, peak_kw, peak_week) = peak?;
        let weeks = exceeding;
        let (last_week, last_kw) = last.unzip();
        Some(Self {
            weeks,
            measured_weeks,
            window_weeks,
            until,
            peak_loading,
            peak_kw,
            peak_week,
            last_week,
            last_kw,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL: i32 = 2_900;

    fn found(rows: &[(i32, f64, f64)], thresholds: (f64, f64)) -> Option<Exceedance> {
        let week = |&(ago, min_kw, max_kw): &(i32, f64, f64)| WeekExtremes {
            week: IsoWeek::from_index(UNTIL - ago),
            min_kw,
            max_kw,
            readings: 672,
        };
        let weeks: Vec<WeekExtremes> = rows.iter().map(week).collect();
        let (capacity, factor) = (Capacity::new(400.0).unwrap(), PowerFactor::default());
        let limits = Limits::of(capacity, factor, thresholds.0, thresholds.1).unwrap();
        Exceedance::of(
            &weeks,
            (IsoWeek::from_index(UNTIL), Exceedance::WINDOW_WEEKS),
            &limits,
            (capacity, factor),
            |_, _| true,
        )
    }

    #[test]
    fn weeks_are_counted_in_the_window_alone() {
        let rows = [(0, 0.0, 410.0), (7, 0.0, 464.0), (8, 0.0, 900.0), (-1, 0.0, 900.0), (3, 0.0, 400.0)];
        let found = found(&rows, (1.0, 1.0)).unwrap();
        assert_eq!((found.weeks, found.measured_weeks, found.window_weeks), (2, 3, 8));
        assert_eq!((found.peak_loading.fraction(), found.peak_kw), (1.16, 464.0));
        assert_eq!(found.peak_week.index(), UNTIL - 7);
        assert_eq!((found.last_week, found.last_kw), (Some(IsoWeek::from_index(UNTIL)), Some(410.0)));
    }

    #[test]
    fn the_last_week_may_be_of_another_direction_than_the_heaviest() {
        let found = found(&[(0, -410.0, 405.0), (5, -100.0, 480.0)], (1.0, 1.0)).unwrap();
        assert_eq!((found.peak_kw, found.last_kw), (480.0, Some(-410.0)));
        assert!(Extreme::ALL.into_iter().all(|extreme| found.is_recent_in(extreme)));
    }

    #[test]
    fn the_peak_is_of_an_extreme_that_passed_its_own_limit() {
        // 110 % of import is within a limit of 120 %, 90 % of feed-in beyond one of 80 %.
        let found = found(&[(1, -360.0, 440.0)], (1.2, 0.8)).unwrap();
        assert_eq!((found.weeks, found.peak_kw, found.peak_loading.fraction()), (1, -360.0, 0.9));
        assert!(found.is_recent_in(Extreme::Min) && !found.is_recent_in(Extreme::Max));
    }

    #[test]
    fn at_its_limit_a_transformer_has_not_passed_it() {
        assert_eq!(found(&[(0, -400.0, 400.0)], (1.0, 1.0)), None);
        assert_eq!(found(&[], (1.0, 1.0)), None);
    }

    /// Against a count that looks at each week of the calendar by itself.
    #[test]
    fn the_count_is_that_of_brute_force() {
        let mut state = 7_u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        };
        for _ in 0..500 {
            let rows: Vec<(i32, f64, f64)> = (0..14)
                .filter_map(|ago| {
                    let (kept, low, high) = (random(), random(), random());
                    (kept < 0.7).then_some((ago, 300.0 - 900.0 * low, 100.0 + 500.0 * high))
                })
                .collect();
            let (mut weeks, mut measured, mut peak_kw) = (0, 0, 0.0_f64);
            for ago in 0..8 {
                let Some((_, min_kw, max_kw)) = rows.iter().find(|row| row.0 == ago) else { continue };
                measured += 1;
                let passed: Vec<f64> = [*min_kw, *max_kw]
                    .into_iter()
                    .filter(|kw| *kw > 440.0 || *kw < -320.0)
                    .map(f64::abs)
                    .collect();
                weeks += u32::from(!passed.is_empty());
                peak_kw = passed.into_iter().fold(peak_kw, f64::max);
            }
            match found(&rows, (1.1, 0.8)) {
                None => assert_eq!(weeks, 0),
                Some(found) => {
                    assert_eq!((found.weeks, found.measured_weeks), (weeks, measured));
                    assert_eq!(found.peak_kw.abs(), peak_kw);
                    assert_eq!(found.peak_loading.fraction(), peak_kw / 400.0);
                }
            }
        }
    }
}
