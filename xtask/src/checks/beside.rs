//! Steps that run beside the browser's tests, which wait half of the time.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};

use super::outcome::{Done, Report};
use crate::workspace::Workspace;
use crate::{console, machine};

/// The steps that only compile, in their order.
pub(super) const BESIDE_BROWSER: [&str; 3] = ["lint", "docs", "examples"];

/// A step that another process of this program runs, at the lowest priority.
pub(super) struct Beside {
    name: &'static str,
    start: Instant,
    process: anyhow::Result<(Child, PathBuf)>,
}

impl Beside {
    /// Starts a step; its output is kept until it is awaited.
    pub(super) fn start(workspace: &Workspace, name: &'static str) -> Self {
        Self { name, start: Instant::now(), process: start(workspace, name) }
    }

    /// Waits for the end of the step and shows its output.
    pub(super) fn wait(self) -> Report {
        let Self { name, start, process } = self;
        console::heading(&format!("{name}, beside the browser"));
        let outcome = process.and_then(|(mut child, output)| {
            let status = child.wait().context("cannot wait for a process")?;
            console::line(&std::fs::read_to_string(&output).unwrap_or_default());
            if !status.success() {
                bail!("the step `{name}` failed, see above");
            }
            Ok(Done::Whole)
        });
        Report { name, outcome, time: start.elapsed() }
    }
}

fn start(workspace: &Workspace, name: &str) -> anyhow::Result<(Child, PathBuf)> {
    let path = workspace.target(format!("step-{name}.log"));
    let output = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let program = std::env::current_exe().context("cannot find this program")?;
    let mut command = match machine::on_path("nice") {
        Some(nice) => {
            let mut command = Command::new(nice);
            command.args(["-n", "19"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.args(["test", "--only", name]).stdin(Stdio::null());
    command.stderr(output.try_clone().context("cannot share a file")?).stdout(output);
    Ok((command.spawn().context("cannot start this program again")?, path))
}
