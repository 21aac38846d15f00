//! How far a series stands off its trend and season, and how much of it the next weeks inherit.

/// What is believed after each week of the autocorrelated part of the noise, in the unit of the residuals.
///
/// The noise is the sum of an AR(1) process, `share` of the variance with the correlation ρ from one week to the
/// next, and of white noise. The Kalman filter of this state-space model gives mₜ, the mean of the AR(1) part given
/// the residuals up to week t (Durbin and Koopman 2012, section 4.3), with the variance taken as constant. The
/// forecast of week t + h inherits ρʰ mₜ, so that a line through trend + season + mₜ meets it.
/// A week without a residual carries ρ mₜ₋₁ on.
#[must_use]
pub fn carried_over(residuals: &[Option<f64>], share: f64, correlation: f64) -> Vec<f64> {
    let (share, rho) = (share.clamp(0.0, 1.0), correlation.clamp(0.0, 1.0));
    let white = 1.0 - share;
    let (mut mean, mut variance) = (0.0, share);
    residuals
        .iter()
        .map(|residual| {
            mean *= rho;
            variance = rho * rho * variance + (1.0 - rho * rho) * share;
            if let Some(residual) = residual.filter(|residual| residual.is_finite()) {
                let total = variance + white;
                let gain = if total > 0.0 { variance / total } else { 0.0 };
                mean += gain * (residual - mean);
                variance *= 1.0 - gain;
            }
            mean
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_noise_carries_nothing_and_pure_autocorrelation_everything() {
        let residuals = [Some(4.0), None, Some(-2.0)];
        assert_eq!(carried_over(&residuals, 0.0, 0.9), [0.0; 3]);
        assert_eq!(carried_over(&residuals, 1.0, 0.5), [4.0, 2.0, -2.0]);
    }

    /// Against the regression on all residuals so far, with the covariance written out.
    #[test]
    fn the_filter_is_the_conditional_mean() {
        let (share, rho): (f64, f64) = (0.6, 0.8);
        let residuals = [3.0, -1.0];
        let found = carried_over(&residuals.map(Some), share, rho);
        // Covariance of the two residuals, and of them with the state in the second week.
        let (a, b) = (1.0, rho * share);
        let with_state = [rho * share, share];
        let determinant = a * a - b * b;
        let weights = [
            (with_state[0] * a - with_state[1] * b) / determinant,
            (with_state[1] * a - with_state[0] * b) / determinant,
        ];
        let expected = weights[0] * residuals[0] + weights[1] * residuals[1];
        assert!((found[1] - expected).abs() < 1e-12, "{found:?} {expected}");
    }
}
