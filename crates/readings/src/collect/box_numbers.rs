//! Maps box ids to dense numbers.

use std::collections::HashMap;

use model::BoxId;

/// The boxes of a file, numbered in order of their first row.
#[derive(Debug, Default)]
pub(crate) struct BoxNumbers {
    ids: Vec<BoxId>,
    /// Numbers by the file's spelling, which may include surrounding white space.
    numbers: HashMap<Box<[u8]>, u32>,
}

impl BoxNumbers {
    /// The number of the box with this spelling; None if the spelling is not a box id.
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
