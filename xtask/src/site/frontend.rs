//! The page's WebAssembly: compiled, given its loader, optimised.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::Output;
use super::assets::content_hash;
use crate::flavour::{Flavour, profile_folder};
use crate::workspace::{Workspace, capture, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Just the WebAssembly features that rustc emits. With `--all-features` wasm-opt writes compact imports,
/// which browsers refuse: the page shows but is dead.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What the browser loads.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) loader: String,
    pub(super) wasm: Vec<u8>,
    /// Scripts that the loader imports, by their path beside it.
    pub(super) snippets: BTreeMap<PathBuf, String>,
}

/// Builds the page.
///
/// # Errors
/// Where the compiler, the binding generator or the optimiser fails.
pub(super) fn build(workspace: &Workspace, flavour: Flavour, output: Output) -> anyhow::Result<Page> {
    let profile = flavour.front_profile();
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "frontend", "--lib", "--target", TARGET, "--profile", profile]);
    match output {
        Output::Shown => run(&mut cargo)?,
        Output::Kept => drop(capture(&mut cargo)?),
    }
    let compiled = workspace.target(TARGET).join(profile_folder(profile)).join("frontend.wasm");
    let folder = workspace.target("site-build").join(profile);
    let stamp = folder.join("made-from");
    let source = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let wanted = content_hash(&source);
    if !fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == wanted) {
        bind(&compiled, &folder)?;
        if flavour.optimises_wasm() {
            optimise(workspace, &folder.join("frontend_bg.wasm"))?;
        }
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    }
    read(&folder)
}

/// Generates the loader, in a folder emptied first.
fn bind(compiled: &Path, folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name("frontend").typescript(false);
    bindgen.keep_debug(false).remove_name_section(true).remove_producers_section(true);
    // The page always names the hashed module itself.
    bindgen.omit_default_module_path(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|error| anyhow!("{error:#}"))
        .context("wasm-bindgen cannot generate the loader")
}

/// `-O1`: `-Oz` is smaller as it lies there but larger once compressed.
fn optimise(workspace: &Workspace, wasm: &Path) -> anyhow::Result<()> {
    let tool = workspace.path("node_modules/binaryen/bin/wasm-opt");
    run(workspace.program("node").arg(tool).args(FEATURES).arg("-O1").arg(wasm).arg("-o").arg(wasm))
}

fn read(folder: &Path) -> anyhow::Result<Page> {
    let failed = || format!("cannot read the page's parts in {}", folder.display());
    let mut snippets = BTreeMap::new();
    let mut folders = vec![folder.join("snippets")];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.with_context(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let content = fs::read_to_string(&path).with_context(failed)?;
                snippets.insert(path.strip_prefix(folder).unwrap_or(&path).to_owned(), content);
            }
        }
    }
    Ok(Page {
        loader: fs::read_to_string(folder.join("frontend.js")).with_context(failed)?,
        wasm: fs::read(folder.join("frontend_bg.wasm")).with_context(failed)?,
        snippets,
    })
}
