//! The custom build of ECharts.

use std::fs;

use anyhow::Context as _;

use crate::workspace::{Workspace, capture};

/// Has npm's script bundle just the parts of ECharts that the page uses.
///
/// # Errors
/// Where the script fails, with what it said.
pub(super) fn bundle(workspace: &Workspace) -> anyhow::Result<Vec<u8>> {
    let folder = workspace.target("site-build");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join("echarts.js");
    let mut npm = workspace.program("npm");
    capture(
        npm.args(["run", "--silent", "build:echarts", "--"]).arg(format!("--outfile={}", file.display())),
    )?;
    fs::read(&file).with_context(|| format!("the ECharts build left no {}", file.display()))
}
