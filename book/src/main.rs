//! Builds the handbook of `docs/` into a folder, and refuses one that promises what isn't there.

mod checks;
mod html;
mod markdown;
mod rendering;
mod scripts;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use checks::Beside;

const USAGE: &str = "Usage: book CHECKOUT OUT [--and-pages-beside]\n\n  builds docs/ of the checkout into the folder OUT and checks \
its links; with --and-pages-beside also those of README, ARCHITECTURE and CHANGELOG, and whether every picture is shown";

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args_os().skip(1);
    let (Some(root), Some(out), beside, None) = (words.next(), words.next(), words.next(), words.next())
    else {
        bail!(USAGE)
    };
    let beside = match beside.as_deref().and_then(OsStr::to_str) {
        None => Beside::Ignored,
        Some("--and-pages-beside") => Beside::Checked,
        Some(_) => bail!(USAGE),
    };
    let root = PathBuf::from(root).canonicalize().context("there is no such checkout")?;
    let out = std::path::absolute(Path::new(&out)).context("the folder has no place")?;
    rendering::render(&root.join("docs"), &out)?;
    let found = checks::check(&root, &out, beside)?;
    let mut stderr = std::io::stderr().lock();
    for fault in &found.faults {
        writeln!(stderr, "{fault}")?;
    }
    if !found.faults.is_empty() {
        bail!("{} faults in the handbook", found.faults.len());
    }
    writeln!(
        stderr,
        "    the handbook: {} pages, {} links, {} pictures ({} kB)",
        found.pages,
        found.links,
        found.pictures,
        found.picture_bytes / 1_000
    )?;
    Ok(())
}
