//! The tallies of several files as one.

use std::io;
use std::path::{Path, PathBuf};

use super::open::OpenTallies;
use super::spill::Spill;
use super::{KnownBoxes, PHASES, Tallies, spill_error};
use crate::FileError;

/// Unites the tallies of file after file: each box, phase and week comes out once, with all that the files tell of it,
/// and all tallies of a box come together. Memory stays flat, as when one file is read.
///
/// Two values of one quarter-hour both count, whichever files they are in.
#[derive(Debug)]
pub struct Union {
    /// The only file's tallies so far: alone they are united already.
    first: Option<Tallies>,
    boxes: KnownBoxes,
    open: OpenTallies,
    spill: Spill,
    max_open: usize,
    /// The file that was taken last.
    file: PathBuf,
}

impl Union {
    /// Nothing yet. Of `open_tallies` and `spill_folder` see [`ReadSettings`](crate::ReadSettings).
    pub fn new(open_tallies: usize, spill_folder: &Path) -> Self {
        Self {
            first: None,
            boxes: KnownBoxes::default(),
            open: OpenTallies::default(),
            spill: Spill::new(spill_folder),
            max_open: open_tallies,
            file: PathBuf::new(),
        }
    }

    /// Takes in the tallies of a file.
    ///
    /// # Errors
    /// [`FileError::Spill`] where a temporary file can't be written or read back.
    pub fn take(&mut self, tallies: Tallies) -> Result<(), FileError> {
        let is_first = self.file.as_os_str().is_empty();
        self.file.clone_from(&tallies.file);
        if is_first {
            self.first = Some(tallies);
            return Ok(());
        }
        if let Some(first) = self.first.take() {
            self.unite(first)?;
        }
        self.unite(tallies)
    }

    fn unite(&mut self, tallies: Tallies) -> Result<(), FileError> {
        let Tallies { merge, boxes, file } = tallies;
        let failed = |source| spill_error(&file, source);
        let numbers: Option<Vec<u32>> =
            boxes.iter().map(|box_id| self.boxes.number(box_id.as_str().as_bytes())).collect();
        let numbers = numbers.ok_or_else(|| failed(io::Error::other("there are too many boxes")))?;
        for tally in merge {
            let mut tally = tally.map_err(failed)?;
            // Each series that was opened has its box.
            let Some(number) = numbers.get((tally.key.series / PHASES) as usize) else { continue };
            tally.key.series = number * PHASES + tally.key.series % PHASES;
            self.open.unite(&tally);
            if self.open.len() > self.max_open {
                self.spill.write_run(&self.open.take_sorted()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// All tallies in order of box (as first met), phase and week, each once.
    ///
    /// # Errors
    /// [`FileError::Spill`] where the temporary file can't be read back.
    pub fn finish(mut self) -> Result<Tallies, FileError> {
        if let Some(only) = self.first {
            return Ok(only);
        }
        let last_run = self.open.take_sorted();
        let merge = self.spill.merged_with(last_run).map_err(|source| spill_error(&self.file, source))?;
        Ok(Tallies { merge, boxes: self.boxes.into_ids(), file: self.file })
    }
}
