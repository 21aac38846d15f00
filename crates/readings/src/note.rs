//! What is to be said of a file that was read.

use std::fmt;

use crate::input::TextEncoding;
use crate::number::DecimalMark;

/// How a file was read, where it could have been meant otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileNote {
    /// A text that isn't UTF-8.
    Windows1252,
    /// A text that has characters which could not be read in its encoding.
    MixedEncodings,
    /// A text in UTF-16.
    Utf16,
    /// Decimal commas, set or proven by the file's numbers.
    DecimalCommas,
    /// Points that may stand between thousands, in a text where nothing tells.
    UnprovenPoints,
    /// Capacities with a mark, in a table where nothing tells what it means.
    UndecidedCapacities,
    /// The last line, which was used, has no line break.
    OpenEnd,
    /// Times of type INT96 that Impala wrote.
    Int96WallClock,
    /// Times are ends of quarter-hours, as was set.
    Ends,
    /// All identifiers of boxes end in `.0`, which was left out.
    WholeIds,
}

impl FileNote {
    pub(crate) fn of_text(encoding: TextEncoding) -> Option<Self> {
        match encoding {
            TextEncoding::Ascii | TextEncoding::Utf8 => None,
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => Some(Self::Utf16),
            TextEncoding::Windows1252 => Some(Self::Windows1252),
        }
    }

    /// What is to be said of numbers with this decimal mark.
    pub fn of_mark(mark: Option<DecimalMark>) -> Option<Self> {
        (mark == Some(DecimalMark::Comma)).then_some(Self::DecimalCommas)
    }
}

impl fmt::Display for FileNote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Windows1252 => "not UTF-8, read as Windows-1252: check the names, or save it as UTF-8",
            Self::MixedEncodings => "some of its characters could not be read: \u{fffd} stands for them",
            Self::Utf16 => "read as UTF-16",
            Self::DecimalCommas => "its numbers were read with decimal commas, and points between thousands",
            Self::UnprovenPoints => {
                "numbers such as 1.234 were read with a decimal point, and nothing else in it tells whether \
                 their points stand between thousands; say it with decimal_mark (--decimal-mark)"
            }
            Self::UndecidedCapacities => {
                "its capacities don't tell together whether a point or comma stands before decimals or between \
                 thousands; those that have one are left out: make the column a number, or write all alike"
            }
            Self::OpenEnd => {
                "its last line has no line break at its end: if the file was cut off, as while it was copied, \
                 its last row is wrong"
            }
            Self::Int96WallClock => {
                "its times (INT96) were written by Impala and read as the wall clock, not as UTC"
            }
            Self::Ends => "its times were read as the ends of quarter-hours",
            Self::WholeIds => {
                "the .0 behind all its box ids was left out, as of numbers that became fractions"
            }
        })
    }
}
