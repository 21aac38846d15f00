//! The site: everything the browser fetches besides the pages, in the folder `site/`.
//!
//! ```text
//! site/                       what lies in public/, under the same names
//! site/handbook/              the handbook of docs/
//! site/pkg/frontend.<h>.js    the page's WebAssembly and its loader
//! site/pkg/frontend.<h>.wasm
//! site/pkg/parts.<h>.js       what loads the parts of the page that are not needed at once
//! site/pkg/part-*.<h>.wasm
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
use files::content_hash;
use frontend::{PARTS_SCRIPT, Page};

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
    assets.copy_folder(&page.folder.join("snippets"), "pkg/snippets")?;
    add_page(&mut assets, &page)?;
    assets.add_hashed("gridspark", "css", styles::concatenate(&workspace.path("style"))?.as_bytes())?;
    // npm's script bundles just the parts of ECharts that the page uses.
    let charts = capture(workspace.program("npm").args(["run", "--silent", "build:echarts"]))?;
    assets.add_hashed("echarts", "js", charts.as_bytes())?;
    console::line(&assets.finish().context("cannot write the list of assets")?);
    Ok(())
}

/// Adds the page's scripts and modules, each naming the others by their hashed names. The loader and
/// the script of the parts name each other: one hash of both is in the names of both.
fn add_page(assets: &mut Assets, page: &Page) -> anyhow::Result<()> {
    let read = |file: &str| {
        fs::read(page.folder.join(file)).with_context(|| format!("cannot read the page's {file}"))
    };
    let text = |file: &str| -> anyhow::Result<String> { Ok(String::from_utf8(read(file)?)?) };
    let (mut loader, mut script) = (text("frontend.js")?, text(PARTS_SCRIPT)?);
    for part in &page.parts {
        let name = part.file_name().and_then(|name| name.to_str()).context("a part has no name")?;
        let content = fs::read(part).with_context(|| format!("cannot read {}", part.display()))?;
        let stem = format!("part-{}", name.trim_end_matches(".wasm"));
        let hashed = assets.add_hashed(&stem, "wasm", &content)?;
        script = script.replace(&format!("\"./{name}\""), &format!("\"./{hashed}\""));
    }
    let hash = content_hash([loader.as_bytes(), script.as_bytes()].concat().as_slice());
    // The module itself goes on to name the script as it was.
    let import = |text: &str, file: &str| {
        let hashed = Assets::name(file.trim_end_matches(".js"), &hash, "js");
        text.replace(&format!("from \"./{file}\""), &format!("from \"./{hashed}\""))
    };
    (loader, script) = (import(&loader, PARTS_SCRIPT), import(&script, "frontend.js"));
    assets.add_named("frontend", &hash, "js", loader.as_bytes())?;
    assets.add_named(PARTS_SCRIPT.trim_end_matches(".js"), &hash, "js", script.as_bytes())?;
    assets.add_hashed("frontend", "wasm", &read("frontend_bg.wasm")?)?;
    Ok(())
}
