//! The page's WebAssembly: compiled, split into what is loaded at once and what is loaded when it is
//! first shown, given its loader, optimised.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

use super::files::{content_hash, files_below};
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

/// The script that fetches the parts, as the loader names it.
pub(super) const PARTS_SCRIPT: &str = "parts.js";

/// The built page.
pub(super) struct Page {
    /// Where it lies: `frontend.js`, `frontend_bg.wasm`, the script of the parts and the `snippets`
    /// that the loader imports.
    pub(super) folder: PathBuf,
    /// The parts that are loaded later, in the order of their names.
    pub(super) parts: Vec<PathBuf>,
}

/// Builds the page.
///
/// # Errors
/// Where the compiler, the splitter, the binding generator or the optimiser fails.
pub(super) fn build(workspace: &Workspace, flavour: Flavour, output: Output) -> anyhow::Result<Page> {
    let profile = flavour.front_profile();
    let mut cargo = workspace.cargo();
    cargo.args(["rustc", "--package", "frontend", "--lib", "--target", TARGET, "--profile", profile]);
    // What refers to what is how the parts are told apart.
    cargo.args(["--crate-type", "cdylib", "--", "-Clink-arg=--emit-relocs"]);
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
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        let main = split(&source, &folder)?;
        bind(&main, &folder)?;
        if flavour == Flavour::Release {
            optimise(workspace, &folder.join("frontend_bg.wasm"))?;
            for part in parts_in(&folder)? {
                optimise(workspace, &part)?;
            }
        }
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    }
    Ok(Page { parts: parts_in(&folder)?, folder })
}

/// Splits off what only functions marked as lazy need, each a file in `parts` below the folder; the
/// module that is left.
fn split(compiled: &[u8], folder: &Path) -> anyhow::Result<PathBuf> {
    let main = folder.join("frontend_split.wasm");
    let mut options = Options::new(compiled);
    let script = format!("./{PARTS_SCRIPT}");
    (options.output_dir, options.main_out_path) = (folder, &main);
    (options.link_name, options.main_module) = (&script, "./frontend.js");
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .context("the page's WebAssembly cannot be split")?;
    Ok(main)
}

/// The parts that are loaded later.
fn parts_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut parts: Vec<PathBuf> = files_below(folder)?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .filter(|path| path.file_stem().is_some_and(|stem| !stem.to_string_lossy().starts_with("frontend")))
        .collect();
    parts.sort();
    Ok(parts)
}

/// Generates the loader.
fn bind(compiled: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name("frontend").typescript(false);
    bindgen.keep_debug(false).remove_name_section(true).remove_producers_section(true);
    // The parts refer to what the module exports, by the linker's names.
    bindgen.keep_lld_exports(true).demangle(false);
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
