//! The lists of parts (SBOM) that the product is built from, as CycloneDX: by cargo-cyclonedx and
//! npm.
//!
//! They say nothing of when they were made, so that the same lock files give the same lists.
//! Debian's packages in the image are not among them: the image's own `/var/lib/dpkg/status` lists
//! them.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use crate::tools::CYCLONEDX;
use crate::workspace::{Workspace, capture};

/// What is shipped: the name of its list, its package, and the platform where that isn't this
/// machine's. Of the handbook's program only scripts, styles and fonts are shipped.
const CRATES: [(&str, &str, Option<&str>); 3] = [
    ("server", "gridspark", None),
    ("page", "frontend", Some("wasm32-unknown-unknown")),
    ("handbook", "book", None),
];

/// Writes one list for each into a folder.
///
/// # Errors
/// Where a tool cannot be had or fails, or a file cannot be written.
pub(crate) fn write(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (list, package, platform) in CRATES {
        let from = workspace.member(package)?.join("sbom-in-the-making.json");
        let mut cyclonedx = workspace.program(CYCLONEDX.program(workspace)?);
        cyclonedx.args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5"]);
        cyclonedx.args(["--no-build-deps", "--override-filename", "sbom-in-the-making", "--manifest-path"]);
        cyclonedx.arg(from.with_file_name("Cargo.toml")).env("SOURCE_DATE_EPOCH", "0");
        capture(cyclonedx.args(platform.iter().flat_map(|platform| ["--target", platform])))?;
        fs::copy(from, folder.join(format!("{list}.cdx.json")))?;
        // It writes one for every member, beside its manifest.
        for member in workspace.members() {
            let _ = fs::remove_file(member.join("sbom-in-the-making.json"));
        }
    }
    let mut npm = workspace.program("npm");
    npm.args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"]);
    let mut charts: Value = serde_json::from_str(&capture(&mut npm)?)?;
    for (place, key) in [("", "serialNumber"), ("/metadata", "timestamp")] {
        charts.pointer_mut(place).and_then(Value::as_object_mut).and_then(|object| object.remove(key));
    }
    Ok(fs::write(folder.join("charts.cdx.json"), format!("{charts:#}\n"))?)
}
