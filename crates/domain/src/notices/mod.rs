//! Notices: events that are reported to people outside the dashboard.

mod digest;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::runs::{DataTestResult, Drift};
pub use digest::{ChangedBoxes, Digest, DigestBox};

/// An event to report. The same event is reported once, however often it is announced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Notice {
    /// A task failed.
    RunFailed {
        /// The task.
        task: Task,
        /// The forecast run, if there was one.
        run: Option<i64>,
        /// The reason, with the remedy.
        reason: String,
    },
    /// A scheduled run, or one started elsewhere, was not finished in time.
    RunLate {
        /// When it was due.
        due_at: DateTime<Utc>,
        /// The allowed duration, minutes; `None` for a run that should have been finished by `due`.
        within_minutes: Option<u32>,
    },
    /// A run finished with suspicious results.
    RunSuspicious {
        /// The forecast run; `None` for an update of the weekly extremes.
        run: Option<i64>,
        /// What is suspicious, one sentence each.
        findings: Vec<String>,
        /// The same in figures.
        #[serde(default)]
        drifts: Vec<Drift>,
    },
    /// Data tests stopped a run before it began.
    ReadingsRefused {
        /// The failed tests, one sentence each.
        failed: Vec<String>,
        /// The same in figures.
        #[serde(default)]
        tests: Vec<DataTestResult>,
    },
    /// The changes of overloads within a week.
    WeeklyDigest(Digest),
}

/// A task that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Ingesting new readings, by `update-extremes`.
    UpdateExtremes,
    /// Making forecasts, by `make-forecasts` or a server.
    MakeForecasts,
    /// Both, on schedule.
    #[serde(rename = "scheduled-turn")]
    ScheduledRun,
}

impl Task {
    /// Its name in machine-readable texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpdateExtremes => "update-extremes",
            Self::MakeForecasts => "make-forecasts",
            Self::ScheduledRun => "scheduled-turn",
        }
    }
}

/// The kinds of notices, as settings name them.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownNoticeKind, parse_err_fn = UnknownNoticeKind::of)]
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

    /// Its name in settings and messages.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A text that names no kind of notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of notice")]
pub struct UnknownNoticeKind(String);

impl UnknownNoticeKind {
    fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Notice {
    /// The notice of a suspicious run.
    pub fn suspicious(run: Option<i64>, drifts: &[Drift]) -> Self {
        let findings = drifts.iter().map(ToString::to_string).collect();
        Self::RunSuspicious { run, findings, drifts: drifts.to_vec() }
    }

    /// The notice of refused readings.
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_alike_in_settings_bodies_and_headers() {
        for kind in NoticeKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        let body = serde_json::to_value(Notice::refused([])).unwrap();
        assert_eq!(body["kind"], NoticeKind::ReadingsRefused.as_str());
    }
}
