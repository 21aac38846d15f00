//! Builds the handbook from `docs/` and fails if a link or picture is broken.

mod checks;
mod html;
mod markdown;
mod rendering;
mod scripts;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use checks::RepositoryPages;

const USAGE: &str = "Usage: book CHECKOUT OUT [--and-pages-beside]\n\n  builds docs/ of the checkout into the folder OUT and checks \
its links; with --and-pages-beside also those of README, ARCHITECTURE and CHANGELOG, and that every picture is used";

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(root), Some(out), repository_pages, None) =
        (arguments.next(), arguments.next(), arguments.next(), arguments.next())
    else {
        bail!(USAGE)
    };
    let repository_pages = match repository_pages.as_deref().and_then(OsStr::to_str) {
        None => RepositoryPages::Ignored,
        Some("--and-pages-beside") => RepositoryPages::Checked,
        Some(_) => bail!(USAGE),
    };
    let root = PathBuf::from(root).canonicalize().context("cannot find the checkout")?;
    let out = std::path::absolute(Path::new(&out)).context("invalid output folder")?;
    rendering::render(&root.join("docs"), &out)?;
    let report = checks::check(&root, &out, repository_pages)?;
    let mut stderr = std::io::stderr().lock();
    for problem in &report.problems {
        writeln!(stderr, "{problem}")?;
    }
    if !report.problems.is_empty() {
        bail!("{} problems in the handbook", report.problems.len());
    }
    writeln!(
        stderr,
        "    the handbook: {} pages, {} links, {} pictures ({} kB)",
        report.pages,
        report.links,
        report.pictures,
        report.picture_bytes / 1_000
    )?;
    Ok(())
}
