//! What a search looks through.

/// The searchable texts of all boxes, one after the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: String,
    /// Where the text of each box ends.
    ends: Vec<usize>,
}

impl Texts {
    /// The text of the box at a place.
    pub(super) fn of(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[at]]
    }
}

impl FromIterator<String> for Texts {
    fn from_iter<I: IntoIterator<Item = String>>(texts: I) -> Self {
        let mut joined = Self::default();
        for text in texts {
            joined.all.push_str(&text);
            joined.ends.push(joined.all.len());
        }
        joined
    }
}
