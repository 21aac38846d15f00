//! The checkout: where things are, and how other programs are started in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// The checkout this program was started for.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the checkout and cargo's target folder.
    ///
    /// # Errors
    /// Where cargo cannot read the workspace.
    pub(crate) fn find() -> anyhow::Result<Self> {
        // `cargo run` says where the package lies now; what was compiled in may be another checkout's path.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().context("xtask lies outside a workspace")?.to_owned();
        let mut workspace = Self { target: root.join("target"), root };
        let metadata = capture(workspace.cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: serde_json::Value =
            serde_json::from_str(&metadata).context("cargo metadata printed no JSON")?;
        if let Some(target) = metadata.get("target_directory").and_then(serde_json::Value::as_str) {
            workspace.target = PathBuf::from(target);
        }
        Ok(workspace)
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
/// Where it cannot be started, fails (with what it said on standard error) or prints no UTF-8.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start `{}`", words(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({}):\n{}", words(command), output.status, said.trim_end());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a checker, which says what it found where it pleases, and returns what it prints on standard output.
///
/// # Errors
/// Where it cannot be started or finds something, with all that it said.
pub(crate) fn passes(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start `{}`", words(command)))?;
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy);
    if !output.status.success() {
        bail!("`{}` failed ({}):\n{}{}", words(command), output.status, said[0], said[1]);
    }
    Ok(said[0].clone().into_owned())
}

/// The command as one would type it.
fn words(command: &Command) -> String {
    let mut text = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        text.push(' ');
        // A script is known by the program that it is for.
        let argument = argument.to_string_lossy();
        text.push_str(if argument.contains('\n') { "…" } else { &argument });
    }
    text
}
