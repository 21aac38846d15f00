//! The identity of a notice: what is announced again under the same identity is delivered once.

use chrono::{DateTime, Utc};
use domain::notices::Notice;
use sha2::{Digest as _, Sha256};

/// The identity of a notice: its kind and its run, scheduled time or week. A failure counts as the
/// same for a day: of a run whatever the reason, otherwise as long as its text differs only in
/// figures.
pub fn notice_identity(notice: &Notice, now: DateTime<Utc>) -> String {
    let day = now.date_naive();
    let subject = match notice {
        // A run that was cut off is resumed under its number, and may fail again another day.
        Notice::RunFailed { run: Some(run), .. } => format!("{run}/{day}"),
        Notice::RunSuspicious { run: Some(run), .. } => run.to_string(),
        Notice::RunSuspicious { run: None, findings, .. } => format!("{day}/{}", fingerprint(findings)),
        Notice::RunFailed { task, run: None, reason } => {
            format!("{}/{day}/{}", task.as_str(), fingerprint(std::slice::from_ref(reason)))
        }
        Notice::ReadingsRefused { failed, .. } => format!("{day}/{}", fingerprint(failed)),
        Notice::RunLate { due_at, .. } => due_at.timestamp().to_string(),
        Notice::WeeklyDigest(digest) => digest.week.to_string(),
    };
    format!("{}/{subject}", notice.kind())
}

/// A short fingerprint of texts that ignores their figures: an age or a count changes every minute.
fn fingerprint(texts: &[String]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        let words: String = text.chars().filter(|character| !character.is_ascii_digit()).collect();
        hash.update(words.as_bytes());
        hash.update([0]);
    }
    hex::encode(&hash.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use domain::notices::Task;

    use super::*;

    fn refused(texts: &[&str]) -> Notice {
        let failed = texts.iter().map(|text| (*text).to_owned()).collect();
        Notice::ReadingsRefused { failed, tests: Vec::new() }
    }

    #[test]
    fn the_same_failure_is_one_notice_a_day_whatever_its_figures() {
        let morning: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
        let evening = morning + chrono::TimeDelta::hours(12);
        let first = notice_identity(&refused(&["freshness: the newest reading is 9.3 days old"]), morning);
        assert_eq!(
            notice_identity(&refused(&["freshness: the newest reading is 9.8 days old"]), evening),
            first
        );
        assert_ne!(notice_identity(&refused(&["volume: 30 % fewer readings"]), evening), first);
        let tomorrow = morning + chrono::TimeDelta::days(1);
        assert_ne!(
            notice_identity(&refused(&["freshness: the newest reading is 9.3 days old"]), tomorrow),
            first
        );
        let of_run = |reason: &str| Notice::RunFailed {
            task: Task::MakeForecasts,
            run: Some(12),
            reason: reason.to_owned(),
        };
        assert_eq!(notice_identity(&of_run("this"), morning), notice_identity(&of_run("that"), evening));
        assert_eq!(notice_identity(&of_run("this"), morning), "run-failed/12/2026-11-23");
        assert_eq!(notice_identity(&of_run("this"), tomorrow), "run-failed/12/2026-11-24");
    }
}
