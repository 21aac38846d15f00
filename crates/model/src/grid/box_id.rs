//! The name of a measuring box.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The identifier of one measuring box, hence of one transformer, such as `ESD.000240-2`.
///
/// Trimmed, not empty, at most 64 characters, without control characters. Serialised as plain text and
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
    /// A character that can't be seen inside, such as a byte order mark.
    #[error("a box identifier must not contain characters that cannot be seen")]
    Unseen,
    /// The replacement character, U+FFFD: some of it could not be read.
    #[error("a box identifier must not contain characters that could not be read")]
    ReplacementCharacter,
    /// A number in exponent form.
    #[error(
        "a box identifier in exponent form, such as 8.7E+17, has lost its last digits; write identifiers as text"
    )]
    LostDigits,
}

impl BoxId {
    /// The largest number of characters (not bytes).
    pub const MAX_CHARACTERS: usize = 64;

    /// Checks and trims a text.
    ///
    /// # Errors
    /// [`BoxIdError`] if the trimmed text is empty, too long or holds a control character.
    pub fn new(text: &str) -> Result<Self, BoxIdError> {
        let text = text.trim();
        let characters = text.chars().count();
        if text.is_empty() {
            Err(BoxIdError::Empty)
        } else if characters > Self::MAX_CHARACTERS {
            Err(BoxIdError::TooLong { characters })
        } else if text.chars().any(char::is_control) {
            Err(BoxIdError::ControlCharacter)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// Checks what a source writes: like [`Self::new`], and all its characters can be read and seen. A whole number
    /// with zeros for decimals, as tables with gaps write it (`1234.0`), is the whole number; marks by which spreadsheets
    /// keep a number as text (`="0017"`, `'0017`) are none of the identifier.
    ///
    /// # Errors
    /// [`BoxIdError`] as for [`Self::new`], for U+FFFD, which stands for bytes that could not be read, for format
    /// characters, and for numbers as spreadsheets shorten them (`8.71687E+17`).
    pub fn from_source(text: &str) -> Result<Self, BoxIdError> {
        let id = Self::new(without_decimals(without_text_mark(text.trim())))?;
        if id.0.contains(char::REPLACEMENT_CHARACTER) {
            Err(BoxIdError::ReplacementCharacter)
        } else if id.0.chars().any(is_format) {
            Err(BoxIdError::Unseen)
        } else if is_in_exponent_form(&id.0) {
            Err(BoxIdError::LostDigits)
        } else {
            Ok(id)
        }
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character only steers how others are shown (the general category Cf of Unicode).
fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether a text is a number such as `8.71687E+17`: of other identifiers none has digits, an E and a sign.
fn is_in_exponent_form(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((number, exponent)) = text.split_once(['e', 'E']) else { return false };
    let (whole, decimals) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    is_digits(whole) && is_digits(decimals) && exponent.strip_prefix('+').is_some_and(is_digits)
}

/// What stands between the marks by which a spreadsheet keeps it as text; any other text as it is.
fn without_text_mark(text: &str) -> &str {
    let formula = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    let digits = text
        .strip_prefix('\'')
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    formula.or(digits).unwrap_or(text)
}

/// A whole number without the zeros behind its point; any other text as it is.
fn without_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros))
            if !whole.is_empty()
                && whole.bytes().all(|byte| byte.is_ascii_digit())
                && !zeros.is_empty()
                && zeros.bytes().all(|byte| byte == b'0') =>
        {
            whole
        }
        _ => text,
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
    fn whole_numbers_have_no_decimals() {
        for (text, id) in [
            ("1234.0", "1234"),
            ("1234.00", "1234"),
            ("0.0", "0"),
            ("123.456", "123.456"),
            ("12.", "12."),
            ("A.0", "A.0"),
            ("1.2.0", "1.2.0"),
        ] {
            assert_eq!(BoxId::from_source(text).unwrap().as_str(), id, "{text}");
        }
    }

    #[test]
    fn marks_of_spreadsheets_around_text_are_no_part_of_it() {
        for (text, id) in [
            ("=\"0017\"", "0017"),
            ("=\"871687.0\"", "871687"),
            ("'0017", "0017"),
            ("'s-Gravenhage", "'s-Gravenhage"),
            ("'", "'"),
            ("=\"", "=\""),
        ] {
            assert_eq!(BoxId::from_source(text).unwrap().as_str(), id, "{text}");
        }
        assert_eq!(BoxId::from_source("=\"\""), Err(BoxIdError::Empty));
        assert_eq!(BoxId::from_source("=\"8.7E+17\""), Err(BoxIdError::LostDigits));
    }

    #[test]
    fn bad_identifiers_are_refused() {
        assert_eq!(BoxId::new("  "), Err(BoxIdError::Empty));
        assert_eq!(BoxId::new("a\tb"), Err(BoxIdError::ControlCharacter));
        assert_eq!(BoxId::from_source("Caf\u{fffd}"), Err(BoxIdError::ReplacementCharacter));
        for unseen in ["\u{feff}B1", "B\u{200b}1", "B\u{ad}1", "\u{202e}B1"] {
            assert_eq!(BoxId::from_source(unseen), Err(BoxIdError::Unseen), "{}", unseen.escape_unicode());
            assert!(BoxId::new(unseen).is_ok(), "as it may be stored");
        }
        assert_eq!(BoxId::new(&"é".repeat(64)).map(|id| id.as_str().len()), Ok(128));
        assert_eq!(BoxId::new(&"x".repeat(65)), Err(BoxIdError::TooLong { characters: 65 }));
        assert!(serde_json::from_str::<BoxId>("\"\"").is_err());
    }
}
