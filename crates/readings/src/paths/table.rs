//! Folders of tables, which hold replaced files beside current ones.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::delta;
use crate::PathError;

/// The files of a table that hold its current rows.
#[derive(Debug)]
pub(super) struct Live {
    /// The table's folder.
    table: PathBuf,
    files: HashSet<PathBuf>,
}

impl Live {
    pub(super) fn has(&self, file: &Path) -> bool {
        file.canonicalize().is_ok_and(|file| self.files.contains(&file))
    }

    /// Whether a path is one of the files, or a folder that holds some.
    pub(super) fn leads_to(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|path| self.files.iter().any(|file| file.starts_with(&path)))
    }

    /// Requires that a search of a folder has come by each of the files below it.
    ///
    /// # Errors
    /// [`PathError::Table`], which names one that it hasn't.
    pub(super) fn require_found(&self, folder: &Path, found: &[PathBuf]) -> Result<(), PathError> {
        let found: HashSet<PathBuf> = found.iter().filter_map(|file| file.canonicalize().ok()).collect();
        let missed =
            self.files.iter().filter(|file| file.starts_with(folder) && !found.contains(*file)).min();
        let Some(missed) = missed else { return Ok(()) };
        let name = missed.strip_prefix(&self.table).unwrap_or(missed);
        Err(PathError::Table {
            path: self.table.clone(),
            table: "a Delta table",
            reason: format!(" (its file {} isn't read by its name)", name.display()),
        })
    }

    /// The current files of the table that this folder is; None if it is none.
    fn of_root(folder: &Path) -> Result<Option<Self>, PathError> {
        let refused = |table, reason: &str| {
            Err(PathError::Table { path: folder.to_owned(), table, reason: reason.to_owned() })
        };
        let log = folder.join(delta::LOG_FOLDER);
        if log.is_dir() {
            return match delta::current_files(folder, &log) {
                Ok(files) => Ok(Some(Self { table: folder.to_owned(), files: files.into_iter().collect() })),
                Err(reason) => refused("a Delta table", &format!(" ({reason})")),
            };
        }
        if is_iceberg(folder) {
            return refused("an Iceberg table", "");
        }
        if folder.join(".hoodie").is_dir() {
            return refused("a Hudi table", "");
        }
        Ok(None)
    }
}

/// The tables among the folders that were looked at, each read once.
#[derive(Debug, Default)]
pub(super) struct Tables(HashMap<PathBuf, Option<Rc<Live>>>);

impl Tables {
    /// The current files of the table that this canonical folder is; None if it is none.
    pub(super) fn at(&mut self, folder: &Path) -> Result<Option<Rc<Live>>, PathError> {
        if let Some(known) = self.0.get(folder) {
            return Ok(known.clone());
        }
        let live = Live::of_root(folder)?.map(Rc::new);
        self.0.insert(folder.to_owned(), live.clone());
        Ok(live)
    }

    /// The current files of the table that a canonical path lies in; None if it lies in none.
    pub(super) fn around(&mut self, path: &Path) -> Result<Option<Rc<Live>>, PathError> {
        for folder in path.ancestors().skip(1) {
            if let Some(live) = self.at(folder)? {
                return Ok(Some(live));
            }
        }
        Ok(None)
    }
}

