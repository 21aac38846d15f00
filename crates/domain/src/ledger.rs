//! The ledger of warnings: which were followed by an overload, which were not, and which overloads nobody warned of.

use model::IsoWeek;
use serde::{Deserialize, Serialize};

/// Overloads with no more than so many weeks between them are one: it was known already.
const APART_WEEKS: i32 = 26;

/// A forecast that made an overload likelier than not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// The first week of the forecast.
    pub week: IsoWeek,
    /// The last week that the warning is for.
    pub until: IsoWeek,
    /// The probability of an overload in these weeks, 0 to 1.
    pub probability: f64,
}

/// What became of a warning, or what an overload came without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The overload came.
    Hit,
    /// No overload came in the weeks of the warning.
    FalseAlarm,
    /// The overload came without a warning, though a forecast covered its week.
    Miss,
    /// The weeks of the warning are not over.
    Open,
}

/// One line of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// The warning: of several that follow each other the first, until the end of the last.
    pub warning: Option<Warning>,
    /// The first overloaded week.
    pub overload: Option<IsoWeek>,
    /// What it came to.
    pub outcome: Outcome,
}

impl LedgerEntry {
    /// The weeks from the first warning to the overload.
    pub fn lead_weeks(&self) -> Option<i32> {
        Some(self.overload? - self.warning?.week)
    }
}

/// The ledger of one box in the order of time.
///
/// `forecasts` are the weeks in which forecasts began, `warnings` those of them that warned, `overloads` the measured weeks
/// beyond the limit; all ascending. Warnings that follow each other without a gap are one. A warning while the box is
/// overloaded already says nothing new; neither does an overload within half a year after another.
pub fn ledger(
    forecasts: &[IsoWeek],
    warnings: &[Warning],
    overloads: &[IsoWeek],
    measured_to: IsoWeek,
) -> Vec<LedgerEntry> {
    let starts: Vec<(IsoWeek, IsoWeek)> = episodes(overloads);
    let is_known = |week: IsoWeek| {
        // In the week in which it begins, an overload is still ahead of the forecast.
        starts.iter().any(|(first, last)| week > *first && week <= last.plus(APART_WEEKS))
    };
    let mut spans: Vec<Warning> = Vec::new();
    for warning in warnings.iter().filter(|warning| !is_known(warning.week)) {
        match spans.last_mut() {
            Some(span) if warning.week <= span.until.plus(1) => span.until = span.until.max(warning.until),
            _ => spans.push(*warning),
        }
    }
    let starts = starts.iter().map(|(first, _)| *first);
    let mut entries: Vec<LedgerEntry> = spans
        .iter()
        .map(|warning| {
            let overload = starts.clone().find(|start| (warning.week..=warning.until).contains(start));
            let outcome = match overload {
                Some(_) => Outcome::Hit,
                None if warning.until <= measured_to => Outcome::FalseAlarm,
                None => Outcome::Open,
            };
            LedgerEntry { warning: Some(*warning), overload, outcome }
        })
        .collect();
    let is_covered = |start: &IsoWeek| {
        forecasts.iter().any(|first| (0..=APART_WEEKS).contains(&(*start - *first)))
            && !spans.iter().any(|warning| (warning.week..=warning.until).contains(start))
    };
    let missed = starts.filter(is_covered);
    entries.extend(missed.map(|start| LedgerEntry {
        warning: None,
        overload: Some(start),
        outcome: Outcome::Miss,
    }));
    entries.sort_by_key(|entry| entry.warning.map_or(entry.overload, |warning| Some(warning.week)));
    entries
}

/// Overloaded weeks less than half a year apart, as their first and last week.
fn episodes(overloads: &[IsoWeek]) -> Vec<(IsoWeek, IsoWeek)> {
    let mut episodes: Vec<(IsoWeek, IsoWeek)> = Vec::new();
    for week in overloads {
        match episodes.last_mut() {
            Some((_, last)) if *week - *last <= APART_WEEKS => *last = *week,
            _ => episodes.push((*week, *week)),
        }
    }
    episodes
}

