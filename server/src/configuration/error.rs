//! Errors of the configuration.

use std::path::PathBuf;

use crate::secret::without_passwords;

/// An invalid configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The file can't be read.
    #[error("the configuration {path} cannot be read: {source}; check --config")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is malformed.
    #[error("the configuration {path} is not right: {}", position_and_cause(source))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The cause, with its line.
        source: Box<toml::de::Error>,
    },
    /// An invalid value.
    #[error("{name} = {value} is not right: {expected}")]
    Value {
        /// The setting's name.
        name: &'static str,
        /// The value.
        value: String,
        /// What is expected.
        expected: &'static str,
    },
}

/// The position and the error; not the line itself, which may contain a secret.
fn position_and_cause(error: &toml::de::Error) -> String {
    let whole = error.to_string();
    let place = whole.lines().next().and_then(|head| head.split_once(" at ")).map_or("", |(_, place)| place);
    without_passwords(&format!("{place}: {}", error.message()))
}
