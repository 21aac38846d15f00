//! The distribution of single weeks: drift, season and total as mixtures over autocorrelation, noise and
//! size.

use super::basis;
use super::design::{Design, Regime};
use super::future_noise::POINTS;
use super::grid_point::{Form, GridPoint};
use super::solution::{Branch, Mixture};
use crate::additive::{COEFFICIENTS, Row};
use crate::lanes::{LANES, Lanes};
use crate::mixture::Component;
use crate::scale::ValueScale;
use crate::{IsoWeek, Part};

/// Points whose share of the posterior is below this are left out.
const NEGLIGIBLE: f64 = 1e-7;

/// All weeks of a mixture, one after the other.
pub(super) struct Outlook<'a> {
    mixture: &'a Mixture,
    /// By regime.
    factors: Vec<[(f64, f64); POINTS]>,
    grid_points: Vec<Points<'a>>,
}

/// Up to four points of a grid point's measure of σ side by side; unused lanes have no weight.
struct Points<'a> {
    grid_point: &'a GridPoint,
    scale: ValueScale,
    regime: usize,
    weight: Lanes,
    variance: Lanes,
    mean: [Lanes; COEFFICIENTS],
    spread: [Lanes; COEFFICIENTS],
}

impl<'a> Points<'a> {
    /// A grid point's points, four a block.
    fn of(branch: &'a Branch) -> impl Iterator<Item = Self> {
        let Branch { grid_point, scale, regime } = branch;
        let points: Vec<_> = grid_point.conditionals().filter(|given| given.weight > NEGLIGIBLE).collect();
        let blocks = points.len().div_ceil(LANES);
        (0..blocks).map(move |block| {
            let points = &points[block * LANES..points.len().min((block + 1) * LANES)];
            let lanes = |f: &dyn Fn(usize) -> f64| {
                Lanes(std::array::from_fn(|lane| if lane < points.len() { f(lane) } else { 0.0 }))
            };
            Self {
                grid_point,
                scale: *scale,
                regime: *regime,
                weight: lanes(&|lane| points[lane].weight),
                variance: lanes(&|lane| points[lane].variance),
                mean: std::array::from_fn(|j| lanes(&|lane| points[lane].mean[j])),
                spread: std::array::from_fn(|j| lanes(&|lane| points[lane].spread[j])),
            }
        })
    }

    /// Mean and variance of a form at each point.
    #[inline]
    fn moments(&self, form: &Form) -> (Lanes, Lanes) {
        let (mut mean, mut variance) = (Lanes::splat(form.constant), Lanes::ZERO);
        for j in 0..COEFFICIENTS {
            let gradient = form.gradient[j];
            mean += self.mean[j] * gradient;
            variance += self.spread[j] * (gradient * gradient);
        }
        (mean, variance)
    }

    /// Appends scaled distributions in kW, each with a share of its point's weight; the season has no offset.
    #[inline]
    fn push(&self, part: Part, share: f64, mean: Lanes, variance: Lanes, into: &mut Vec<Component>) {
        let offset_kw = if part == Part::Yearly { 0.0 } else { self.scale.offset_kw };
        let (mean, sd) = (mean * self.scale.unit_kw + offset_kw, variance.sqrt() * self.scale.unit_kw);
        for lane in 0..LANES {
            if self.weight.0[lane] > 0.0 {
                let sd = sd.0[lane].max(f64::MIN_POSITIVE);
                into.push(Component { weight: share * self.weight.0[lane], mean: mean.0[lane], sd });
            }
        }
    }
}

impl<'a> Outlook<'a> {
    /// The points of all grid points.
    pub(super) fn new(mixture: &'a Mixture) -> Self {
        let grid_points = mixture.branches.iter().flat_map(Points::of).collect();
        let factors = mixture.regimes.iter().map(|regime| regime.future_noise.factors()).collect();
        Self { mixture, factors, grid_points }
    }

    /// Drift, yearly and total of a week in kW, in the order of [`Part::ALL`].
    ///
    /// A past week is unconditional on its neighbours; a future one is conditional on the autoregressive
    /// state at the end of the history, and its noise has the spread of the mixture's
    /// [`FutureNoise`](super::FutureNoise).
    pub(super) fn parts(&self, week: IsoWeek, is_future: bool, parts: &mut [Vec<Component>; 3]) {
        let (base, lead) = self.place(week);
        let [into_drift, into_yearly, into_total] = parts;
        for into in [&mut *into_drift, &mut *into_yearly, &mut *into_total] {
            into.clear();
        }
        let rows: Vec<([Row; 2], Scatter)> = self
            .mixture
            .regimes
            .iter()
            .map(|regime| (drift_and_yearly(&regime.design, &base), Scatter::of(regime, &base)))
            .collect();
        for points in &self.grid_points {
            let ([drift_row, yearly_row], scatter) = &rows[points.regime];
            let (drift, yearly) = (points.grid_point.form(drift_row), points.grid_point.form(yearly_row));
            let (mean, variance) = points.moments(&drift);
            points.push(Part::Drift, 1.0, mean, variance, into_drift);
            let (mean, variance) = points.moments(&yearly);
            points.push(Part::Yearly, 1.0, mean, variance, into_yearly);
            let form = drift.plus(&yearly);
            if is_future {
                points.push_future(&form, lead, scatter, &self.factors[points.regime], into_total);
            } else {
                let (mean, variance) = points.moments(&form);
                points.push(
                    Part::Total,
                    1.0,
                    mean,
                    variance + points.variance * scatter.relative,
                    into_total,
                );
            }
        }
    }

