//! Unusable rows: counted by reason, the first of each listed.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use model::BoxIdError;
use serde::{Deserialize, Serialize};

use crate::shown::{MAX_QUOTED_CHARACTERS, ShownPath, shortened};

/// Rows listed for each reason unless set otherwise.
pub(crate) const NAMED_PER_REASON: usize = 20;

/// Why a row (or, for a warning, one of its cells) isn't used.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// The row has fewer columns than the header.
    IncompleteRow,
    /// The row has more fields than the header has columns, and not just empty ones.
    SurplusFields,
    /// The row is longer than 64 KiB.
    RowTooLong,
    /// A quote is opened and not closed.
    UnclosedQuote,
    /// Text follows the closing quote of a field.
    TextBehindQuote,
    /// The channel id is malformed.
    UnknownChannelShape,
    /// The box id is empty, too long, not UTF-8 or has control characters.
    BadBoxId,
    /// The box id is a number in exponent form, which lost its last digits.
    LostDigits,
    /// A required cell is null or empty.
    MissingCell,
    /// The name of a folder says another box, channel or week than the row.
    OtherThanFolder,
    /// The row names another unit than kW.
    OtherUnit,
    /// The value isn't a number.
    BadValue,
    /// The value is NaN or infinite.
    NotFinite,
    /// The value lies beyond five times the capacity of the transformer.
    BeyondCapacity,
    /// The time can't be parsed.
    BadTime,
    /// The time has its year last, or of two digits: what is day and what is month isn't certain.
    AmbiguousTime,
    /// The local time doesn't exist: the change to summer time skips it.
    SkippedTime,
    /// The time lies before 1970-01-05 or after 2100-01-03.
    OutOfCalendar,
    /// The time lies more than a day in the future.
    FromTheFuture,
    /// The row is the header again.
    RepeatedHeader,
    /// The date isn't the Monday of a week, or not of the week that the row names.
    NotTheMonday,
    /// The minimum lies above the maximum.
    MinimumAboveMaximum,
    /// Not a number of readings that a week has.
    BadReadings,
    /// A later row has the same week of the same box, which takes its place.
    RepeatedWeek,
    /// Warning: the capacity isn't a finite number of kVA above zero; the box is kept without one.
    BadCapacity,
    /// Warning: a capacity that is very small, as of a number in MVA; it is kept.
    SmallCapacity,
    /// Warning: a capacity that no distribution transformer has, as of a number in VA; it is kept.
    LargeCapacity,
    /// Warning: latitude or longitude isn't a number of degrees; the box is kept without a
    /// position.
    BadPosition,
    /// Warning: an earlier row names the same box; the later row wins.
    RepeatedBox,
}

impl Reason {
    /// The reason as a stable identifier for tables and JSON, e.g. `not-finite`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl From<&BoxIdError> for Reason {
    fn from(error: &BoxIdError) -> Self {
        match error {
            BoxIdError::LostDigits => Self::LostDigits,
            _ => Self::BadBoxId,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::IncompleteRow => "the row has fewer columns than the header",
            Self::SurplusFields => {
                "the row has more fields than the header, as an unquoted decimal comma makes them"
            }
            Self::RowTooLong => "the row is too long",
            Self::UnclosedQuote => "a quote is not closed",
            Self::TextBehindQuote => "text follows a closing quote",
            Self::UnknownChannelShape => "the channel has an unknown shape",
            Self::BadBoxId => "not a box id",
            Self::LostDigits => {
                "an identifier in exponent form, such as 8.7E+17, has lost its last digits; write identifiers as text"
            }
            Self::MissingCell => "a cell is empty",
            Self::OtherThanFolder => "the name of the folder says another box, channel or week",
            Self::OtherUnit => "the value is not in kW",
            Self::BadValue => "the value is not a number",
            Self::NotFinite => "the value is not finite",
            Self::BeyondCapacity => "the value lies beyond five times the transformer's capacity",
            Self::BadTime => "the time can't be read",
            Self::AmbiguousTime => {
                "which is day and which is month isn't certain; name the form with time_pattern \
                 (--time-pattern), such as %d-%m-%Y %H:%M"
            }
            Self::SkippedTime => "the local time is skipped by the change to summer time",
            Self::OutOfCalendar => "the time lies outside of 1970 to 2100",
            Self::FromTheFuture => "the time lies in the future",
            Self::RepeatedHeader => "the row repeats the header",
            Self::NotTheMonday => "the date is not the Monday of its week",
            Self::MinimumAboveMaximum => "the minimum lies above the maximum",
            Self::BadReadings => "not a number of readings that a week has",
            Self::RepeatedWeek => "a later row of the same box and week takes its place",
            Self::BadCapacity => "the capacity is not a number of kVA above zero",
            Self::SmallCapacity => "the capacity is below 5 kVA: is it in MVA?",
            Self::LargeCapacity => "the capacity is 100 MVA or more: is it in VA?",
            Self::BadPosition => "the position is not in degrees",
            Self::RepeatedBox => "the box is named twice, the later row is taken",
        })
    }
}

