//! The set of quarter-hours of a week in which a reading was seen.

/// Words of the bitmap: 704 quarter-hours, enough for the usual longest week (676) and for zones
/// with larger clock changes.
const WORDS: usize = 11;

/// A set of quarter-hours of one week; 0 is Monday 00:00 to 00:15 local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeenQuarters([u64; WORDS]);

/// Why bytes don't encode a set of quarter-hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeenQuartersError {
    /// Longer than a week's bitmap.
    #[error("{0} bytes, a week has at most 88")]
    TooLong(usize),
    /// The last byte is zero, which [`SeenQuarters::to_bytes`] never writes.
    #[error("ends in a zero byte")]
    NotCompact,
}

impl SeenQuarters {
    /// Number of quarter-hours a set can hold.
    pub const CAPACITY: u16 = 704;
    /// Number of 64-bit words of a set.
    pub const WORDS: usize = WORDS;

    /// The set of a complete week of `quarters` quarter-hours (see `Calendar::quarters_in`).
    pub fn full(quarters: u16) -> Self {
        let mut words = [0; WORDS];
        for (index, word) in words.iter_mut().enumerate() {
            let bits = usize::from(quarters).saturating_sub(index * 64);
            *word = if bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
        }
        Self(words)
    }

    /// Adds a quarter-hour; returns false, adding nothing, beyond [`Self::CAPACITY`].
    #[inline]
    pub fn insert(&mut self, quarter: u16) -> bool {
        match self.0.get_mut(usize::from(quarter >> 6)) {
            Some(word) => {
                *word |= 1 << (quarter & 63);
                true
            }
            None => false,
        }
    }

    /// Whether a quarter-hour is in the set.
    pub fn contains(&self, quarter: u16) -> bool {
        self.0.get(usize::from(quarter >> 6)).is_some_and(|word| word & (1 << (quarter & 63)) != 0)
    }

    /// Number of quarter-hours in the set, 0 to 704.
    pub fn count(&self) -> u16 {
        // At most 704: the sum of eleven words' ones.
        self.0.iter().map(|word| word.count_ones() as u16).sum()
    }

    /// Whether this set is a superset of `other`.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(mine, theirs)| theirs & !mine == 0)
    }

    /// The quarter-hours in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut words = self.0;
        for (mine, theirs) in words.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
        Self(words)
    }

    /// Whether each of a week's `quarters` quarter-hours is in the set.
    pub fn is_full(&self, quarters: u16) -> bool {
        self.covers(&Self::full(quarters))
    }

    /// The set as little-endian bits (quarter-hour q is bit q % 8 of byte q / 8) without trailing
    /// zero bytes: at most 85 bytes for a week.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        let length = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        bytes.truncate(length);
        bytes
    }

    /// Decodes the output of [`Self::to_bytes`].
    ///
    /// # Errors
    /// [`SeenQuartersError`] if the bytes encode no set.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SeenQuartersError> {
        if bytes.len() > WORDS * 8 {
            return Err(SeenQuartersError::TooLong(bytes.len()));
        }
        if bytes.last() == Some(&0) {
            return Err(SeenQuartersError::NotCompact);
        }
        let mut words = [0; WORDS];
        for (index, &byte) in bytes.iter().enumerate() {
            words[index / 8] |= u64::from(byte) << (index % 8 * 8);
        }
        Ok(Self(words))
    }

    /// The set as words: quarter-hour q is bit q % 64 of word q / 64.
    pub fn words(&self) -> [u64; WORDS] {
        self.0
    }

    /// The set whose quarter-hour q is bit q % 64 of word q / 64, as databases aggregate it.
    pub fn from_words(words: [u64; Self::WORDS]) -> Self {
        Self(words)
    }
}
