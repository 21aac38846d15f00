//! What the entries of a Parquet dictionary mean, each looked up once.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryArray, StringArray};

/// The codes of a dictionary's entries, looked up on first use and kept while the dictionary stays
/// the same.
#[derive(Debug)]
pub(super) struct DictionaryCodes<T> {
    dictionary: Option<ArrayRef>,
    codes: Vec<Option<T>>,
}

impl<T> Default for DictionaryCodes<T> {
    fn default() -> Self {
        Self { dictionary: None, codes: Vec::new() }
    }
}

impl<T: Copy> DictionaryCodes<T> {
    pub(super) fn reset_for(&mut self, dictionary: &ArrayRef) {
        if !self.dictionary.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, dictionary)) {
            self.codes.clear();
            self.codes.resize(dictionary.len(), None);
            self.dictionary = Some(dictionary.clone());
        }
    }

    /// The code of an entry; `look_up` resolves its spelling.
    #[inline]
    pub(super) fn get(&mut self, key: usize, look_up: impl FnOnce(&[u8]) -> T) -> Option<T> {
        match self.codes.get(key) {
            Some(&Some(code)) => Some(code),
            Some(None) => {
                let code = look_up(entry(self.dictionary.as_ref()?, key)?);
                self.codes[key] = Some(code);
                Some(code)
            }
            None => None,
        }
    }
}

/// The bytes of a dictionary's entry; None if it is null.
fn entry(dictionary: &ArrayRef, key: usize) -> Option<&[u8]> {
    if !dictionary.is_valid(key) {
        return None;
    }
    let text: Option<&StringArray> = dictionary.as_string_opt();
    let bytes: Option<&BinaryArray> = dictionary.as_binary_opt();
    text.map(|text| text.value(key).as_bytes()).or_else(|| bytes.map(|bytes| bytes.value(key)))
}
