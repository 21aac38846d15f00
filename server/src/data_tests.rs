//! Tests of the data before a run: is it there, is it recent, is it plausible? Pure; whoever runs asks, and stops.

use chrono::{DateTime, Utc};

use crate::configuration::DataTestSettings;
use app::api::runs::{DataProfile, DataTest, DataTestResult, Severity, Verdict, WeekVolume};

/// Rows of a source below which a share of refused ones says nothing.
const LEAST_ROWS: u64 = 1_000;
/// Weeks before the last one without which there is nothing to compare it with.
const LEAST_WEEKS: usize = 2;

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
pub struct Intake {
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
    /// A sentence for each test that stopped the run.
    pub fn sentences(&self) -> Vec<String> {
        self.results.iter().filter(|result| stops(result)).map(sentence).collect()
    }
}

/// A failed test in a sentence, with its name.
pub fn sentence(result: &DataTestResult) -> String {
    format!("{}: {}", result.test.as_str(), result.finding)
}

fn stops(result: &DataTestResult) -> bool {
    result.severity == Severity::Stop && result.verdict == Verdict::Failed
}

impl Gate {
    /// Judges the data, tells what fails, and lets them pass or not.
    ///
    /// # Errors
    /// [`FailedDataTests`] if a test that stops a run fails, unless somebody goes on despite it.
    pub fn judge(
        &self,
        profile: &DataProfile,
        intake: Option<Intake>,
        now: DateTime<Utc>,
    ) -> Result<Vec<DataTestResult>, FailedDataTests> {
        let results = judge(profile, intake, &self.settings, now);
        for result in results.iter().filter(|result| result.verdict == Verdict::Failed) {
            tracing::warn!("a data test failed – {}", sentence(result));
        }
        if !self.despite && results.iter().any(stops) {
            return Err(FailedDataTests { results });
        }
        Ok(results)
    }
}

/// All tests that are not switched off.
fn judge(
    profile: &DataProfile,
    intake: Option<Intake>,
    settings: &DataTestSettings,
    now: DateTime<Utc>,
) -> Vec<DataTestResult> {
    // Where tables or columns are not as configured the source can't be opened, and this is not reached.
    let schema = (Verdict::Passed, "tables and columns are as configured".to_owned());
    let mut found = vec![
        (DataTest::Schema, Severity::Stop, schema),
        (DataTest::Freshness, settings.freshness, freshness(profile, settings, now)),
        (DataTest::Volume, settings.volume, volume(profile, settings)),
        (DataTest::SilentBoxes, settings.silent_boxes, silent_boxes(profile, settings)),
        (DataTest::ImpossibleValues, settings.impossible_values, impossible_values(profile, settings)),
    ];
    if let Some(intake) = intake {
        found.push((DataTest::RefusedRows, settings.refused_rows, refused_rows(intake, settings)));
    }
    found
        .into_iter()
        .filter(|(_, severity, _)| *severity != Severity::Off)
        .map(|(test, severity, (verdict, finding))| DataTestResult { test, severity, verdict, finding })
        .collect()
}

type Finding = (Verdict, String);

fn verdict(is_right: bool) -> Verdict {
    if is_right { Verdict::Passed } else { Verdict::Failed }
}

fn not_judged(reason: &str) -> Finding {
    (Verdict::NotJudged, reason.to_owned())
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn freshness(profile: &DataProfile, settings: &DataTestSettings, now: DateTime<Utc>) -> Finding {
    let Some(newest) = profile.newest_reading else { return not_judged("there are no readings") };
    let days = (now - newest).num_seconds() as f64 / 86_400.0;
    let most = settings.freshness_most_days;
    let finding = format!(
        "the newest reading, of {}, is {days:.1} days old (at most {most} are expected)",
        newest.format("%F")
    );
    (verdict(days <= most), finding)
}

/// The last complete week, and those before it.
fn weeks(profile: &DataProfile) -> Option<(&WeekVolume, &[WeekVolume])> {
    profile.weeks.split_last()
}

fn volume(profile: &DataProfile, settings: &DataTestSettings) -> Finding {
    let Some((last, before)) = weeks(profile) else { return not_judged("there is no complete week") };
    let mut usual: Vec<u64> =
        before.iter().map(|week| week.readings).filter(|&readings| readings > 0).collect();
    if usual.len() < LEAST_WEEKS || before.iter().all(|week| week.boxes < settings.least_boxes) {
        return not_judged("too few weeks or boxes to compare with");
    }
    usual.sort_unstable();
    let median = usual[usual.len() / 2];
    let found = share(last.readings, median);
    let finding = format!(
        "week {} holds {} of the readings that the weeks before it held ({} instead of {median}; at least {} is expected)",
        last.week,
        percent(found),
        last.readings,
        percent(settings.volume_least_share),
    );
    (verdict(found >= settings.volume_least_share), finding)
}

fn silent_boxes(profile: &DataProfile, settings: &DataTestSettings) -> Finding {
    let Some((last, _)) = weeks(profile) else { return not_judged("there is no complete week") };
    if profile.active_boxes < settings.least_boxes {
        return not_judged("too few boxes to tell");
    }
    let found = share(profile.silent_boxes.into(), profile.active_boxes.into());
    let finding = format!(
        "{} of {} boxes told nothing in week {} ({}; at most {} is expected)",
        profile.silent_boxes,
        profile.active_boxes,
        last.week,
        percent(found),
        percent(settings.silent_boxes_most_share),
    );
    (verdict(found <= settings.silent_boxes_most_share), finding)
}

fn impossible_values(profile: &DataProfile, settings: &DataTestSettings) -> Finding {
    let Some((last, _)) = weeks(profile) else { return not_judged("there is no complete week") };
    if last.rated_boxes < settings.least_boxes {
        return not_judged("too few boxes of known capacity to tell");
    }
    let found = share(last.impossible_boxes.into(), last.rated_boxes.into());
    let finding = format!(
        "{} of {} boxes tell more than {} times their capacity in week {} ({}; at most {} is expected)",
        last.impossible_boxes,
        last.rated_boxes,
        settings.impossible_beyond_capacity,
        last.week,
        percent(found),
        percent(settings.impossible_values_most_share),
    );
    (verdict(found <= settings.impossible_values_most_share), finding)
}

fn refused_rows(intake: Intake, settings: &DataTestSettings) -> Finding {
    if intake.rows < LEAST_ROWS {
        return not_judged("too few rows to tell");
    }
    let found = share(intake.refused, intake.rows);
    let finding = format!(
        "{} of {} rows could not be used ({}; at most {} is expected)",
        intake.refused,
        intake.rows,
        percent(found),
        percent(settings.refused_rows_most_share),
    );
    (verdict(found <= settings.refused_rows_most_share), finding)
}

#[cfg(test)]
mod tests;
