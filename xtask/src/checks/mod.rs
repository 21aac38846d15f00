//! Every check and test, one after the other, with a summary.

mod beside;
mod dependencies;
mod deployment;
mod outcome;
mod steps;

use std::time::Instant;

use anyhow::bail;

use crate::console;
use crate::workspace::Workspace;
use beside::{BESIDE_BROWSER, Beside};
pub(crate) use deployment::build_image;
use outcome::{Report, summarise};
use steps::STEPS;

/// Which steps to run; all of them by default.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Selection {
    /// Just this step (may be repeated)
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// All but this step (may be repeated)
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Name the steps instead of running them
    #[arg(long)]
    list: bool,
}

impl Selection {
    /// Refuses names that no step has.
    fn check(&self) -> anyhow::Result<()> {
        for name in self.only.iter().chain(&self.skip) {
            if !STEPS.iter().any(|(step, ..)| step == name) {
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

/// Runs the selected steps; `false` where one failed. A failed step does not stop those after it.
///
/// # Errors
/// Where a step is named that there isn't, or the machine cannot be prepared.
pub(crate) fn run(workspace: &Workspace, selection: &Selection) -> anyhow::Result<bool> {
    selection.check()?;
    if selection.list {
        for (name, about, _) in STEPS {
            console::line(&format!("{name:<14} {about}"));
        }
        return Ok(true);
    }
    console::line("The first time this takes about 50 minutes on two cores, half of it compiling.");
    let start = Instant::now();
    steps::prepare(workspace, |step| selection.includes(step))?;
    let mut reports = Vec::new();
    let mut beside = Vec::new();
    for (name, about, check) in STEPS.into_iter().filter(|(name, ..)| selection.includes(name)) {
        if selection.includes("browser") && BESIDE_BROWSER.contains(&name) {
            continue;
        }
        console::heading(&format!("{name}: {about}"));
        let start = Instant::now();
        if name == "browser" {
            let steps = BESIDE_BROWSER.into_iter().filter(|step| selection.includes(step));
            beside.extend(steps.map(|step| Beside::start(workspace, step)));
        }
        let outcome = check(workspace);
        if let Err(error) = &outcome {
            console::line(&format!("FAILED: {error:#}"));
        }
        let time = start.elapsed();
        console::line(&format!("    {name} took {}", console::duration(time)));
        reports.push(Report { name, outcome, time });
    }
    reports.extend(beside.into_iter().map(Beside::wait));
    Ok(summarise(&reports, start.elapsed()))
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
}
