//! Renders the book with mdBook and adapts its pages to the dashboard's content security policy.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use mdbook_driver::MDBook;

use crate::{chrome, contents, scripts};

/// The folder of the Dutch pages: mdBook supports one language per book.
const DUTCH: &str = "nl";

/// Renders the book of `docs` into `out`, which is emptied first.
///
/// # Errors
/// If the book can't be read or the folder can't be written.
pub(crate) fn render(docs: &Path, out: &Path) -> anyhow::Result<()> {
    let mut book = MDBook::load(docs)?;
    out.clone_into(&mut book.config.build.build_dir);
    book.build()?;
    // mdBook copies all files that are not pages.
    for leftover in ["book.toml", "model-card.json"] {
        let path = out.join(leftover);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    let contents = split_contents(out)?;
    for path in files_below(out)? {
        if path.extension().is_some_and(|extension| extension == "html") {
            finish(&path, out, &contents)?;
        }
    }
    Ok(())
}

/// Gives each language its table of contents; returns the name of the script.
fn split_contents(out: &Path) -> anyhow::Result<String> {
    let is_contents = |name: &str| name.starts_with("toc-") && name.ends_with(".js");
    let mut files = files_below(out)?.into_iter();
    let script = files
        .find(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_contents))
        .context("mdBook has made no table of contents")?;
    let text = fs::read_to_string(&script).with_context(|| format!("cannot read {}", script.display()))?;
    let name = script.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let [english, dutch] = contents::by_language(&text)?;
    for (path, text) in [(script, english), (out.join(dutch_contents(&name)), dutch)] {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(name)
}

fn dutch_contents(name: &str) -> String {
    format!("{DUTCH}-{name}")
}

/// Sets the language of a page, adapts what is around its text, and moves its inline scripts to files.
fn finish(path: &Path, out: &Path, contents: &str) -> anyhow::Result<()> {
    let read = || fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let relative = path.strip_prefix(out).unwrap_or(path);
    let mut page = read()?;
    let is_dutch = relative.starts_with(DUTCH);
    if is_dutch {
        page = page.replacen("<html lang=\"en\"", "<html lang=\"nl\"", 1);
        page = page.replacen(contents, &dutch_contents(contents), 1);
    }
    let to_root = "../".repeat(relative.components().count() - 1);
    page = chrome::adapted(&page, &to_root, is_dutch)?;
    // The only inline style of mdBook's template, which the dashboard's policy forbids.
    page = page.replace("style=\"clear: both\"", "class=\"clear\"");
    let (page, moved) = scripts::move_out(&page, &to_root);
    for script in moved {
        fs::write(out.join(&script.name), script.text)
            .with_context(|| format!("cannot write {}", script.name))?;
    }
    fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))
}

/// All files below a folder in sorted order.
///
/// # Errors
/// If a folder can't be read.
pub(crate) fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { &mut folders } else { &mut files }.push(path);
        }
    }
    files.sort();
    Ok(files)
}
