//! Expands the paths of a command line to the files to read.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::PathError;

const EXTENSIONS: [&str; 4] = [".parquet", ".csv", ".csv.gz", ".csv.zst"];

/// Expands `paths` to files: a folder stands for all `*.parquet`, `*.csv`, `*.csv.gz` and
/// `*.csv.zst` files below it in sorted order. A file found twice is listed once, and `except` (the
/// box metadata, which may lie in the same folder) is skipped.
///
/// # Errors
/// [`PathError`] if a path doesn't exist, has another extension, or is a folder without such a
/// file.
pub fn measurement_files(paths: &[PathBuf], except: Option<&Path>) -> Result<Vec<PathBuf>, PathError> {
    let mut reached = HashSet::new();
    if let Some(except) = except {
        reached.insert(canonical(except)?);
    }
    let mut files = Vec::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|source| unreadable(path, source))?;
        let mut found = Vec::new();
        if metadata.is_dir() {
            collect(path, &mut found, &mut HashSet::new())?;
            if found.is_empty() {
                return Err(PathError::EmptyFolder { path: path.clone() });
            }
        } else if has_known_extension(path) {
            found.push(path.clone());
        } else {
            return Err(PathError::UnknownFormat { path: path.clone() });
        }
        for file in found {
            if reached.insert(canonical(&file)?) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// Collects the files below a folder; `entered` stops cycles of symbolic links.
fn collect(folder: &Path, found: &mut Vec<PathBuf>, entered: &mut HashSet<PathBuf>) -> Result<(), PathError> {
    if !entered.insert(canonical(folder)?) {
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
        entries.push(entry.map_err(|source| unreadable(folder, source))?.path());
    }
    entries.sort();
    for path in entries {
        let metadata = fs::metadata(&path).map_err(|source| unreadable(&path, source))?;
        if metadata.is_dir() {
            collect(&path, found, entered)?;
        } else if has_known_extension(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn has_known_extension(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    EXTENSIONS.iter().any(|ending| name.ends_with(ending))
}

fn canonical(path: &Path) -> Result<PathBuf, PathError> {
    path.canonicalize().map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: io::Error) -> PathError {
    PathError::Unreadable { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    fn names(folder: &Path, files: &[PathBuf]) -> Vec<String> {
        files.iter().map(|file| file.strip_prefix(folder).unwrap().display().to_string()).collect()
    }

    #[test]
    fn a_folder_expands_to_its_files_in_sorted_order_at_any_depth() {
        let folder = folder_with(&["b.csv", "a/2.CSV.GZ", "a/1.parquet", "c.csv.zst", "notes.txt", "d.gz"]);
        let files = measurement_files(&[folder.path().to_owned()], None).unwrap();
        assert_eq!(names(folder.path(), &files), ["a/1.parquet", "a/2.CSV.GZ", "b.csv", "c.csv.zst"]);
    }

    #[test]
    fn a_file_is_read_once_and_the_metadata_not_at_all() {
        let folder = folder_with(&["1.csv", "boxes.csv"]);
        let paths = [folder.path().join("1.csv"), folder.path().to_owned()];
        let files = measurement_files(&paths, Some(&folder.path().join("boxes.csv"))).unwrap();
        assert_eq!(names(folder.path(), &files), ["1.csv"]);
    }

    #[test]
    fn a_path_without_files_is_an_error() {
        let folder = folder_with(&["notes.txt"]);
        let expand = |path: PathBuf| measurement_files(&[path], None);
        assert!(matches!(expand(folder.path().to_owned()), Err(PathError::EmptyFolder { .. })));
        assert!(matches!(expand(folder.path().join("notes.txt")), Err(PathError::UnknownFormat { .. })));
        assert!(matches!(expand(folder.path().join("absent.csv")), Err(PathError::Unreadable { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_parent_folder_is_followed_only_once() {
        let folder = folder_with(&["a/1.csv"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/up")).unwrap();
        let files = measurement_files(&[folder.path().to_owned()], None).unwrap();
        assert_eq!(names(folder.path(), &files), ["a/1.csv"]);
    }
}
