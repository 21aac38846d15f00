//! The source system's column names, and how they are found in a header.

use std::path::Path;

use crate::FileError;
use crate::paths::partition_value;

/// Box identifier, in measurements and metadata.
pub(crate) const BOX_ID: &str = "BOXID";
pub(crate) const CHANNEL_ID: &str = "CHANNELID";
/// Mean active power, kW.
pub(crate) const VALUE: &str = "WAARDE";
/// Start of the quarter-hour.
pub(crate) const TIME: &str = "DATUMTIJD";

/// The columns of measurements, by the source system's names: box, channel, value in kW, start of
/// the quarter-hour.
pub const MEASUREMENT_COLUMNS: [&str; 4] = [BOX_ID, CHANNEL_ID, VALUE, TIME];

/// Position of `column` among `names`, ignoring case; None if it is absent.
///
/// # Errors
/// [`FileError::RepeatedColumn`] if two columns have the name.
pub(crate) fn find_column(
    file: &Path,
    names: &[String],
    column: &'static str,
) -> Result<Option<usize>, FileError> {
    let mut matching = names.iter().enumerate().filter(|(_, name)| is_named(name, column));
    let first = matching.next().map(|(index, _)| index);
    match matching.next() {
        Some(_) => Err(FileError::RepeatedColumn { file: file.to_owned(), column }),
        None => Ok(first),
    }
}

/// Position of a required column.
///
/// # Errors
/// [`FileError::MissingColumn`] and [`FileError::RepeatedColumn`].
pub(crate) fn require_column(
    file: &Path,
    names: &[String],
    column: &'static str,
) -> Result<usize, FileError> {
    find_column(file, names, column)?.ok_or_else(|| FileError::MissingColumn {
        file: file.to_owned(),
        column,
        found: names.to_vec(),
        are_of_line: true,
    })
}

/// Where the box or the channel of each row is written: in a column, in the name of a folder that
/// holds the file (`BOXID=ESD.000240-2/`), or in both.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) column: Option<usize>,
    pub(crate) folder: Option<String>,
}

impl Place {
    /// # Errors
    /// [`FileError::MissingColumn`] where neither has it, [`FileError::RepeatedColumn`], and those of
    /// [`partition_value`].
    pub(crate) fn of(file: &Path, names: &[String], column: &'static str) -> Result<Self, FileError> {
        let folder = partition_value(file, column)?;
        let column = match folder {
            None => Some(require_column(file, names, column)?),
            Some(_) => find_column(file, names, column)?,
        };
        Ok(Self { column, folder })
    }

    /// Where a folder says it, a column of nothing at all says nothing.
    pub(crate) fn without_column_if(&mut self, is_null: impl FnOnce(usize) -> bool) {
        if self.folder.is_some() && self.column.is_some_and(is_null) {
            self.column = None;
        }
    }
}

/// Whether an identifier is what other programs write for none.
pub fn is_missing(identifier: &str) -> bool {
    let is_none = |none: &&str| none.eq_ignore_ascii_case(identifier.trim());
    identifier.is_empty() || ["nan", "none", "null", "<na>"].iter().any(is_none)
}

fn is_named(name: &str, column: &str) -> bool {
    name.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(column)
}
