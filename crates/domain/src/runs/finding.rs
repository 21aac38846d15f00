//! What a data test found, as figures and as a sentence for logs and programs.

use std::fmt;

use chrono::NaiveDate;
use model::IsoWeek;
use serde::{Deserialize, Serialize};

/// What a data test found. Shares are fractions of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum DataFinding {
    /// Tables and columns are as configured.
    AsConfigured,
    /// Too little data to test.
    TooFew {
        /// What there is too little of.
        what: Scarce,
    },
    /// How old the newest reading is.
    Age {
        /// Its day.
        newest: NaiveDate,
        /// Its age.
        days: f64,
        /// The maximum age.
        most_days: f64,
    },
    /// The volume of the last complete week.
    Volume {
        /// The week.
        week: IsoWeek,
        /// Its readings.
        readings: u64,
        /// The median of the weeks before it.
        usual: u64,
        /// The minimum share of the median.
        least_share: f64,
    },
    /// How many boxes have gone silent.
    Silent {
        /// The last complete week.
        week: IsoWeek,
        /// Boxes without readings in it.
        silent: u32,
        /// Boxes with readings before.
        boxes: u32,
        /// The maximum share.
        most_share: f64,
    },
    /// How many boxes report physically impossible values.
    Impossible {
        /// The last complete week.
        week: IsoWeek,
        /// Boxes with such an extreme.
        impossible: u32,
        /// Boxes of known capacity.
        boxes: u32,
        /// Values beyond this multiple of the capacity are impossible.
        beyond_capacity: f64,
        /// The maximum share.
        most_share: f64,
    },
    /// How many rows were refused.
    Refused {
        /// Refused rows.
        refused: u64,
        /// All rows.
        rows: u64,
        /// The maximum share.
        most_share: f64,
    },
    /// A sentence, as records of earlier versions hold it.
    #[serde(untagged)]
    Told(String),
}

/// What there is too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scarce {
    /// There are none.
    Readings,
    /// No week is complete.
    CompleteWeeks,
    /// Weeks or boxes to compare with.
    WeeksOrBoxes,
    /// Boxes.
    Boxes,
    /// Boxes of known capacity.
    RatedBoxes,
    /// Rows.
    Rows,
}

/// A part as a fraction of a whole; 0 of an empty whole.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

impl fmt::Display for DataFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(sentence) => formatter.write_str(sentence),
            Self::AsConfigured => formatter.write_str("tables and columns are as configured"),
            Self::TooFew { what } => formatter.write_str(match what {
                Scarce::Readings => "there are no readings",
                Scarce::CompleteWeeks => "there is no complete week",
                Scarce::WeeksOrBoxes => "too few weeks or boxes to compare with",
                Scarce::Boxes => "too few boxes to test",
                Scarce::RatedBoxes => "too few boxes of known capacity to test",
                Scarce::Rows => "too few rows to test",
            }),
            Self::Age { newest, days, most_days } => write!(
                formatter,
                "the newest reading, of {newest}, is {days:.1} days old (at most {most_days} are expected)"
            ),
            Self::Volume { week, readings, usual, least_share } => write!(
                formatter,
                "week {week} holds {} of the readings that the weeks before it held ({readings} instead of {usual}; at least {} \
                 is expected)",
                percent(share(*readings, *usual)),
                percent(*least_share)
            ),
            Self::Silent { week, silent, boxes, most_share } => write!(
                formatter,
                "{silent} of {boxes} boxes had no readings in week {week} ({}; at most {} is expected)",
                percent(share((*silent).into(), (*boxes).into())),
                percent(*most_share)
            ),
            Self::Impossible { week, impossible, boxes, beyond_capacity, most_share } => write!(
                formatter,
                "{impossible} of {boxes} boxes report more than {beyond_capacity} times their capacity in week {week} ({}; at most \
                 {} is expected)",
                percent(share((*impossible).into(), (*boxes).into())),
                percent(*most_share)
            ),
            Self::Refused { refused, rows, most_share } => write!(
                formatter,
                "{refused} of {rows} rows could not be used ({}; at most {} is expected)",
                percent(share(*refused, *rows)),
                percent(*most_share)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_read_as_it_was_written_and_so_is_the_sentence_of_an_earlier_version() {
        let found = DataFinding::Refused { refused: 4, rows: 2_000, most_share: 0.05 };
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<DataFinding>(&text).unwrap(), found);
        assert_eq!(found.to_string(), "4 of 2000 rows could not be used (0.2 %; at most 5.0 % is expected)");
        let shown: DataFinding = serde_json::from_str("\"30.0 % fewer\"").unwrap();
        assert_eq!(shown.to_string(), "30.0 % fewer");
    }
}
