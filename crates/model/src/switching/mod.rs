//! Bypass switching: weeks during which a box carried a neighbour's cables as well, or a neighbour carried
//! its.
//!
//! In the weekly extremes a switching is a step up and back down (extra load) or down towards nothing and
//! back (relief). The way through the room:
//!
//! 1. `extremes` puts both extremes in order and on one scale, `windows` cuts long histories;
//! 2. `baseline` fits level, drift and season robustly, `noise` estimates variance and autocorrelation of the residuals;
//! 3. `whitening` removes autocorrelation and baseline, so that the evidence for any interval is a few sums;
//! 4. `scan` weighs every interval and names candidates;
//! 5. `search` confirms the strongest one against baseline and noise that were estimated without its weeks
//!    (`analysis`), moves its edges (`edges`), asks whether it looks like a switching (`steps`), removes
//!    it, and repeats until nothing is left.
//!
//! The evidence is a Bayes factor under Gaussian noise with first-order autocorrelation: with e the whitened
//! residuals of an extreme, d the whitened indicator of the interval and Q the whitened, orthonormalised
//! baseline, A = d'd − |Q'd|² and b = d'(e − QQ'e) are the generalised least squares of a step, and with a
//! prior N(0, τ²) of the step
//!
//! ln B = ½ b' (M + τ⁻²)⁻¹ b − ½ ln |1 + τ² M|,   M = A ⊗ S,
//!
//! S the inverse covariance of both extremes' innovations. Three things guard it against loads that are no
//! such noise: every week's residual is cut off at 4.5 standard deviations where no step is assumed; the
//! noise varies over the year as the other years' did; and S is divided by how much more the sums over
//! intervals of that length vary in this very series, at their median and in their tail, than the noise
//! assumed would let them. What comes back in the same weeks of most other years is a holiday.

mod analysis;
mod baseline;
mod candidate;
mod edges;
mod evidence;
mod extremes;
mod findings;
mod mask;
mod noise;
mod scan;
mod search;
mod settings;
mod steps;
mod whitening;
mod windows;

pub use findings::{Findings, LevelShift, Switching, SwitchingKind};
pub use mask::mask;
pub use settings::SwitchingSettings;

use crate::WeekExtremes;

/// Finds bypass switchings and level shifts that stay in the weekly extremes of one box.
///
/// The weeks may come in any order and with gaps; rows that are not sound are passed over, and of a week that
/// comes several times the last one counts, as in [`clean`](crate::clean). Give cleaned weeks: leading idle
/// weeks would be a level shift. Histories of fewer than [`SwitchingSettings::fewest_weeks`] weeks, and
/// constant ones, yield nothing. Pure and deterministic.
#[must_use]
pub fn find_switchings(weeks: &[WeekExtremes], settings: &SwitchingSettings) -> Findings {
    windows::search_all(weeks, settings)
}
