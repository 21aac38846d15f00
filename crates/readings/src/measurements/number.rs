//! Parses decimal numbers.

/// Powers of ten that are exact as doubles.
const TENS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Parses a decimal number, `NaN` or `inf`; None for any other text.
///
/// A number of up to 15 digits without an exponent is the quotient of two integers that are exact
/// as doubles, so a single division rounds it correctly; the standard library parses the others.
pub(super) fn parse_number(text: &[u8]) -> Option<f64> {
    short_decimal(text).or_else(|| std::str::from_utf8(text).ok()?.trim().parse().ok())
}

#[inline]
fn short_decimal(text: &[u8]) -> Option<f64> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut point = None;
    for (index, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa * 10 + u64::from(digit);
        } else if byte == b'.' && point.is_none() {
            point = Some(index);
        } else {
            return None;
        }
    }
    let decimals = point.map_or(0, |index| digits.len() - 1 - index);
    if digits.len() - usize::from(point.is_some()) > 15 || digits.len() == usize::from(point.is_some()) {
        return None;
    }
    let magnitude = mantissa as f64 / TENS.get(decimals)?;
    Some(if is_negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_agree_with_the_standard_library() {
        for text in
            ["0", "-0.0", "12.345", "-93.987", "1e3", ".5", "5.", "999999999999999", " 1.5 ", "1E-7", "+3"]
        {
            assert_eq!(parse_number(text.as_bytes()), text.trim().parse().ok(), "{text}");
        }
        assert!(parse_number(b"NaN").unwrap().is_nan());
        assert_eq!(parse_number(b"-inf"), Some(f64::NEG_INFINITY));
    }

    #[test]
    fn other_text_is_not_a_number() {
        for text in ["", "-", ".", "-.", "1,5", "1.2.3", "abc", "1 2", "0x10", "\u{ff11}"] {
            assert_eq!(parse_number(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_double_is_read_exactly(value in any::<f64>().prop_filter("a number", |value| !value.is_nan())) {
            prop_assert_eq!(parse_number(value.to_string().as_bytes()), Some(value));
        }

        #[test]
        fn every_short_decimal_is_read_exactly(whole in -99_999_999_i64..=99_999_999, decimals in 0_u32..9_999_999) {
            let text = format!("{whole}.{decimals}");
            prop_assert_eq!(parse_number(text.as_bytes()), text.parse().ok());
        }
    }
}
