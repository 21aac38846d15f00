//! Residuals and interval indicators with the autocorrelation of the noise and the baseline removed.
//!
//! With autocorrelation φ = ρ^gap between neighbouring weeks the innovation of week k is (r_k − φ r_{k−1}) /
//! √(1 − φ²). The whitened indicator of the weeks i..=j is a_i at its first week, b_k at the others and
//! g_{j+1} at the first week after it, so that a sum over it is a sum of two terms, one of its first, one of
//! its last week.

use super::baseline::{COLUMNS, Row, add_square, decompose, substitute};

/// The share of an interval's sums that belongs to its first or to its last week.
#[derive(Clone, Copy)]
pub(super) struct Sums {
    /// Q'd.
    pub(super) columns: Row,
    /// d'(e − QQ'e) of both extremes.
    pub(super) residuals: [f64; 2],
    /// d'd.
    pub(super) square: f64,
}

/// The whitened series.
pub(super) struct Whitened {
    /// By number: the position of the observed week.
    pub(super) positions: Vec<usize>,
    pub(super) starts: Vec<Sums>,
    pub(super) ends: Vec<Sums>,
    /// The innovations of both extremes less the baseline.
    pub(super) innovations: [Vec<f64>; 2],
    /// The indicator at its first week, a.
    first: Vec<f64>,
    /// The indicator at its other weeks, b.
    inner: Vec<f64>,
    /// The indicator at the week after it, g; one more than weeks, the last one 0.
    after: Vec<f64>,
    /// Sums of b² before each week.
    inner_squares: Vec<f64>,
}

impl Whitened {
    /// Whitens the weeks at `positions`; `residuals` are in standard deviations, `precision` is the prior's.
    pub(super) fn new(
        residuals: &[Vec<f64>; 2],
        rows: &[Row],
        profile: &[f64],
        weeks: &[i32],
        positions: Vec<usize>,
        autocorrelation: f64,
        precision: &Row,
    ) -> Self {
        let n = positions.len();
        let mut first = Vec::with_capacity(n);
        let mut inner = Vec::with_capacity(n);
        let mut after = Vec::with_capacity(n + 1);
        let mut design: Vec<Row> = Vec::with_capacity(n);
        let mut innovations = [Vec::with_capacity(n), Vec::with_capacity(n)];
        for (k, &at) in positions.iter().enumerate() {
            let before = k.checked_sub(1).map(|k| positions[k]);
            let phi = before.map_or(0.0, |before| autocorrelation.powi(weeks[at] - weeks[before]));
            let scale = 1.0 / (1.0 - phi * phi).sqrt();
            let past = before.unwrap_or(at);
            let (now_weight, past_weight) = (scale / profile[at], -phi * scale / profile[past]);
            first.push(now_weight);
            inner.push(now_weight + past_weight);
            after.push(past_weight);
            let whiten = |now: f64, past: f64| now * now_weight + past * past_weight;
            design.push(std::array::from_fn(|c| whiten(rows[at][c], rows[past][c])));
            for (innovations, residuals) in innovations.iter_mut().zip(residuals) {
                innovations.push(whiten(residuals[at], residuals[past]));
            }
        }
        after.push(0.0);
        orthonormalise(&mut design, precision);
        for innovations in &mut innovations {
            let mut projection = [0.0; COLUMNS];
            for (row, value) in design.iter().zip(innovations.iter()) {
                projection.iter_mut().zip(row).for_each(|(p, q)| *p += q * value);
            }
            for (row, value) in design.iter().zip(innovations.iter_mut()) {
                *value -= row.iter().zip(&projection).map(|(q, p)| q * p).sum::<f64>();
            }
        }
        let mut whitened = Self {
            positions,
            starts: Vec::with_capacity(n),
            ends: Vec::with_capacity(n),
            innovations,
            first,
            inner,
            after,
            inner_squares: Vec::with_capacity(n + 1),
        };
        whitened.accumulate(&design);
        whitened
    }

    /// Divides the innovations by a standard deviation of each extreme.
    pub(super) fn rescale(&mut self, deviations: [f64; 2]) {
        for (innovations, deviation) in self.innovations.iter_mut().zip(deviations) {
            innovations.iter_mut().for_each(|value| *value /= deviation);
        }
        for sums in self.starts.iter_mut().chain(&mut self.ends) {
            sums.residuals.iter_mut().zip(deviations).for_each(|(value, deviation)| *value /= deviation);
        }
    }

