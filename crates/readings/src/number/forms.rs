//! Forms of numbers that can only mean what a plainer form means.

use std::borrow::Cow;

/// What may stand between thousands beside points and commas: spaces of several widths, apostrophes.
const BETWEEN_THOUSANDS: [char; 6] = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '\u{2019}'];
/// The minus of typesetting.
const LONG_MINUS: char = '\u{2212}';

/// The number with its minus before it, as SAP writes it behind (`12,5-`), and without spaces or
/// apostrophes between its thousands (`1 234,5`, `1'234.5`); any other text as it is.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.ends_with('-') && !text.starts_with(LONG_MINUS) && !text.contains(BETWEEN_THOUSANDS) {
        return Cow::Borrowed(text);
    }
    plainer(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn plainer(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_suffix('-') {
        Some(digits) => ("-", digits),
        None => match text.strip_prefix(['-', LONG_MINUS]) {
            Some(digits) => ("-", digits),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        },
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit() || ".,".contains(first)) {
        return None;
    }
    let end = digits.find(['.', ',']).unwrap_or(digits.len());
    let (whole, decimals) = digits.split_at(end);
    let Some(between) = whole.chars().find(|character| BETWEEN_THOUSANDS.contains(character)) else {
        return Some(format!("{sign}{digits}"));
    };
    let mut groups = whole.split(between);
    let first = groups.next().unwrap_or_default();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let are_thousands = groups.all(|group| group.len() == 3 && is_digits(group));
    // Two kinds of marks between thousands are those of two numbers.
    let is_plain = decimals.is_empty() || is_digits(&decimals[1..]);
    (is_grouped && are_thousands && is_plain)
        .then(|| format!("{sign}{}{decimals}", whole.replace(between, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_leave_no_doubt_are_read() {
        for (text, expected) in [
            ("1 234,5", "1234,5"),
            ("-1\u{202f}234\u{202f}567", "-1234567"),
            ("12\u{a0}345.678", "12345.678"),
            ("1'234.5", "1234.5"),
            ("1\u{2019}234.5", "1234.5"),
            ("12,5-", "-12,5"),
            ("1 234-", "-1234"),
            ("1.234,5-", "-1.234,5"),
            ("\u{2212}7", "-7"),
            (",5-", "-,5"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            "12",
            "-",
            "--5",
            "-5-",
            "+5-",
            "1 2",
            "1 23",
            "12 34,5",
            "0 123",
            "1234 567",
            "1 234.567,8",
            "1 234'567",
            "12 -",
            "2026-11-16",
            "1 234 kW",
            "NaN-",
            "\u{2212}x",
        ] {
            let read = plain(text);
            assert!(read == text || read.parse::<f64>().is_err(), "{text}: {read}");
        }
    }
}
