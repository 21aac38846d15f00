//! The bands of all parts at all rows.
//!
//! For a row w with b_D = Q'w restricted to the drift's columns, b_Y likewise and b = b_D + b_Y, given σ:
//! drift ~ N(b_D · m, Σ b_D,j² w_j), yearly ~ N(b_Y · m, Σ b_Y,j² w_j), total ~ N(b · m, Σ b_j² w_j + σ²).

use crate::lanes::{LANES, Lanes};
use crate::{Bands, Part, Quantile};

use super::conditional::{Conditional, rotated};
use super::factorisation::Factorisation;
use super::neighbour::Neighbours;
use super::quantiles::COMPONENTS;
use crate::additive::{COEFFICIENTS, DRIFT, HARMONICS, Row};
use crate::mixture::Z;
use crate::mixture::{self, Component};
use crate::scale::ValueScale;

/// The bands of drift, yearly and total in kW, in the order of [`Part::ALL`].
pub(crate) fn bands(
    rows: &[Row],
    factorisation: &Factorisation,
    conditionals: &[Conditional],
    scale: &ValueScale,
) -> [Bands; 3] {
    let empty = || -> [Vec<f64>; 5] { std::array::from_fn(|_| vec![0.0; rows.len()]) };
    let mut levels = [empty(), empty(), empty()];
    // Each quantile is solved from its neighbour's, in the order of time rather than of the rows.
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| rows[a][1].total_cmp(&rows[b][1]));
    let mut narrow = Narrow::new(factorisation, conditionals);
    for places in order.chunks(LANES) {
        let solved = narrow.as_mut().map(|narrow| {
            // Missing rows at the end repeat the first one; nobody reads them.
            narrow.quantiles(std::array::from_fn(|lane| &rows[*places.get(lane).unwrap_or(&places[0])]))
        });
        for part in Part::ALL {
            let out = &mut levels[part as usize];
            let (quick, trusted) =
                solved.as_ref().map_or(([Lanes::ZERO; 5], [false; LANES]), |parts| parts[part as usize]);
            let (factor, offset) = in_kw(part, scale);
            for (out, quick) in out.iter_mut().zip(quick) {
                let in_kw = quick * factor + offset;
                for (&place, value) in places.iter().zip(in_kw.0) {
                    out[place] = value;
                }
            }
            for (&place, _) in places.iter().zip(trusted).filter(|(_, trusted)| !trusted) {
                let mixture = components(part, &rows[place], factorisation, conditionals);
                for level in Quantile::ALL {
                    let i = level.index();
                    let value = mixture::quantile(&mixture, level.level(), Z[i]);
                    out[i][place] = value * factor + offset;
                }
            }
        }
    }
    levels.map(Bands::of_one_length)
}

/// Factor and offset from a scaled value to kW: the season has no offset.
pub(crate) fn in_kw(part: Part, scale: &ValueScale) -> (f64, f64) {
    match part {
        Part::Yearly => (scale.unit_kw, 0.0),
        Part::Drift | Part::Total => (scale.unit_kw, scale.offset_kw),
    }
}

/// The mixture over σ of one part at one row, scaled.
pub(crate) fn components(
    part: Part,
    row: &Row,
    factorisation: &Factorisation,
    conditionals: &[Conditional],
) -> Vec<Component> {
    let mut row = *row;
    match part {
        Part::Drift => row[DRIFT..].fill(0.0),
        Part::Yearly => row[..DRIFT].fill(0.0),
        Part::Total => {}
    }
    let b = rotated(factorisation, &row);
    conditionals
        .iter()
        .map(|conditional| {
            let noise = if part == Part::Total { conditional.variance } else { 0.0 };
            conditional.component(&row, &b, noise)
        })
        .collect()
}