/// One unusable row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The file that the row is in.
    pub file: PathBuf,
    /// Number of the data row, from 1; the header doesn't count.
    pub row: u64,
    /// Why it can't be used.
    pub reason: Reason,
    /// The row's text, shortened.
    pub text: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, row, reason, text } = self;
        write!(formatter, "{}, row {row}: {reason}: {text}", ShownPath(file))
    }
}

/// The unusable rows of one file: all counted, the first few of each reason listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals {
    file: PathBuf,
    named_per_reason: usize,
    counts: BTreeMap<Reason, u64>,
    named: Vec<Refusal>,
}

impl Refusals {
    /// No refusals of `file` yet; at most `named_per_reason` rows of each reason will be listed.
    pub fn new(file: &Path, named_per_reason: usize) -> Self {
        Self { file: file.to_owned(), named_per_reason, counts: BTreeMap::new(), named: Vec::new() }
    }

    /// Counts a row; `text` is called only while rows of this reason are still listed.
    pub(crate) fn add(&mut self, row: u64, reason: Reason, text: impl FnOnce() -> String) {
        let count = self.counts.entry(reason).or_default();
        *count += 1;
        if *count <= self.named_per_reason as u64 {
            let text = shortened(&text(), MAX_QUOTED_CHARACTERS);
            self.named.push(Refusal { file: self.file.clone(), row, reason, text });
        }
    }

    /// Number of unusable rows.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether every row was used.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Number of rows refused for one reason.
    pub fn count(&self, reason: Reason) -> u64 {
        self.counts.get(&reason).copied().unwrap_or_default()
    }

    /// The reasons that occurred with their numbers of rows.
    pub fn counts(&self) -> impl Iterator<Item = (Reason, u64)> + '_ {
        self.counts.iter().map(|(&reason, &count)| (reason, count))
    }

    /// The first rows of each reason, in order of the file.
    pub fn named(&self) -> &[Refusal] {
        &self.named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_are_counted_and_the_first_of_each_reason_named() {
        let mut refusals = Refusals::new(Path::new("a.csv"), 2);
        for row in 1..=5 {
            refusals.add(row, Reason::BadTime, || format!("row {row}"));
        }
        refusals.add(6, Reason::NotFinite, || "NaN".to_owned());
        assert_eq!(refusals.total(), 6);
        assert_eq!(refusals.counts().collect::<Vec<_>>(), [(Reason::NotFinite, 1), (Reason::BadTime, 5)]);
        assert_eq!(refusals.named().iter().map(|named| named.row).collect::<Vec<_>>(), [1, 2, 6]);
        assert_eq!(refusals.named()[1].to_string(), "a.csv, row 2: the time can't be read: row 2");
    }
}
