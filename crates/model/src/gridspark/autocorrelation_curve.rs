//! The autoregressive component: the part of past residuals that carries over to the weeks after them.

use super::basis;
use super::solution::{Branch, Mixture};
use super::whitening::smooth;
use crate::IsoWeek;
use crate::additive::{Row, dot};

/// The mean of the autoregressive component in kW at each week, averaged over the grid points: smoothed at
/// training weeks, fading after them.
pub(super) fn curve(mixture: &Mixture, weeks: &[IsoWeek], history: usize) -> Vec<f64> {
    let mut curve = vec![0.0; weeks.len()];
    let Some(window) = &mixture.window else { return curve };
    let steps = window.steps();
    let mut at_training = vec![0.0; window.weeks.len()];
    // By regime: the rows of the window, and the deviation √D of each.
    let regimes: Vec<(Vec<Row>, Vec<f64>)> = mixture
        .regimes
        .iter()
        .map(|regime| {
            let deviation = |base: &Row| regime.profile.at(base).sqrt();
            let rows = window.rows.iter().map(|base| regime.design.row(base)).collect();
            (rows, window.rows.iter().map(deviation).collect())
        })
        .collect();
    for Branch { grid_point, scale, regime } in
        mixture.branches.iter().filter(|branch| branch.grid_point.autocorrelation().share > 0.0)
    {
        let (rows, deviations) = &regimes[*regime];
        let weight: f64 = grid_point.noise.iter().map(|node| node.weight).sum();
        let mean = grid_point.mean();
        let residuals: Vec<f64> = rows
            .iter()
            .zip(&mixture.winsorised_kw)
            .zip(deviations)
            .map(|((row, &kw), deviation)| (scale.scaled(kw) - dot(row, &mean)) / deviation)
            .collect();
        let smoothed = smooth(&steps, &residuals, grid_point.autocorrelation());
        let in_kw = weight * scale.unit_kw;
        for ((sum, value), deviation) in at_training.iter_mut().zip(&smoothed).zip(deviations) {
            *sum += in_kw * value * deviation;
        }
        let Some(&end) = smoothed.last() else { continue };
        for (sum, &week) in curve[history..].iter_mut().zip(&weeks[history..]) {
            let deviation = mixture.regimes[*regime].profile.at(&basis::row(week, mixture.last)).sqrt();
            *sum += in_kw * end * grid_point.autocorrelation().decay(week - mixture.last) * deviation;
        }
    }
    for (sum, week) in curve[..history].iter_mut().zip(weeks) {
        if let Ok(place) = window.weeks.binary_search(week) {
            *sum = at_training[place];
        }
    }
    curve
}
