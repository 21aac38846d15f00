//! A text that names none of the known values.

/// A text in a link or a setting that names none of the known values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of the known words")]
pub struct UnknownWord(pub String);

impl UnknownWord {
    /// Of this text.
    pub fn of(word: &str) -> Self {
        Self(word.to_owned())
    }
}
