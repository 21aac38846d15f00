//! What is worth telling people who are not looking.

use std::fmt;
use std::str::FromStr;

use app::api::runs::{DataTestResult, Drift};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Digest;

/// Something that people outside should know. What happened is told once, however often it is announced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Notice {
    /// Something that was to be done could not be.
    RunFailed {
        /// What was to be done.
        task: Task,
        /// The run of forecasts, where there was one.
        run: Option<i64>,
        /// Why, with the remedy.
        reason: String,
    },
    /// A scheduled turn, or a run that somebody else starts, was not done in time.
    RunLate {
        /// When it was due.
        due_at: DateTime<Utc>,
        /// How long a turn may take; none of a run that should have been done by then.
        within_minutes: Option<u32>,
    },
    /// A run was done, and what came of it looks wrong.
    RunSuspicious {
        /// The run of forecasts; none for an update of the weekly extremes.
        run: Option<i64>,
        /// What looks wrong, a sentence each.
        findings: Vec<String>,
        /// The same in figures.
        #[serde(default)]
        drifts: Vec<Drift>,
    },
    /// Tests of the readings stopped a run before it began.
    ReadingsRefused {
        /// The tests that failed, a sentence each.
        failed: Vec<String>,
        /// The same in figures.
        #[serde(default)]
        tests: Vec<DataTestResult>,
    },
    /// How the overloads have changed within a week.
    WeeklyDigest(Digest),
}

/// What was to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// New readings, by `update-extremes`.
    UpdateExtremes,
    /// Forecasts, by `make-forecasts` or a server.
    MakeForecasts,
    /// Both, at their time.
    ScheduledTurn,
}

impl Task {
    /// Its word in texts for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpdateExtremes => "update-extremes",
            Self::MakeForecasts => "make-forecasts",
            Self::ScheduledTurn => "scheduled-turn",
        }
    }
}

/// The kinds of notices, as settings name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// [`Notice::RunFailed`]
    RunFailed,
    /// [`Notice::RunLate`]
    RunLate,
    /// [`Notice::RunSuspicious`]
    RunSuspicious,
    /// [`Notice::ReadingsRefused`]
    ReadingsRefused,
    /// [`Notice::WeeklyDigest`]
    WeeklyDigest,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::RunFailed, Self::RunLate, Self::RunSuspicious, Self::ReadingsRefused, Self::WeeklyDigest];

    /// Its word in settings and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RunFailed => "run-failed",
            Self::RunLate => "run-late",
            Self::RunSuspicious => "run-suspicious",
            Self::ReadingsRefused => "readings-refused",
            Self::WeeklyDigest => "weekly-digest",
        }
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A word that names no kind of notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of notice")]
pub struct UnknownNoticeKind(String);

impl FromStr for NoticeKind {
    type Err = UnknownNoticeKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownNoticeKind(word.to_owned());
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(unknown)
    }
}

impl Notice {
    /// What looks wrong with a run.
    pub fn suspicious(run: Option<i64>, drifts: &[Drift]) -> Self {
        let findings = drifts.iter().map(ToString::to_string).collect();
        Self::RunSuspicious { run, findings, drifts: drifts.to_vec() }
    }

    /// What is wrong with the readings.
    pub fn refused<'a>(tests: impl IntoIterator<Item = &'a DataTestResult>) -> Self {
        let tests: Vec<DataTestResult> = tests.into_iter().cloned().collect();
        Self::ReadingsRefused { failed: tests.iter().map(ToString::to_string).collect(), tests }
    }

    /// Its kind.
    pub fn kind(&self) -> NoticeKind {
        match self {
            Self::RunFailed { .. } => NoticeKind::RunFailed,
            Self::RunLate { .. } => NoticeKind::RunLate,
            Self::RunSuspicious { .. } => NoticeKind::RunSuspicious,
            Self::ReadingsRefused { .. } => NoticeKind::ReadingsRefused,
            Self::WeeklyDigest(_) => NoticeKind::WeeklyDigest,
        }
    }

    /// What makes it the same notice when it is announced again: its kind and its run, turn or week. A failure counts as the
    /// same for a day: of a run whatever the reason, else as long as its words are the same but for their figures.
    pub fn identity(&self, now: DateTime<Utc>) -> String {
        let day = now.date_naive();
        let subject = match self {
            // A run that was cut off is taken up again under its number, and may fail again another day.
            Self::RunFailed { run: Some(run), .. } => format!("{run}/{day}"),
            Self::RunSuspicious { run: Some(run), .. } => run.to_string(),
            Self::RunSuspicious { run: None, findings, .. } => format!("{day}/{}", gist(findings)),
            Self::RunFailed { task, run: None, reason } => {
                format!("{}/{day}/{}", task.as_str(), gist(std::slice::from_ref(reason)))
            }
            Self::ReadingsRefused { failed, .. } => format!("{day}/{}", gist(failed)),
            Self::RunLate { due_at, .. } => due_at.timestamp().to_string(),
            Self::WeeklyDigest(digest) => digest.week.to_string(),
        };
        format!("{}/{subject}", self.kind())
    }
}

/// A short name of what texts say, whatever the figures in them: an age or a count is another one every minute.
fn gist(texts: &[String]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        let words: String = text.chars().filter(|character| !character.is_ascii_digit()).collect();
        hash.update(words.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(texts: &[&str]) -> Notice {
        let failed = texts.iter().map(|text| (*text).to_owned()).collect();
        Notice::ReadingsRefused { failed, tests: Vec::new() }
    }

    #[test]
    fn the_same_failure_is_one_notice_a_day_whatever_its_figures() {
        let morning: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
        let evening = morning + chrono::TimeDelta::hours(12);
        let first = refused(&["freshness: the newest reading is 9.3 days old"]).identity(morning);
        assert_eq!(refused(&["freshness: the newest reading is 9.8 days old"]).identity(evening), first);
        assert_ne!(refused(&["volume: 30 % fewer readings"]).identity(evening), first);
        let tomorrow = morning + chrono::TimeDelta::days(1);
        assert_ne!(refused(&["freshness: the newest reading is 9.3 days old"]).identity(tomorrow), first);
        let of_run = |reason: &str| Notice::RunFailed {
            task: Task::MakeForecasts,
            run: Some(12),
            reason: reason.to_owned(),
        };
        assert_eq!(of_run("this").identity(morning), of_run("that").identity(evening));
        assert_eq!(of_run("this").identity(morning), "run-failed/12/2026-11-23");
        assert_eq!(of_run("this").identity(tomorrow), "run-failed/12/2026-11-24");
    }

    #[test]
    fn kinds_are_named_alike_in_settings_bodies_and_headers() {
        for kind in NoticeKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        let body = serde_json::to_value(refused(&["a"])).unwrap();
        assert_eq!(body["kind"], NoticeKind::ReadingsRefused.as_str());
    }
}
