//! The packages from npm: ECharts, the WebAssembly optimiser, the browser tests' tools.

use std::fs;

use anyhow::Context as _;

use super::files::content_hash;
use crate::console;
use crate::workspace::{Workspace, run};

/// Installs the packages that `package-lock.json` names, unless exactly these are installed.
///
/// # Errors
/// Where npm fails; it has said why.
pub(crate) fn install(workspace: &Workspace) -> anyhow::Result<()> {
    let lock = fs::read(workspace.path("package-lock.json")).context("cannot read package-lock.json")?;
    let wanted = content_hash(&lock);
    let stamp = workspace.path("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    console::step("Installing the npm packages (some seconds)", || {
        run(workspace.program("npm").args(["ci", "--no-audit", "--no-fund"]))?;
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
    })
}
