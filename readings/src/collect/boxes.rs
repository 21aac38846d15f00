//! Box ids as dense numbers.

use std::collections::HashMap;

use model::BoxId;

/// The boxes of a file, numbered in order of their first row.
#[derive(Debug, Default)]
pub(crate) struct KnownBoxes {
    ids: Vec<BoxId>,
    /// Numbers by spelling, as the file writes it (perhaps with white space around it).
    numbers: HashMap<Box<[u8]>, u32>,
}

impl KnownBoxes {
    /// The number of the box that is spelled so; None where the spelling is no box id.
    pub(crate) fn number(&mut self, spelling: &[u8]) -> Option<u32> {
        if let Some(&number) = self.numbers.get(spelling) {
            return Some(number);
        }
        let id = BoxId::new(std::str::from_utf8(spelling).ok()?).ok()?;
        let number = match self.numbers.get(id.as_str().as_bytes()) {
            Some(&number) => number,
            None => {
                let number = u32::try_from(self.ids.len()).ok().filter(|&number| number < u32::MAX / 8)?;
                self.numbers.insert(id.as_str().as_bytes().into(), number);
                self.ids.push(id);
                number
            }
        };
        self.numbers.insert(spelling.into(), number);
        Some(number)
    }

    /// The ids by number.
    pub(crate) fn into_ids(self) -> Vec<BoxId> {
        self.ids
    }
}
