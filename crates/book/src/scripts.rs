//! Moves inline scripts to files, as the dashboard's content security policy forbids them.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

/// A script that was inline.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The name of its file, in the root folder of the book.
    pub(crate) name: String,
    pub(crate) text: String,
}

const OPENING_TAG: &str = "<script>";
const CLOSING_TAG: &str = "</script>";

/// Replaces each inline script by a reference to a file, and returns the page with these files.
/// Identical scripts share one. They run at the same time as before, since external scripts block
/// parsing too.
pub(crate) fn move_out(page: &str, path_to_root: &str) -> (String, Vec<Script>) {
    let mut scripts: Vec<Script> = Vec::new();
    let mut moved = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, (text, after))) = rest
        .split_once(OPENING_TAG)
        .and_then(|(before, after)| Some((before, after.split_once(CLOSING_TAG)?)))
    {
        moved.push_str(before);
        if !text.trim().is_empty() {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            let name = format!("page-{:016x}.js", hasher.finish());
            moved.push_str(&format!("<script src=\"{path_to_root}{name}\">{CLOSING_TAG}"));
            if !scripts.iter().any(|script| script.name == name) {
                scripts.push(Script { name, text: text.to_owned() });
            }
        }
        rest = after;
    }
    moved.push_str(rest);
    (moved, scripts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_become_files_and_external_ones_stay() {
        let page = "<p>a</p><script>one()</script><script src=\"b.js\"></script><script>one()</script><script>two()</script>";
        let (moved, scripts) = move_out(page, "../");
        assert_eq!(scripts.iter().map(|script| script.text.as_str()).collect::<Vec<_>>(), ["one()", "two()"]);
        assert!(!moved.contains("()") && moved.contains("<script src=\"b.js\"></script>"));
        assert_eq!(moved.matches(&format!("src=\"../{}\"", scripts[0].name)).count(), 2);
    }
}
