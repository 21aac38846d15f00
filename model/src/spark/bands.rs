//! The bands of all parts at all rows.
//!
//! For a row w with b_D = Q'w restricted to the drift's columns, b_Y likewise and b = b_D + b_Y, given σ:
//! drift ~ N(b_D · m, Σ b_D,j² w_j), yearly ~ N(b_Y · m, Σ b_Y,j² w_j), total ~ N(b · m, Σ b_j² w_j + σ²).

use crate::lanes::{LANES, Lanes};
use crate::{Bands, Part, Quantile};

use super::conditional::{Conditional, rotated};
use super::design::{COEFFICIENTS, DRIFT, Row, ValueScale};
use super::factorisation::Factorisation;
use super::mixture::{self, Component};
use super::quantiles::{COMPONENTS, LARGEST_SHIFT, LARGEST_STEP, Quantiles, Z, quantiles};

/// The bands of drift, yearly and total in kW, in the order of [`Part::ALL`].
pub(crate) fn bands(
    rows: &[Row],
    factorisation: &Factorisation,
    conditionals: &[Conditional],
    scale: &ValueScale,
) -> [Bands; 3] {
    let empty = || -> [Vec<f64>; 5] { std::array::from_fn(|_| vec![0.0; rows.len()]) };
    let mut levels = [empty(), empty(), empty()];
    let side_by_side = Narrow::new(factorisation, conditionals);
    for (chunk_index, chunk) in rows.chunks(LANES).enumerate() {
        let start = chunk_index * LANES;
        let fast = side_by_side.as_ref().map(|narrow| narrow.quantiles(chunk));
        for part in Part::ALL {
            let out = &mut levels[part as usize];
            let fast = fast.as_ref().map(|parts| &parts[part as usize]);
            for (lane, row) in chunk.iter().enumerate() {
                match fast {
                    Some(fast) if fast.shift.0[lane] < LARGEST_SHIFT && fast.step.0[lane] < LARGEST_STEP => {
                        for level in 0..5 {
                            out[level][start + lane] = fast.levels[level].0[lane];
                        }
                    }
                    _ => {
                        let mixture = components(part, row, factorisation, conditionals);
                        for level in Quantile::ALL {
                            let i = level.index();
                            out[i][start + lane] = mixture::quantile(&mixture, level.level(), Z[i]);
                        }
                    }
                }
            }
        }
    }
    for part in Part::ALL {
        for level in &mut levels[part as usize] {
            for value in level {
                *value = in_kw(part, *value, scale);
            }
        }
    }
    levels.map(Bands::of_one_length)
}

/// A scaled value in kW: the season has no offset.
pub(crate) fn in_kw(part: Part, value: f64, scale: &ValueScale) -> f64 {
    match part {
        Part::Yearly => value * scale.range_kw,
        Part::Drift | Part::Total => value * scale.range_kw + scale.min_kw,
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

/// The quick way for the five-point rule of a narrow posterior of σ.
struct Narrow<'a> {
    rotation: &'a [Row; COEFFICIENTS],
    conditionals: [&'a Conditional; COMPONENTS],
    weights: [f64; COMPONENTS],
}

impl<'a> Narrow<'a> {
    /// Nothing if the rule has another number of points.
    fn new(factorisation: &'a Factorisation, conditionals: &'a [Conditional]) -> Option<Self> {
        let conditionals: &[Conditional; COMPONENTS] = conditionals.try_into().ok()?;
        Some(Self {
            rotation: &factorisation.rotation,
            conditionals: conditionals.each_ref(),
            weights: conditionals.each_ref().map(|conditional| conditional.weight),
        })
    }

    /// The quantiles of the three parts at up to [`LANES`] rows.
    fn quantiles(&self, rows: &[Row]) -> [Quantiles; 3] {
        // Missing rows at the end repeat the first one; nobody reads them.
        let w: [Lanes; COEFFICIENTS] = std::array::from_fn(|i| {
            Lanes(std::array::from_fn(|lane| rows.get(lane).or(rows.first()).map_or(0.0, |row| row[i])))
        });
        let mut means = [[Lanes::ZERO; COMPONENTS]; 3];
        for k in 0..COMPONENTS {
            let coefficients = &self.conditionals[k].mean;
            for i in 0..COEFFICIENTS {
                let part = usize::from(i >= DRIFT);
                means[part][k] += w[i] * coefficients[i];
            }
            means[2][k] = means[0][k] + means[1][k];
        }
        let mut variances = [[Lanes::ZERO; COMPONENTS]; 3];
        for k in 0..COMPONENTS {
            variances[2][k] = Lanes::splat(self.conditionals[k].variance);
        }
        for j in 0..COEFFICIENTS {
            let mut drift = Lanes::ZERO;
            let mut yearly = Lanes::ZERO;
            for i in 0..DRIFT {
                drift += w[i] * self.rotation[i][j];
            }
            for i in DRIFT..COEFFICIENTS {
                yearly += w[i] * self.rotation[i][j];
            }
            let total = drift + yearly;
            let squares = [drift * drift, yearly * yearly, total * total];
            for k in 0..COMPONENTS {
                let spread = self.conditionals[k].spread[j];
                for part in 0..3 {
                    variances[part][k] += squares[part] * spread;
                }
            }
        }
        std::array::from_fn(|part| quantiles(&self.weights, &means[part], &variances[part]))
    }
}
