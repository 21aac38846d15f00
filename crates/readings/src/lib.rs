#![doc = include_str!("../README.md")]

//! Reads meter files in the source's long format and condenses them into weekly extremes.
//!
//! [`read_measurements`] streams one Parquet or CSV file and yields a
//! [`WeekTally`](domain::tally::WeekTally) (minimum, maximum and the quarter-hours seen) for every
//! box, phase and ISO week of local time. The store combines a tally with the one it holds by
//! [`WeekTally::merged`](domain::tally::WeekTally::merged), so importing a file twice changes
//! nothing; [`TallyUnion`] combines the tallies of several files that together are complete.
//! [`read_boxes`] reads box metadata. Unusable rows are counted and listed in [`Refusals`]; an
//! unusable file is a [`FileError`] and yields nothing.
//!
//! ```no_run
//! use domain::calendar::Calendar;
//! use readings::{ReadSettings, read_measurements};
//!
//! # fn main() -> Result<(), readings::FileError> {
//! let calendar = Calendar::new(chrono_tz::Europe::Amsterdam);
//! let settings = ReadSettings::at(chrono::DateTime::UNIX_EPOCH);
//! let file = read_measurements("readings.parquet".as_ref(), &calendar, &settings)?;
//! for record in file.tallies {
//!     let record = record?; // in one transaction: read the stored tally, merge, write
//!     println!("{} {} {}", record.box_id, record.week, record.tally.max_kw());
//! }
//! # Ok(())
//! # }
//! ```

mod boxes;
mod cell;
mod channel;
mod collect;
mod columns;
mod datetime;
mod error;
mod input;
mod measurements;
mod notation;
mod note;
mod number;
mod paths;
mod refusal;
mod shown;
mod text;
mod text_table;
mod unit;

pub use boxes::{BOX_COLUMNS, BoxFile, BoxRows, TableColumn, read_boxes};
pub use cell::cell_text;
pub use channel::{Channel, ChannelShapeError};
pub use collect::{Tallies, TallyUnion};
pub use columns::{MEASUREMENT_COLUMNS, is_missing};
pub use datetime::{Stamps, TimePattern, TimePatternError};
pub use error::{FileError, PathError};
pub use measurements::{FileReport, Int96Clock, MeasurementFile, ReadSettings, read_measurements};
pub use notation::{Notation, UnknownWordError};
pub use note::FileNote;
pub use number::{DecimalMark, NumberEvidence, parse_number};
pub use paths::{FoundFiles, measurement_files, partition_value, require_current};
pub use refusal::{Reason, Refusal, Refusals};
pub use shown::{ShownPath, quoted};
pub use text_table::{TextRow, TextTable};
pub use unit::{UNIT_COLUMNS, Unit, is_other_unit_of_values, unit_columns};
