//! What texts that are seen once tell of their decimal mark.

use std::path::Path;

use super::written::{self, Written};
use super::{DecimalMark, NumberTrouble, forms, parse_point_decimal};
use crate::notation::Stop;
use crate::{FileError, Notation};

/// The numbers of a table whose cells are text, weighed before any is parsed.
#[derive(Debug, Default)]
pub struct NumberEvidence {
    point: Option<String>,
    comma: Option<String>,
    ambiguous: Option<String>,
}

impl NumberEvidence {
    /// Takes a text as evidence.
    pub fn weigh(&mut self, text: &str) {
        let text = text.trim();
        let place = match Written::of(text) {
            Written::Proof(DecimalMark::Point) => &mut self.point,
            Written::Proof(DecimalMark::Comma) => &mut self.comma,
            Written::Ambiguous(_) => &mut self.ambiguous,
            Written::Undivided | Written::NoNumber => return,
        };
        place.get_or_insert_with(|| text.to_owned());
    }

    /// The mark that was set, or that the texts prove; None if they mean the same either way.
    ///
    /// # Errors
    /// [`FileError::MixedNumbers`] and [`FileError::AmbiguousNumbers`].
    pub fn mark(self, file: &Path, notation: &Notation) -> Result<Option<DecimalMark>, FileError> {
        let trouble = match (notation.decimal_mark, self.point, self.comma, self.ambiguous) {
            (Some(mark), ..) => return Ok(Some(mark)),
            (None, Some(point), Some(comma), _) => NumberTrouble::Mixed { point, comma },
            (None, Some(_), None, _) => return Ok(Some(DecimalMark::Point)),
            (None, None, Some(_), _) => return Ok(Some(DecimalMark::Comma)),
            (None, None, None, Some(number)) => NumberTrouble::Ambiguous(number),
            (None, None, None, None) => return Ok(None),
        };
        Err(Stop::of_numbers(file, trouble).into_error(file))
    }
}

/// The number in a text with this decimal mark, also `NaN` and infinity; None for any other text.
pub fn parse_number(text: &str, mark: Option<DecimalMark>) -> Option<f64> {
    let text = text.trim();
    match Written::of(text) {
        Written::Undivided => parse_point_decimal(&forms::plain(text)),
        Written::Ambiguous(_) | Written::Proof(_) => written::parse(text, mark.unwrap_or(DecimalMark::Point)),
        Written::NoNumber => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_together_tell_their_mark() {
        let mark = |texts: &[&str]| {
            let mut evidence = NumberEvidence::default();
            texts.iter().for_each(|text| evidence.weigh(text));
            evidence.mark(Path::new("a.parquet"), &Notation::default()).map_err(|error| error.to_string())
        };
        assert_eq!(mark(&["1", "x", ""]), Ok(None));
        assert_eq!(mark(&["1.234", "52,5"]), Ok(Some(DecimalMark::Comma)));
        assert_eq!(mark(&["52.5", "1,234"]), Ok(Some(DecimalMark::Point)));
        assert!(mark(&["1.234", "5"]).unwrap_err().contains("1.234 may have decimals or thousands"));
        assert!(mark(&["52.5", "52,5"]).unwrap_err().contains("52.5 has a decimal point and 52,5"));
        assert_eq!(parse_number("1.234", Some(DecimalMark::Comma)), Some(1234.0));
        assert_eq!(parse_number(" -1,5 ", Some(DecimalMark::Comma)), Some(-1.5));
        assert_eq!(parse_number("x", None), None);
    }
}
