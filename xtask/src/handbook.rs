//! The handbook: docs/, built and checked by a program of its own, so that this one needn't carry mdBook.

use std::path::PathBuf;

use crate::workspace::{Workspace, run};

/// Builds the handbook, refuses broken links, and says in which folder it lies.
///
/// # Errors
/// Where a page can't be built or a link leads nowhere; each has been named.
pub(crate) fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.target("handbook");
    let mut cargo = workspace.cargo();
    run(cargo.args(["run", "--locked", "--quiet", "--package", "book", "--"]).arg(&folder))?;
    Ok(folder)
}
