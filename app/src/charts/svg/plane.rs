//! From weeks and kilowatts to the units of a picture.

use std::fmt::Write as _;

/// A rectangle of a picture, and the values at its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plane {
    /// The left edge and the width, in the picture's units.
    pub(super) across: (f64, f64),
    /// The upper edge and the height, in the picture's units.
    pub(super) down: (f64, f64),
    /// The steps between the first and the last week.
    pub(super) steps: usize,
    /// The lowest and the highest value, kW.
    pub(super) range_kw: (f64, f64),
}

impl Plane {
    /// Where a week stands, counted from the first.
    pub(super) fn x(&self, step: f64) -> f64 {
        let (left, width) = self.across;
        left + width * step / (self.steps.max(1) as f64)
    }

    /// Where a value stands; outside the range at the edge.
    pub(super) fn y(&self, kw: f64) -> f64 {
        let ((top, height), (low, high)) = (self.down, self.range_kw);
        let share = if high > low { (high - kw) / (high - low) } else { 0.5 };
        top + height * share.clamp(0.0, 1.0)
    }

    /// A line through the values from `first` on; it breaks where there is none.
    pub(super) fn line(&self, first: usize, values_kw: impl IntoIterator<Item = Option<f64>>) -> String {
        let mut path = String::new();
        let mut is_broken = true;
        for (step, kw) in values_kw.into_iter().enumerate() {
            match kw.filter(|kw| kw.is_finite()) {
                Some(kw) => {
                    let letter = if is_broken { 'M' } else { 'L' };
                    push(&mut path, letter, self.x((first + step) as f64), self.y(kw));
                    is_broken = false;
                }
                None => is_broken = true,
            }
        }
        path
    }

    /// The area between two lines of one length from `first` on; empty where a value is not finite.
    pub(super) fn band(&self, first: usize, low_kw: &[f64], high_kw: &[f64]) -> String {
        if low_kw.len() != high_kw.len() || !low_kw.iter().chain(high_kw).all(|kw| kw.is_finite()) {
            return String::new();
        }
        let mut path = self.line(first, high_kw.iter().map(|kw| Some(*kw)));
        for (step, kw) in low_kw.iter().enumerate().rev() {
            push(&mut path, 'L', self.x((first + step) as f64), self.y(*kw));
        }
        if !path.is_empty() {
            path.push('Z');
        }
        path
    }
}

/// Adds a point of a path, to a tenth of a unit.
fn push(path: &mut String, letter: char, x: f64, y: f64) {
    // Writing to a String cannot fail.
    let _ = write!(path, "{letter}{} {}", tenth(x), tenth(y));
}

/// A coordinate to a tenth, the shortest way of writing it.
pub(super) fn tenth(value: f64) -> f64 {
    let rounded = (10.0 * value).round() / 10.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> Plane {
        Plane { across: (10.0, 100.0), down: (5.0, 50.0), steps: 4, range_kw: (-100.0, 100.0) }
    }

    #[test]
    fn a_line_breaks_at_gaps_and_stays_inside() {
        let path = plane().line(0, [Some(0.0), Some(400.0), None, Some(-100.0), Some(f64::NAN)]);
        assert_eq!(path, "M10 30L35 5M85 55");
    }

    #[test]
    fn a_band_goes_there_above_and_back_below() {
        assert_eq!(plane().band(2, &[-100.0, 0.0], &[0.0, 100.0]), "M60 30L85 5L85 30L60 55Z");
        assert_eq!(plane().band(2, &[f64::NAN], &[0.0]), "");
        assert_eq!(plane().band(0, &[], &[]), "");
    }

    #[test]
    fn a_flat_range_lies_in_the_middle() {
        assert_eq!(Plane { range_kw: (1.0, 1.0), ..plane() }.y(1.0), 30.0);
    }
}
