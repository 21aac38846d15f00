//! What runs Gridspark elsewhere: the image, compose.yaml and the files of `deploy/`, each by the tools that its users have.

mod airflow;
mod compose;
mod hosts;
mod image;
mod kubernetes;
mod monitoring;
mod sbom;
mod yaml;

use std::env;
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

const PARTS: [Part; 8] = [
    Part { name: "Dockerfile", run: image::lint },
    Part { name: "compose.yaml", run: compose::check },
    Part { name: "scripts", run: hosts::scripts },
    Part { name: "systemd", run: hosts::units },
    Part { name: "Kubernetes", run: kubernetes::check },
    Part { name: "monitoring", run: monitoring::check },
    Part { name: "list of parts", run: sbom::check },
    Part { name: "Airflow", run: airflow::check },
];

/// Checks all parts, and builds and runs the image in a clean root. What cannot be had here is named.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Done> {
    // Fetching waits for the network, so all is fetched at once.
    tools::fetch_all(workspace);
    let (mut faults, mut left_out) = (Vec::new(), Vec::new());
    for Part { name, run } in PARTS.iter().chain([&Part { name: "image", run: image::build_and_run }]) {
        let start = Instant::now();
        let outcome = run(workspace);
        let time = console::duration(start.elapsed());
        match outcome {
            Ok(proven) => console::line(&format!("    {name}: {proven} ({time})")),
            Err(error) if error.downcast_ref::<Absent>().is_some() => {
                console::line(&format!("    {name}: left out, {error:#}"));
                left_out.push(format!("{name} ({error})"));
            }
            Err(error) => {
                console::line(&format!("    {name}: {error:#}"));
                faults.push(*name);
            }
        }
    }
    if !faults.is_empty() {
        bail!("wrong: {}", faults.join(", "));
    }
    if left_out.is_empty() {
        return Ok(Done::Whole);
    }
    let left_out = left_out.join(", ");
    if env::var_os("GRIDSPARK_REQUIRE_SHARED").is_some() {
        bail!("nothing may be left out here (GRIDSPARK_REQUIRE_SHARED is set): {left_out}");
    }
    Ok(Done::Except(left_out))
}
