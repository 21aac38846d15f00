//! Whether everything that the handbook and the pages beside it point to is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;

use crate::html;
use crate::markdown;
use crate::rendering::files_below;

/// The pages beside the handbook.
const PAGES_BESIDE: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"];
/// What the pictures may take: every planner's browser fetches them.
const MOST_PICTURE_BYTES: u64 = 2_500_000;

/// What becomes of the pages beside the handbook, which are not there where only the product is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    Ignored,
    Checked,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) pages: usize,
    pub(crate) links: usize,
    pub(crate) pictures: usize,
    pub(crate) picture_bytes: u64,
    /// Sentences, each naming the page and what is wrong.
    pub(crate) faults: Vec<String>,
}

/// A page: its anchors, and where its links lead.
#[derive(Debug, Default)]
struct Page {
    anchors: BTreeSet<String>,
    targets: Vec<String>,
}

/// Checks the book that was built into `out`, and on demand the pages beside it in the checkout `root`.
///
/// # Errors
/// Where a file can't be read; what is wrong with links is among the faults.
pub(crate) fn check(root: &Path, out: &Path, beside: Beside) -> anyhow::Result<Found> {
    let mut found = Found::default();
    let mut shown = BTreeSet::new();
    let mut pages = BTreeMap::new();
    for path in files_below(out)?.into_iter().filter(|path| has_extension(path, &["html"])) {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if text.contains("{{#") {
            found.faults.push(format!("{}: something was to be included and is not there", name(&path, out)));
        }
        if html::tags(&text).iter().any(|tag| tag.attribute("style").is_some()) {
            found
                .faults
                .push(format!("{}: an inline style, which the dashboard's policy refuses", name(&path, out)));
        }
        pages.insert(path, read(&text));
    }
    follow(&pages, out, &mut found, &mut shown);
    found.pages = pages.len();
    if beside == Beside::Checked {
        follow(&pages_beside(root)?, root, &mut found, &mut shown);
    }
    for picture in files_below(&root.join("docs/pictures"))? {
        found.pictures += 1;
        found.picture_bytes += fs::metadata(&picture)?.len();
        let in_book = out.join(picture.strip_prefix(root.join("docs")).unwrap_or(&picture));
        let is_shown = shown.contains(&picture) || shown.contains(&in_book);
        if beside == Beside::Checked && !is_shown {
            found.faults.push(format!("{}: no page shows it", name(&picture, root)));
        }
    }
    if found.picture_bytes > MOST_PICTURE_BYTES {
        found.faults.push(format!("the pictures take {} bytes: too many", found.picture_bytes));
    }
    Ok(found)
}

fn pages_beside(root: &Path) -> anyhow::Result<BTreeMap<PathBuf, Page>> {
    let mut pages = BTreeMap::new();
    for file in PAGES_BESIDE {
        let path = root.join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let markdown::Page { anchors, targets } = markdown::read(&text);
        pages.insert(path, Page { anchors: anchors.into_iter().collect(), targets });
    }
    Ok(pages)
}

fn read(text: &str) -> Page {
    let mut page = Page::default();
    for tag in html::tags(text) {
        page.anchors.extend(tag.attribute("id").map(str::to_owned));
        if tag.name == "a" {
            page.anchors.extend(tag.attribute("name").map(str::to_owned));
        }
        page.targets.extend(["href", "src"].iter().filter_map(|key| tag.attribute(key)).map(str::to_owned));
    }
    page
}

/// Follows every link of the pages; `shown` is told the files that are there.
fn follow(pages: &BTreeMap<PathBuf, Page>, root: &Path, found: &mut Found, shown: &mut BTreeSet<PathBuf>) {
    for (path, page) in pages {
        for target in &page.targets {
            found.links += 1;
            if let Err(reason) = lead(path, target, root, pages, shown) {
                found.faults.push(format!("{}: the link {target} {reason}", name(path, root)));
            }
        }
    }
}

