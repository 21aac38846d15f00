//! The colours of the charts. They are defined once, as custom properties of the style sheet.

use model::Extreme;

/// The colours of one appearance, as texts of CSS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    pub(super) text: String,
    pub(super) muted: String,
    pub(super) line: String,
    pub(super) surface: String,
    pub(super) limit: String,
    pub(super) gap: String,
    pub(super) masked: String,
    pub(super) future: String,
    pub(super) font: String,
    /// The line, the 90 % band and the 70 % band.
    maximum: [String; 3],
    minimum: [String; 3],
}

impl Palette {
    /// Reads the custom properties by name. Their values are `light-dark(…, …)`, which a canvas does not know.
    pub(crate) fn read(dark: bool, property: impl Fn(&str) -> String) -> Self {
        let colour = |name: &str| pick(dark, property(name).trim());
        Self {
            text: colour("--text"),
            muted: colour("--text-muted"),
            line: colour("--line"),
            surface: colour("--surface"),
            limit: colour("--chart-limit"),
            gap: colour("--chart-gap"),
            masked: colour("--chart-masked"),
            future: colour("--chart-future"),
            font: property("--font").trim().to_owned(),
            maximum: ["--chart-maximum", "--chart-maximum-band-90", "--chart-maximum-band-70"].map(colour),
            minimum: ["--chart-minimum", "--chart-minimum-band-90", "--chart-minimum-band-70"].map(colour),
        }
    }

    /// Line and bands of an extreme: the line, the 90 % band, the 70 % band.
    pub(super) fn of(&self, extreme: Extreme) -> &[String; 3] {
        match extreme {
            Extreme::Max => &self.maximum,
            Extreme::Min => &self.minimum,
        }
    }
}

/// One of the two colours of `light-dark(a, b)`; another value as it is.
fn pick(dark: bool, value: &str) -> String {
    let both = value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')')?.split_once(','));
    both.map_or(value, |(light, in_dark)| if dark { in_dark } else { light }).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::samples::token;
    use super::*;

    /// Relative luminance of `#rrggbb` (WCAG 2.2).
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn colours_are_told_from_their_ground_in_light_and_dark() {
        for dark in [false, true] {
            let colour = |name: &str| pick(dark, &token(name));
            for ground in ["--surface", "--page", "--surface-sunken", "--surface-hover"].map(colour) {
                for name in ["--text", "--text-muted", "--accent"] {
                    let ratio = contrast(&colour(name), &ground);
                    assert!(ratio >= 4.5, "{name} on {ground}: {ratio:.2}");
                }
            }
            for name in [
                "--overload",
                "--near",
                "--ample",
                "--no-forecast",
                "--line-strong",
                "--chart-maximum",
                "--chart-minimum",
                "--chart-limit",
            ] {
                let ratio = contrast(&colour(name), &colour("--surface"));
                assert!(ratio >= 3.0, "{name}: {ratio:.2}");
            }
            for soft in
                ["--overload-soft", "--near-soft", "--ample-soft", "--no-forecast-soft", "--accent-soft"]
            {
                let ratio = contrast(&colour("--text-muted"), &colour(soft));
                assert!(ratio >= 4.5, "muted text on {soft}: {ratio:.2}");
            }
            assert!(contrast(&colour("--accent-text"), &colour("--accent")) >= 4.5);
        }
    }

    #[test]
    fn a_pair_is_split_and_a_single_colour_kept() {
        assert_eq!(pick(true, "light-dark(#fff, #000)"), "#000");
        assert_eq!(pick(false, "light-dark(#fff, #000)"), "#fff");
        assert_eq!(pick(true, "#abc"), "#abc");
    }
}
