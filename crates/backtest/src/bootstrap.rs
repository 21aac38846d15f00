//! Sampling uncertainty of scores by a bootstrap over boxes (Efron, 1979).
//!
//! Each draw resamples the boxes of every data set with replacement; all series and origins of a
//! box stay together, as they are correlated. Models are compared on the same draw, so that effects
//! common to all boxes cancel. The intervals do not cover what all boxes of a data set share at an
//! origin: the weather.

use serde::{Deserialize, Serialize};

use crate::calibration::MeanTally;

/// A figure with its 90 % bootstrap interval.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Interval {
    /// The figure over all boxes.
    pub value: f64,
    /// The 5 % quantile of the draws.
    pub low: f64,
    /// The 95 % quantile of the draws.
    pub high: f64,
}

impl Interval {
    /// The central 90 % of the finite draws, or the value itself without draws.
    fn of(value: f64, drawn: &[f64]) -> Self {
        let mut sorted: Vec<f64> = drawn.iter().copied().filter(|figure| figure.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |level: f64| {
            let last = sorted.len().saturating_sub(1);
            sorted.get((level * last as f64).round() as usize).copied().unwrap_or(value)
        };
        Self { value, low: at(0.05), high: at(0.95) }
    }
}

/// The uncertainty of a model's scores in a group of data sets.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Uncertainty {
    /// Number of boxes resampled.
    pub boxes: usize,
    /// Mean pinball loss.
    pub pinball: Interval,
    /// Mean absolute error of the median.
    pub mae: Interval,
    /// The share of observations in the 90 % band.
    pub coverage_90: Interval,
    /// The share of observations in the 70 % band.
    pub coverage_70: Interval,
    /// The pinball loss relative to that of the reference model on the same boxes.
    pub pinball_ratio: Option<Interval>,
}

/// The sums of a box over its series and origins.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct BoxSums {
    /// Sums of the model.
    pub(crate) own: MeanTally,
    /// Sums of the reference model, if any.
    pub(crate) other: MeanTally,
}

/// The intervals by resampling the boxes of each data set (one slice each); None without boxes.
pub(crate) fn uncertainty(sets: &[Vec<BoxSums>], draws: usize, seed: u64) -> Option<Uncertainty> {
    let boxes = sets.iter().map(Vec::len).sum();
    let all = figures(sets.iter().flatten());
    if boxes == 0 || !all[0].is_finite() {
        return None;
    }
    let mut random = SplitMix64(seed);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::new(); FIGURES];
    for _ in 0..draws {
        let picks = sets.iter().flat_map(|set| set.iter().map(move |_| set));
        let figures = figures(picks.map(|set| &set[random.below(set.len())]));
        drawn.iter_mut().zip(figures).for_each(|(drawn, figure)| drawn.push(figure));
    }
    let interval = |index: usize| Interval::of(all[index], &drawn[index]);
    Some(Uncertainty {
        boxes,
        pinball: interval(0),
        mae: interval(1),
        coverage_90: interval(2),
        coverage_70: interval(3),
        pinball_ratio: all[4].is_finite().then(|| interval(4)),
    })
}

/// The sums of the boxes of a data set, row by row.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct BoxRows(pub(crate) Vec<f64>);

impl BoxRows {
    /// The number of boxes if each has `width` sums.
    pub(crate) fn boxes(&self, width: usize) -> usize {
        self.0.len() / width
    }

    /// The sums over all boxes of all data sets.
    pub(crate) fn sums(sets: &[Self], width: usize) -> Vec<f64> {
        let mut sums = vec![0.0; width];
        for row in sets.iter().flat_map(|set| set.0.chunks_exact(width)) {
            add(&mut sums, row);
        }
        sums
    }
}

fn add(sums: &mut [f64], row: &[f64]) {
    sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
}

/// The intervals of figures that are functions of sums over boxes; None for a figure that is not
/// finite.
pub(crate) fn intervals(
    sets: &[BoxRows],
    width: usize,
    draws: usize,
    seed: u64,
    figures: &dyn Fn(&[f64]) -> Vec<f64>,
) -> Vec<Option<Interval>> {
    let values = figures(&BoxRows::sums(sets, width));
    let mut random = SplitMix64(seed);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(draws); values.len()];
    let mut sums = vec![0.0; width];
    for _ in 0..draws {
        sums.fill(0.0);
        for set in sets {
            let boxes = set.boxes(width);
            for _ in 0..boxes {
                add(&mut sums, &set.0[width * random.below(boxes)..][..width]);
            }
        }
        drawn.iter_mut().zip(figures(&sums)).for_each(|(drawn, figure)| drawn.push(figure));
    }
    let interval = |(&value, drawn): (&f64, &Vec<f64>)| value.is_finite().then(|| Interval::of(value, drawn));
    values.iter().zip(&drawn).map(interval).collect()
}

const FIGURES: usize = 5;

/// Pinball loss, MAE, the two coverages and the ratio of the pinball losses.
fn figures<'a>(boxes: impl Iterator<Item = &'a BoxSums>) -> [f64; FIGURES] {
    let mut sums = BoxSums::default();
    for one in boxes {
        sums.own.merge(&one.own);
        sums.other.merge(&one.other);
    }
    let (own, other) = (sums.own, sums.other);
    let mean = |sum: f64| sum / own.count;
    let ratio = mean(own.pinball) / (other.pinball / other.count);
    [mean(own.pinball), mean(own.absolute_error), mean(own.within[0]), mean(own.within[1]), ratio]
}

/// SplitMix64 (Steele, Lea and Flood, 2014), implemented here so that no library update changes the
/// draws.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A random number below `count`, by multiply-shift.
    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(pinball: f64, other: f64) -> BoxSums {
        let tally = |pinball| MeanTally { count: 1.0, pinball, ..MeanTally::default() };
        BoxSums { own: tally(pinball), other: tally(other) }
    }

    #[test]
    fn the_interval_of_a_mean_is_that_of_its_standard_error() {
        // 400 boxes alternating between 0 and 1: mean 0.5, standard error 0.025, so 0.5 ± 1.645
        // × 0.025.
        let boxes: Vec<BoxSums> = (0..400).map(|index| sums(f64::from(index % 2), 1.0)).collect();
        let interval = uncertainty(&[boxes], 4_000, 1).unwrap().pinball;
        assert_eq!(interval.value, 0.5);
        assert!(
            (interval.low - 0.459).abs() < 0.005 && (interval.high - 0.541).abs() < 0.005,
            "{interval:?}"
        );
    }

    #[test]
    fn effects_common_to_all_models_cancel_in_the_ratio() {
        let boxes: Vec<BoxSums> = (1..=20).map(|size| sums(0.8 * f64::from(size), f64::from(size))).collect();
        let ratio = uncertainty(&[boxes], 200, 1).unwrap().pinball_ratio.unwrap();
        assert!((ratio.low - 0.8).abs() < 1e-12 && (ratio.high - 0.8).abs() < 1e-12, "{ratio:?}");
    }

    #[test]
    fn the_same_seed_draws_the_same_boxes() {
        let sets = [(1..=9).map(|size| sums(f64::from(size), 1.0)).collect::<Vec<_>>(), vec![sums(3.0, 1.0)]];
        assert_eq!(uncertainty(&sets, 100, 7), uncertainty(&sets, 100, 7));
        assert_ne!(uncertainty(&sets, 100, 7), uncertainty(&sets, 100, 8));
        assert_eq!(uncertainty(&[], 100, 7), None);
    }
}