    /// The total of a future week alone.
    pub(super) fn future_total(&self, week: IsoWeek, into: &mut Vec<Component>) {
        let (base, lead) = self.place(week);
        into.clear();
        let rows: Vec<(Row, Scatter)> = self
            .mixture
            .regimes
            .iter()
            .map(|regime| (regime.design.row(&base), Scatter::of(regime, &base)))
            .collect();
        for points in &self.grid_points {
            let (row, scatter) = &rows[points.regime];
            let form = points.grid_point.form(row);
            points.push_future(&form, lead, scatter, &self.factors[points.regime], into);
        }
    }

    /// A week in time, and its distance from the last observed week.
    fn place(&self, week: IsoWeek) -> (Row, i32) {
        (basis::row(week, self.mixture.last), week - self.mixture.last)
    }
}

/// A future week under one regime: its mean in kW, and variances in kW² by where they come from.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Summary {
    pub(super) mean_kw: f64,
    /// Of what is known of coefficients, autocorrelation and σ.
    pub(super) known: f64,
    /// Of the noise, were it as that of the past.
    pub(super) noise: f64,
    /// Of growth that changes by a standard deviation after the training window.
    pub(super) changes: f64,
}

impl Outlook<'_> {
    /// A future week under each regime; nothing but zeros for one without any share.
    pub(super) fn summaries(&self, week: IsoWeek) -> Vec<Summary> {
        let (base, lead) = self.place(week);
        let regimes = self.mixture.regimes.iter();
        let rows: Vec<(Row, f64)> =
            regimes.map(|regime| (regime.design.row(&base), regime.profile.at(&base))).collect();
        let mut sums = vec![(0.0, 0.0, Summary::default()); rows.len()];
        for points in &self.grid_points {
            let (row, relative) = &rows[points.regime];
            let form = points.grid_point.with_autocorrelation(&points.grid_point.form(row), lead, *relative);
            let noise = (points.grid_point.autocorrelated_variance(lead)
                + points.grid_point.independent_variance())
                * relative;
            let (mean, variance) = points.moments(&form);
            let (weight, square, sum) = &mut sums[points.regime];
            for lane in 0..LANES {
                let (share, scale) = (points.weight.0[lane], points.scale);
                let mean_kw = scale.kw(mean.0[lane]);
                let unit = scale.unit_kw * scale.unit_kw;
                *weight += share;
                *square += share * mean_kw * mean_kw;
                sum.mean_kw += share * mean_kw;
                sum.known += share * variance.0[lane] * unit;
                sum.noise += share * points.variance.0[lane] * noise * unit;
            }
        }
        let unit = self.grid_points.first().map_or(0.0, |points| points.scale.unit_kw.powi(2));
        sums.into_iter()
            .zip(&self.mixture.regimes)
            .map(|((weight, square, sum), regime)| {
                if weight <= 0.0 {
                    return Summary::default();
                }
                let mean_kw = sum.mean_kw / weight;
                Summary {
                    mean_kw,
                    known: sum.known / weight + (square / weight - mean_kw * mean_kw).max(0.0),
                    noise: sum.noise / weight,
                    changes: unit * regime.design.changed_growth(&base).iter().map(|by| by * by).sum::<f64>(),
                }
            })
            .collect()
    }
}

/// What is not explained of a week under a regime.
struct Scatter {
    /// D.
    relative: f64,
    /// The variance by growth that changes after the training window, in scaled units.
    changes: f64,
}

impl Scatter {
    fn of(regime: &Regime, base: &Row) -> Self {
        let changes = regime.changes(base).iter().map(|by| by * by).sum();
        Self { relative: regime.profile.at(base), changes }
    }
}

/// The rows of drift and season: what the level and its growth are, and what is left of the whole.
fn drift_and_yearly(design: &Design, base: &Row) -> [Row; 2] {
    let (whole, drift) = (design.row(base), design.drift(base));
    [drift, std::array::from_fn(|i| whole[i] - drift[i])]
}

impl Points<'_> {
    fn push_future(
        &self,
        form: &Form,
        lead: i32,
        &Scatter { relative, changes }: &Scatter,
        factors: &[(f64, f64)],
        into: &mut Vec<Component>,
    ) {
        let noise = (self.grid_point.autocorrelated_variance(lead) + self.grid_point.independent_variance())
            * relative;
        let (mean, variance) = self.moments(&self.grid_point.with_autocorrelation(form, lead, relative));
        for &(factor, probability) in factors {
            let variance = variance + self.variance * (factor * noise) + Lanes::splat(changes);
            self.push(Part::Total, probability, mean, variance, into);
        }
    }
}
