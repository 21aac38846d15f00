//! Tests of the data before a run: is it there, is it recent, is it plausible? Pure; whoever runs asks, and stops.

use chrono::{DateTime, Utc};
use domain::runs::{
    DataFinding, DataProfile, DataTest, DataTestResult, Scarce, Severity, Verdict, WeekVolume, share,
};

use crate::configuration::DataTestSettings;

/// Rows of a source below which a share of refused ones says nothing.
const MIN_ROWS: u64 = 1_000;
/// Weeks before the last one without which there is nothing to compare it with.
const MIN_WEEKS: usize = 2;

/// The tests, and whether to go on all the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gate {
    /// What is tested, and what a failure means.
    pub settings: DataTestSettings,
    /// A person has looked at it and goes on despite what the tests say.
    pub despite: bool,
}

/// Rows that a source has looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCounts {
    /// All.
    pub rows: u64,
    /// Those that could not be used.
    pub refused: u64,
}

/// The tests that stopped a run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "the data tests stopped the run before it changed anything – {}; mend the source, change [data_tests], or go on with \
     --despite-data-tests",
    self.sentences().join("; ")
)]
pub struct FailedDataTests {
    /// All results, those that passed as well.
    pub results: Vec<DataTestResult>,
}

impl FailedDataTests {
    /// Those that stopped the run.
    pub fn stopping(&self) -> impl Iterator<Item = &DataTestResult> {
        self.results.iter().filter(|result| result.stops())
    }

    /// A sentence for each test that stopped the run.
    pub fn sentences(&self) -> Vec<String> {
        self.stopping().map(ToString::to_string).collect()
    }
}

impl Gate {
    /// Judges the data, tells what fails, and lets them pass or not.
    ///
    /// # Errors
    /// [`FailedDataTests`] if a test that stops a run fails, unless somebody goes on despite it.
    pub fn judge(
        &self,
        profile: &DataProfile,
        rows: Option<RowCounts>,
        now: DateTime<Utc>,
    ) -> Result<Vec<DataTestResult>, FailedDataTests> {
        let results = judge(profile, rows, &self.settings, now);
        for result in results.iter().filter(|result| result.verdict == Verdict::Failed) {
            tracing::warn!("a data test failed – {result}");
        }
        if !self.despite && results.iter().any(DataTestResult::stops) {
            return Err(FailedDataTests { results });
        }
        Ok(results)
    }
}

/// All tests that are not switched off.
fn judge(
    profile: &DataProfile,
    rows: Option<RowCounts>,
    settings: &DataTestSettings,
    now: DateTime<Utc>,
) -> Vec<DataTestResult> {
    // Where tables or columns are not as configured the source can't be opened, and this is not reached.
    let schema = (Verdict::Passed, DataFinding::AsConfigured);
    let mut found = vec![
        (DataTest::Schema, Severity::Stop, schema),
        (DataTest::Freshness, settings.freshness, freshness(profile, settings, now)),
        (DataTest::Volume, settings.volume, volume(profile, settings)),
        (DataTest::SilentBoxes, settings.silent_boxes, silent_boxes(profile, settings)),
        (DataTest::ImpossibleValues, settings.impossible_values, impossible_values(profile, settings)),
    ];
    if let Some(rows) = rows {
        found.push((DataTest::RefusedRows, settings.refused_rows, refused_rows(rows, settings)));
    }
    found
        .into_iter()
        .filter(|(_, severity, _)| *severity != Severity::Off)
        .map(|(test, severity, (verdict, finding))| DataTestResult { test, severity, verdict, finding })
        .collect()
}

type Finding = (Verdict, DataFinding);

fn verdict(is_right: bool) -> Verdict {
    if is_right { Verdict::Passed } else { Verdict::Failed }
}

fn too_few(what: Scarce) -> Finding {
    (Verdict::NotJudged, DataFinding::TooFew { what })
}

fn freshness(profile: &DataProfile, settings: &DataTestSettings, now: DateTime<Utc>) -> Finding {
    let Some(newest) = profile.newest_reading else { return too_few(Scarce::Readings) };
    let days = (now - newest).num_seconds() as f64 / 86_400.0;
    let most_days = settings.freshness_most_days;
    (verdict(days <= most_days), DataFinding::Age { newest: newest.date_naive(), days, most_days })
}

/// The last complete week, and those before it.
fn weeks(profile: &DataProfile) -> Option<(&WeekVolume, &[WeekVolume])> {
    profile.weeks.split_last()
}

fn volume(profile: &DataProfile, settings: &DataTestSettings) -> Finding {
    let Some((last, before)) = weeks(profile) else { return too_few(Scarce::CompleteWeeks) };
    let mut usual: Vec<u64> =
        before.iter().map(|week| week.readings).filter(|&readings| readings > 0).collect();
    if usual.len() < MIN_WEEKS || before.iter().all(|week| week.boxes < settings.least_boxes) {
        return too_few(Scarce::WeeksOrBoxes);
    }
    usual.sort_unstable();
    let usual = usual[usual.len() / 2];
    let (readings, least_share) = (last.readings, settings.volume_least_share);
    let finding = DataFinding::Volume { week: last.week, readings, usual, least_share };
    (verdict(share(readings, usual) >= least_share), finding)
}

fn silent_boxes(profile: &DataProfile, settings: &DataTestSettings) -> Finding {
    let Some((last, _)) = weeks(profile) else { return too_few(Scarce::CompleteWeeks) };
    let (silent, boxes) = (profile.silent_boxes, profile.active_boxes);
    if boxes < settings.least_boxes {
        return too_few(Scarce::Boxes);
    }
    let most_share = settings.silent_boxes_most_share;
    let is_right = share(silent.into(), boxes.into()) <= most_share;
    (verdict(is_right), DataFinding::Silent { week: last.week, silent, boxes, most_share })
}

fn impossible_values(profile: &DataProfile, settings: &DataTestSettings) -> Finding {
    let Some((last, _)) = weeks(profile) else { return too_few(Scarce::CompleteWeeks) };
    let (impossible, boxes) = (last.impossible_boxes, last.rated_boxes);
    if boxes < settings.least_boxes {
        return too_few(Scarce::RatedBoxes);
    }
    let most_share = settings.impossible_values_most_share;
    let beyond_capacity = settings.impossible_beyond_capacity;
    let is_right = share(impossible.into(), boxes.into()) <= most_share;
    let finding = DataFinding::Impossible { week: last.week, impossible, boxes, beyond_capacity, most_share };
    (verdict(is_right), finding)
}

fn refused_rows(rows: RowCounts, settings: &DataTestSettings) -> Finding {
    let RowCounts { rows, refused } = rows;
    if rows < MIN_ROWS {
        return too_few(Scarce::Rows);
    }
    let most_share = settings.refused_rows_most_share;
    (verdict(share(refused, rows) <= most_share), DataFinding::Refused { refused, rows, most_share })
}

#[cfg(test)]
mod tests;
