//! Every check and test, one after the other, with a summary.

mod dependencies;
mod deployment;
mod steps;

use std::time::{Duration, Instant};

use anyhow::bail;

use crate::console;
use crate::workspace::Workspace;
pub(crate) use deployment::build_image;
use steps::STEPS;

/// Which steps to run; all of them by default.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    pub(crate) only: Vec<String>,
    pub(crate) skip: Vec<String>,
    /// Name the steps instead of running them.
    pub(crate) list: bool,
}

impl Selection {
    /// Refuses names that no step has.
    ///
    /// # Errors
    /// Names the first such.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for name in self.only.iter().chain(&self.skip) {
            if !STEPS.iter().any(|step| step.name == name) {
                bail!("there is no step `{name}`; `cargo xtask test --list` names them");
            }
        }
        Ok(())
    }

    fn includes(&self, name: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|only| only == name))
            && !self.skip.iter().any(|skip| skip == name)
    }
}

/// One check.
struct Step {
    /// A short name to select it by.
    name: &'static str,
    /// What it proves, in a few words.
    about: &'static str,
    run: fn(&Workspace) -> anyhow::Result<Done>,
}

/// How a step that did not fail went.
enum Done {
    Whole,
    /// With something left out, and why.
    Except(String),
}

/// What the summary says of a step.
struct Report {
    name: &'static str,
    outcome: anyhow::Result<Done>,
    time: Duration,
}

/// Runs the selected steps; `false` where one failed. A failed step does not stop those after it.
///
/// # Errors
/// Where the machine cannot be prepared.
pub(crate) fn run(workspace: &Workspace, selection: &Selection) -> anyhow::Result<bool> {
    if selection.list {
        for step in &STEPS {
            console::line(&format!("{:<14} {}", step.name, step.about));
        }
        return Ok(true);
    }
    console::line("The first time this takes about 15 minutes on two cores, most of it compiling.");
    let start = Instant::now();
    steps::prepare(workspace, selection)?;
    let mut reports = Vec::new();
    for step in STEPS.iter().filter(|step| selection.includes(step.name)) {
        console::heading(&format!("{}: {}", step.name, step.about));
        let start = Instant::now();
        let outcome = (step.run)(workspace);
        if let Err(error) = &outcome {
            console::line(&format!("FAILED: {error:#}"));
        }
        let time = start.elapsed();
        console::line(&format!("    {} took {}", step.name, console::duration(time)));
        reports.push(Report { name: step.name, outcome, time });
    }
    Ok(summarise(&reports, start.elapsed()))
}

/// Prints one line for each step and the counts; `true` where all passed.
fn summarise(reports: &[Report], total: Duration) -> bool {
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
    fn a_selection_narrows_the_steps_and_refuses_strange_names() {
        let mut selection = Selection { only: vec!["lint".into()], ..Selection::default() };
        assert!(selection.check().is_ok());
        assert!(selection.includes("lint") && !selection.includes("browser"));
        selection = Selection { skip: vec!["lint".into()], ..Selection::default() };
        assert!(!selection.includes("lint") && selection.includes("browser"));
        selection.only.push("lnt".into());
        assert!(selection.check().is_err());
    }

    #[test]
    fn one_failed_step_fails_the_whole() {
        let report = |outcome| Report { name: "lint", outcome, time: Duration::ZERO };
        assert!(summarise(
            &[report(Ok(Done::Whole)), report(Ok(Done::Except("a part".into())))],
            Duration::ZERO
        ));
        assert!(!summarise(&[report(Ok(Done::Whole)), report(Err(anyhow::anyhow!("no")))], Duration::ZERO));
    }
}
