//! The list of parts (SBOM): what the server and the page are built from, in the form CycloneDX 1.6.
//!
//! It says nothing of when or where it was made, so that the same lock files give the same list. Debian's packages in the
//! image are not in it: the image's own `/var/lib/dpkg/status` lists them.

mod crates;
mod document;
mod npm;

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::workspace::Workspace;
use document::Document;

/// A part, whoever publishes it.
#[derive(Debug)]
struct Part {
    name: String,
    version: String,
    /// A package URL, which names the part everywhere.
    purl: String,
    /// An SPDX expression.
    licence: Option<String>,
    /// The algorithm and the hash in hexadecimal digits, of the package as it was published.
    hash: Option<(&'static str, String)>,
    repository: Option<String>,
    /// The package URLs of what it is built from.
    needs: Vec<String>,
}

/// Writes the list of parts, and says how many they are.
///
/// # Errors
/// Where cargo cannot read the workspace, a lock file cannot be understood, or the file cannot be written.
pub(crate) fn write(workspace: &Workspace, file: &Path) -> anyhow::Result<usize> {
    let mut parts = crates::shipped(workspace)?;
    let product = parts.iter().position(|part| part.name == "gridspark").context("there is no gridspark")?;
    let mut product = parts.swap_remove(product);
    let npm = npm::shipped(&workspace.path("package-lock.json"))?;
    // What is bundled into the site's scripts belongs to the product.
    product.needs.extend(npm.iter().map(|part| part.purl.clone()));
    parts.extend(npm);
    parts.sort_by(|one, other| one.purl.cmp(&other.purl));
    let count = parts.len();
    let text = serde_json::to_string_pretty(&Document::new(&product, &parts))?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(file, text + "\n").with_context(|| format!("cannot write {}", file.display()))?;
    Ok(count)
}
