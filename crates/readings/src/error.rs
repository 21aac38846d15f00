//! Errors that make a whole file or path unusable.

use std::io;
use std::path::{Path, PathBuf};

use crate::shown::{MAX_CAUSE_CHARACTERS, ShownPath, listed, shortened};

/// Why a file can't be used. Such a file yields no tallies. Each is a sentence of bounded length
/// that names the file, the cause and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file can't be opened or read.
    #[error("{}: can't be read: {source}", ShownPath(file))]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is cut off or damaged.
    #[error("{}: cut off or damaged after row {row}: {}", ShownPath(file), cause(reason))]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Number of data rows that could still be read.
        row: u64,
        /// The decoder's message.
        reason: String,
    },
    /// The file is whole, but of a kind that isn't read.
    #[error("{}: {} is not supported; {remedy}", ShownPath(file), cause(found))]
    Unsupported {
        /// The file.
        file: PathBuf,
        /// What it is.
        found: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The file has no header: it is empty, or its first line is too long for one.
    #[error("{}: has no header: it is empty, or its first line is longer than 64 KiB", ShownPath(file))]
    NoHeader {
        /// The file.
        file: PathBuf,
    },
    /// A quote in the header is stray: its partner is none, or lies in a row.
    #[error(
        "{}: a quote in its first line has no partner there, and what follows may be rows; close or \
         remove it: {}",
        ShownPath(file),
        cause(line)
    )]
    HeaderQuote {
        /// The file.
        file: PathBuf,
        /// Its first line.
        line: String,
    },
    /// A required column is missing.
    #[error(
        "{}: has no column {column}; its columns are {}{}",
        ShownPath(file),
        listed(found),
        if *are_of_line { ", as its first line names them" } else { "" }
    )]
    MissingColumn {
        /// The file.
        file: PathBuf,
        /// The column's name in the source.
        column: &'static str,
        /// The columns that the file has.
        found: Vec<String>,
        /// Whether a text's first line names them.
        are_of_line: bool,
    },
    /// The name of a folder gives a column, and can't be read.
    #[error("{}: its folder {} gives {column}, but is no UTF-8; rename it", ShownPath(file), cause(folder))]
    FolderName {
        /// The file.
        file: PathBuf,
        /// The column's name in the source.
        column: &'static str,
        /// The folder's name, as far as it can be read.
        folder: String,
    },
    /// The names of several folders give a column different values.
    #[error(
        "{}: its folders say {} and {} for {column}; move it to where they agree",
        ShownPath(file),
        cause(one),
        cause(other)
    )]
    FoldersDiffer {
        /// The file.
        file: PathBuf,
        /// The column's name in the source.
        column: &'static str,
        /// What one folder says.
        one: String,
        /// What another says.
        other: String,
    },
    /// Two column names differ only in case.
    #[error("{}: has the column {column} twice", ShownPath(file))]
    RepeatedColumn {
        /// The file.
        file: PathBuf,
        /// The column's name in the source.
        column: &'static str,
    },
    /// A column has an unsupported type.
    #[error("{}: the column {column} is of type {}, expected {expected}", ShownPath(file), cause(found))]
    WrongType {
        /// The file.
        file: PathBuf,
        /// The column's name in the source.
        column: &'static str,
        /// The type that the file has.
        found: String,
        /// The supported types.
        expected: &'static str,
    },
    /// Nothing in the file tells whether its points or commas are decimal marks.
    #[error(
        "{}: {} may have decimals or thousands, and no other number of the file tells which; say it \
         with decimal_mark (--decimal-mark), point or comma",
        ShownPath(file),
        cause(number)
    )]
    AmbiguousNumbers {
        /// The file.
        file: PathBuf,
        /// One of the numbers.
        number: String,
    },
    /// Some numbers have decimal points, others decimal commas.
    #[error(
        "{}: {} has a decimal point and {} a decimal comma; write all numbers alike, or say with \
         decimal_mark (--decimal-mark) which count, then the others are refused row by row",
        ShownPath(file),
        cause(point),
        cause(comma)
    )]
    MixedNumbers {
        /// The file.
        file: PathBuf,
        /// A number that can only have a decimal point.
        point: String,
        /// A number that can only have a decimal comma.
        comma: String,
    },
    /// A row names the unit of the values, which isn't kW.
    #[error(
        "{}: one of its rows names {} for the unit of the values, which are read in kW; convert them, and leave the \
         row out",
        ShownPath(file),
        cause(unit)
    )]
    UnitOfValues {
        /// The file.
        file: PathBuf,
        /// The unit.
        unit: String,
    },
    /// A time of 24:00 shows that times are the ends of quarter-hours, or of days.
    #[error(
        "{}: has the time {}, as files have that are stamped by the ends of quarter-hours; say it \
         with stamps (--stamps), ends or starts",
        ShownPath(file),
        cause(time)
    )]
    EndOfDay {
        /// The file.
        file: PathBuf,
        /// The first such time.
        time: String,
    },
    /// The temporary file for the tallies of a large file can't be used.
    #[error("{}: the temporary file for its tallies can't be used: {source}", ShownPath(file))]
    Spill {
        /// The file that was being read.
        file: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl FileError {
    /// The same of a file whose columns no line names.
    pub(crate) fn of_parquet(mut self) -> Self {
        if let Self::MissingColumn { are_of_line, .. } = &mut self {
            *are_of_line = false;
        }
        self
    }

    /// [`FileError::Damaged`], or [`FileError::Unsupported`] where the decoder says that it can't.
    pub(crate) fn of_decoder(file: &Path, row: u64, reason: impl ToString) -> Self {
        let reason = reason.to_string();
        let is_unsupported = ["Frame requires too much memory", "not yet implemented", "NYI", "encrypt"]
            .iter()
            .any(|sign| reason.to_ascii_lowercase().contains(&sign.to_ascii_lowercase()));
        match is_unsupported {
            true => Self::Unsupported {
                file: file.to_owned(),
                found: format!("what it is written with ({reason})"),
                remedy: "write it anew with a usual compression and without encryption",
            },
            false => Self::Damaged { file: file.to_owned(), row, reason },
        }
    }
}

/// Why a path can't be expanded to files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The path doesn't exist or can't be listed.
    #[error("{}: can't be read: {source}", ShownPath(path))]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file has none of the known extensions.
    #[error("{}: not a .parquet, .csv, .csv.gz or .csv.zst file", ShownPath(path))]
    UnknownFormat {
        /// The path.
        path: PathBuf,
    },
    /// A folder has no file with a known extension.
    #[error("{}: no .parquet, .csv, .csv.gz or .csv.zst file in this folder", ShownPath(path))]
    EmptyFolder {
        /// The path.
        path: PathBuf,
    },
    /// A folder is a table whose own list of files can't be followed.
    #[error(
        "{}: is {table}, whose folder holds replaced rows beside current ones{}; export its current \
         rows to Parquet or CSV and import these",
        ShownPath(path),
        cause(reason)
    )]
    Table {
        /// The table's folder.
        path: PathBuf,
        /// Of what kind.
        table: &'static str,
        /// Why its list can't be followed, after a separator; may be empty.
        reason: String,
    },
    /// A file that was named by itself holds rows which its table has replaced.
    #[error(
        "{}: lies in a Delta table whose log doesn't list it as current; name the table's folder, or export its \
         current rows to Parquet or CSV",
        ShownPath(path)
    )]
    Replaced {
        /// The file.
        path: PathBuf,
    },
}

fn cause(text: &str) -> String {
    // What precedes the text is part of the sentence.
    let lead = if text.starts_with(' ') { " " } else { "" };
    format!("{lead}{}", shortened(text, MAX_CAUSE_CHARACTERS))
}