/// Iceberg keeps `metadata/v1.metadata.json`, or `metadata/00000-….metadata.json`, beside the data.
fn is_iceberg(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder.join("metadata")) else { return false };
    let mut names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    names.any(|name| name.ends_with(".metadata.json") || name == "version-hint.text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measurement_files, require_current};

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn tables_that_are_not_read_are_refused_wherever_one_enters_them() {
        for (notes, table) in
            [("metadata/v3.metadata.json", "Iceberg"), (".hoodie/hoodie.properties", "Hudi")]
        {
            let folder = folder_with(&[(&format!("a/{notes}"), ""), ("a/data/1.parquet", "")]);
            for path in ["", "a", "a/data", "a/data/1.parquet"] {
                let error = measurement_files(&[folder.path().join(path)], None).unwrap_err().to_string();
                assert!(error.contains(table) && error.contains("export its current rows"), "{error}");
            }
        }
        let folder = folder_with(&[("metadata/boxes.csv", ""), ("1.csv", "")]);
        assert_eq!(measurement_files(&[folder.path().to_owned()], None).unwrap().files.len(), 2);
    }

    #[test]
    fn replaced_files_of_a_delta_table_are_left_unread() {
        let add = |name: &str| format!("{{\"add\":{{\"path\":\"{name}\"}}}}\n");
        let first = [add("day=1/a%20b.parquet"), add("old.parquet")].concat();
        let second = format!("{{\"remove\":{{\"path\":\"old.parquet\"}}}}\n{}", add("new.parquet"));
        let folder = folder_with(&[
            ("t/_delta_log/00000000000000000000.json", &first),
            ("t/_delta_log/00000000000000000001.json", &second),
            ("t/day=1/a b.parquet", ""),
            ("t/old.parquet", ""),
            ("t/new.parquet", ""),
            ("beside.parquet", ""),
        ]);
        for path in ["", "t"] {
            let found = measurement_files(&[folder.path().join(path)], None).unwrap();
            let names: Vec<_> = found.files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
            let expected: &[&str] = &["beside.parquet", "a b.parquet", "new.parquet"];
            assert_eq!(names, expected[usize::from(path == "t")..], "{path}");
            assert!(found.unread_named.iter().any(|file| file.ends_with("old.parquet")));
        }
        let named = ["old.parquet", "new.parquet"].map(|name| folder.path().join("t").join(name));
        let found = measurement_files(&named, None).unwrap();
        assert_eq!((found.files, found.unread), (vec![named[1].clone()], 1));
    }

    #[test]
    fn every_current_file_is_read_whatever_its_folder_or_the_table_is_refused() {
        let log = |names: &[&str]| {
            let add = |name: &&str| format!("{{\"add\":{{\"path\":\"{name}\"}}}}\n");
            names.iter().map(add).collect::<String>()
        };
        let names = ["_day=1/.run/p.parquet", "day=2/q.parquet"];
        let folder = folder_with(&[
            ("t/_delta_log/00000000000000000000.json", &log(&names)),
            ("t/_day=1/.run/p.parquet", ""),
            ("t/_day=1/old.parquet", ""),
            ("t/_day=3/old.parquet", ""),
            ("t/day=2/q.parquet", ""),
        ]);
        for path in ["", "t"] {
            let found = measurement_files(&[folder.path().join(path)], None).unwrap();
            let expected = names.map(|name| folder.path().join("t").join(name));
            assert_eq!(found.files, expected, "{path}");
            assert_eq!(found.unread, 3, "the log, a replaced file and a folder without current ones");
        }
        let outside = folder_with(&[("a.parquet", "")]);
        let absolute = outside.path().join("a.parquet").display().to_string();
        for (name, told) in [
            (absolute.as_str(), "elsewhere"),
            ("../x/a.parquet", "elsewhere"),
            ("a.parq", "its file a.parq isn't read by its name"),
        ] {
            let folder = folder_with(&[
                ("t/_delta_log/00000000000000000000.json", &log(&["b.parquet", name])),
                ("t/b.parquet", ""),
                ("t/a.parq", ""),
                ("x/a.parquet", ""),
            ]);
            let error = measurement_files(&[folder.path().join("t")], None).unwrap_err().to_string();
            assert!(error.contains(told) && error.contains("export its current rows"), "{error}");
        }
    }

    #[test]
    fn a_file_that_its_table_has_replaced_is_refused_by_its_name() {
        let folder = folder_with(&[
            ("t/_delta_log/00000000000000000000.json", "{\"add\":{\"path\":\"new.parquet\"}}"),
            ("t/new.parquet", ""),
            ("t/old.parquet", ""),
            ("boxes.csv", ""),
        ]);
        let check = |name: &str| require_current(&folder.path().join(name));
        let error = check("t/old.parquet").unwrap_err().to_string();
        assert!(error.contains("old.parquet") && error.contains("name the table's folder"), "{error}");
        for name in ["t/new.parquet", "boxes.csv", "t", "absent.csv"] {
            assert!(check(name).is_ok(), "{name}");
        }
    }
}
