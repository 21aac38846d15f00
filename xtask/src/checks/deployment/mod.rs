//! What runs Gridspark elsewhere: the image, compose.yaml and the files of `deploy/`, each by the tools that its users have.

mod airflow;
mod compose;
mod hosts;
mod image;
mod installation;
mod kubernetes;
mod monitoring;
mod sbom;
mod yaml;

pub(crate) use image::build_image;

use std::env;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::bail;

use super::Done;
use crate::console;
use crate::tools::{self, Absent};
use crate::workspace::Workspace;

/// One part of the step; it says what was proven.
struct Part {
    name: &'static str,
    run: fn(&Workspace) -> anyhow::Result<String>,
}

/// The long ones first.
const PARTS: [Part; 9] = [
    Part { name: "image", run: image::build_and_run },
    Part { name: "Airflow", run: airflow::check },
    Part { name: "list of parts", run: sbom::check },
    Part { name: "Dockerfile", run: image::lint },
    Part { name: "compose.yaml", run: compose::check },
    Part { name: "scripts", run: hosts::scripts },
    Part { name: "systemd", run: hosts::units },
    Part { name: "Kubernetes", run: kubernetes::check },
    Part { name: "monitoring", run: monitoring::check },
];

/// Runs the parts on two threads, since most of them wait for one tool, and says of each how it went.
fn at_once(workspace: &Workspace) -> Vec<(&'static str, anyhow::Result<()>)> {
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(Part { name, run }) = PARTS.get(next.fetch_add(1, Ordering::Relaxed)) {
            let start = Instant::now();
            let outcome = run(workspace);
            let time = console::duration(start.elapsed());
            let outcome = match outcome {
                Ok(proven) => {
                    console::line(&format!("    {name}: {proven} ({time})"));
                    Ok(())
                }
                Err(error) => {
                    let absent = if error.downcast_ref::<Absent>().is_some() { "left out, " } else { "" };
                    console::line(&format!("    {name}: {absent}{error:#}"));
                    Err(error)
                }
            };
            outcomes.lock().unwrap_or_else(PoisonError::into_inner).push((*name, outcome));
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Checks all parts, and builds and runs the image in a clean root. What cannot be had here is named.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Done> {
    // Fetching waits for the network, so all is fetched at once.
    tools::fetch_all(workspace);
    let (mut faults, mut left_out) = (Vec::new(), Vec::new());
    for (name, outcome) in at_once(workspace) {
        match outcome {
            Ok(()) => {}
            Err(error) if error.downcast_ref::<Absent>().is_some() => {
                left_out.push(format!("{name} ({error})"))
            }
            Err(_) => faults.push(name),
        }
    }
    verdict(&faults, &left_out, env::var_os("GRIDSPARK_REQUIRE_DEPLOYMENT").is_some())
}

/// What is wrong fails the step; what was left out fails it only where nothing may be.
fn verdict(faults: &[&str], left_out: &[String], is_required: bool) -> anyhow::Result<Done> {
    let left_out = left_out.join(", ");
    if !faults.is_empty() {
        bail!("wrong: {}", faults.join(", "));
    }
    match (left_out.is_empty(), is_required) {
        (true, _) => Ok(Done::Whole),
        (false, false) => Ok(Done::Except(left_out)),
        (false, true) => {
            bail!("nothing may be left out here (GRIDSPARK_REQUIRE_DEPLOYMENT is set): {left_out}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_told_and_fails_only_where_nothing_may_be() {
        let left_out = ["Airflow (no network)".to_owned()];
        assert!(matches!(verdict(&[], &[], true), Ok(Done::Whole)));
        assert!(matches!(verdict(&[], &left_out, false), Ok(Done::Except(what)) if what == left_out[0]));
        assert!(verdict(&[], &left_out, true).is_err());
        assert!(verdict(&["image"], &[], false).is_err());
    }
}