fn lead(
    page: &Path,
    target: &str,
    root: &Path,
    pages: &BTreeMap<PathBuf, Page>,
    shown: &mut BTreeSet<PathBuf>,
) -> Result<(), &'static str> {
    if target.contains(':') {
        return outside(target);
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path.split('?').next().unwrap_or_default();
    let to = if path.is_empty() { page.to_owned() } else { plain(&page.with_file_name("").join(path)) };
    if path.starts_with('/') || !to.starts_with(root) {
        return Err("leads out of the book");
    }
    if !to.exists() {
        return Err("leads to a file that is not there");
    }
    if !anchor.is_empty() && pages.get(&to).is_some_and(|page| !page.anchors.contains(anchor)) {
        return Err("leads to a heading that is not there");
    }
    shown.insert(to);
    Ok(())
}

/// Whether an address elsewhere is written as one; nobody is asked whether it answers.
fn outside(target: &str) -> Result<(), &'static str> {
    let is_here = ["http://127.0.0.1:", "http://localhost:"].iter().any(|here| target.starts_with(here));
    let host = target.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    if is_here || (host.contains('.') && host.chars().all(is_host)) {
        Ok(())
    } else {
        Err("is no address: https:// and a host")
    }
}

/// The path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|found| extensions.contains(&found))
}

fn name(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkout of a few pages, and the faults found in it.
    fn faults(index: &str, readme: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let (root, out) = (folder.path(), folder.path().join("built"));
        fs::create_dir_all(root.join("docs/pictures")).unwrap();
        fs::create_dir_all(out.join("pictures")).unwrap();
        for file in PAGES_BESIDE {
            fs::write(root.join(file), if file == "README.md" { readme } else { "" }).unwrap();
        }
        for pictures in [root.join("docs/pictures"), out.join("pictures")] {
            fs::write(pictures.join("a.webp"), "").unwrap();
        }
        fs::write(out.join("index.html"), index).unwrap();
        fs::write(out.join("other.html"), "<h2 id=\"there\">There</h2>").unwrap();
        check(root, &out, Beside::Checked).unwrap().faults
    }

    const GOOD: &str = "<a href=\"other.html#there\">x</a><img src=\"pictures/a.webp\">";

    #[test]
    fn a_book_whose_links_lead_somewhere_has_no_faults() {
        assert_eq!(
            faults(GOOD, "[a](docs/pictures/a.webp) [b](#c)\n# c\n[d](https://example.org/)"),
            [""; 0]
        );
    }

    #[test]
    fn links_to_what_is_not_there_and_pictures_that_nobody_sees_are_faults() {
        for (more, reason) in [
            ("<a href=\"nowhere.html\">x</a>", "file that is not there"),
            ("<a href=\"other.html#nowhere\">x</a>", "heading that is not there"),
            ("<a href=\"/other.html\">x</a>", "out of the book"),
            ("<a href=\"../../other.html\">x</a>", "out of the book"),
            ("<a href=\"https://nowhere\">x</a>", "no address"),
            ("{{#include nothing.md}}", "to be included"),
            ("<p style=\"color: red\">x</p>", "inline style"),
        ] {
            let found = faults(&format!("{GOOD}{more}"), "");
            assert!(found.len() == 1 && found[0].contains(reason), "{more}: {found:?}");
        }
        assert!(faults("", "")[0].contains("no page shows it"));
        assert!(faults(GOOD, "[a](gone.md)")[0].contains("README.md: the link gone.md"));
    }

    #[test]
    fn a_book_is_checked_without_the_pages_beside_it_where_they_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let (root, out) = (folder.path(), folder.path().join("built"));
        fs::create_dir_all(root.join("docs/pictures")).unwrap();
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("index.html"), "<a href=\"nowhere.html\">x</a>").unwrap();
        assert!(check(root, &out, Beside::Checked).is_err());
        assert_eq!(check(root, &out, Beside::Ignored).unwrap().faults.len(), 1);
    }
}
