//! Data faults: short histories, idling transformers, gaps and outliers.

mod gaps;

use std::ops::Range;

use rand::RngExt;

use crate::calendar::Calendar;
use crate::components::Components;
use crate::random::{Purpose, stream};

pub(crate) use gaps::{missing, present};

/// The faults of a box, in quarter-hours counted from the calendar's first.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    /// From first to last reading; empty when the box never reports.
    pub(crate) reports: Range<usize>,
    /// The transformer carries no load before this; 0 at most boxes.
    pub(crate) idle_until: usize,
    /// Spans without readings within `reports`, sorted and disjoint.
    pub(crate) gaps: Vec<Range<usize>>,
    /// Outliers in chronological order.
    pub(crate) outliers: Vec<Outlier>,
}

/// A reading unrelated to the load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outlier {
    pub(crate) quarter: usize,
    pub(crate) value_kw: f64,
}

/// Load of an idling transformer, its own losses, as a fraction of its capacity.
pub(crate) const IDLE_SHARE: f64 = 0.003;

impl Faults {
    /// Draws the faults of a box: one in twelve has a short history, one in sixteen idles at first,
    /// one in sixteen has up to three outliers, one in four lacks a week or more.
    pub(crate) fn draw(seed: u64, number: usize, components: &Components, calendar: &Calendar) -> Self {
        let random = &mut stream(seed, Purpose::Faults, number as u64);
        let history = calendar.history_days;
        let short = random.random_bool(1.0 / 12.0);
        let kept_days = random.random_range(20..=700);
        let first_day = if short { history.saturating_sub(kept_days) } else { 0 };
        let lost_days = random.random_range(60..=500);
        let end_day = match (components.in_service, random.random_bool(0.5)) {
            (true, _) => history,
            (false, true) => history.saturating_sub(lost_days).max(first_day),
            (false, false) => first_day,
        };
        let start_of = |day: usize| calendar.days[day].quarters.start;
        let reports = start_of(first_day)..start_of(end_day);
        let idles = random.random_bool(1.0 / 16.0);
        // Connected at 10:30, after four weeks to seven months.
        let connected_day = first_day + random.random_range(28..=210);
        let idle_until = if idles && connected_day < end_day { start_of(connected_day) + 42 } else { 0 };
        let gaps = gaps::draw(random, &reports, calendar);
        let outlier_count = if random.random_bool(1.0 / 16.0) { random.random_range(1..=3) } else { 0 };
        let mut outliers = Vec::new();
        for _ in 0..outlier_count {
            let magnitude = random.random_range(1.3..3.5) * components.capacity_kva;
            let value_kw = if random.random_bool(0.25) { -magnitude } else { magnitude };
            let place = random.random::<f64>();
            let quarter = reports.start + (place * reports.len() as f64) as usize;
            if present(&reports, &gaps, quarter)
                && outliers.iter().all(|old: &Outlier| old.quarter != quarter)
            {
                outliers.push(Outlier { quarter, value_kw: (value_kw * 100.0).round() / 100.0 });
            }
        }
        outliers.sort_by_key(|outlier| outlier.quarter);
        Self { reports, idle_until, gaps, outliers }
    }

    /// Whether a quarter-hour has a reading.
    pub(crate) fn present(&self, quarter: usize) -> bool {
        present(&self.reports, &self.gaps, quarter)
    }

    /// Number of readings within a span of quarter-hours.
    pub(crate) fn readings(&self, span: &Range<usize>) -> usize {
        let reported = span.start.max(self.reports.start)..span.end.min(self.reports.end);
        reported.len() - missing(&self.gaps, &reported)
    }

    /// Outliers within a span of quarter-hours.
    pub(crate) fn outliers_in(&self, span: &Range<usize>) -> &[Outlier] {
        let from = self.outliers.partition_point(|outlier| outlier.quarter < span.start);
        let until = self.outliers.partition_point(|outlier| outlier.quarter < span.end);
        &self.outliers[from..until]
    }
}
