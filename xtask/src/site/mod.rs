//! The site: everything the browser fetches besides the pages, in the folder `site/`.
//!
//! ```text
//! site/                       what lies in public/, under the same names
//! site/handbook/              the handbook of docs/
//! site/pkg/frontend.<h>.js    the page's WebAssembly and its loader
//! site/pkg/frontend.<h>.wasm
//! site/pkg/gridspark.<h>.css  the files of style/, one after the other
//! site/pkg/echarts.<h>.js     the custom build of ECharts
//! site/pkg/assets.json        which <h> each has now
//! site/pkg/hash.txt           the same for Leptos
//! ```
//!
//! `<h>` is a hash of the content, so that browsers may keep these files for ever.

mod assets;
mod compression;
mod files;
mod frontend;
mod npm;
mod styles;

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::console;
use crate::flavour::Flavour;
use crate::handbook;
use crate::workspace::{Output, Workspace, capture};
use assets::Assets;

pub(crate) use npm::install as install_npm_packages;

/// The folder the site is built into.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.path("site")
}

/// Builds the site. The npm packages have to be there.
///
/// # Errors
/// Where one of the tools fails, with what it said.
pub(crate) fn build(workspace: &Workspace, flavour: Flavour, output: Output) -> anyhow::Result<()> {
    let page = frontend::build(workspace, flavour, output)?;
    let mut assets = Assets::open(&folder(workspace), flavour == Flavour::Release)?;
    assets.copy_folder(&workspace.path("public"), "")?;
    assets.copy_folder(&handbook::build(workspace)?, "handbook")?;
    assets.copy_folder(&page.join("snippets"), "pkg/snippets")?;
    for (file, extension) in [("frontend.js", "js"), ("frontend_bg.wasm", "wasm")] {
        let content = fs::read(page.join(file)).with_context(|| format!("cannot read the page's {file}"))?;
        assets.add_hashed("frontend", extension, &content)?;
    }
    assets.add_hashed("gridspark", "css", styles::concatenate(&workspace.path("style"))?.as_bytes())?;
    // npm's script bundles just the parts of ECharts that the page uses.
    let charts = capture(workspace.program("npm").args(["run", "--silent", "build:echarts"]))?;
    assets.add_hashed("echarts", "js", charts.as_bytes())?;
    console::line(&assets.finish().context("cannot write the list of assets")?);
    Ok(())
}
