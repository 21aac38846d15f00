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
mod charts;
mod compression;
mod frontend;
mod npm;
mod styles;

use std::path::PathBuf;

use anyhow::Context as _;

use crate::console;
use crate::flavour::Flavour;
use crate::handbook;
use crate::workspace::Workspace;
use assets::Assets;

pub(crate) use npm::install as install_npm_packages;

/// Where the output of the compiler goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// To the person who waits.
    Shown,
    /// Nowhere unless it fails: something else is being shown meanwhile.
    Kept,
}

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
    let mut assets = Assets::open(&folder(workspace), flavour.compresses().then(|| cache(workspace)))?;
    assets.copy_folder(&workspace.path("public"), "")?;
    assets.copy_folder(&handbook::build(workspace)?, "handbook")?;
    assets.add_hashed("frontend", "js", page.loader.as_bytes())?;
    assets.add_hashed("frontend", "wasm", &page.wasm)?;
    for (path, content) in &page.snippets {
        assets.add(&PathBuf::from("pkg").join(path), content.as_bytes())?;
    }
    assets.add_hashed("gridspark", "css", styles::concatenate(&workspace.path("style"))?.as_bytes())?;
    assets.add_hashed("echarts", "js", &charts::bundle(workspace)?)?;
    let summary = assets.finish().context("cannot write the list of assets")?;
    console::line(&summary);
    Ok(())
}

/// Results of slow steps by the hash of what went in.
fn cache(workspace: &Workspace) -> PathBuf {
    workspace.target("site-cache")
}
