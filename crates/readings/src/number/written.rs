//! What the marks in a number tell of it.

use super::DecimalMark;
use super::decimal::parse_point_decimal;
use super::forms::plain;

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Without point and comma: it means the same either way.
    Undivided,
    /// One mark with three digits behind it and one to three before: decimals or thousands.
    Ambiguous(DecimalMark),
    /// It has this decimal mark, or it has the other one between thousands.
    Proof(DecimalMark),
    /// Not a number either way.
    NoNumber,
}

impl Written {
    pub(super) fn of(text: &str) -> Self {
        let text = &*plain(text);
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (digits, None),
        };
        if !mantissa.contains(['.', ',']) {
            return Self::Undivided;
        }
        let is_exponent = exponent.is_none_or(|exponent| exponent.parse::<i32>().is_ok());
        if !is_exponent || !mantissa.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        {
            return Self::NoNumber;
        }
        let (is_point, is_comma) =
            (reads_as(mantissa, DecimalMark::Point), reads_as(mantissa, DecimalMark::Comma));
        match (is_point, is_comma) {
            (true, false) => Self::Proof(DecimalMark::Point),
            (false, true) => Self::Proof(DecimalMark::Comma),
            (false, false) => Self::NoNumber,
            (true, true) => {
                let mark = if mantissa.contains('.') { DecimalMark::Point } else { DecimalMark::Comma };
                // No one groups the digits of a number with an exponent.
                if exponent.is_some() { Self::Proof(mark) } else { Self::Ambiguous(mark) }
            }
        }
    }
}

/// Parses a number with this decimal mark.
pub(super) fn parse(text: &str, mark: DecimalMark) -> Option<f64> {
    let text = &*plain(text);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    if !reads_as(mantissa, mark) {
        return None;
    }
    let with_point: String = text
        .chars()
        .filter(|&character| character != char::from(mark.other().byte()))
        .map(|character| if character == ',' { '.' } else { character })
        .collect();
    parse_point_decimal(&with_point)
}

/// Whether digits with points and commas are a number with this decimal mark and, if any, the other
/// mark between groups of three digits.
fn reads_as(mantissa: &str, mark: DecimalMark) -> bool {
    let (whole, decimals) = match mantissa.split_once(char::from(mark.byte())) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (mantissa, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !decimals.is_none_or(is_digits) || (whole.is_empty() && decimals.is_none_or(str::is_empty)) {
        return false;
    }
    let mut groups = whole.split(char::from(mark.other().byte()));
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    match rest.is_empty() {
        true => is_digits(first),
        // A leading zero is no thousand.
        false => {
            (1..=3).contains(&first.len())
                && is_digits(first)
                && !first.starts_with('0')
                && rest.iter().all(|group| group.len() == 3 && is_digits(group))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_prove_what_they_can_only_mean() {
        for text in [
            "52.5",
            "-0.123",
            "1234.567",
            "1,234.5",
            "1,234,567",
            "1,234.567",
            ".5",
            "5.",
            "1.234e3",
            "0.000",
        ] {
            assert_eq!(Written::of(text), Written::Proof(DecimalMark::Point), "{text}");
            let swapped: String = text
                .chars()
                .map(|c| match c {
                    '.' => ',',
                    ',' => '.',
                    c => c,
                })
                .collect();
            assert_eq!(Written::of(&swapped), Written::Proof(DecimalMark::Comma), "{swapped}");
        }
        assert_eq!(Written::of("1.234"), Written::Ambiguous(DecimalMark::Point));
        assert_eq!(Written::of("-123,456"), Written::Ambiguous(DecimalMark::Comma));
        for text in ["1", "-20", "1e5", "NaN", "inf", "", "x", "1 234"] {
            assert_eq!(Written::of(text), Written::Undivided, "{text}");
        }
        for text in ["1.2.3", "1,23,456", "1.234,5.6", ".", ",", "1,5 kW", "1.2e", "1..5", "0.123.456"] {
            assert_eq!(Written::of(text), Written::NoNumber, "{text}");
        }
    }

    #[test]
    fn groups_of_thousands_are_taken_out() {
        assert_eq!(parse("1.234,50", DecimalMark::Comma), Some(1234.5));
        assert_eq!(parse("-1.234.567", DecimalMark::Comma), Some(-1_234_567.0));
        assert_eq!(parse("1,234.5E2", DecimalMark::Point), Some(123_450.0));
        assert_eq!(parse("12.34", DecimalMark::Comma), None);
        assert_eq!(parse("1.234", DecimalMark::Comma), Some(1234.0));
        assert_eq!(parse("1.234", DecimalMark::Point), Some(1.234));
    }
}
