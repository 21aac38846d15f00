//! Expands the paths of a command line to the files to read.

mod delta;
mod partition;
mod table;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::PathError;
pub use partition::partition_value;
use table::{Live, Tables};

const EXTENSIONS: [&str; 4] = [".parquet", ".csv", ".csv.gz", ".csv.zst"];
/// Unread files that are named; the others are counted.
const MAX_NAMED: usize = 20;

/// The files that paths stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundFiles {
    /// The files to read, each once.
    pub files: Vec<PathBuf>,
    /// Number of files and of folders that were left unread in the given folders: of other kinds,
    /// named as what isn't data, or replaced in their table.
    pub unread: u64,
    /// The first 20 of them.
    pub unread_named: Vec<PathBuf>,
}

impl FoundFiles {
    fn leave_unread(&mut self, path: &Path) {
        self.unread += 1;
        if self.unread_named.len() < MAX_NAMED {
            self.unread_named.push(path.to_owned());
        }
    }
}

/// Expands `paths` to files: a folder stands for all `*.parquet`, `*.csv`, `*.csv.gz` and
/// `*.csv.zst` files below it in sorted order. A file found twice is listed once, and `except` (the
/// box metadata, which may lie in the same folder) is skipped.
///
/// Files and folders below it whose names begin with `_` or `.` are unfinished, hidden or notes of
/// the writer, not data. A Delta table stands for the files that its log lists as current.
///
/// # Errors
/// [`PathError`] if a path doesn't exist, has another extension, is a folder without such a file,
/// or a table whose current files can't be told.
pub fn measurement_files(paths: &[PathBuf], except: Option<&Path>) -> Result<FoundFiles, PathError> {
    let mut reached = HashSet::new();
    if let Some(except) = except {
        reached.insert(canonical(except)?);
    }
    let mut result = FoundFiles::default();
    let mut tables = Tables::default();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|source| unreadable(path, source))?;
        let live = tables.around(&canonical(path)?)?;
        let mut found = Vec::new();
        if metadata.is_dir() {
            let (found, result, tables) = (&mut found, &mut result, &mut tables);
            let mut search = Search { found, result, tables, entered: HashSet::new() };
            let within = live.clone();
            search.folder(path, live)?;
            if let Some(table) = within {
                table.require_found(&canonical(path)?, found)?;
            }
            if found.is_empty() {
                return Err(PathError::EmptyFolder { path: path.clone() });
            }
        } else if !has_known_extension(path) {
            return Err(PathError::UnknownFormat { path: path.clone() });
        } else if live.is_none_or(|live| live.has(path)) {
            found.push(path.clone());
        } else {
            result.leave_unread(path);
        }
        for file in found {
            if reached.insert(canonical(&file)?) {
                result.files.push(file);
            }
        }
    }
    Ok(result)
}

/// Requires that a file which is named by itself holds current rows: one that a Delta table has replaced
/// would bring back what was corrected since. A path of no file is none of this function's business.
///
/// # Errors
/// [`PathError::Replaced`], and [`PathError::Table`] where it can't be told.
pub fn require_current(file: &Path) -> Result<(), PathError> {
    let Ok(real) = file.canonicalize() else { return Ok(()) };
    if real.is_dir() {
        return Ok(());
    }
    match Tables::default().around(&real)? {
        Some(live) if !live.has(&real) => Err(PathError::Replaced { path: file.to_owned() }),
        _ => Ok(()),
    }
}

/// Whether a name is that of data by the custom of Spark, Hive and Impala.
fn is_data_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    !name.starts_with(['_', '.'])
}

/// Collects the files below a folder.
struct Search<'a> {
    found: &'a mut Vec<PathBuf>,
    result: &'a mut FoundFiles,
    tables: &'a mut Tables,
    /// Stops cycles of symbolic links.
    entered: HashSet<PathBuf>,
}

impl Search<'_> {
    /// `live` are the current files of the table that the folder belongs to, if it is one.
    fn folder(&mut self, folder: &Path, live: Option<Rc<Live>>) -> Result<(), PathError> {
        let real = canonical(folder)?;
        if !self.entered.insert(real.clone()) {
            return Ok(());
        }
        if live.is_none()
            && let Some(table) = self.tables.at(&real)?
        {
            self.entries(folder, Some(&table))?;
            return table.require_found(&real, self.found);
        }
        self.entries(folder, live.as_ref())
    }

    fn entries(&mut self, folder: &Path, live: Option<&Rc<Live>>) -> Result<(), PathError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
            entries.push(entry.map_err(|source| unreadable(folder, source))?.path());
        }
        entries.sort();
        for path in entries {
            // The log of a table knows what is data, whatever its name.
            if !is_data_name(&path) && !live.is_some_and(|live| live.leads_to(&path)) {
                self.result.leave_unread(&path);
                continue;
            }
            let metadata = fs::metadata(&path).map_err(|source| unreadable(&path, source))?;
            if metadata.is_dir() {
                self.folder(&path, live.cloned())?;
            } else if has_known_extension(&path) && live.is_none_or(|live| live.has(&path)) {
                self.found.push(path);
            } else {
                self.result.leave_unread(&path);
            }
        }
        Ok(())
    }
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
        let files = measurement_files(&[folder.path().to_owned()], None).unwrap().files;
        assert_eq!(names(folder.path(), &files), ["a/1.parquet", "a/2.CSV.GZ", "b.csv", "c.csv.zst"]);
    }

    #[test]
    fn a_file_is_read_once_and_the_metadata_not_at_all() {
        let folder = folder_with(&["1.csv", "boxes.csv"]);
        let paths = [folder.path().join("1.csv"), folder.path().to_owned()];
        let files = measurement_files(&paths, Some(&folder.path().join("boxes.csv"))).unwrap().files;
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
        let files = measurement_files(&[folder.path().to_owned()], None).unwrap().files;
        assert_eq!(names(folder.path(), &files), ["a/1.csv"]);
    }

    #[test]
    fn what_is_not_data_is_left_unread_and_named() {
        let folder = folder_with(&[
            "a/1.csv",
            "a/notes.txt",
            "a/._1.csv",
            "_temporary/0/2.csv",
            "_SUCCESS",
            ".part.csv.crc",
            "3.xlsx",
        ]);
        let found = measurement_files(&[folder.path().to_owned()], None).unwrap();
        assert_eq!(names(folder.path(), &found.files), ["a/1.csv"]);
        let unread = [".part.csv.crc", "3.xlsx", "_SUCCESS", "_temporary", "a/._1.csv", "a/notes.txt"];
        assert_eq!(names(folder.path(), &found.unread_named), unread);
        assert_eq!(found.unread, 6);
        let named = [folder.path().join("_temporary"), folder.path().join("a/._1.csv")];
        let found = measurement_files(&named, None).unwrap();
        assert_eq!(names(folder.path(), &found.files), ["_temporary/0/2.csv", "a/._1.csv"], "when named");
    }
}
