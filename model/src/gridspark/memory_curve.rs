//! The part of the past that drift and season leave over and the memory explains.

use super::basis;
use super::posterior::Mixture;
use super::whitening::smooth;
use crate::IsoWeek;
use crate::additive::dot;

/// The memory's mean in kW at each week, averaged over the cells: smoothed at training weeks, fading after them.
pub(super) fn curve(mixture: &Mixture, weeks: &[IsoWeek], history: usize) -> Vec<f64> {
    let mut curve = vec![0.0; weeks.len()];
    let Some(window) = &mixture.window else { return curve };
    let deviations: Vec<f64> = window.rows.iter().map(|row| mixture.profile.at(row).sqrt()).collect();
    let steps = window.steps();
    let mut at_training = vec![0.0; window.weeks.len()];
    for (cell, scale) in mixture.cells.iter().filter(|(cell, _)| cell.memory.share > 0.0) {
        let weight: f64 = cell.noise.iter().map(|node| node.weight).sum();
        let mean = cell.mean();
        let residuals: Vec<f64> = window
            .rows
            .iter()
            .zip(&mixture.drawn_in_kw)
            .zip(&deviations)
            .map(|((row, &kw), deviation)| (scale.scaled(kw) - dot(row, &mean)) / deviation)
            .collect();
        let smoothed = smooth(&steps, &residuals, cell.memory);
        let in_kw = weight * scale.unit_kw;
        for ((sum, value), deviation) in at_training.iter_mut().zip(&smoothed).zip(&deviations) {
            *sum += in_kw * value * deviation;
        }
        let Some(&end) = smoothed.last() else { continue };
        for (sum, &week) in curve[history..].iter_mut().zip(&weeks[history..]) {
            let deviation = mixture.profile.at(&basis::row(week, mixture.last)).sqrt();
            *sum += in_kw * end * cell.memory.decay(week - mixture.last) * deviation;
        }
    }
    for (sum, week) in curve[..history].iter_mut().zip(weeks) {
        if let Ok(place) = window.weeks.binary_search(week) {
            *sum = at_training[place];
        }
    }
    curve
}
