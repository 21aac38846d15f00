//! The page's WebAssembly: compiled, given its loader, optimised.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::files::content_hash;
use crate::flavour::{Flavour, profile_folder};
use crate::workspace::{Output, Workspace, capture, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Just the WebAssembly features that rustc emits. With `--all-features` wasm-opt writes compact
/// imports, which browsers refuse: the page shows but is dead.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the page: `frontend.js`, `frontend_bg.wasm` and the `snippets` that the loader imports,
/// in a folder.
///
/// # Errors
/// Where the compiler, the binding generator or the optimiser fails.
pub(super) fn build(workspace: &Workspace, flavour: Flavour, output: Output) -> anyhow::Result<PathBuf> {
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
        if flavour == Flavour::Release {
            optimise(workspace, &folder.join("frontend_bg.wasm"))?;
        }
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    }
    Ok(folder)
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
