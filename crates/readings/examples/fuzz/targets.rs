//! What the inputs are put through, and what must hold of each.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::calendar::Calendar;
use readings::{
    DecimalMark, FileError, Notation, ReadSettings, Stamps, TimePattern, measurement_files, read_boxes,
    read_measurements,
};

use crate::seeds;

/// Characters of the longest message.
const MAX_MESSAGE: usize = 2_000;

pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
    /// Parses an input; whether it is readable, or what is wrong with what came out.
    pub(crate) parse: fn(&Path, &[u8]) -> Result<bool, String>,
}

pub(crate) const TARGETS: [Target; 7] = [
    Target {
        name: "readings-csv",
        seeds: seeds::texts,
        parse: |folder, input| measure(folder, "a.csv", input),
    },
    Target {
        name: "readings-parquet",
        seeds: seeds::parquets,
        parse: |folder, input| measure(folder, "a.parquet", input),
    },
    Target {
        name: "readings-compressed",
        seeds: seeds::compressed,
        parse: |folder, input| measure(folder, "a.csv.gz", input),
    },
    Target { name: "boxes", seeds: seeds::boxes, parse: describe },
    Target { name: "cells", seeds: seeds::cells, parse: cells },
    Target { name: "delta-log", seeds: seeds::delta_logs, parse: table },
    Target { name: "channel", seeds: seeds::cells, parse: channel },
];

/// Tells panics of our own code from those of a decoder, which are caught where it is called.
pub(crate) struct Watch;

static OURS: AtomicU64 = AtomicU64::new(0);
static CONTAINED: AtomicU64 = AtomicU64::new(0);

impl Watch {
    pub(crate) fn start() -> Self {
        std::panic::set_hook(Box::new(|panic| {
            let is_ours = panic.location().is_none_or(|place| {
                let file = place.file();
                file.starts_with("crates/") || file.contains("/readings/src/") || file.starts_with("src/")
            });
            if is_ours { &OURS } else { &CONTAINED }.fetch_add(1, Ordering::Relaxed);
        }));
        Self
    }

    /// Runs it; an error if it panics, or did inside of our own code.
    pub(crate) fn guard(&self, parse: impl FnOnce() -> Result<bool, String>) -> Result<bool, String> {
        let before = OURS.load(Ordering::Relaxed);
        let outcome = catch_unwind(AssertUnwindSafe(parse)).unwrap_or_else(|_| Err("a panic".to_owned()));
        if OURS.load(Ordering::Relaxed) > before {
            return Err("a panic of our own".to_owned());
        }
        outcome
    }

    /// Panics of decoders that came out as damaged files.
    pub(crate) fn contained(&self) -> u64 {
        CONTAINED.load(Ordering::Relaxed)
    }
}

fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::new(chrono_tz::Europe::Amsterdam))
}

/// Each input has a notation of its own, so that all are tried.
fn notation(input: &[u8]) -> Notation {
    let choice = input.iter().fold(0_u32, |sum, &byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    Notation {
        decimal_mark: [None, None, Some(DecimalMark::Point), Some(DecimalMark::Comma)][(choice % 4) as usize],
        time_pattern: (choice % 7 == 0).then(|| "%d-%m-%Y %H:%M".parse::<TimePattern>().unwrap()),
        stamps: [None, None, Some(Stamps::Starts), Some(Stamps::Ends)][(choice / 7 % 4) as usize],
    }
}

fn message(error: &FileError) -> Result<bool, String> {
    sentence(&error.to_string())
}

fn sentence(text: &str) -> Result<bool, String> {
    match text.chars().count() > MAX_MESSAGE || text.chars().any(char::is_control) {
        true => Err(format!("a message that is long or steers a terminal: {text:?}")),
        false => Ok(false),
    }
}

fn measure(folder: &Path, name: &str, input: &[u8]) -> Result<bool, String> {
    measure_by(folder, name, input, notation(input))
}

fn measure_by(folder: &Path, name: &str, input: &[u8], notation: Notation) -> Result<bool, String> {
    let path = folder.join(name);
    fs::write(&path, input).unwrap();
    let now = "2026-12-01T12:00:00Z".parse().unwrap();
    let file = match read_measurements(&path, calendar(), &ReadSettings { notation, ..ReadSettings::at(now) })
    {
        Ok(file) => file,
        Err(error) => return message(&error),
    };
    let report = &file.report;
    if report.rows != report.accepted + report.ignored + report.refusals.total() {
        return Err(format!("rows that are neither used nor refused: {report:?}"));
    }
    for refusal in report.refusals.named() {
        sentence(&refusal.to_string())?;
    }
    let accepted = report.accepted;
    let mut readings = 0;
    for record in file.tallies {
        let tally = record.map_err(|error| error.to_string())?.tally;
        readings += u64::from(tally.readings());
        if !(tally.min_kw() <= tally.max_kw() && tally.min_kw().is_finite() && tally.max_kw().is_finite()) {
            return Err(format!("extremes that are none: {tally:?}"));
        }
    }
    match readings <= accepted {
        true => Ok(accepted > 0),
        false => Err(format!("{readings} quarter-hours of {accepted} rows")),
    }
}

fn describe(folder: &Path, input: &[u8]) -> Result<bool, String> {
    let path = folder.join("boxes.csv");
    fs::write(&path, input).unwrap();
    let file = match read_boxes(&path, &notation(input)) {
        Ok(file) => file,
        Err(error) => return message(&error),
    };
    let is_right = |found: &domain::box_metadata::BoxMetadata| {
        found.capacity.is_none_or(|capacity| capacity.kva() > 0.0 && capacity.kva().is_finite())
            && found.latitude.is_none_or(|latitude| latitude.abs() <= 90.0)
    };
    match file.boxes.iter().all(is_right) && file.boxes.len() as u64 + file.refusals.total() <= file.rows {
        true => Ok(!file.boxes.is_empty()),
        false => Err(format!("boxes that can't be: {file:?}")),
    }
}

/// A time, a number and a pattern of times as a file of one row.
fn cells(folder: &Path, input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.lines();
    let (time, number) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let time_pattern = lines.next().and_then(|pattern| pattern.parse::<TimePattern>().ok());
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let row = format!(
        "BOXID,CHANNELID,WAARDE,DATUMTIJD\nA,register://electricity/0/activepower/sumli?avg=15,{},{}\n",
        quoted(number),
        quoted(time)
    );
    measure_by(folder, "a.csv", row.as_bytes(), Notation { time_pattern, ..notation(input) })
}

fn table(folder: &Path, input: &[u8]) -> Result<bool, String> {
    let log = folder.join("_delta_log");
    fs::create_dir_all(&log).unwrap();
    fs::write(folder.join("a.parquet"), "").unwrap();
    fs::write(log.join("00000000000000000000.json"), input).unwrap();
    match measurement_files(&[folder.to_owned()], None) {
        Ok(found) => Ok(!found.files.is_empty()),
        Err(error) => sentence(&error.to_string()),
    }
}

fn channel(_: &Path, input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    Ok(readings::Channel::parse(&text).is_ok())
}
