//! The builder's stage itself, on demand: it compiles for a quarter of an hour.
//!
//! The images of Rust and Node that it begins with are not to be had without a registry of images: Debian with a compiler,
//! and this machine's own Rust and Node, stand for them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::dockerfile::Stage;
use super::root::{Mode, Root};
use super::{context, stage};
use crate::machine;
use crate::workspace::{Workspace, capture};

/// Where the authorities are that this machine trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Carries the stage out in a folder that holds the base system, and says where its `/out` lies.
pub(super) fn run(
    workspace: &Workspace,
    stages: &[Stage],
    system: &Path,
    folder: &Path,
) -> anyhow::Result<PathBuf> {
    let builder = stages.iter().find(|stage| stage.name == "builder").context("there is no builder stage")?;
    let mut root = Root::new(system.to_owned());
    stand_for_rust(workspace, &mut root)?;
    let sent = folder.join("context");
    context::copy(workspace, &sent)?;
    stage::build(builder, &mut root, |from, path| match (from, path) {
        (None, ".") => Ok(sent.clone()),
        (Some("node"), "/usr/local/bin/node") => machine::on_path("node").context("there is no node"),
        (Some("node"), "/usr/local/lib/node_modules") => node_modules(),
        _ => bail!("nothing stands for {path} of {}", from.unwrap_or("the context")),
    })?;
    Ok(root.path("/"))
}

/// What the image `rust` has: a compiler of C, rustup, and the toolchain of `rust-toolchain.toml`.
fn stand_for_rust(workspace: &Workspace, root: &mut Root) -> anyhow::Result<()> {
    let packages =
        "apt-get update && apt-get install --yes --no-install-recommends build-essential ca-certificates";
    let install = ["/bin/sh", "-c", packages].map(str::to_owned);
    capture(&mut root.command(Mode::Build, &install)).context("the stand-in for the image of Rust")?;
    let sysroot = PathBuf::from(capture(workspace.program("rustc").args(["--print", "sysroot"]))?.trim());
    let toolchain = sysroot.file_name().context("the toolchain has no name")?.to_string_lossy().into_owned();
    root.take_in(&fs::canonicalize(&sysroot)?, &format!("/usr/local/rustup/toolchains/{toolchain}"))?;
    for program in ["cargo", "rustc", "rustup"] {
        let there = machine::on_path(program).with_context(|| format!("there is no {program}"))?;
        root.take_in(&fs::canonicalize(there)?, &format!("/usr/local/cargo/bin/{program}"))?;
    }
    root.take_in(Path::new(AUTHORITIES), AUTHORITIES)?;
    let path = format!("/usr/local/cargo/bin:{}", root.variables["PATH"]);
    root.variables.extend(
        [
            ("PATH", path.as_str()),
            ("RUSTUP_HOME", "/usr/local/rustup"),
            ("CARGO_HOME", "/usr/local/cargo"),
            ("NODE_EXTRA_CA_CERTS", AUTHORITIES),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    Ok(())
}

/// The folder that holds npm.
fn node_modules() -> anyhow::Result<PathBuf> {
    let npm = fs::canonicalize(machine::on_path("npm").context("there is no npm")?)?;
    let folder = npm.ancestors().find(|folder| folder.ends_with("node_modules"));
    folder.map(Path::to_owned).with_context(|| format!("{} lies in no node_modules", npm.display()))
}
