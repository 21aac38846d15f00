//! Measurement files: from readings in the long format of the source to the tallies of their weeks.

mod csv;
mod intake;
mod lines;
mod number;
mod parquet;
mod row_groups;
mod times;
mod values;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use model::IsoWeek;

use crate::source::{self, Source, unless_panicking};
use crate::{FileError, Refusals, Tallies};
use intake::Intake;

/// The source's columns: box, channel, value in kW, start of the quarter-hour.
pub(crate) const BOX_ID: &str = "BOXID";
const CHANNEL_ID: &str = "CHANNELID";
const VALUE: &str = "WAARDE";
const TIME: &str = "DATUMTIJD";

/// How a measurement file is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSettings {
    /// The present: readings from more than a day after it are refused.
    pub now: DateTime<Utc>,
    /// The first instant, to the second, from which on readings are wanted: rows of before it are left out and not
    /// counted, as if the file did not hold them. Rows whose time can't be told are judged like all others. None takes
    /// everything.
    pub since: Option<DateTime<Utc>>,
    /// Rows that are named of each reason for refusal.
    pub named_refusals: usize,
    /// Tallies that are kept in memory, at about 200 bytes each; beyond that they go to a temporary file.
    pub open_tallies: usize,
    /// The folder of that temporary file.
    pub spill_folder: PathBuf,
}

impl ReadSettings {
    /// All readings, 20 named rows a reason, 200,000 open tallies (about 40 MB), the system's folder for temporary files.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            now,
            since: None,
            named_refusals: 20,
            open_tallies: 200_000,
            spill_folder: std::env::temp_dir(),
        }
    }
}

/// What reading a measurement file came to. `rows = accepted + ignored + refusals.total()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// Number of data rows (blank lines, the header and rows that were left out don't count).
    pub rows: u64,
    /// Rows that went into a tally.
    pub accepted: u64,
    /// Rows of well-formed channels that don't count (reactive power, other intervals …).
    pub ignored: u64,
    /// Rows that can't be used.
    pub refusals: Refusals,
    /// Time of the newest accepted reading, to the second.
    pub newest: Option<DateTime<Utc>>,
    /// Number of boxes with an accepted reading.
    pub boxes: usize,
    /// Number of ISO weeks with an accepted reading.
    pub weeks: usize,
    /// The first ISO week with an accepted reading.
    pub oldest_week: Option<IsoWeek>,
    /// Time of the newest row that was left out, to the second; none where no row was.
    pub left_out_to: Option<DateTime<Utc>>,
}

/// A measurement file that was read to its end.
#[derive(Debug)]
pub struct MeasurementFile {
    /// Counts and refused rows.
    pub report: FileReport,
    /// The tallies, each box, phase and week once. To be merged into the store in one transaction.
    pub tallies: Tallies,
}

/// Reads a Parquet or CSV file (plain, gzip, zstd) of readings in the long format: columns BOXID, CHANNELID, WAARDE
/// (kW) and DATUMTIJD (start of the quarter-hour) in any case and order; other columns are left unread.
///
/// Times with an offset or zone are instants; times without one are on the wall clock of the calendar's zone (see
/// [`Calendar::instant_of_local`]). Only mean active power over 15 minutes of the phases sumli, l1, l2 and l3 counts.
/// Memory stays flat: the tallies are handed out after the whole file has been read, from a temporary file where
/// there are many. Of Parquet, row groups whose statistics tell that they end before what is wanted are not read. A file that turns out to be cut off yields nothing at all.
///
/// # Errors
/// [`FileError`] where the file can't be opened, is cut off or damaged, has no header, lacks a column, or has a
/// column of the wrong type. Single bad rows are no error: see [`FileReport::refusals`].
pub fn read_measurements(
    path: &Path,
    calendar: &Calendar,
    settings: &ReadSettings,
) -> Result<MeasurementFile, FileError> {
    let mut intake = Intake::new(path, calendar, settings);
    match source::open(path)? {
        Source::Parquet(file) => unless_panicking(path, || parquet::read(file, &mut intake))?,
        Source::Text(text) => csv::read(text, &mut intake)?,
    }
    intake.finish()
}
