//! The style sheet: the files of `style/`, one after the other.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// Joins the style files in the order of their names. Cascade layers declared in the first one, not
/// this order, decide between rules of different files.
///
/// # Errors
/// Where a file cannot be read.
pub(super) fn concatenate(folder: &Path) -> anyhow::Result<String> {
    let unreadable = || format!("cannot read the style files in {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "css") {
            files.push(path);
        }
    }
    files.sort();
    let mut sheet = String::new();
    for file in files {
        let content = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        sheet.push_str(content.trim_end());
        sheet.push('\n');
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_joined_by_name_and_others_left_out() {
        let folder = std::env::temp_dir().join(format!("xtask-styles-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("b.css"), "b {}\n\n").unwrap();
        fs::write(folder.join("a.css"), "a {}").unwrap();
        fs::write(folder.join("notes.txt"), "no style").unwrap();
        assert_eq!(concatenate(&folder).unwrap(), "a {}\nb {}\n");
        fs::remove_dir_all(folder).unwrap();
    }
}
