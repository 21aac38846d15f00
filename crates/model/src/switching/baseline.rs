//! The robust fit of level, drift, season and the level shifts found so far.

use super::extremes::Extremes;
use crate::robust::{TO_DEVIATION, median};

/// Level, slope, five harmonics' cosines and sines, and up to [`SHIFTS`] steps that stay.
pub(super) const COLUMNS: usize = 12 + SHIFTS;
/// Steps that stay within a window.
pub(super) const SHIFTS: usize = 4;
/// One week's regressors.
pub(super) type Row = [f64; COLUMNS];

/// Weeks in a mean Gregorian year.
const WEEKS_A_YEAR: f64 = 52.177_5;
/// Residuals beyond this many standard deviations are downweighted.
const BEND: f64 = 3.0;
const PASSES: usize = 6;
/// Passes end when the standard deviation changes by no more than this share.
const SETTLED: f64 = 0.003;
/// Prior standard deviations of the columns, in spreads of the extreme: level, slope a year, harmonics,
/// steps.
const LEVEL: f64 = 10.0;
const SLOPE: f64 = 0.3;
const HARMONICS: [f64; 5] = [0.5, 0.25, 0.15, 0.1, 0.08];
const SHIFT: f64 = 3.0;
/// No noise is smaller than this share of the box's spread: meters round, and a level may be exact.
const MIN_NOISE: f64 = 0.005;

/// The regressors of a window, by observed week.
pub(super) struct Design {
    pub(super) rows: Vec<Row>,
    /// The sum of all rows' outer products.
    gram: [Row; COLUMNS],
    /// Where the steps that stay begin, by position.
    pub(super) shifts: Vec<usize>,
}

impl Design {
    pub(super) fn new(weeks: &[i32]) -> Self {
        let middle = 0.5 * weeks.first().map_or(0.0, |&w| f64::from(w))
            + 0.5 * weeks.last().map_or(0.0, |&w| f64::from(w));
        let row = |&week: &i32| {
            let mut row = [0.0; COLUMNS];
            row[0] = 1.0;
            row[1] = (f64::from(week) - middle) / WEEKS_A_YEAR;
            let (sin, cos) = (std::f64::consts::TAU * (f64::from(week) / WEEKS_A_YEAR).fract()).sin_cos();
            let (mut s, mut c) = (0.0, 1.0);
            for h in 0..HARMONICS.len() {
                (s, c) = (s * cos + c * sin, c * cos - s * sin);
                row[2 + h] = c;
                row[7 + h] = s;
            }
            row
        };
        Self::of(weeks.iter().map(row).collect(), Vec::new())
    }

    fn of(rows: Vec<Row>, shifts: Vec<usize>) -> Self {
        let mut gram = [[0.0; COLUMNS]; COLUMNS];
        rows.iter().for_each(|row| add_square(&mut gram, row, 1.0));
        Self { rows, gram, shifts }
    }

    /// The same with one more step that stays, or nothing when there is no room for it.
    pub(super) fn with_shift(&self, from: usize) -> Option<Self> {
        let column = 12 + self.shifts.len();
        if column >= COLUMNS {
            return None;
        }
        let mut rows = self.rows.clone();
        rows.iter_mut().skip(from).for_each(|row| row[column] = 1.0);
        let shifts = self.shifts.iter().copied().chain([from]).collect();
        Some(Self::of(rows, shifts))
    }

    /// Prior standard deviation of each column in spreads of the extreme; unused columns have one, too.
    pub(super) fn prior_deviations() -> Row {
        std::array::from_fn(|column| match column {
            0 => LEVEL,
            1 => SLOPE,
            2..12 => HARMONICS[(column - 2) % 5],
            _ => SHIFT,
        })
    }
}

/// The fit of both extremes.
pub(super) struct Baseline {
    /// Fitted values of all weeks, those left out included.
    pub(super) fitted: [Vec<f64>; 2],
    /// Standard deviation of the residuals, by their median.
    pub(super) deviation: [f64; 2],
    /// The steps that stay, both extremes'.
    pub(super) steps: [[f64; SHIFTS]; 2],
    /// The prior precision of each column in units of the noise, both extremes' mean.
    pub(super) precision: Row,
}

impl Baseline {
    /// Fits the weeks that are not left out: iteratively re-weighted ridge regression, weight 1 for residuals
    /// within three standard deviations and (3 / |residual|)² beyond.
    pub(super) fn new(
        extremes: &Extremes,
        design: &Design,
        left_out: &[bool],
        floors: [f64; 2],
        spreads: [f64; 2],
    ) -> Self {
        let mut gram = design.gram;
        let left_out_rows = design.rows.iter().zip(left_out).filter(|(_, out)| **out);
        left_out_rows.for_each(|(row, _)| add_square(&mut gram, row, -1.0));
        let fits = [0, 1].map(|extreme| {
            let values = &extremes.values[extreme];
            fit(&design.rows, &gram, values, left_out, floors[extreme], spreads[extreme])
        });
        let deviation = [0, 1].map(|extreme| fits[extreme].1);
        let prior = Design::prior_deviations();
        let precision = std::array::from_fn(|column| {
            let of = |extreme: usize| (deviation[extreme] / (prior[column] * spreads[extreme])).powi(2);
            0.5 * (of(0) + of(1))
        });
        let [(low, _, low_steps), (high, _, high_steps)] = fits;
        Self { fitted: [low, high], deviation, steps: [low_steps, high_steps], precision }
    }
}

