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
