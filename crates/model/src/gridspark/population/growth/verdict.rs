//! How much of the growth foretold came, by half years that were held back.
//!
//! For each week of a series held back d is what growth adds to the median, and e how far the value lay from
//! the steady forecast, both as shares of the training range within ± 1. α = Σ d e / Σ d² is the share that
//! came; its error is from the scatter of the half years, as all boxes see the same weather: se² = Σ_j (N_j −
//! α D_j)² J/(J − 1) / (Σ D_j)², N_j = Σ d e and D_j = Σ d² of half year j. The forecasts take w = α n/(n +
//! 20) − √(se² + 0.09/J), n series in J half years: nothing below a quarter, all above 0.7. Growth so small
//! that it predicts almost nothing is dropped, regardless of its share.

use super::FleetGrowth;

/// A held-back week's share of the standard error that is taken for granted: 0.3², a half year.
const UNKNOWN: f64 = 0.09;
/// Foretold growth is none if its root mean square, as a share of the range, is below this.
const NOTHING: f64 = 0.004;
/// The number of series at which their evidence weighs as much as the prior that nothing grows.
const DOUBT: f64 = 20.0;
/// A smaller weight is none, a larger one is all.
const NONE_BELOW: f64 = 0.25;
const ALL_ABOVE: f64 = 0.7;

/// One week of a series that was held back.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Held {
    /// d.
    pub(in super::super) foretold: f64,
    /// e.
    pub(in super::super) came: f64,
}

/// What the half years say: the weeks of each series, with the number of its half year.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Evidence {
    series: Vec<(usize, Vec<Held>)>,
}

impl Evidence {
    /// Adds a series held back in a half year.
    pub(in super::super) fn add(&mut self, half_year: usize, weeks: Vec<Held>) {
        self.series.push((half_year, weeks));
    }
}

fn bounded(share: f64) -> f64 {
    share.clamp(-1.0, 1.0)
}

/// α, its error and w.
pub(in super::super) fn judge(evidence: &Evidence) -> FleetGrowth {
    let mut sums: Vec<(usize, f64, f64)> = Vec::new();
    for (half_year, weeks) in &evidence.series {
        let place = sums.iter().position(|(known, ..)| known == half_year).unwrap_or_else(|| {
            sums.push((*half_year, 0.0, 0.0));
            sums.len() - 1
        });
        for week in weeks {
            let (d, e) = (bounded(week.foretold), bounded(week.came));
            sums[place].1 += d * e;
            sums[place].2 += d * d;
        }
    }
    let (judged, half_years) = (evidence.series.len(), sums.len());
    let foretold: f64 = sums.iter().map(|(.., d)| d).sum();
    let weeks: usize = evidence.series.iter().map(|(_, weeks)| weeks.len()).sum();
    let unknown = FleetGrowth { half_years, judged, ..FleetGrowth::default() };
    if foretold.is_nan() || foretold <= NOTHING * NOTHING * weeks as f64 {
        return unknown;
    }
    let realised = sums.iter().map(|(_, n, _)| n).sum::<f64>() / foretold;
    let (j, n) = (half_years as f64, judged as f64);
    let scatter: f64 = sums.iter().map(|(_, n, d)| (n - realised * d).powi(2)).sum();
    let standard_error = if half_years > 1 { (scatter * j / (j - 1.0)).sqrt() / foretold } else { 0.5 };
    let raw = realised * n / (n + DOUBT) - (standard_error * standard_error + UNKNOWN / j).sqrt();
    let weight = match raw {
        _ if half_years < 2 || raw.is_nan() || raw < NONE_BELOW => 0.0,
        raw if raw > ALL_ABOVE => 1.0,
        raw => raw,
    };
    FleetGrowth { weight, realised, standard_error, ..unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many half years of 60 series, in each of which a share of the growth foretold comes.
    fn judged(shares: &[f64]) -> FleetGrowth {
        let mut evidence = Evidence::default();
        for (half_year, share) in shares.iter().enumerate() {
            for series in 0..60 {
                let foretold = 0.05 + 0.001 * f64::from(series);
                evidence.add(half_year, vec![Held { foretold, came: share * foretold }; 26]);
            }
        }
        judge(&evidence)
    }

    #[test]
    fn growth_that_came_each_time_is_taken_whole_and_its_share_is_told() {
        let growth = judged(&[1.1, 0.9, 1.05, 0.95]);
        assert_eq!(growth.weight, 1.0);
        assert!((growth.realised - 1.0).abs() < 1e-12);
        // By hand: four equal D, deviations ± 0.1 and ± 0.05 of it.
        let by_hand = (2.0 * (0.1_f64.powi(2) + 0.05_f64.powi(2)) * 4.0 / 3.0).sqrt() / 4.0;
        assert!((growth.standard_error - by_hand).abs() < 1e-12, "{}", growth.standard_error);
        assert_eq!((growth.half_years, growth.judged), (4, 240));
    }

    #[test]
    fn growth_that_came_half_the_time_or_once_only_is_not_trusted() {
        assert_eq!(judged(&[1.0, 0.0, 1.0, 0.0]).weight, 0.0);
        assert_eq!(judged(&[1.0]).weight, 0.0);
        assert_eq!(judged(&[0.1, -0.1, 0.0, 0.2]).weight, 0.0);
        let some = judged(&[0.8, 0.7, 0.75, 0.8]).weight;
        assert!((0.25..=0.7).contains(&some), "{some}");
    }

    #[test]
    fn nothing_foretold_teaches_nothing() {
        let mut evidence = Evidence::default();
        evidence.add(0, vec![Held { foretold: 0.0, came: 0.4 }]);
        assert_eq!(judge(&evidence).weight, 0.0);
        let mut small = Evidence::default();
        (0..4).for_each(|half_year| small.add(half_year, vec![Held { foretold: 0.003, came: 0.003 }; 2_600]));
        assert_eq!(judge(&small).weight, 0.0);
        assert_eq!(judge(&Evidence::default()), FleetGrowth::default());
    }
}
