//! Why a file could not be read, and which of its rows were left out.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A file that yields nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// It can't be opened.
    #[error("{file} cannot be opened: {source}")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// It is no Parquet or CSV file, or a damaged one.
    #[error("{file} cannot be read after row {row}: {reason}")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Rows read before.
        row: u64,
        /// What the reader says.
        reason: String,
    },
    /// A column is missing.
    #[error("{file} has no column {column}; its columns are {found}")]
    MissingColumn {
        /// The file.
        file: PathBuf,
        /// The names of which one is needed.
        column: &'static str,
        /// The names in the file.
        found: String,
    },
    /// A column of a type that can't be understood.
    #[error("{file}: the column {column} is of type {found}, it must be {wanted}")]
    WrongType {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
}

/// A row that was left out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RefusedRow {
    /// The row's number in the file, from 1 (a header not counted).
    pub row: u64,
    /// Why it was left out.
    pub reason: String,
}

impl fmt::Display for RefusedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.row, self.reason)
    }
}

/// How many rows were left out, and the first of them by name.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct RefusedRows {
    /// All of them.
    pub count: u64,
    /// The first [`Self::NAMED`].
    pub first: Vec<RefusedRow>,
}

impl RefusedRows {
    /// How many are named.
    pub const NAMED: usize = 20;

    pub(crate) fn add(&mut self, row: u64, reason: impl ToString) {
        self.count += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(RefusedRow { row, reason: reason.to_string() });
        }
    }
}
