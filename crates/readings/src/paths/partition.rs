//! Columns that the path of a file holds: `BOXID=ESD.000240-2/part-0.parquet`.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path};

use crate::FileError;

/// What Hive writes for null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The value that a folder of the file gives to `column`, as Spark and Hive write it. Empty for null,
/// None if no folder gives one. The folders are those of the whole path, also where it is relative, and
/// of the file that a link leads to.
///
/// # Errors
/// [`FileError::FolderName`] and [`FileError::FoldersDiffer`].
pub fn partition_value(file: &Path, column: &'static str) -> Result<Option<String>, FileError> {
    let mut folders = folders_of(&std::path::absolute(file).unwrap_or_else(|_| file.to_owned()));
    // What is no file, such as a table in a database, has the folders of its name alone.
    match file.canonicalize() {
        Ok(real) => folders.extend(folders_of(&real)),
        Err(_) => folders = folders_of(file),
    }
    value_of_folders(file, column, &folders)
}

/// The same by the folders of a path that is written somewhere.
pub(super) fn written_partition_value(
    path: &Path,
    column: &'static str,
) -> Result<Option<String>, FileError> {
    value_of_folders(path, column, &folders_of(path))
}

/// The names of the folders of a path, without those that `..` leaves.
fn folders_of(file: &Path) -> Vec<OsString> {
    let mut folders = Vec::new();
    for component in file.parent().into_iter().flat_map(Path::components) {
        match component {
            Component::Normal(name) => folders.push(name.to_owned()),
            Component::ParentDir => drop(folders.pop()),
            _ => {}
        }
    }
    folders
}

fn value_of_folders(
    file: &Path,
    column: &'static str,
    folders: &[OsString],
) -> Result<Option<String>, FileError> {
    let mut found: Option<String> = None;
    for name in folders.iter().map(OsString::as_os_str) {
        let shown = name.to_string_lossy();
        let Some((key, value)) = shown.split_once('=') else { continue };
        if !percent_decoded(key).is_some_and(|key| key.eq_ignore_ascii_case(column)) {
            continue;
        }
        let value = decoded(name, value).ok_or_else(|| FileError::FolderName {
            file: file.to_owned(),
            column,
            folder: shown.to_string(),
        })?;
        match found {
            Some(one) if one != value => {
                return Err(FileError::FoldersDiffer { file: file.to_owned(), column, one, other: value });
            }
            _ => found = Some(value),
        }
    }
    Ok(found)
}

/// The value in a folder's name; None if it is no UTF-8.
fn decoded(name: &OsStr, value: &str) -> Option<String> {
    let value = name.to_str().and_then(|_| percent_decoded(value))?;
    Some(if value == NULL { String::new() } else { value })
}

/// The text with its `%3A` and the like decoded; a percent sign of another kind stays. None if it is
/// no UTF-8 then.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |index: usize| after.get(index).and_then(|&byte| char::from(byte).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_columns() {
        let value = |path: &str, column| partition_value(Path::new(path), column).unwrap();
        let path = "data/year=2026/boxid=ESD.000700-1/CHANNELID=register%3A%2F%2Fx%2F0/part=0.parquet";
        assert_eq!(value(path, "BOXID").as_deref(), Some("ESD.000700-1"));
        assert_eq!(value(path, "CHANNELID").as_deref(), Some("register://x/0"));
        assert_eq!(value(path, "part"), None, "a file is no folder");
        assert_eq!(value("BOXID=A/day=1/boxid=A/1.csv", "BOXID").as_deref(), Some("A"));
        assert_eq!(value("BOXID=__HIVE_DEFAULT_PARTITION__/1.csv", "BOXID").as_deref(), Some(""));
        assert_eq!(value("1.csv", "BOXID"), None);
        assert_eq!(percent_decoded("100%25 a%2 %zz é%C3%A9").as_deref(), Some("100% a%2 %zz éé"));
        assert_eq!(percent_decoded("%ff"), None);
    }

    #[test]
    fn folders_that_say_nothing_certain_are_refused_by_name() {
        let error = |path: &str| partition_value(Path::new(path), "BOXID").unwrap_err().to_string();
        assert!(error("BOXID=17/BOXID=18/1.csv").contains("say 17 and 18 for BOXID"));
        assert!(error("boxid=Caf%E9/1.csv").contains("boxid=Caf%E9"));
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let path = Path::new(std::ffi::OsStr::from_bytes(b"BOXID=Caf\xe9/1.csv"));
            assert!(matches!(partition_value(path, "BOXID"), Err(FileError::FolderName { .. })));
        }
    }

    #[cfg(unix)]
    #[test]
    fn folders_above_a_relative_path_and_behind_a_link_give_columns_too() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("UNIT=MW");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("a.csv"), "").unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&data, &link).unwrap();
        std::fs::write(folder.path().join("b.csv"), "").unwrap();
        let of = |path: &Path| partition_value(path, "UNIT").unwrap();
        assert_eq!(of(&link.join("a.csv")).as_deref(), Some("MW"));
        assert_eq!(of(&data.join("../b.csv")), None, "which lies elsewhere");
        std::os::unix::fs::symlink(folder.path().join("b.csv"), data.join("c.csv")).unwrap();
        assert_eq!(of(&data.join("c.csv")).as_deref(), Some("MW"), "a link in such a folder");
        std::fs::create_dir(folder.path().join("UNIT=kW")).unwrap();
        let other = folder.path().join("UNIT=kW/a.csv");
        std::os::unix::fs::symlink(data.join("a.csv"), &other).unwrap();
        assert!(matches!(partition_value(&other, "UNIT"), Err(FileError::FoldersDiffer { .. })));
    }
}