/// What many ledgers come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerSums {
    /// Warnings that were followed by an overload.
    pub hits: u32,
    /// Overloads without a warning.
    pub misses: u32,
    /// Warnings without an overload.
    pub false_alarms: u32,
    /// Warnings whose weeks are not over.
    pub open: u32,
    /// The weeks from the warnings to the overloads, added up over the hits.
    pub lead_weeks: u32,
}

impl LedgerSums {
    /// Adds a line.
    pub fn add(&mut self, entry: &LedgerEntry) {
        match entry.outcome {
            Outcome::Hit => {
                self.hits += 1;
                self.lead_weeks += entry.lead_weeks().map_or(0, |weeks| weeks.unsigned_abs());
            }
            Outcome::Miss => self.misses += 1,
            Outcome::FalseAlarm => self.false_alarms += 1,
            Outcome::Open => self.open += 1,
        }
    }

    /// Adds other sums.
    pub fn merge(&mut self, other: &Self) {
        self.hits += other.hits;
        self.misses += other.misses;
        self.false_alarms += other.false_alarms;
        self.open += other.open;
        self.lead_weeks += other.lead_weeks;
    }

    /// The mean of the weeks from a warning to its overload.
    pub fn mean_lead_weeks(&self) -> Option<f64> {
        (self.hits > 0).then(|| f64::from(self.lead_weeks) / f64::from(self.hits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(index: i32) -> IsoWeek {
        IsoWeek::from_index(index)
    }

    fn warning(week: i32) -> Warning {
        Warning { week: at(week), until: at(week + 26), probability: 0.7 }
    }

    fn outcomes(
        forecasts: &[i32],
        warnings: &[i32],
        overloads: &[i32],
        to: i32,
    ) -> Vec<(Outcome, Option<i32>)> {
        let weeks = |weeks: &[i32]| weeks.iter().copied().map(at).collect::<Vec<_>>();
        let warnings: Vec<Warning> = warnings.iter().copied().map(warning).collect();
        ledger(&weeks(forecasts), &warnings, &weeks(overloads), at(to))
            .iter()
            .map(|entry| (entry.outcome, entry.lead_weeks()))
            .collect()
    }

    #[test]
    fn the_first_of_warnings_that_follow_each_other_counts() {
        let weeks: Vec<i32> = (100..112).collect();
        assert_eq!(outcomes(&weeks, &weeks, &[112, 113, 120], 130), [(Outcome::Hit, Some(12))]);
        assert_eq!(outcomes(&weeks, &weeks, &[], 130), [(Outcome::Open, None)]);
        assert_eq!(outcomes(&weeks, &weeks, &[], 138), [(Outcome::FalseAlarm, None)]);
    }

    #[test]
    fn an_overload_within_reach_of_a_forecast_that_did_not_warn_is_a_miss() {
        assert_eq!(outcomes(&[100], &[], &[110], 130), [(Outcome::Miss, None)]);
        assert_eq!(outcomes(&[100], &[], &[90], 130), [], "before anything was forecast");
        assert_eq!(outcomes(&[100], &[], &[127], 130), [], "beyond the horizon");
    }

    #[test]
    fn a_warning_during_an_overload_says_nothing_new() {
        let found = outcomes(&[100, 110], &[100, 110], &[99, 105, 111], 140);
        assert_eq!(found, []);
        // A year later it does.
        let found = outcomes(&[100, 170], &[170], &[99, 175], 240);
        assert_eq!(found, [(Outcome::Hit, Some(5))]);
    }

    #[test]
    fn sums_hold_every_line_once() {
        let mut sums = LedgerSums::default();
        for entry in ledger(&[at(100)], &[warning(100), warning(300)], &[at(104), at(200)], at(310)) {
            sums.add(&entry);
        }
        assert_eq!((sums.hits, sums.misses, sums.false_alarms, sums.open), (1, 0, 0, 1));
        assert_eq!(sums.mean_lead_weeks(), Some(4.0));
        let mut twice = sums;
        twice.merge(&sums);
        assert_eq!((twice.hits, twice.open, twice.mean_lead_weeks()), (2, 2, Some(4.0)));
    }
}
