//! The columns of a file by the source's names, in any case.

use std::path::Path;

use crate::FileError;

/// Position of the column `wanted` among `names`, in any case; None where there is none.
///
/// # Errors
/// [`FileError::RepeatedColumn`] where two columns bear the name.
pub(crate) fn find_column(
    file: &Path,
    names: &[String],
    wanted: &'static str,
) -> Result<Option<usize>, FileError> {
    let mut matching = names.iter().enumerate().filter(|(_, name)| is_named(name, wanted));
    let first = matching.next().map(|(index, _)| index);
    match matching.next() {
        Some(_) => Err(FileError::RepeatedColumn { file: file.to_owned(), column: wanted }),
        None => Ok(first),
    }
}

/// Position of a column that must be there.
///
/// # Errors
/// [`FileError::MissingColumn`] and [`FileError::RepeatedColumn`].
pub(crate) fn require_column(
    file: &Path,
    names: &[String],
    wanted: &'static str,
) -> Result<usize, FileError> {
    find_column(file, names, wanted)?.ok_or_else(|| FileError::MissingColumn {
        file: file.to_owned(),
        column: wanted,
        found: names.to_vec(),
    })
}

fn is_named(name: &str, wanted: &str) -> bool {
    name.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(wanted)
}
