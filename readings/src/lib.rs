#![doc = include_str!("../README.md")]

//! Raw readings: files in the long format of the source, condensed into the extremes of every ISO week.
//!
//! One direction, no database: [`read_measurements`] streams one Parquet or CSV file and yields, for every box,
//! phase and ISO week of local time, a [`WeekTally`]: minimum, maximum and the quarter-hours that were seen.
//! The store unites a tally with the one it holds by [`WeekTally::merged`], so that importing a file twice changes
//! nothing. [`Union`] makes the tallies of several files one, where these are all there is. [`read_boxes`] reads what is known about each box. Rows that can't be used are counted and named in
//! [`Refusals`]; a file that can't be used at all is a [`FileError`], and yields nothing.
//!
//! ```no_run
//! use readings::{Calendar, ReadSettings, read_measurements};
//!
//! # fn main() -> Result<(), readings::FileError> {
//! let calendar = Calendar::new(chrono_tz::Europe::Amsterdam);
//! let settings = ReadSettings::at(chrono::DateTime::UNIX_EPOCH);
//! let file = read_measurements("readings.parquet".as_ref(), &calendar, &settings)?;
//! for record in file.tallies {
//!     let record = record?; // one transaction: look up what is stored, merge, write
//!     println!("{} {} {}", record.box_id, record.week, record.tally.max_kw());
//! }
//! # Ok(())
//! # }
//! ```

mod boxes;
mod calendar;
mod cell;
mod channel;
mod collect;
mod columns;
mod datetime;
mod error;
mod measurements;
mod paths;
mod refusal;
mod source;
mod tally;

pub use boxes::{BOX_COLUMNS, BoxFile, BoxMetadata, BoxRows, OperatingStatus, read_boxes};
pub use calendar::{Calendar, LocalTimeError, OutOfCalendar, running_week};
pub use channel::{Channel, ChannelShapeError};
pub use collect::{Tallies, TallyRecord, Union};
pub use error::{FileError, PathError};
pub use measurements::{FileReport, MeasurementFile, ReadSettings, read_measurements};
pub use paths::measurement_files;
pub use refusal::{Reason, Refusal, Refusals};
pub use tally::{SeenQuarters, SeenQuartersError, TallyError, WeekTally};
