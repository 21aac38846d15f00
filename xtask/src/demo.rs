//! The demonstration: a small simulated network, forecast and served.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, anyhow};

use crate::flavour::Flavour;
use crate::workspace::{Workspace, run};
use crate::{console, machine, server, site};

/// The simulation's random seed: everybody sees the same network.
const SEED: &str = "7";

/// What to demonstrate.
#[derive(Debug)]
pub(crate) struct Demonstration {
    pub(crate) listen: SocketAddr,
    /// How many transformers.
    pub(crate) boxes: u32,
    /// How many years of readings.
    pub(crate) years: u32,
    /// Simulate even where the data of the last time is there.
    pub(crate) fresh: bool,
    /// Serve at the end.
    pub(crate) serve: bool,
}

impl Default for Demonstration {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8000));
        Self { listen, boxes: 120, years: 4, fresh: false, serve: true }
    }
}

/// Builds what is needed, fills the store unless it is filled, and serves until interrupted.
///
/// # Errors
/// Where a step fails; the tool at fault has said why.
pub(crate) fn demonstrate(workspace: &Workspace, demonstration: &Demonstration) -> anyhow::Result<()> {
    console::line("The first time this takes 8 to 12 minutes on two cores, nearly all of it compiling.");
    machine::prepare_building(workspace)?;
    site::install_npm_packages(workspace)?;
    let store = Store::new(workspace, demonstration);
    // The page's last minute occupies one core only, so the two builds run side by side and the data is
    // made as soon as the server is there.
    let binary = thread::scope(|scope| {
        let site = scope.spawn(|| site::build(workspace, Flavour::Demo, site::Output::Kept));
        let binary = console::step("Building the server, and the page beside it", || {
            server::build(workspace, Flavour::Demo)
        })?;
        store.fill(workspace, &binary, demonstration)?;
        console::step("Waiting for the page", || {
            site.join().map_err(|_| anyhow!("the page's build panicked"))?
        })?;
        anyhow::Ok(binary)
    })?;
    if !demonstration.serve {
        console::line(&format!("\nThe data is ready: {}", store.database.display()));
        return Ok(());
    }
    serve(workspace, &binary, &store, demonstration.listen)
}

/// The demonstration's data.
#[derive(Debug)]
struct Store {
    folder: PathBuf,
    database: PathBuf,
    /// Says what the database was filled from, and is written last.
    stamp: PathBuf,
}

impl Store {
    fn new(workspace: &Workspace, demonstration: &Demonstration) -> Self {
        let folder =
            workspace.path(format!("data/demo-{}-boxes-{}-years", demonstration.boxes, demonstration.years));
        Self { database: folder.join("gridspark.db"), stamp: folder.join("complete"), folder }
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.database.display())
    }

    /// Simulates, imports and forecasts, unless that was done before.
    fn fill(
        &self,
        workspace: &Workspace,
        binary: &Path,
        demonstration: &Demonstration,
    ) -> anyhow::Result<()> {
        if self.stamp.exists() && !demonstration.fresh {
            console::line(&format!(
                "\nThe data of the last time is used again ({}); --fresh makes it anew.",
                self.folder.display()
            ));
            return Ok(());
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)
                .with_context(|| format!("cannot remove {}", self.folder.display()))?;
        }
        fs::create_dir_all(&self.folder).with_context(|| format!("cannot make {}", self.folder.display()))?;
        let Demonstration { boxes, years, .. } = demonstration;
        let readings = self.folder.join("readings");
        let gridspark = || -> Command {
            let mut command = workspace.program(binary);
            command.args(["--database", &self.url()]);
            command
        };
        console::step(
            &format!("Simulating {boxes} transformers: {years} years of 15-minute readings (about a minute)"),
            || {
                run(workspace
                    .program(binary)
                    .args(["simulate", "--seed", SEED])
                    .args(["--boxes", &boxes.to_string(), "--years", &years.to_string()])
                    .arg("--out")
                    .arg(&readings))
            },
        )?;
        console::step("Importing the readings as weekly extremes (about a minute)", || {
            run(gridspark()
                .arg("import")
                .arg("--measurements")
                .arg(readings.join("measurements.parquet"))
                .arg("--boxes")
                .arg(readings.join("boxes.csv")))
        })?;
        console::step("Forecasting (some seconds)", || run(gridspark().arg("make-forecasts")))?;
        fs::write(&self.stamp, "").with_context(|| format!("cannot write {}", self.stamp.display()))
    }
}

/// Becomes the server, so that Ctrl-C and other signals reach it directly.
fn serve(workspace: &Workspace, binary: &Path, store: &Store, listen: SocketAddr) -> anyhow::Result<()> {
    console::line(&format!("\nThe dashboard is at http://{listen} (Ctrl-C stops it)\n"));
    let mut command = workspace.program(binary);
    command
        .args(["--database", &store.url(), "serve", "--listen", &listen.to_string()])
        .env("LEPTOS_SITE_ROOT", site::folder(workspace));
    become_program(&mut command)
}

#[cfg(unix)]
fn become_program(command: &mut Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> anyhow::Result<()> {
    run(command)
}
