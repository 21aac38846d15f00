//! The handbook: docs/, built by a program of its own, so that this one needn't carry mdBook.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::{Workspace, run};

/// Builds the handbook and says in which folder it lies.
///
/// # Errors
/// Where a page can't be built or breaks a rule; each has been named.
pub(crate) fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.target("handbook");
    run(&mut book(workspace, &workspace.path(""), &folder))?;
    Ok(folder)
}

/// The program that builds the handbook of a checkout into a folder.
pub(crate) fn book(workspace: &Workspace, checkout: &Path, folder: &Path) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--locked", "--quiet", "--package", "book", "--"]).arg(checkout).arg(folder);
    cargo
}
