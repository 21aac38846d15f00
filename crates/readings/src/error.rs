//! Errors that make a whole file or path unusable.

use std::io;
use std::path::PathBuf;

/// Why a file can't be used. Such a file yields no tallies.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file can't be opened or read.
    #[error("{}: can't be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is cut off or damaged.
    #[error("{}: cut off or damaged after row {row}: {reason}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Number of data rows that could still be read.
        row: u64,
        /// The decoder's message.
        reason: String,
    },
    /// The file has no header, or is empty.
    #[error("{}: has no header", file.display())]
    NoHeader {
        /// The file.
        file: PathBuf,
    },
    /// A required column is missing.
    #[error("{}: has no column {column}; its columns are {}", file.display(), found.join(", "))]
    MissingColumn {
        /// The file.
        file: PathBuf,
        /// The column's name in the source.
        column: &'static str,
        /// The columns that the file has.
        found: Vec<String>,
    },
    /// Two column names differ only in case.
    #[error("{}: has the column {column} twice", file.display())]
    RepeatedColumn {
        /// The file.
        file: PathBuf,
        /// The column's name in the source.
        column: &'static str,
    },
    /// A column has an unsupported type.
    #[error("{}: the column {column} is of type {found}, expected {expected}", file.display())]
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
    /// The temporary file for the tallies of a large file can't be used.
    #[error("{}: the temporary file for its tallies can't be used: {source}", file.display())]
    Spill {
        /// The file that was being read.
        file: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

/// Why a path can't be expanded to files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The path doesn't exist or can't be listed.
    #[error("{}: can't be read: {source}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file has none of the known extensions.
    #[error("{}: not a .parquet, .csv, .csv.gz or .csv.zst file", path.display())]
    UnknownFormat {
        /// The path.
        path: PathBuf,
    },
    /// A folder has no file with a known extension.
    #[error("{}: no .parquet, .csv, .csv.gz or .csv.zst file in this folder", path.display())]
    EmptyFolder {
        /// The path.
        path: PathBuf,
    },
}
