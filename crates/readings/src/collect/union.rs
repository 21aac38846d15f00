//! Combines the tallies of several files.

use std::io;
use std::path::{Path, PathBuf};

use super::merge::MergedRuns;
use super::open::OpenTallies;
use super::spill::Spill;
use super::{BoxNumbers, PHASES, Tallies, spill_error};
use crate::FileError;

/// The union of the tallies of several files: each box, phase and week once, all tallies of a box
/// together. Memory use is bounded as for a single file.
///
/// Two values of one quarter-hour both count, whichever files they are in.
#[derive(Debug)]
pub struct TallyUnion {
    /// The tallies of the first file, as long as it is the only one: they need no merging.
    first: Option<Tallies>,
    boxes: BoxNumbers,
    open: OpenTallies,
    spill: Spill,
    max_open_tallies: usize,
    /// The file added last.
    file: PathBuf,
}

impl TallyUnion {
    /// An empty union; the arguments are those of [`ReadSettings`](crate::ReadSettings).
    pub fn new(max_open_tallies: usize, spill_folder: &Path) -> Self {
        Self {
            first: None,
            boxes: BoxNumbers::default(),
            open: OpenTallies::default(),
            spill: Spill::new(spill_folder),
            max_open_tallies,
            file: PathBuf::new(),
        }
    }

    /// Adds the tallies of a file.
    ///
    /// # Errors
    /// [`FileError::Spill`] if a temporary file can't be written or read back.
    pub fn add(&mut self, tallies: Tallies) -> Result<(), FileError> {
        let is_first = self.file.as_os_str().is_empty();
        self.file.clone_from(&tallies.file);
        if is_first {
            self.first = Some(tallies);
            return Ok(());
        }
        if let Some(first) = self.first.take() {
            self.union_with(first)?;
        }
        self.union_with(tallies)
    }

    fn union_with(&mut self, tallies: Tallies) -> Result<(), FileError> {
        let Tallies { merge, boxes, file } = tallies;
        let failed = |source| spill_error(&file, source);
        let numbers: Option<Vec<u32>> =
            boxes.iter().map(|box_id| self.boxes.number(box_id.as_str().as_bytes()).ok()).collect();
        let numbers = numbers.ok_or_else(|| failed(io::Error::other("there are too many boxes")))?;
        for tally in merge {
            let mut tally = tally.map_err(failed)?;
            // Every open series has a box.
            let Some(number) = numbers.get((tally.key.series / PHASES) as usize) else { continue };
            tally.key.series = number * PHASES + tally.key.series % PHASES;
            self.open.union_with(&tally);
            if self.open.len() > self.max_open_tallies {
                self.spill.write_run(&self.open.take_sorted()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// All tallies by box (in order of its first appearance), phase and week, each once.
    ///
    /// # Errors
    /// [`FileError::Spill`] if the temporary file can't be read back.
    pub fn finish(mut self) -> Result<Tallies, FileError> {
        if let Some(only) = self.first {
            return Ok(only);
        }
        let last_run = self.open.take_sorted();
        let merge =
            MergedRuns::new(self.spill, last_run).map_err(|source| spill_error(&self.file, source))?;
        Ok(Tallies { merge, boxes: self.boxes.into_ids(), file: self.file })
    }
}
