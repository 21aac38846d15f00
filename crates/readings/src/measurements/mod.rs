//! Reads measurement files in the source's long format into weekly tallies.

mod csv;
mod folders;
mod parquet;
mod row_sink;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::implausible::{BelievedPower, ImplausibleReadings};
use model::{BoxId, IsoWeek};

pub use self::parquet::Int96Clock;
use crate::input::{self, Input, catch_decoder_panic};
use crate::notation::Stop;
use crate::number::Proof;
use crate::refusal::NAMED_PER_REASON;
use crate::{FileError, FileNote, Notation, Refusals, Tallies};
use row_sink::RowSink;

/// How a measurement file is read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadSettings {
    /// The current time; readings later than this plus [`MAX_CLOCK_LEAD`](domain::calendar::MAX_CLOCK_LEAD)
    /// are refused.
    pub now: DateTime<Utc>,
    /// Rows before this instant (to the second) are excluded and not counted, as if they weren't in
    /// the file. Rows without a readable time are not excluded. None reads everything.
    pub since: Option<DateTime<Utc>>,
    /// The largest power that is believed of each box; larger readings are refused and told apart.
    pub believed: Arc<BelievedPower>,
    /// How numbers and times are written, where it was set.
    pub notation: Notation,
    /// Refused rows listed for each reason.
    pub named_refusals: usize,
    /// Tallies kept in memory, about 200 bytes each; beyond that they go to a temporary file.
    pub max_open_tallies: usize,
    /// The folder of the temporary file.
    pub spill_folder: PathBuf,
}

impl ReadSettings {
    /// Defaults: all readings, 20 listed rows per reason, 200,000 open tallies (about 40 MB), the
    /// system's folder for temporary files.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            now,
            since: None,
            believed: Arc::default(),
            notation: Notation::default(),
            named_refusals: NAMED_PER_REASON,
            max_open_tallies: 200_000,
            spill_folder: std::env::temp_dir(),
        }
    }
}

/// What was read from a measurement file. `rows = accepted + ignored + refusals.total()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// Number of data rows, without blank lines, the header and excluded rows.
    pub rows: u64,
    /// Rows that went into a tally.
    pub accepted: u64,
    /// Rows of well-formed channels that aren't used (reactive power, other intervals …).
    pub ignored: u64,
    /// Unusable rows.
    pub refusals: Refusals,
    /// How the file was read, where it could have been meant otherwise.
    pub notes: Vec<FileNote>,
    /// Time of the newest accepted reading, to the second.
    pub newest: Option<DateTime<Utc>>,
    /// Number of boxes with an accepted reading.
    pub boxes: usize,
    /// Number of ISO weeks with an accepted reading.
    pub weeks: usize,
    /// The first ISO week with an accepted reading.
    pub oldest_week: Option<IsoWeek>,
    /// Time of the newest row excluded by [`ReadSettings::since`], to the second; None if there is
    /// none.
    pub newest_excluded: Option<DateTime<Utc>>,
}

/// A measurement file that was read completely.
#[derive(Debug)]
pub struct MeasurementFile {
    /// Counts and refused rows.
    pub report: FileReport,
    /// The tallies, each box, phase and week once; to be merged into the store in one transaction.
    pub tallies: Tallies,
    /// The readings that are not believed, of each box that has some.
    pub implausible: HashMap<BoxId, ImplausibleReadings>,
}

/// Reads a Parquet or CSV file (plain, gzip, zstd) of readings in the long format: columns BOXID,
/// CHANNELID, WAARDE (kW) and DATUMTIJD (start of the quarter-hour) in any case and order; other
/// columns are ignored. A column of boxes or channels may be a folder's name: `BOXID=ESD.000240-2/`; a
/// row that says another is refused. So is one that names another unit than kW, in one of the
/// [columns of units](crate::UNIT_COLUMNS) or in a folder named for one.
///
/// Times with an offset or zone are instants; times without one are wall-clock times of the
/// calendar's zone (see [`Calendar::instant_of_local`]). Only 15-minute mean active power of the
/// phases sumli, l1, l2 and l3 is used. Memory use is bounded: many tallies go through a temporary
/// file. Parquet row groups that end before [`ReadSettings::since`] according to their statistics
/// are not read. A truncated file yields nothing at all.
///
/// All numbers of a file have the same decimal mark: a file that proves to have decimal commas
/// after numbers that could be read either way is read anew.
///
/// # Errors
/// [`FileError`] if the file can't be opened, is cut off or damaged, is of an unsupported kind, has
/// no header, lacks a column or has one of the wrong type, or doesn't tell how its numbers or times
/// are meant. Unusable rows are no error: see [`FileReport::refusals`].
pub fn read_measurements(
    path: &Path,
    calendar: &Calendar,
    settings: &ReadSettings,
) -> Result<MeasurementFile, FileError> {
    let mut proven = None;
    loop {
        match read_once(path, calendar, settings, proven.as_ref()) {
            Ok(file) => return Ok(file),
            Err(Stop::File(error)) => return Err(error),
            Err(Stop::ReadAnew(proof)) => proven = Some(proof),
        }
    }
}

fn read_once(
    path: &Path,
    calendar: &Calendar,
    settings: &ReadSettings,
    proven: Option<&Proof>,
) -> Result<MeasurementFile, Stop> {
    let mut sink = RowSink::new(path, calendar, settings);
    match input::open(path)? {
        Input::Parquet(file) => {
            let numbers = settings.notation.numbers(proven, None);
            catch_decoder_panic(path, || Ok(parquet::read(file, numbers, &mut sink)))??;
        }
        Input::Text(text) => csv::read(text, &settings.notation, proven, &mut sink)?,
    }
    Ok(sink.finish()?)
}
