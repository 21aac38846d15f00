//! What makes two notices the same one: whatever is announced again is told once.

use chrono::{DateTime, Utc};
use domain::notices::Notice;
use sha2::{Digest as _, Sha256};

/// What makes a notice the same one when it is announced again: its kind and its run, turn or week. A failure counts as the
/// same for a day: of a run whatever the reason, else as long as its words are the same but for their figures.
pub fn notice_identity(notice: &Notice, now: DateTime<Utc>) -> String {
    let day = now.date_naive();
    let subject = match notice {
        // A run that was cut off is taken up again under its number, and may fail again another day.
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

/// A short name of what texts say, whatever the figures in them: an age or a count is another one every minute.
fn fingerprint(texts: &[String]) -> String {
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
