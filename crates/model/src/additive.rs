//! The additive design that every model shares: level, slope and curvature (drift) and five harmonics of the
//! year.

use std::sync::LazyLock;

/// Coefficients of level, slope and curvature.
pub(crate) const DRIFT: usize = 3;
/// Harmonics of the year.
pub(crate) const HARMONICS: usize = 5;
/// All coefficients.
pub(crate) const COEFFICIENTS: usize = DRIFT + 2 * HARMONICS;
/// Weeks of a year: 365.2425 days.
pub(crate) const YEAR_WEEKS: f64 = 52.1775;

/// Names of the coefficients, in the order of the columns.
pub(crate) const NAMES: [&str; COEFFICIENTS] = [
    "drift0", "drift1", "drift2", "cos1", "cos2", "cos3", "cos4", "cos5", "sin1", "sin2", "sin3", "sin4",
    "sin5",
];

/// One row of a design matrix, or one number a coefficient.
pub(crate) type Row = [f64; COEFFICIENTS];

/// [1, t, t², cos(2πhw/year) h = 1…5, sin(2πhw/year) h = 1…5] at time t, `weeks` w after the season's origin.
pub(crate) fn row(t: f64, weeks: i32) -> Row {
    let (sine, cosine) = year_angle(weeks);
    let mut row = [0.0; COEFFICIENTS];
    row[..DRIFT].copy_from_slice(&[1.0, t, t * t]);
    // Harmonic h from h − 1 by the addition theorem.
    let (mut cosine_h, mut sine_h) = (cosine, sine);
    for h in 0..HARMONICS {
        row[DRIFT + h] = cosine_h;
        row[DRIFT + HARMONICS + h] = sine_h;
        (cosine_h, sine_h) = (cosine_h * cosine - sine_h * sine, sine_h * cosine + cosine_h * sine);
    }
    row
}

/// Sine and cosine of the angle of the year that many weeks after the season's origin.
fn year_angle(weeks: i32) -> (f64, f64) {
    fn compute(weeks: i32) -> (f64, f64) {
        (std::f64::consts::TAU * (f64::from(weeks) / YEAR_WEEKS)).sin_cos()
    }
    static A_CENTURY: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| (0..5218).map(compute).collect());
    let carried = usize::try_from(weeks).ok().and_then(|weeks| A_CENTURY.get(weeks));
    carried.copied().unwrap_or_else(|| compute(weeks))
}

/// Σ a_i b_i.
pub(crate) fn dot(a: &Row, b: &Row) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
