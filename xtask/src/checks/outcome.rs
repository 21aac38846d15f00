//! How a step went, and the summary of all.

use std::time::Duration;

use crate::console;

/// How a step that did not fail went.
#[derive(Debug)]
pub(super) enum Done {
    Whole,
    /// With something left out, and why.
    Except(String),
}

/// What the summary says of a step.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) name: &'static str,
    pub(super) outcome: anyhow::Result<Done>,
    pub(super) time: Duration,
}

/// Prints one line for each step and the counts; `true` where all passed.
pub(super) fn summarise(reports: &[Report], total: Duration) -> bool {
    console::heading("Summary");
    for Report { name, outcome, time } in reports {
        let verdict = match outcome {
            Ok(Done::Whole) => "passed".to_owned(),
            Ok(Done::Except(what)) => format!("passed, except: {what}"),
            Err(error) => format!("FAILED: {}", error.to_string().lines().next().unwrap_or_default()),
        };
        console::line(&format!("{name:<14} {:>12}  {verdict}", console::duration(*time)));
    }
    let failed = reports.iter().filter(|report| report.outcome.is_err()).count();
    console::line(&format!("{:<14} {:>12}\n", "all", console::duration(total)));
    console::line(&format!("steps: {} passed, {failed} failed", reports.len() - failed));
    failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_whole() {
        let report = |outcome| Report { name: "lint", outcome, time: Duration::ZERO };
        let mut reports = vec![report(Ok(Done::Whole)), report(Ok(Done::Except("a part".into())))];
        assert!(summarise(&reports, Duration::ZERO));
        reports.push(report(Err(anyhow::anyhow!("no"))));
        assert!(!summarise(&reports, Duration::ZERO));
    }
}
