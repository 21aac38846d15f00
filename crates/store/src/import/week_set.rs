//! The set of weeks that an import changed, each counted once even if several files hold parts of
//! it.

use std::collections::HashMap;

use super::WeekKey;

/// A set of weeks: one bit per week for each box and phase, some hundred bytes for decades.
#[derive(Debug, Default)]
pub(super) struct WeekSet {
    series: HashMap<(i64, i32), Vec<u64>>,
    count: u64,
}

impl WeekSet {
    /// Adds a week; weeks before 1970 don't occur.
    pub(super) fn insert(&mut self, (box_key, phase, week): WeekKey) {
        let Ok(week) = usize::try_from(week) else { return };
        let words = self.series.entry((box_key, phase)).or_default();
        if words.len() <= week / 64 {
            words.resize(week / 64 + 1, 0);
        }
        let bit = 1 << (week % 64);
        if words[week / 64] & bit == 0 {
            words[week / 64] |= bit;
            self.count += 1;
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_counts_once() {
        let mut weeks = WeekSet::default();
        for place in [(1, 0, 2863), (1, 0, 2863), (1, 0, 2864), (1, 1, 2863), (2, 0, 0), (2, 0, 0)] {
            weeks.insert(place);
        }
        assert_eq!(weeks.len(), 4);
    }
}
