//! Errors of unreadable files, and refused rows.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use readings::Reason;
use serde::{Deserialize, Serialize};

/// Why a file can't be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Delimited text that can't be read.
    #[error(transparent)]
    Text(#[from] readings::FileError),
    /// It can't be opened.
    #[error("{file} cannot be opened: {source}")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// It is not a Parquet or CSV file, or damaged.
    #[error("{file} cannot be read after row {row}: {reason}")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Number of rows read before.
        row: u64,
        /// The reader's message.
        reason: String,
    },
    /// A column is missing.
    #[error("{file} has no column {column}; its columns are {found}")]
    MissingColumn {
        /// The file.
        file: PathBuf,
        /// The accepted name or names.
        column: &'static str,
        /// The names in the file.
        found: String,
    },
    /// A column has an unsupported type.
    #[error("{file}: the column {column} is of type {found}, it must be {expected}")]
    WrongType {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// The accepted types.
        expected: &'static str,
    },
}

/// A refused row.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RefusedRow {
    /// The row's number in the file, from 1, not counting a header.
    pub row: u64,
    /// Why it was refused, in short.
    pub code: Reason,
    /// The same as a sentence, with what it stands on.
    pub reason: String,
}

impl fmt::Display for RefusedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.row, self.reason)
    }
}

/// The number of refused rows, and the first of them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct RefusedRows {
    /// Number of refused rows.
    pub count: u64,
    /// Of them for each reason.
    pub by_reason: BTreeMap<Reason, u64>,
    /// The first [`Self::NAMED`].
    pub first: Vec<RefusedRow>,
}

impl RefusedRows {
    /// Number of rows listed.
    pub const NAMED: usize = 20;

    pub(crate) fn add(&mut self, row: u64, code: Reason, reason: impl ToString) {
        self.count += 1;
        *self.by_reason.entry(code).or_default() += 1;
        if self.first.len() < Self::NAMED {
            self.first.push(RefusedRow { row, code, reason: reason.to_string() });
        }
    }
}
