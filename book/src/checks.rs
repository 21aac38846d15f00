//! Checks the links and pictures of the handbook and of the Markdown pages of the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;

use crate::html;
use crate::markdown;
use crate::rendering::files_below;

/// The Markdown pages outside of the handbook.
const REPOSITORY_PAGES: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"];
/// Limit on the total size of the pictures, which every planner's browser downloads.
const MAX_PICTURE_BYTES: u64 = 2_500_000;

/// Whether to check the pages of the repository, which are absent if only the product is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RepositoryPages {
    Ignored,
    Checked,
}

/// Counts and problems.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) pages: usize,
    pub(crate) links: usize,
    pub(crate) pictures: usize,
    pub(crate) picture_bytes: u64,
    /// Sentences that name the page and the problem.
    pub(crate) problems: Vec<String>,
}

/// A page: its anchors and the targets of its links.
#[derive(Debug, Default)]
struct Page {
    anchors: BTreeSet<String>,
    targets: Vec<String>,
}

/// Checks the book that was built into `out`, and optionally the repository pages in the checkout
/// `root`.
///
/// # Errors
/// If a file can't be read; broken links are among the problems.
pub(crate) fn check(root: &Path, out: &Path, repository_pages: RepositoryPages) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut shown = BTreeSet::new();
    let mut pages = BTreeMap::new();
    for path in files_below(out)?.into_iter().filter(|path| has_extension(path, &["html"])) {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if text.contains("{{#") {
            report.problems.push(format!("{}: an include that was not resolved", name(&path, out)));
        }
        if html::tags(&text).iter().any(|tag| tag.attribute("style").is_some()) {
            report.problems.push(format!(
                "{}: an inline style, which the dashboard's content security policy forbids",
                name(&path, out)
            ));
        }
        pages.insert(path, read(&text));
    }
    check_links(&pages, out, &mut report, &mut shown);
    report.pages = pages.len();
    if repository_pages == RepositoryPages::Checked {
        check_links(&read_repository_pages(root)?, root, &mut report, &mut shown);
    }
    for picture in files_below(&root.join("docs/pictures"))? {
        report.pictures += 1;
        report.picture_bytes += fs::metadata(&picture)?.len();
        let in_book = out.join(picture.strip_prefix(root.join("docs")).unwrap_or(&picture));
        let is_shown = shown.contains(&picture) || shown.contains(&in_book);
        if repository_pages == RepositoryPages::Checked && !is_shown {
            report.problems.push(format!("{}: no page shows it", name(&picture, root)));
        }
    }
    if report.picture_bytes > MAX_PICTURE_BYTES {
        report
            .problems
            .push(format!("the pictures have {} bytes, more than {MAX_PICTURE_BYTES}", report.picture_bytes));
    }
    Ok(report)
}

fn read_repository_pages(root: &Path) -> anyhow::Result<BTreeMap<PathBuf, Page>> {
    let mut pages = BTreeMap::new();
    for file in REPOSITORY_PAGES {
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

/// Resolves every link of the pages; collects the linked files in `shown`.
fn check_links(
    pages: &BTreeMap<PathBuf, Page>,
    root: &Path,
    report: &mut Report,
    shown: &mut BTreeSet<PathBuf>,
) {
    for (path, page) in pages {
        for target in &page.targets {
            report.links += 1;
            if let Err(reason) = resolve_link(path, target, root, pages, shown) {
                report.problems.push(format!("{}: the link {target} {reason}", name(path, root)));
            }
        }
    }
}

fn resolve_link(
    page: &Path,
    target: &str,
    root: &Path,
    pages: &BTreeMap<PathBuf, Page>,
    shown: &mut BTreeSet<PathBuf>,
) -> Result<(), &'static str> {
    if target.contains(':') {
        return check_external(target);
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path.split('?').next().unwrap_or_default();
    let to = if path.is_empty() { page.to_owned() } else { normalised(&page.with_file_name("").join(path)) };
    if path.starts_with('/') || !to.starts_with(root) {
        return Err("leads out of the book");
    }
    if !to.exists() {
        return Err("leads to a missing file");
    }
    if !anchor.is_empty() && pages.get(&to).is_some_and(|page| !page.anchors.contains(anchor)) {
        return Err("leads to a missing heading");
    }
    shown.insert(to);
    Ok(())
}

/// Checks the form of an external address, without a request.
fn check_external(target: &str) -> Result<(), &'static str> {
    let is_here = ["http://127.0.0.1:", "http://localhost:"].iter().any(|here| target.starts_with(here));
    let host = target.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    if is_here || (host.contains('.') && host.chars().all(is_host)) {
        Ok(())
    } else {
        Err("is not an address: https:// and a host")
    }
}

/// The path with `.` and `..` resolved.
fn normalised(path: &Path) -> PathBuf {
    let mut normalised = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(normalised.pop()),
            part => normalised.push(part),
        }
    }
    normalised
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

    /// The problems in a checkout of a few pages.
    fn problems(index: &str, readme: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let (root, out) = (folder.path(), folder.path().join("built"));
        fs::create_dir_all(root.join("docs/pictures")).unwrap();
        fs::create_dir_all(out.join("pictures")).unwrap();
        for file in REPOSITORY_PAGES {
            fs::write(root.join(file), if file == "README.md" { readme } else { "" }).unwrap();
        }
        for pictures in [root.join("docs/pictures"), out.join("pictures")] {
            fs::write(pictures.join("a.webp"), "").unwrap();
        }
        fs::write(out.join("index.html"), index).unwrap();
        fs::write(out.join("other.html"), "<h2 id=\"there\">There</h2>").unwrap();
        check(root, &out, RepositoryPages::Checked).unwrap().problems
    }

    const GOOD: &str = "<a href=\"other.html#there\">x</a><img src=\"pictures/a.webp\">";

    #[test]
    fn a_book_with_valid_links_has_no_problems() {
        assert_eq!(
            problems(GOOD, "[a](docs/pictures/a.webp) [b](#c)\n# c\n[d](https://example.org/)"),
            [""; 0]
        );
    }

    #[test]
    fn broken_links_and_unused_pictures_are_problems() {
        for (more, reason) in [
            ("<a href=\"nowhere.html\">x</a>", "missing file"),
            ("<a href=\"other.html#nowhere\">x</a>", "missing heading"),
            ("<a href=\"/other.html\">x</a>", "out of the book"),
            ("<a href=\"../../other.html\">x</a>", "out of the book"),
            ("<a href=\"https://nowhere\">x</a>", "not an address"),
            ("{{#include nothing.md}}", "include that was not resolved"),
            ("<p style=\"color: red\">x</p>", "inline style"),
        ] {
            let found = problems(&format!("{GOOD}{more}"), "");
            assert!(found.len() == 1 && found[0].contains(reason), "{more}: {found:?}");
        }
        assert!(problems("", "")[0].contains("no page shows it"));
        assert!(problems(GOOD, "[a](gone.md)")[0].contains("README.md: the link gone.md"));
    }

    #[test]
    fn a_book_can_be_checked_without_repository_pages() {
        let folder = tempfile::tempdir().unwrap();
        let (root, out) = (folder.path(), folder.path().join("built"));
        fs::create_dir_all(root.join("docs/pictures")).unwrap();
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("index.html"), "<a href=\"nowhere.html\">x</a>").unwrap();
        assert!(check(root, &out, RepositoryPages::Checked).is_err());
        assert_eq!(check(root, &out, RepositoryPages::Ignored).unwrap().problems.len(), 1);
    }
}
