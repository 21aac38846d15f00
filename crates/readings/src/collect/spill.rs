//! Sorted runs of tallies in a temporary file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use domain::tally::SeenQuarters;
use model::IsoWeek;

use super::open::{Key, OpenTally};

/// Size of a tally in the file: series, week, minimum, maximum, eleven words of quarter-hours, all
/// little-endian.
pub(super) const RECORD_BYTES: usize = 4 + 4 + 8 + 8 + 11 * 8;

/// The runs written so far. The file is created with the first and deleted with its last handle.
#[derive(Debug)]
pub(super) struct Spill {
    folder: PathBuf,
    file: Option<File>,
    runs: Vec<Range<u64>>,
}

impl Spill {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), file: None, runs: Vec::new() }
    }

    /// Appends a run, which must be sorted.
    pub(super) fn write_run(&mut self, run: &[OpenTally]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(&self.folder)?),
        };
        let start = file.seek(SeekFrom::End(0))?;
        let mut writer = BufWriter::with_capacity(64 * 1024, file);
        for tally in run {
            writer.write_all(&to_record(tally))?;
        }
        writer.flush()?;
        self.runs.push(start..start + (run.len() * RECORD_BYTES) as u64);
        Ok(())
    }

    /// The file and the ranges of its runs.
    pub(super) fn into_parts(self) -> (Option<File>, Vec<Range<u64>>) {
        (self.file, self.runs)
    }
}

/// Reads up to `max` records from the start of a run and advances its start.
pub(super) fn read_records(file: &mut File, run: &mut Range<u64>, max: usize) -> io::Result<Vec<OpenTally>> {
    let bytes = (run.end - run.start).min((max * RECORD_BYTES) as u64);
    let mut buffer = vec![0; bytes as usize];
    file.seek(SeekFrom::Start(run.start))?;
    file.read_exact(&mut buffer)?;
    run.start += bytes;
    let (records, _) = buffer.as_chunks::<RECORD_BYTES>();
    Ok(records.iter().map(from_record).collect())
}

fn to_record(tally: &OpenTally) -> [u8; RECORD_BYTES] {
    let mut record = [0; RECORD_BYTES];
    record[..4].copy_from_slice(&tally.key.series.to_le_bytes());
    record[4..8].copy_from_slice(&tally.key.week.index().to_le_bytes());
    record[8..16].copy_from_slice(&tally.min_kw.to_le_bytes());
    record[16..24].copy_from_slice(&tally.max_kw.to_le_bytes());
    for (bytes, word) in record[24..].chunks_exact_mut(8).zip(tally.seen.words()) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    record
}

fn from_record(record: &[u8; RECORD_BYTES]) -> OpenTally {
    let four = |at: usize| [record[at], record[at + 1], record[at + 2], record[at + 3]];
    let eight = |at: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&record[at..at + 8]);
        bytes
    };
    let words = std::array::from_fn(|index| u64::from_le_bytes(eight(24 + index * 8)));
    OpenTally {
        key: Key {
            series: u32::from_le_bytes(four(0)),
            week: IsoWeek::from_index(i32::from_le_bytes(four(4))),
        },
        min_kw: f64::from_le_bytes(eight(8)),
        max_kw: f64::from_le_bytes(eight(16)),
        seen: SeenQuarters::from_words(words),
    }
}
