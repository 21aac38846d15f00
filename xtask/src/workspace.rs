//! The checkout: where things are, and how other programs are started in it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// The checkout this program was started for.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    /// The members' names and folders.
    members: BTreeMap<String, PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
}

impl Workspace {
    /// Finds the checkout and cargo's target folder.
    ///
    /// # Errors
    /// Where cargo cannot read the workspace.
    pub(crate) fn find() -> anyhow::Result<Self> {
        // `cargo run` says where the package lies now; what was compiled in may be another
        // checkout's path.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().context("xtask lies outside a workspace")?.to_owned();
        let mut workspace = Self { target: root.join("target"), root, members: BTreeMap::new() };
        let metadata = capture(workspace.cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: Metadata =
            serde_json::from_str(&metadata).context("cannot understand cargo metadata")?;
        workspace.target = metadata.target_directory;
        let folder = |manifest: PathBuf| manifest.with_file_name("");
        workspace.members =
            metadata.packages.into_iter().map(|it| (it.name, folder(it.manifest_path))).collect();
        Ok(workspace)
    }

    /// The folder of a member of the workspace.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub(crate) fn member(&self, name: &str) -> anyhow::Result<&Path> {
        self.members.get(name).map(PathBuf::as_path).with_context(|| format!("there is no crate {name}"))
    }

    /// The folders of all members.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Path> {
        self.members.values().map(PathBuf::as_path)
    }

    /// A path in the checkout.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A path in cargo's target folder.
    pub(crate) fn target(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.target.join(relative)
    }

    /// A program, to be run in the checkout's first folder.
    pub(crate) fn program(&self, name: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(name);
        command.current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// Cargo. What `cargo run` set for this program is cleared: several build scripts watch these
    /// variables, and with them the whole TLS and SQL stack would be built anew each time.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }
}

/// Where the output of a program goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// To the person who waits.
    Shown,
    /// Nowhere unless it fails: something else is being shown meanwhile.
    Kept,
}

/// Runs a program, its output going where ours goes.
///
/// # Errors
/// Where it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", words(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", words(command));
    }
    Ok(())
}

/// Runs a program and returns what it prints on standard output.
///
/// # Errors
/// Where it cannot be started or fails, with all that it said.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start `{}`", words(command)))?;
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy);
    if !output.status.success() {
        bail!("`{}` failed ({}):\n{}{}", words(command), output.status, said[0], said[1].trim_end());
    }
    Ok(said[0].clone().into_owned())
}

/// The command as one would type it.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        // A script is known by the program that it is for.
        let argument = argument.to_string_lossy();
        text.push_str(if argument.contains('\n') { "…" } else { &argument });
    }
    text
}
