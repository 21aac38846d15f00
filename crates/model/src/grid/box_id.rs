//! The name of a measuring box.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The identifier of one measuring box, hence of one transformer, such as `ESD.000240-2`.
///
/// Trimmed, not empty, at most 64 characters, without control characters and without U+FFFD, which stands for
/// bytes that could not be read. Serialised as plain text and
/// checked again when read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BoxId(String);

/// Why a text is no box identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BoxIdError {
    /// Nothing but white space.
    #[error("a box identifier must not be empty")]
    Empty,
    /// Longer than [`BoxId::MAX_CHARACTERS`].
    #[error("a box identifier has at most {max} characters, not {characters}", max = BoxId::MAX_CHARACTERS)]
    TooLong {
        /// The number of characters after trimming.
        characters: usize,
    },
    /// A control character, such as a line break, inside.
    #[error("a box identifier must not contain control characters")]
    ControlCharacter,
    /// The replacement character, U+FFFD: some of it could not be read.
    #[error("a box identifier must not contain characters that could not be read")]
    ReplacementCharacter,
}

impl BoxId {
    /// The largest number of characters (not bytes).
    pub const MAX_CHARACTERS: usize = 64;

    /// Checks and trims a text.
    ///
    /// # Errors
    /// [`BoxIdError`] if the trimmed text is empty, too long or holds a control or replacement character.
    pub fn new(text: &str) -> Result<Self, BoxIdError> {
        let text = text.trim();
        let characters = text.chars().count();
        if text.is_empty() {
            Err(BoxIdError::Empty)
        } else if characters > Self::MAX_CHARACTERS {
            Err(BoxIdError::TooLong { characters })
        } else if text.chars().any(char::is_control) {
            Err(BoxIdError::ControlCharacter)
        } else if text.contains(char::REPLACEMENT_CHARACTER) {
            Err(BoxIdError::ReplacementCharacter)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BoxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for BoxId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for BoxId {
    type Err = BoxIdError;

    fn from_str(text: &str) -> Result<Self, BoxIdError> {
        Self::new(text)
    }
}

impl TryFrom<String> for BoxId {
    type Error = BoxIdError;

    fn try_from(text: String) -> Result<Self, BoxIdError> {
        Self::new(&text)
    }
}

impl From<BoxId> for String {
    fn from(id: BoxId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_trimmed_and_keep_their_case() {
        assert_eq!(BoxId::new(" ESD.000240-2\n").unwrap().as_str(), "ESD.000240-2");
    }

    #[test]
    fn bad_identifiers_are_refused() {
        assert_eq!(BoxId::new("  "), Err(BoxIdError::Empty));
        assert_eq!(BoxId::new("a\tb"), Err(BoxIdError::ControlCharacter));
        assert_eq!(BoxId::new("Caf\u{fffd}"), Err(BoxIdError::ReplacementCharacter));
        assert_eq!(BoxId::new(&"é".repeat(64)).map(|id| id.as_str().len()), Ok(128));
        assert_eq!(BoxId::new(&"x".repeat(65)), Err(BoxIdError::TooLong { characters: 65 }));
        assert!(serde_json::from_str::<BoxId>("\"\"").is_err());
    }
}
