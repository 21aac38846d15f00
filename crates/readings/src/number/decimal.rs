//! Parses numbers with a decimal point.

/// Powers of ten that are exact as doubles.
const TENS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Parses a decimal number, `NaN` or `inf`; None for any other text.
///
/// One of up to 15 digits without an exponent is the quotient of two integers that are exact
/// as doubles, so a single division rounds it correctly; the standard library parses the others.
pub(super) fn parse_point_decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    short_decimal(text.as_bytes(), b'.').or_else(|| text.parse().ok())
}

/// A number of up to 15 digits with this decimal mark and no exponent; None for any other text.
#[inline]
pub(super) fn short_decimal(text: &[u8], mark: u8) -> Option<f64> {
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
        } else if byte == mark && point.is_none() {
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
            assert_eq!(parse_point_decimal(text), text.trim().parse().ok(), "{text}");
        }
        assert!(parse_point_decimal("NaN").unwrap().is_nan());
        assert_eq!(parse_point_decimal("-inf"), Some(f64::NEG_INFINITY));
    }

    #[test]
    fn other_text_is_not_a_number() {
        for text in ["", "-", ".", "-.", "1,5", "1.2.3", "abc", "1 2", "0x10", "\u{ff11}"] {
            assert_eq!(parse_point_decimal(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_double_is_read_exactly(value in any::<f64>().prop_filter("a number", |value| !value.is_nan())) {
            prop_assert_eq!(parse_point_decimal(&value.to_string()), Some(value));
        }

        #[test]
        fn every_short_decimal_is_read_exactly(whole in -99_999_999_i64..=99_999_999, decimals in 0_u32..9_999_999) {
            let text = format!("{whole}.{decimals}");
            prop_assert_eq!(parse_point_decimal(&text), text.parse().ok());
        }
    }
}
