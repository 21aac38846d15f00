//! Numbers as people type them: with the marks that the page itself prints, and with those of the other language where
//! nothing else can be meant.

use domain::language::Language;

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Misread {
    /// It says no number.
    NoNumber,
    /// It can be meant either way: `1.000` where a point stands before decimals.
    EitherWay {
        /// As this language writes decimals.
        with_decimals: f64,
        /// As others set thousands apart.
        with_thousands: f64,
    },
}

/// The mark before decimals, and the one that sets thousands apart.
const fn marks(language: Language) -> (char, char) {
    match language {
        Language::English => ('.', ','),
        Language::Dutch => (',', '.'),
    }
}

/// Spaces that set thousands apart, hard and narrow ones too.
const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// The digits of a whole number without what sets its thousands apart: groups of exactly three, one kind of mark.
fn digits(text: &str, is_mark: impl Fn(char) -> bool) -> Option<String> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split(is_mark);
    let first = parts.next().filter(|part| is_number(part))?;
    let mut rest = parts.peekable();
    if rest.peek().is_some() && (first.len() > 3 || first.starts_with('0')) {
        return None;
    }
    let mut digits = first.to_owned();
    for part in rest {
        if part.len() != 3 || !is_number(part) {
            return None;
        }
        digits.push_str(part);
    }
    Some(digits)
}

/// A number by the marks of one language; either part may be left out, not both.
fn by_marks(text: &str, (point, thousands): (char, char)) -> Option<f64> {
    let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match whole {
        "" if !fraction.is_empty() => "0".to_owned(),
        whole => digits(whole, |it| it == thousands).or_else(|| digits(whole, is_space))?,
    };
    format!("{whole}.{fraction}0").parse().ok().filter(|number: &f64| number.is_finite())
}

/// A number without a sign, as it is typed into a page of a language. One decimal mark is taken for the other where no
/// thousands can be meant.
pub(crate) fn read_number(text: &str, language: Language) -> Result<f64, Misread> {
    let text = text.trim();
    let own = marks(language);
    let (point, thousands) = own;
    let meant = by_marks(text, own);
    // More than three digits behind it were a slip among thousands.
    let has_many = text.rsplit_once(thousands).is_some_and(|(_, behind)| behind.len() > 3);
    let other = by_marks(text, (thousands, point)).filter(|_| !has_many);
    match (meant, other) {
        // `1,000` sets thousands apart as this page does; `1.000` may be one, or a thousand.
        (Some(meant), Some(other)) if meant.to_bits() != other.to_bits() && text.contains(point) => {
            Err(Misread::EitherWay { with_decimals: meant, with_thousands: other })
        }
        (Some(number), _) | (None, Some(number)) => Ok(number),
        (None, None) => Err(Misread::NoNumber),
    }
}

/// A number for a field, so that it is read as the same again.
pub(crate) fn written_number(number: f64, language: Language) -> String {
    let text = number.to_string();
    let (point, _) = marks(language);
    match text.split_once('.') {
        // Three decimals look like thousands.
        Some((whole, fraction)) if fraction.len() == 3 => format!("{whole}{point}{fraction}0"),
        Some((whole, fraction)) => format!("{whole}{point}{fraction}"),
        None => text,
    }
}

/// A whole number, its thousands set apart by the marks of either language: it has no decimals to be taken for.
pub(crate) fn read_whole(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = digits(text, |it| it == '.').or_else(|| digits(text, |it| it == ','));
    digits.or_else(|| self::digits(text, is_space))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 2] = [Language::English, Language::Dutch];

    #[test]
    fn thousands_are_read_as_the_page_prints_them() {
        for (text, number) in [("1,000", 1_000.0), ("1,234,567.25", 1_234_567.25), ("12,345", 12_345.0)] {
            assert_eq!(read_number(text, Language::English), Ok(number), "{text}");
            let dutch = text.replace('.', "·").replace(',', ".").replace('·', ",");
            assert_eq!(read_number(&dutch, Language::Dutch), Ok(number), "{dutch}");
        }
        for text in ["1 000", "1\u{a0}000", "1\u{202f}000", "1\u{2009}000", " 1000 "] {
            assert_eq!(LANGUAGES.map(|language| read_number(text, language)), [Ok(1_000.0); 2], "{text}");
        }
    }

    #[test]
    fn what_the_page_prints_is_read_as_the_same() {
        for language in LANGUAGES {
            let words = crate::words::Words::of(language);
            for number in [0.0, 7.0, 999.5, 1_000.0, 100_000.0, 1_234_567.25] {
                for decimals in [2, 4] {
                    assert_eq!(read_number(&words.number(number, decimals), language), Ok(number));
                }
                assert_eq!(read_number(&written_number(number, language), language), Ok(number));
            }
            for number in [12.345, 0.125, 1.0004, 100.5] {
                assert_eq!(read_number(&written_number(number, language), language), Ok(number));
            }
        }
    }

    #[test]
    fn what_can_be_meant_either_way_is_not_guessed() {
        let either_way =
            |with_decimals, with_thousands| Err(Misread::EitherWay { with_decimals, with_thousands });
        assert_eq!(read_number("1.000", Language::English), either_way(1.0, 1_000.0));
        assert_eq!(read_number("1,000", Language::Dutch), either_way(1.0, 1_000.0));
        assert_eq!(read_number("12.345", Language::English), either_way(12.345, 12_345.0));
    }

    #[test]
    fn the_mark_of_the_other_language_is_taken_where_nothing_else_can_be_meant() {
        for (text, number) in
            [("12,5", 12.5), ("0,125", 0.125), ("1.234,5", 1_234.5), ("1.234.567", 1_234_567.0)]
        {
            assert_eq!(read_number(text, Language::English), Ok(number), "{text}");
        }
        assert_eq!(read_number("12.5", Language::Dutch), Ok(12.5));
        assert_eq!(LANGUAGES.map(|language| read_number("1234.567", language)), [Ok(1_234.567); 2]);
    }

    #[test]
    fn what_is_no_number_or_badly_grouped_is_refused() {
        for text in [
            "",
            "-3",
            "+3",
            "1e9",
            "NaN",
            "inf",
            "<b>",
            ".",
            ",",
            "1,00,000",
            "12,34,5",
            "1 00",
            "1..2",
            "1 000,000,0",
            "0,000,1",
        ] {
            let read = LANGUAGES.map(|language| read_number(text, language));
            assert_eq!(read, [Err(Misread::NoNumber); 2], "{text}");
        }
        assert_eq!(read_number("1,0000", Language::English), Err(Misread::NoNumber));
    }

    #[test]
    fn a_whole_number_has_thousands_alone() {
        for text in ["250000", "250.000", "250,000", "250 000", "250\u{a0}000"] {
            assert_eq!(read_whole(text), Some(250_000), "{text}");
        }
        for text in ["", "-5", "1e6", "2.5", "250.00", "1.000,00", "1.0000", "NaN", "99999999999999999999"] {
            assert_eq!(read_whole(text), None, "{text}");
        }
    }
}
