//! Columns that the path of a file holds: `BOXID=ESD.000240-2/part-0.parquet`.

use std::path::{Component, Path};

use crate::FileError;

/// What Hive writes for null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The value that a folder of the path gives to `column`, as Spark and Hive write it. Empty for null,
/// None if no folder gives one.
///
/// # Errors
/// [`FileError::FolderName`] and [`FileError::FoldersDiffer`].
pub fn partition_value(file: &Path, column: &'static str) -> Result<Option<String>, FileError> {
    let mut found: Option<String> = None;
    for component in file.parent().into_iter().flat_map(Path::components) {
        let Component::Normal(name) = component else { continue };
        let shown = name.to_string_lossy();
        let Some((key, value)) = shown.split_once('=') else { continue };
        if !percent_decoded(key).is_some_and(|key| key.eq_ignore_ascii_case(column)) {
            continue;
        }
        let value = name.to_str().and_then(|_| percent_decoded(value)).ok_or_else(|| {
            FileError::FolderName { file: file.to_owned(), column, folder: shown.to_string() }
        })?;
        let value = if value == NULL { String::new() } else { value };
        match found {
            Some(one) if one != value => {
                return Err(FileError::FoldersDiffer { file: file.to_owned(), column, one, other: value });
            }
            _ => found = Some(value),
        }
    }
    Ok(found)
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
}
