//! K-way merge of sorted runs of tallies; tallies with equal keys are combined.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::vec::IntoIter;

use super::open::{Key, OpenTally};
use super::spill::{Spill, read_records};

/// Tallies of a run that are read at once, about 60 kB.
const TALLIES_PER_READ: usize = 512;

/// A sorted run: the tallies read so far and the file range of the rest.
#[derive(Debug)]
struct Run {
    buffered: IntoIter<OpenTally>,
    rest: Range<u64>,
}

/// The tallies of several sorted runs in key order, each key once.
#[derive(Debug)]
pub(super) struct MergedRuns {
    file: Option<File>,
    runs: Vec<Run>,
    /// The first tally of every run that has one left.
    heads: Vec<Option<OpenTally>>,
    order: BinaryHeap<Reverse<(Key, usize)>>,
}

impl MergedRuns {
    /// Merges the spilled runs with a sorted one from memory.
    pub(super) fn new(spill: Spill, last_run: Vec<OpenTally>) -> io::Result<Self> {
        let (file, spilled) = spill.into_parts();
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

    /// Makes the next tally of a run its head.
    fn advance(&mut self, index: usize) -> io::Result<()> {
        let run = &mut self.runs[index];
        let mut head = run.buffered.next();
        if head.is_none()
            && !run.rest.is_empty()
            && let Some(file) = &mut self.file
        {
            run.buffered = read_records(file, &mut run.rest, TALLIES_PER_READ)?.into_iter();
            head = run.buffered.next();
        }
        if let Some(tally) = &head {
            self.order.push(Reverse((tally.key, index)));
        }
        self.heads[index] = head;
        Ok(())
    }

    /// Removes and returns the smallest head, provided its key equals `key` if one is given.
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

    fn next_tally(&mut self) -> io::Result<Option<OpenTally>> {
        let Some(mut tally) = self.pop(None)? else { return Ok(None) };
        while let Some(same) = self.pop(Some(tally.key))? {
            tally.union_with(&same);
        }
        Ok(Some(tally))
    }
}

impl Iterator for MergedRuns {
    type Item = io::Result<OpenTally>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_tally().transpose()
    }
}