/// The least noise and the spread of both extremes; the floors keep exact data from dividing by nothing.
pub(super) fn floors_and_spreads(extremes: &Extremes) -> ([f64; 2], [f64; 2]) {
    let spreads = [0, 1].map(|extreme| extremes.spread(extreme));
    // A box's values span two units; a tenth of that stands in where nearly all weeks are equal.
    let common = spreads[0].max(spreads[1]).max(0.2);
    let floor = MIN_NOISE * common;
    ([floor; 2], spreads.map(|spread| spread.max(20.0 * floor)))
}

/// Adds a multiple of a row's outer product to the lower triangle.
pub(super) fn add_square(gram: &mut [Row; COLUMNS], row: &Row, factor: f64) {
    for (i, line) in gram.iter_mut().enumerate() {
        let left = factor * row[i];
        for (sum, x) in line.iter_mut().zip(row) {
            *sum += left * x;
        }
    }
}

/// Fitted values, standard deviation of the residuals, and the steps that stay.
fn fit(
    rows: &[Row],
    ordinary_gram: &[Row; COLUMNS],
    values: &[f64],
    left_out: &[bool],
    floor: f64,
    spread: f64,
) -> (Vec<f64>, f64, [f64; SHIFTS]) {
    let kept = || (0..rows.len()).filter(|&k| !left_out[k]);
    let mut scratch: Vec<f64> = kept().map(|k| values[k]).collect();
    let centre = median(&mut scratch);
    let mut fitted = vec![centre; rows.len()];
    let mut weights = vec![1.0; rows.len()];
    let mut deviation = spread;
    let mut steps = [0.0; SHIFTS];
    let prior = Design::prior_deviations();
    for pass in 0..PASSES {
        // Most weeks keep the weight 1, so only what the others lack is taken away.
        let mut gram = *ordinary_gram;
        let mut projection = [0.0; COLUMNS];
        for k in kept() {
            if weights[k] < 1.0 {
                add_square(&mut gram, &rows[k], weights[k] - 1.0);
            }
            let target = weights[k] * (values[k] - centre);
            projection.iter_mut().zip(&rows[k]).for_each(|(sum, x)| *sum += target * x);
        }
        // The first pass does not know the noise yet: a tenth of the spread keeps the season from bending.
        let noise = if pass == 0 { 0.1 * spread } else { deviation };
        for (i, line) in gram.iter_mut().enumerate() {
            line[i] += (noise / (prior[i] * spread)).powi(2);
        }
        let coefficients = solve(&mut gram, projection);
        for (fitted, row) in fitted.iter_mut().zip(rows) {
            *fitted = centre + row.iter().zip(&coefficients).map(|(x, c)| x * c).sum::<f64>();
        }
        steps.copy_from_slice(&coefficients[12..]);
        scratch.clear();
        scratch.extend(kept().map(|k| (values[k] - fitted[k]).abs()));
        // The coefficients take their share of the scatter.
        let freedom = (scratch.len() as f64 / (scratch.len() as f64 - 10.0).max(5.0)).sqrt();
        let before = deviation;
        deviation = (TO_DEVIATION * freedom * median(&mut scratch)).max(floor);
        if pass > 1 && (deviation - before).abs() <= SETTLED * deviation {
            break;
        }
        for (k, weight) in weights.iter_mut().enumerate() {
            let far = (values[k] - fitted[k]).abs() / (BEND * deviation);
            *weight = if far <= 1.0 { 1.0 } else { 1.0 / (far * far) };
        }
    }
    (fitted, deviation, steps)
}

/// Solves a positive definite system by Cholesky's decomposition, in place.
fn solve(matrix: &mut [Row; COLUMNS], mut right: Row) -> Row {
    decompose(matrix);
    substitute(matrix, &mut right);
    for i in (0..COLUMNS).rev() {
        let rest: f64 = (i + 1..COLUMNS).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - rest) / matrix[i][i];
    }
    right
}

/// The lower triangle becomes L with LL' the matrix.
pub(super) fn decompose(matrix: &mut [Row; COLUMNS]) {
    for i in 0..COLUMNS {
        for j in 0..=i {
            let rest: f64 = matrix[i][j] - (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum::<f64>();
            // A prior keeps the diagonal positive; rounding may not take that away.
            matrix[i][j] = if i == j { rest.max(f64::MIN_POSITIVE).sqrt() } else { rest / matrix[j][j] };
        }
    }
}

/// L⁻¹ times a vector, in place.
pub(super) fn substitute(lower: &[Row; COLUMNS], right: &mut Row) {
    for i in 0..COLUMNS {
        let rest: f64 = (0..i).map(|k| lower[i][k] * right[k]).sum();
        right[i] = (right[i] - rest) / lower[i][i];
    }
}
