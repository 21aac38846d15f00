//! The demonstration: a small simulated network, forecast and served.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::{Context as _, anyhow, bail};

use crate::arguments::Demonstration;
use crate::flavour::Flavour;
use crate::workspace::{Output, Workspace, run};
use crate::{console, machine, server, site};

/// The simulation's random seed: everybody sees the same network.
const SEED: &str = "7";

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
    let Demonstration { boxes, years, .. } = demonstration;
    let folder = workspace.path(format!("data/demo-{boxes}-boxes-{years}-years"));
    // Server and page share what they can in one target folder, which one cargo at a time may write
    // to. The page's last minute occupies one core only: the data is made beside it.
    let binary = console::step("Building the server (from nothing: 5 to 7 minutes)", || {
        server::build(workspace, Flavour::Debug)
    })?;
    thread::scope(|scope| {
        console::line("\nThe page is being built meanwhile (from nothing: 2 to 4 minutes).");
        let site = scope.spawn(|| site::build(workspace, Flavour::Debug, Output::Kept));
        fill(workspace, &folder, &binary, demonstration)?;
        console::step("Waiting for the page", || {
            site.join().map_err(|_| anyhow!("the page's build panicked"))?
        })
    })?;
    if demonstration.no_serve {
        console::line(&format!("\nThe data is ready: {}", database(&folder)));
        return Ok(());
    }
    serve(workspace, &binary, &database(&folder), demonstration.listen)
}

/// Simulates, imports and forecasts into the folder, unless that was done before.
fn fill(
    workspace: &Workspace,
    folder: &Path,
    binary: &Path,
    demonstration: &Demonstration,
) -> anyhow::Result<()> {
    // Written last.
    let stamp = folder.join("complete");
    let place = folder.display();
    if stamp.exists() && !demonstration.fresh {
        console::line(&format!(
            "\nThe data of the last time is used again ({place}); --fresh makes it anew."
        ));
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {place}"))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {place}"))?;
    let [boxes, years] = [demonstration.boxes, demonstration.years].map(|count| count.to_string());
    let readings = folder.join("readings");
    let what =
        format!("Simulating {boxes} transformers: {years} years of 15-minute readings (about a minute)");
    console::step(&what, || {
        let mut simulate = workspace.program(binary);
        simulate.args(["simulate", "--seed", SEED, "--boxes", &boxes, "--years", &years, "--out"]);
        run(simulate.arg(&readings))
    })?;
    let gridspark = |command: &str| {
        let mut gridspark = workspace.program(binary);
        gridspark.args([command, "--database", &database(folder)]);
        gridspark
    };
    console::step("Importing the readings as weekly extremes (about a minute)", || {
        let mut import = gridspark("import");
        import.arg("--boxes").arg(readings.join("boxes.csv"));
        run_whole_or_in_part(import.arg("--measurements").arg(&readings))
    })?;
    console::step("Forecasting (some seconds)", || run_whole_or_in_part(&mut gridspark("make-forecasts")))?;
    fs::write(&stamp, "").with_context(|| format!("cannot write {}", stamp.display()))
}

fn database(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("gridspark.db").display())
}

/// Runs a command of `gridspark` that may end with 3: done, but for some rows or boxes that it has
/// named. The simulated network has such on purpose.
fn run_whole_or_in_part(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().context("cannot start gridspark")?;
    match status.code() {
        Some(0 | 3) => Ok(()),
        _ => bail!("gridspark failed ({status})"),
    }
}

/// Becomes the server, so that Ctrl-C and other signals reach it directly.
fn serve(workspace: &Workspace, binary: &Path, database: &str, listen: SocketAddr) -> anyhow::Result<()> {
    console::line(&format!("\nThe dashboard is at http://{listen} (Ctrl-C stops it)\n"));
    let mut command = workspace.program(binary);
    command
        .args(["serve", "--database", database, "--listen", &listen.to_string(), "--site"])
        .arg(site::folder(workspace));
    Err(command.exec()).context("cannot start the server")
}
