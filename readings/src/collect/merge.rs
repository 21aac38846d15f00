//! Merging sorted runs of tallies; equal keys are united.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::vec::IntoIter;

use super::open::{Key, OpenTally};
use super::spill::read_records;

/// Tallies of a run that are read at once: about 60 kB.
const READ_AHEAD: usize = 512;

/// A run: what has been read of it, and where the rest of it lies in the file.
#[derive(Debug)]
struct Run {
    buffered: IntoIter<OpenTally>,
    rest: Range<u64>,
}

/// The tallies of several sorted runs in order of their keys, each key once.
#[derive(Debug)]
pub(super) struct Merge {
    file: Option<File>,
    runs: Vec<Run>,
    /// The first tally of every run that has one left.
    heads: Vec<Option<OpenTally>>,
    order: BinaryHeap<Reverse<(Key, usize)>>,
}

impl Merge {
    pub(super) fn new(
        file: Option<File>,
        spilled: Vec<Range<u64>>,
        last_run: Vec<OpenTally>,
    ) -> io::Result<Self> {
        let on_disk = spilled.into_iter().map(|rest| Run { buffered: Vec::new().into_iter(), rest });
        let in_memory = Run { buffered: last_run.into_iter(), rest: 0..0 };
        let runs: Vec<Run> = on_disk.chain([in_memory]).collect();
        let heads = vec![None; runs.len()];
        let mut merge = Self { file, runs, heads, order: BinaryHeap::new() };
        for index in 0..merge.runs.len() {
            merge.advance(index)?;
        }
        Ok(merge)
    }

    /// Takes the next tally of a run as its head.
    fn advance(&mut self, index: usize) -> io::Result<()> {
        let run = &mut self.runs[index];
        let mut head = run.buffered.next();
        if head.is_none()
            && !run.rest.is_empty()
            && let Some(file) = &mut self.file
        {
            run.buffered = read_records(file, &mut run.rest, READ_AHEAD)?.into_iter();
            head = run.buffered.next();
        }
        if let Some(tally) = &head {
            self.order.push(Reverse((tally.key, index)));
        }
        self.heads[index] = head;
        Ok(())
    }

    /// The head of the run that comes next, if its key is `key` or none is given.
    fn pop(&mut self, key: Option<Key>) -> io::Result<Option<OpenTally>> {
        let Some(&Reverse((next, index))) = self.order.peek() else { return Ok(None) };
        if key.is_some_and(|key| key != next) {
            return Ok(None);
        }
        self.order.pop();
        let tally = self.heads[index].take();
        self.advance(index)?;
        Ok(tally)
    }

    fn next_united(&mut self) -> io::Result<Option<OpenTally>> {
        let Some(mut tally) = self.pop(None)? else { return Ok(None) };
        while let Some(same) = self.pop(Some(tally.key))? {
            tally.unite(&same);
        }
        Ok(Some(tally))
    }
}

impl Iterator for Merge {
    type Item = io::Result<OpenTally>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_united().transpose()
    }
}
