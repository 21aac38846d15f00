//! The server's binary.

use std::path::PathBuf;

use crate::flavour::{Flavour, profile_folder};
use crate::workspace::{Workspace, run};

/// Builds the `gridspark` binary and says where it is.
///
/// # Errors
/// Where cargo fails; it has said why.
pub(crate) fn build(workspace: &Workspace, flavour: Flavour) -> anyhow::Result<PathBuf> {
    let profile = flavour.server_profile();
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--locked", "--bin", "gridspark", "--profile", profile]);
    if flavour == Flavour::Debug {
        // The same selection as the tests', so that the dependencies' features agree and are built
        // once.
        cargo.args(["--workspace", "--exclude", "frontend", "--exclude", "book", "--exclude", "xtask"]);
    } else {
        cargo.args(["--package", "gridspark"]);
    }
    run(&mut cargo)?;
    Ok(binary(workspace, flavour))
}

/// Where the binary lies once it is built.
pub(crate) fn binary(workspace: &Workspace, flavour: Flavour) -> PathBuf {
    let folder = workspace.target(profile_folder(flavour.server_profile()));
    folder.join("gridspark").with_extension(std::env::consts::EXE_EXTENSION)
}
