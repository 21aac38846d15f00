//! What the engine would send to the build: the checkout, less what `.dockerignore` leaves out.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::workspace::{Workspace, capture};

/// Copies the context into an empty folder, by git's list of files so that nothing that was built comes along.
///
/// # Errors
/// Where `.dockerignore` has a rule that is not understood, or a file cannot be copied.
pub(crate) fn copy(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    let rules = fs::read_to_string(workspace.path(".dockerignore")).context("cannot read .dockerignore")?;
    let kept = kept(&rules)?;
    let mut git = workspace.program("git");
    let files = capture(git.args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    for file in files.lines().filter(|file| is_kept(file, &kept)) {
        let (from, to) = (workspace.path(file), folder.join(file));
        if !from.is_file() {
            continue;
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(&from, &to).with_context(|| format!("cannot copy {file}"))?;
    }
    Ok(())
}

/// Ours leaves everything out, then takes names of the first level back in.
fn kept(rules: &str) -> anyhow::Result<Vec<&str>> {
    let mut lines = rules.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    if lines.next() != Some("*") {
        bail!(".dockerignore does not begin with `*`, which leaves everything out");
    }
    lines
        .map(|line| {
            let name = line.strip_prefix('!').filter(|name| !name.contains(['/', '*', '?', '[']));
            name.with_context(|| format!(".dockerignore: `{line}` is not understood here"))
        })
        .collect()
}

fn is_kept(file: &str, kept: &[&str]) -> bool {
    kept.contains(&file.split('/').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_taken_back_in_is_sent() {
        let kept = kept("# why\n*\n!server\n!Cargo.toml\n").unwrap();
        assert!(is_kept("server/src/main.rs", &kept) && is_kept("Cargo.toml", &kept));
        assert!(!is_kept("deploy/README.md", &kept) && !is_kept("servers/x", &kept));
        assert!(super::kept("target\n").is_err() && super::kept("*\n!a/b\n").is_err());
    }
}
