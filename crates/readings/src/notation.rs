//! How numbers and times are written, where files don't tell it themselves.

use crate::number::{NumberTrouble, Numbers, Proof};
use crate::{DecimalMark, FileError, Stamps, TimePattern};

/// What was set of the way that numbers and times are written in a file. What wasn't is found out
/// for each file as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notation {
    /// What stands before decimals.
    pub decimal_mark: Option<DecimalMark>,
    /// The form of times in text.
    pub time_pattern: Option<TimePattern>,
    /// Whether times are starts or ends of quarter-hours; starts unless set, but a file with the
    /// time 24:00 is refused until it is.
    pub stamps: Option<Stamps>,
}

impl Notation {
    /// The reader of a file's numbers. Texts separated by commas have decimal points where nothing
    /// proves otherwise.
    pub(crate) fn numbers(&self, proven: Option<&Proof>, delimiter: Option<u8>) -> Numbers {
        Numbers::new(self.decimal_mark, proven, delimiter == Some(b','))
    }
}

/// A word that is none of those that a setting may have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not {expected}")]
pub struct UnknownWordError {
    word: String,
    expected: &'static str,
}

impl std::str::FromStr for DecimalMark {
    type Err = UnknownWordError;

    fn from_str(word: &str) -> Result<Self, UnknownWordError> {
        match word {
            "point" => Ok(Self::Point),
            "comma" => Ok(Self::Comma),
            _ => Err(UnknownWordError { word: word.to_owned(), expected: "point or comma" }),
        }
    }
}

impl std::str::FromStr for Stamps {
    type Err = UnknownWordError;

    fn from_str(word: &str) -> Result<Self, UnknownWordError> {
        match word {
            "starts" => Ok(Self::Starts),
            "ends" => Ok(Self::Ends),
            _ => Err(UnknownWordError { word: word.to_owned(), expected: "starts or ends" }),
        }
    }
}

/// Why reading a file was broken off.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The file can't be used.
    File(FileError),
    /// It has to be read anew by this proof, which came after ambiguous numbers.
    ReadAnew(Proof),
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl Stop {
    /// The error where all numbers were weighed before any was parsed, so that nothing is read anew.
    pub(crate) fn into_error(self, file: &std::path::Path) -> FileError {
        match self {
            Self::File(error) => error,
            Self::ReadAnew(proof) => {
                FileError::AmbiguousNumbers { file: file.to_owned(), number: proof.number }
            }
        }
    }

    pub(crate) fn of_numbers(file: &std::path::Path, trouble: NumberTrouble) -> Self {
        let file = file.to_owned();
        match trouble {
            NumberTrouble::ReadAnew(proof) => Self::ReadAnew(proof),
            NumberTrouble::Mixed { point, comma } => {
                Self::File(FileError::MixedNumbers { file, point, comma })
            }
            NumberTrouble::Ambiguous(number) => Self::File(FileError::AmbiguousNumbers { file, number }),
        }
    }
}
