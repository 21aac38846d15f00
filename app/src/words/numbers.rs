//! Numbers as each language writes them.

use domain::language::Language;

use super::Words;

impl Words {
    /// A number with its sign, thousands set apart: `−1,234.5` or `−1.234,5`.
    pub(crate) fn number(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        let (point, thousands) = match self.language {
            Language::English => ('.', ','),
            Language::Dutch => (',', '.'),
        };
        let text = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let mut written = String::with_capacity(text.len() + 8);
        if value < 0.0 && !is_zero {
            written.push('−');
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                written.push(thousands);
            }
            written.push(digit);
        }
        if !fraction.is_empty() {
            written.push(point);
            written.push_str(fraction);
        }
        written
    }

    /// Active power without its unit: one decimal below 100 kW, none above.
    pub(crate) fn kw_value(&self, kw: f64) -> String {
        self.number(kw, if kw.abs() < 99.95 { 1 } else { 0 })
    }

    /// Active power, such as `412 kW`.
    pub(crate) fn kw(&self, kw: f64) -> String {
        format!("{}\u{a0}kW", self.kw_value(kw))
    }

    /// A share in tenths of a percent.
    #[cfg(feature = "ssr")]
    pub(crate) fn tenths(&self, share: f64) -> String {
        format!("{}%", self.number(100.0 * share, 1))
    }

    /// Apparent power, such as `400 kVA`.
    pub(crate) fn kva(&self, kva: f64) -> String {
        format!("{}\u{a0}kVA", self.number(kva, if kva.fract() == 0.0 { 0 } else { 1 }))
    }

    /// A fraction in whole percent, never clipped: 1.34 is `134%`.
    pub(crate) fn percent(&self, fraction: f64) -> String {
        format!("{}%", self.number(100.0 * fraction, 0))
    }

    /// A probability in whole percent, rounded down, so that none reads like a threshold that it has not reached; it says 0
    /// and 100 only when it is so.
    pub(crate) fn probability(&self, probability: f64) -> String {
        /// Of binary fractions such as 0.29, which is a little less.
        const ROUNDING: f64 = 1e-9;
        match probability {
            p if p > 0.0 && p < 0.01 - ROUNDING => "<\u{202f}1%".to_owned(),
            p if p < 1.0 && p > 0.99 + ROUNDING => ">\u{202f}99%".to_owned(),
            p => self.percent((100.0 * p + ROUNDING).floor() / 100.0),
        }
    }

    /// A figure on an axis, with no more decimals than it needs: `−1,000`, `0.5`.
    pub(crate) fn axis_figure(&self, value: f64) -> String {
        let needed = (0..3).find(|decimals| {
            let shifted = value * 10_f64.powi(*decimals);
            (shifted - shifted.round()).abs() < 1e-6
        });
        // 0, 1, 2 or, where none of them does, 3: no sign is lost.
        self.number(value, needed.map_or(3, i32::unsigned_abs) as usize)
    }

    /// A count of things: `35,000`.
    pub(crate) fn count(&self, count: u32) -> String {
        self.number(f64::from(count), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_marks() {
        let (english, dutch) = (Words::of(Language::English), Words::of(Language::Dutch));
        assert_eq!(english.number(-1_234_567.25, 1), "−1,234,567.2");
        assert_eq!(dutch.number(-1_234_567.25, 1), "−1.234.567,2");
        assert_eq!(english.kw(99.96), "100\u{a0}kW");
        assert_eq!(dutch.kw(-4.04), "−4,0\u{a0}kW");
        assert_eq!(english.number(-0.04, 1), "0.0", "zero has no sign");
        assert_eq!(english.number(f64::NAN, 1), "–");
        assert_eq!(dutch.axis_figure(-1000.0), "−1.000");
        assert_eq!(english.axis_figure(0.1 + 0.2), "0.3");
        assert_eq!(english.kva(630.0), "630\u{a0}kVA");
    }

    #[test]
    fn loading_is_never_clipped() {
        assert_eq!(Words::of(Language::English).percent(3.004), "300%");
        assert_eq!(Words::of(Language::English).percent(1.01), "101%");
    }

    #[test]
    fn a_probability_is_certain_only_when_it_is() {
        let words = Words::of(Language::English);
        assert_eq!(words.probability(0.0), "0%");
        assert_eq!(words.probability(0.0001), "<\u{202f}1%");
        assert_eq!(words.probability(0.9999), ">\u{202f}99%");
        assert_eq!(words.probability(1.0), "100%");
    }
}
