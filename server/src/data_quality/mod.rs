//! Data tests before a run: are the data there, recent and plausible? Pure functions; the caller
//! acts on the verdict.

use chrono::{DateTime, Utc};
use domain::runs::{
    DataFinding, DataProfile, DataTest, DataTestResult, Scarce, Severity, Verdict, WeekVolume, share,
};

use crate::configuration::DataTestSettings;

/// Below this number of rows the share of refused ones means nothing.
const MIN_ROWS: u64 = 1_000;
/// Without this many earlier weeks there is nothing to compare the last one with.
const MIN_WEEKS: usize = 2;

/// The data tests as a gate before a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gate {
    /// The limits of the tests, and what a failure means.
    pub settings: DataTestSettings,
    /// Whether a person overrules failed tests.
    pub despite: bool,
}

/// The rows read from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCounts {
    /// All rows.
    pub rows: u64,
    /// Refused rows.
    pub refused: u64,
}

/// The failed tests that stopped a run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "the data tests stopped the run before it changed anything – {}; mend the source, change [data_tests], or go on with \
     --despite-data-tests",
    self.sentences().join("; ")
)]
pub struct FailedDataTests {
    /// All results, including passed tests.
    pub results: Vec<DataTestResult>,
}

impl FailedDataTests {
    /// The tests that stopped the run.
    pub fn stopping(&self) -> impl Iterator<Item = &DataTestResult> {
        self.results.iter().filter(|result| result.stops())
    }

    /// One sentence per test that stopped the run.
    pub fn sentences(&self) -> Vec<String> {
        self.stopping().map(ToString::to_string).collect()
    }
}

impl Gate {
    /// Runs the tests, logs failures, and lets the data pass or not.
    ///
    /// # Errors
    /// [`FailedDataTests`] if a test that stops a run fails and is not overruled.
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

/// All tests that are on.
fn judge(
    profile: &DataProfile,
    rows: Option<RowCounts>,
    settings: &DataTestSettings,
    now: DateTime<Utc>,
) -> Vec<DataTestResult> {
    // A source with other tables or columns can't be opened, so this point is not reached.
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
