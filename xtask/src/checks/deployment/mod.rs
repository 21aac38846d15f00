//! Deployment: the image, compose.yaml and the files of `deploy/`, each checked by the tools of its
//! users.

mod airflow;
mod compose;
mod hosts;
mod image;
mod kubernetes;
mod monitoring;
mod yaml;

pub(crate) use image::build_image;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::bail;

use super::outcome::Done;
use crate::console;
use crate::tools::{self, AIRFLOW, Absent, LINTERS, OPENBAO, POLICIES};
use crate::workspace::Workspace;

/// One part of the step; it says what was proven.
type Part = (&'static str, fn(&Workspace) -> anyhow::Result<String>);

/// The long ones first.
const PARTS: [Part; 8] = [
    ("image", image::build_and_run),
    ("Airflow", airflow::check),
    ("Kubernetes", kubernetes::check),
    ("Dockerfile", image::lint),
    ("compose.yaml", compose::lint),
    ("scripts", hosts::scripts),
    ("systemd", hosts::units),
    ("monitoring", monitoring::check),
];

/// Checks all parts, on two threads, since most of them wait for one tool. What cannot be had here
/// is named.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Done> {
    console::line("    the tools are fetched, the first time for a minute or two");
    tools::fetch(workspace, &[AIRFLOW, LINTERS, OPENBAO, POLICIES]);
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((name, check)) = PARTS.get(next.fetch_add(1, Ordering::Relaxed)) {
            let start = Instant::now();
            let outcome = check(workspace);
            let shown = match &outcome {
                Ok(proven) => proven.clone(),
                Err(error) if error.is::<Absent>() => format!("left out, {error:#}"),
                Err(error) => format!("WRONG, {error:#}"),
            };
            console::line(&format!("    {name}: {shown} ({})", console::duration(start.elapsed())));
            outcomes.lock().unwrap_or_else(PoisonError::into_inner).push((*name, outcome));
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    verdict(&outcomes.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// An error fails the step; omissions are listed.
fn verdict(outcomes: &[(&str, anyhow::Result<String>)]) -> anyhow::Result<Done> {
    let errors = outcomes.iter().filter_map(|(name, outcome)| Some((name, outcome.as_ref().err()?)));
    let (absent, wrong): (Vec<_>, Vec<_>) = errors.partition(|(_, error)| error.is::<Absent>());
    if !wrong.is_empty() {
        bail!("wrong: {}", wrong.iter().map(|(name, _)| **name).collect::<Vec<_>>().join(", "));
    }
    let left_out: Vec<_> = absent.iter().map(|(name, why)| format!("{name} ({why})")).collect();
    Ok(if left_out.is_empty() { Done::Whole } else { Done::Except(left_out.join(", ")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_reported_and_what_is_wrong_fails() {
        let absent = || ("Airflow", Err(Absent("no network".into()).into()));
        assert!(matches!(verdict(&[("image", Ok(String::new()))]), Ok(Done::Whole)));
        assert!(matches!(verdict(&[absent()]), Ok(Done::Except(what)) if what == "Airflow (no network)"));
        assert!(verdict(&[absent(), ("image", Err(anyhow::anyhow!("no")))]).is_err());
    }
}
