//! The handbook: docs/, built and checked by a program of its own, so that this one needn't carry mdBook.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::{Workspace, run};

/// Builds the handbook, refuses broken links in it, and says in which folder it lies.
///
/// # Errors
/// Where a page can't be built or a link leads nowhere; each has been named.
pub(crate) fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.target("handbook");
    run(&mut book(workspace, &workspace.path(""), &folder))?;
    Ok(folder)
}

/// Builds the handbook, and refuses broken links in the pages beside it, too, and pictures that no page shows.
///
/// # Errors
/// As [`build`].
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    run(book(workspace, &workspace.path(""), &workspace.target("handbook")).arg("--and-pages-beside"))
}

/// The program that builds the handbook of a checkout into a folder.
pub(crate) fn book(workspace: &Workspace, checkout: &Path, folder: &Path) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--locked", "--quiet", "--package", "book", "--"]).arg(checkout).arg(folder);
    cargo
}