    fn accumulate(&mut self, design: &[Row]) {
        let n = design.len();
        let zero = Sums { columns: [0.0; COLUMNS], residuals: [0.0; 2], square: 0.0 };
        // The week after the last one has g = 0, so any row will do for it.
        let last = [0.0; COLUMNS];
        let mut sums = zero;
        self.inner_squares.push(0.0);
        for k in 0..n {
            let (a, b, g) = (self.first[k], self.inner[k], self.after[k + 1]);
            let row = &design[k];
            let mut start = zero;
            let mut end = zero;
            let next = design.get(k + 1).unwrap_or(&last);
            for c in 0..COLUMNS {
                sums.columns[c] += b * row[c];
                start.columns[c] = a * row[c] - sums.columns[c];
                end.columns[c] = sums.columns[c] + g * next[c];
            }
            for x in 0..2 {
                let innovations = &self.innovations[x];
                sums.residuals[x] += b * innovations[k];
                start.residuals[x] = a * innovations[k] - sums.residuals[x];
                end.residuals[x] = sums.residuals[x] + g * innovations.get(k + 1).copied().unwrap_or(0.0);
            }
            sums.square += b * b;
            start.square = a * a - sums.square;
            end.square = sums.square + g * g;
            self.starts.push(start);
            self.ends.push(end);
            self.inner_squares.push(sums.square);
        }
    }

    /// The number of weeks.
    pub(super) fn len(&self) -> usize {
        self.positions.len()
    }

    /// d'd − |Q'd|² of the interval.
    pub(super) fn information(&self, first: usize, last: usize) -> f64 {
        let (start, end) = (&self.starts[first], &self.ends[last]);
        let mut projected = 0.0;
        for (x, y) in start.columns.iter().zip(&end.columns) {
            projected += (x + y) * (x + y);
        }
        (start.square + end.square - projected).max(0.0)
    }

    /// d'(e − QQ'e) of the interval and an extreme.
    pub(super) fn response(&self, first: usize, last: usize, extreme: usize) -> f64 {
        self.starts[first].residuals[extreme] + self.ends[last].residuals[extreme]
    }

    /// d'd* − (Q'd)'(Q'd*) of an interval and another one within it that begins at most one week later and
    /// ends at most one week earlier.
    pub(super) fn joint_information(&self, outer: (usize, usize), within: (usize, usize)) -> f64 {
        let start = if outer.0 == within.0 {
            self.first[outer.0].powi(2)
        } else {
            self.first[within.0] * self.inner[within.0]
        };
        let middle = self.inner_squares[within.1 + 1] - self.inner_squares[within.0 + 1];
        let g = self.after[within.1 + 1];
        let end = if outer.1 == within.1 { g * g } else { g * self.inner[outer.1] };
        let mut projected = 0.0;
        for c in 0..COLUMNS {
            projected += (self.starts[outer.0].columns[c] + self.ends[outer.1].columns[c])
                * (self.starts[within.0].columns[c] + self.ends[within.1].columns[c]);
        }
        start + middle + end - projected
    }
}

/// X becomes X L⁻ᵀ with LL' = X'X + precision.
fn orthonormalise(design: &mut [Row], precision: &Row) {
    let mut gram = [[0.0; COLUMNS]; COLUMNS];
    design.iter().for_each(|row| add_square(&mut gram, row, 1.0));
    for (i, line) in gram.iter_mut().enumerate() {
        line[i] += precision[i];
    }
    decompose(&mut gram);
    // L⁻¹ by columns: no division and no order to keep week by week.
    let inverse: [Row; COLUMNS] = std::array::from_fn(|column| {
        let mut unit = [0.0; COLUMNS];
        unit[column] = 1.0;
        substitute(&gram, &mut unit);
        unit
    });
    for row in design {
        let mut product = [0.0; COLUMNS];
        for (column, x) in inverse.iter().zip(row.iter()) {
            product.iter_mut().zip(column).for_each(|(sum, y)| *sum += x * y);
        }
        *row = product;
    }
}