/// The quick way for the five-point rule of a narrow posterior of σ; numbers are spread over the lanes
/// beforehand.
struct Narrow {
    /// Q by columns: direction j, coefficient i.
    rotation: [[Lanes; COEFFICIENTS]; COEFFICIENTS],
    /// The means of g by coefficient, then by point of the rule.
    mean: [[Lanes; COMPONENTS]; COEFFICIENTS],
    /// w by direction, then by point of the rule.
    spread: [[Lanes; COMPONENTS]; COEFFICIENTS],
    /// σ² by point of the rule.
    noise: [Lanes; COMPONENTS],
    neighbours: [Neighbours; 3],
}

impl Narrow {
    /// Nothing if the rule has another number of points.
    fn new(factorisation: &Factorisation, conditionals: &[Conditional]) -> Option<Self> {
        let conditionals: &[Conditional; COMPONENTS] = conditionals.try_into().ok()?;
        let weights = conditionals.each_ref().map(|conditional| conditional.weight);
        let spread_out = |f: &dyn Fn(usize, &Conditional) -> f64| {
            std::array::from_fn(|j| {
                conditionals.each_ref().map(|conditional| Lanes::splat(f(j, conditional)))
            })
        };
        Some(Self {
            rotation: std::array::from_fn(|j| factorisation.rotation.map(|row| Lanes::splat(row[j]))),
            mean: spread_out(&|i, conditional| conditional.mean[i]),
            spread: spread_out(&|j, conditional| conditional.spread[j]),
            noise: conditionals.each_ref().map(|conditional| Lanes::splat(conditional.variance)),
            neighbours: std::array::from_fn(|_| Neighbours::new(weights)),
        })
    }

    /// The quantiles of the three parts at some rows, and in which lanes they can be trusted.
    fn quantiles(&mut self, rows: [&Row; LANES]) -> [([Lanes; 5], [bool; LANES]); 3] {
        let w: [Lanes; COEFFICIENTS] = std::array::from_fn(|i| Lanes(rows.map(|row| row[i])));
        let mut squares = [[Lanes::ZERO; COEFFICIENTS]; 3];
        for (j, q) in self.rotation.iter().enumerate() {
            let drift = w[0] * q[0] + w[1] * q[1] + w[2] * q[2];
            // Two sums, so that one need not wait for the other.
            let (mut cosines, mut sines) = (Lanes::ZERO, Lanes::ZERO);
            for h in 0..HARMONICS {
                cosines += w[DRIFT + h] * q[DRIFT + h];
                sines += w[DRIFT + HARMONICS + h] * q[DRIFT + HARMONICS + h];
            }
            let yearly = cosines + sines;
            let total = drift + yearly;
            squares[0][j] = drift * drift;
            squares[1][j] = yearly * yearly;
            squares[2][j] = total * total;
        }
        let drift_means = weighted_sums([Lanes::ZERO; COMPONENTS], &w[..DRIFT], &self.mean[..DRIFT]);
        let yearly_means = weighted_sums([Lanes::ZERO; COMPONENTS], &w[DRIFT..], &self.mean[DRIFT..]);
        let total_means = std::array::from_fn(|k| drift_means[k] + yearly_means[k]);
        let zero = [Lanes::ZERO; COMPONENTS];
        let [drift, yearly, total] = &mut self.neighbours;
        [
            drift.quantiles(&drift_means, &weighted_sums(zero, &squares[0], &self.spread)),
            yearly.quantiles(&yearly_means, &weighted_sums(zero, &squares[1], &self.spread)),
            total.quantiles(&total_means, &weighted_sums(self.noise, &squares[2], &self.spread)),
        ]
    }
}

/// start_k + Σ_j x_j y_jk; few enough sums to stay in registers.
#[inline]
fn weighted_sums(start: [Lanes; COMPONENTS], x: &[Lanes], y: &[[Lanes; COMPONENTS]]) -> [Lanes; COMPONENTS] {
    let mut sums = start;
    for (&x, y) in x.iter().zip(y) {
        for k in 0..COMPONENTS {
            sums[k] += x * y[k];
        }
    }
    sums
}
