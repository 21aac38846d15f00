//! The demonstration: a small simulated network, forecast and served.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, anyhow, bail};

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
    console::line(
        "The first time this takes about 10 minutes on two quiet cores, nearly all of it compiling.",
    );
    machine::prepare_building(workspace)?;
    site::install_npm_packages(workspace)?;
    let store = Store::new(workspace, demonstration);
    // Server and page share what they can in one target folder, which one cargo at a time may write to. The
    // page's last minute occupies one core only: the data is made beside it.
    let binary = console::step("Building the server (from nothing: 5 to 7 minutes)", || {
        server::build(workspace, Flavour::Debug)
    })?;
    thread::scope(|scope| {
        console::line("\nThe page is being built meanwhile (from nothing: 2 to 4 minutes).");
        let site = scope.spawn(|| site::build(workspace, Flavour::Debug, site::Output::Kept));
        store.fill(workspace, &binary, demonstration)?;
        console::step("Waiting for the page", || {
            site.join().map_err(|_| anyhow!("the page's build panicked"))?
        })
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
        console::step(
            &format!("Simulating {boxes} transformers: {years} years of 15-minute readings (about a minute)"),
            || {
                let mut simulate = workspace.program(binary);
                simulate.args(["simulate", "--seed", SEED, "--boxes", &boxes.to_string()]);
                run(simulate.args(["--years", &years.to_string(), "--out"]).arg(&readings))
            },
        )?;
        let gridspark = |command: &str| {
            let mut gridspark = workspace.program(binary);
            gridspark.args([command, "--database", &self.url()]);
            gridspark
        };
        console::step("Importing the readings as weekly extremes (about a minute)", || {
            let mut import = gridspark("import");
            import.arg("--boxes").arg(readings.join("boxes.csv"));
            run_whole_or_in_part(import.arg("--measurements").args(parquet_files(&readings)?))
        })?;
        console::step("Forecasting (some seconds)", || {
            run_whole_or_in_part(&mut gridspark("make-forecasts"))
        })?;
        fs::write(&self.stamp, "").with_context(|| format!("cannot write {}", self.stamp.display()))
    }
}

/// Runs a command of `gridspark` that may end with 3: done, but for some rows or boxes that it has named.
/// The simulated network has such on purpose.
fn run_whole_or_in_part(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().context("cannot start gridspark")?;
    match status.code() {
        Some(0 | 3) => Ok(()),
        _ => bail!("gridspark failed ({status})"),
    }
}

fn parquet_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Becomes the server, so that Ctrl-C and other signals reach it directly.
fn serve(workspace: &Workspace, binary: &Path, store: &Store, listen: SocketAddr) -> anyhow::Result<()> {
    console::line(&format!("\nThe dashboard is at http://{listen} (Ctrl-C stops it)\n"));
    let mut command = workspace.program(binary);
    command
        .args(["serve", "--database", &store.url(), "--listen", &listen.to_string(), "--site"])
        .arg(site::folder(workspace));
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
