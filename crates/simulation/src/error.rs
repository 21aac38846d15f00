//! Errors of a simulation.

use std::path::PathBuf;

use chrono::NaiveDate;

/// Why a simulation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// A network without boxes was requested.
    #[error("a simulation needs at least one box")]
    NoBoxes,
    /// The length of the history is out of range or not a number.
    #[error("the history must last between one month and 30 years, not {0} years")]
    Years(f64),
    /// The end of the history lies outside of 1980 to 2090.
    #[error("the history must end between 1980 and 2090, not on {0}")]
    Until(NaiveDate),
    /// No phase was requested, or one of them twice.
    #[error("at least one phase is needed, and each of them once")]
    Phases,
    /// The share of boxes with other channels is not a fraction.
    #[error("the share of boxes with other channels must lie between 0 and 1, not {0}")]
    OtherChannelsShare(f64),
    /// The folder holds readings of another simulation that this one wouldn't overwrite.
    #[error("{0} is left over from another simulation; empty the folder or choose another one")]
    LeftOver(PathBuf),
    /// A file or folder could not be created, written or renamed.
    #[error("cannot write {path}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The Parquet encoder refused a file.
    #[error("cannot encode {path}: {source}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        source: parquet::errors::ParquetError,
    },
    /// Columns differ in length or have the wrong type: a bug in this crate.
    #[error("cannot assemble the columns of {path}: {source}")]
    Columns {
        /// The file.
        path: PathBuf,
        /// What arrow said.
        source: arrow_schema::ArrowError,
    },
    /// The table of boxes could not be written.
    #[error("cannot write {path}: {source}")]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the CSV writer said.
        source: csv::Error,
    },
    /// The ground truth could not be written.
    #[error("cannot write {path}: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What the JSON writer said.
        source: serde_json::Error,
    },
    /// A simulated name or number violates a rule of the model's types: a bug in this crate.
    #[error("box {number}: {reason}")]
    Metadata {
        /// The box, counted from 0.
        number: usize,
        /// The violated rule.
        reason: String,
    },
}
