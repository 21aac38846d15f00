//! What a link checker doesn't see: the test command has lychee follow the links.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::rendering::files_below;

/// What the pictures may take: every planner's browser fetches them.
const MAX_PICTURE_BYTES: u64 = 2_500_000;

/// Checks the book that was built from `docs` into `out`; returns sentences, each naming a page or picture and what is wrong.
///
/// # Errors
/// Where a file can't be read.
pub(crate) fn faults(docs: &Path, out: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for (path, text) in texts(out, "html")? {
        if text.contains("{{#") {
            faults.push(format!("{}: something was to be included and is not there", name(&path, out)));
        }
        if text.contains(" style=\"") {
            faults
                .push(format!("{}: an inline style, which the dashboard's policy refuses", name(&path, out)));
        }
    }
    let pages = texts(docs, "md")?;
    let mut bytes = 0;
    for picture in files_below(&docs.join("pictures"))? {
        bytes += fs::metadata(&picture)?.len();
        let shown = name(&picture, docs);
        // The front page of the repository shows pictures, too; without it, as in the image's builder, nothing is said.
        let front = fs::read_to_string(docs.with_file_name("README.md"));
        let is_shown = pages.iter().any(|(_, text)| text.contains(&shown));
        if !is_shown && front.is_ok_and(|text| !text.contains(&shown)) {
            faults.push(format!("{shown}: no page shows it"));
        }
    }
    if bytes > MAX_PICTURE_BYTES {
        faults.push(format!("the pictures take {bytes} bytes: too many"));
    }
    Ok(faults)
}

fn texts(folder: &Path, extension: &str) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let files = files_below(folder)?.into_iter();
    let wanted = files.filter(|path| path.extension().is_some_and(|found| found == extension));
    wanted
        .map(|path| {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok((path, text))
        })
        .collect()
}

fn name(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_included_not_allowed_or_not_shown_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let (docs, out) = (folder.path().join("docs"), folder.path().join("built"));
        fs::create_dir_all(docs.join("pictures")).unwrap();
        fs::create_dir_all(&out).unwrap();
        fs::write(docs.join("pictures/a.webp"), "").unwrap();
        fs::write(docs.join("index.md"), "![a](pictures/a.webp)").unwrap();
        fs::write(folder.path().join("README.md"), "").unwrap();
        let with = |page: &str| {
            fs::write(out.join("index.html"), page).unwrap();
            faults(&docs, &out).unwrap()
        };
        assert_eq!(with("<p>x</p>"), [""; 0]);
        assert!(with("{{#include nothing.md}}")[0].contains("to be included"));
        assert!(with("<p style=\"color: red\">x</p>")[0].contains("inline style"));
        fs::write(docs.join("index.md"), "").unwrap();
        assert_eq!(with(""), ["pictures/a.webp: no page shows it"]);
    }
}
