//! Builds the handbook of `docs/` into a folder, and refuses one that promises what isn't there.

mod checks;
mod chrome;
mod contents;
mod rendering;
mod scripts;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args_os().skip(1);
    let (Some(root), Some(out), None) = (words.next(), words.next(), words.next()) else {
        bail!("Usage: book CHECKOUT OUT\n\n  builds docs/ of the checkout into the folder OUT")
    };
    let docs = PathBuf::from(root).canonicalize().context("there is no such checkout")?.join("docs");
    let out = std::path::absolute(Path::new(&out)).context("the folder has no place")?;
    rendering::render(&docs, &out)?;
    let faults = checks::faults(&docs, &out)?;
    let mut stderr = std::io::stderr().lock();
    for fault in &faults {
        writeln!(stderr, "{fault}")?;
    }
    ensure!(faults.is_empty(), "{} faults in the handbook", faults.len());
    Ok(())
}
