//! Why the peak is as high as it is: the steps that lead from today's level to it.

use model::{Extreme, Forecast, IsoWeek, Quantile};

use crate::box_detail::BoxDetail;

/// Weeks in a year of 365.25 days.
const WEEKS_A_YEAR: f64 = 365.25 / 7.0;
/// A crossing further away than this says nothing.
const MAX_CROSSING_YEARS: f64 = 15.0;

/// The peak of a forecast as a sum, kW with sign: the steps add up to [`Self::peak_kw`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeakSteps {
    /// The extreme that sets the peak.
    pub extreme: Extreme,
    /// The week of the peak.
    pub week: IsoWeek,
    /// The last measured week, in which the level is taken.
    pub now: IsoWeek,
    /// The median of the trend in the last week of the history.
    pub level_kw: f64,
    /// By how much that median moves up to the week of the peak.
    pub trend_kw: f64,
    /// The median of the season in the week of the peak.
    pub season_kw: f64,
    /// What is left to the median of the total: what the week inherits from the last weeks' deviation.
    pub inherited_kw: f64,
    /// What accepted proposals add in that week.
    pub added_kw: f64,
    /// From the median of the total to the quantile that is the peak: the margin for 1 in 20.
    pub margin_kw: f64,
    /// The quantile of the total with the largest amount, which the peak loading is stated of.
    pub peak_kw: f64,
    /// The limit on the side of the peak, negative for feed-in; none without a capacity.
    pub limit_kw: Option<f64>,
    /// By how much the level moves a year.
    pub growth_kw_a_year: f64,
    /// When the level alone, without its season, passes the limit.
    pub crossing: LevelCrossing,
}

/// When the level alone passes the limit, at the pace of the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelCrossing {
    /// It is beyond the limit already.
    Already,
    /// From this week on.
    From(IsoWeek),
    /// Not within fifteen years, or it moves away from the limit.
    NotInSight,
}

/// What a step stands for, in the order of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeakStep {
    /// The level of the last measured week.
    Level,
    /// Its movement up to the week of the peak.
    Trend,
    /// The season of that week.
    Season,
    /// What is left of the last weeks' deviation.
    Inherited,
    /// What accepted proposals add; left out where they add nothing.
    Added,
    /// The margin for 1 in 20.
    Margin,
}

/// A step as it is drawn: from where to where, kW, rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundedStep {
    /// What it stands for.
    pub step: PeakStep,
    /// Where it begins.
    pub from_kw: f64,
    /// Where it ends.
    pub to_kw: f64,
}

impl RoundedStep {
    /// Its height with sign.
    pub fn height_kw(&self) -> f64 {
        self.to_kw - self.from_kw
    }
}

impl PeakSteps {
    /// The steps to the peak of a box; nothing without a forecast.
    pub fn of(detail: &BoxDetail) -> Option<Self> {
        let assessment = detail.assessment.as_ref()?;
        let extreme = assessment.peak_extreme;
        let found = match extreme {
            Extreme::Min => detail.minimum.as_ref()?,
            Extreme::Max => detail.maximum.as_ref()?,
        };
        let limit_kw = detail.limits.map(|limits| (limits.import_kw, -limits.feed_in_kw));
        let added_kw = &found.added_kw;
        Self::in_week(&found.forecast, added_kw, (extreme, assessment.peak_week), limit_kw)
    }

    fn in_week(
        forecast: &Forecast,
        added_kw: &[f64],
        (extreme, week): (Extreme, IsoWeek),
        limits_kw: Option<(f64, f64)>,
    ) -> Option<Self> {
        let row = forecast.future().find(|&row| forecast.weeks.get(row) == Some(&week))?;
        let last = forecast.history.checked_sub(1)?;
        let trend = forecast.drift.get(Quantile::Q50);
        let (level_kw, trend_then_kw) = (*trend.get(last)?, *trend.get(row)?);
        let season_kw = *forecast.yearly.get(Quantile::Q50).get(row)?;
        let median_kw = *forecast.total.get(Quantile::Q50).get(row)?;
        let quantiles = Quantile::ALL.map(|quantile| forecast.total.get(quantile).get(row).copied());
        let peak_kw = quantiles.into_iter().flatten().max_by(|a, b| a.abs().total_cmp(&b.abs()))?;
        let limit_kw =
            limits_kw.map(|(import_kw, feed_in_kw)| if peak_kw < 0.0 { feed_in_kw } else { import_kw });
        let end = forecast.weeks.len() - 1;
        let a_week =
            (trend.get(end)? - level_kw) / f64::from(forecast.weeks[end] - forecast.weeks[last]).max(1.0);
        let now = forecast.weeks[last];
        let added_kw = added_kw.get(row - forecast.history).copied().unwrap_or_default();
        Some(Self {
            extreme,
            week,
            now,
            level_kw,
            trend_kw: trend_then_kw - level_kw,
            season_kw,
            inherited_kw: median_kw - trend_then_kw - season_kw - added_kw,
            added_kw,
            margin_kw: peak_kw - median_kw,
            peak_kw,
            limit_kw,
            growth_kw_a_year: a_week * WEEKS_A_YEAR,
            crossing: limit_kw
                .map_or(LevelCrossing::NotInSight, |limit_kw| crossing(level_kw, a_week, limit_kw, now)),
        })
    }

    /// The steps in their order to the given unit, kW. The ends are rounded, not the heights, so that the heights add up
    /// to the rounded peak without a remainder.
    pub fn rounded(&self, unit_kw: f64) -> Vec<RoundedStep> {
        let heights = [
            (PeakStep::Level, self.level_kw),
            (PeakStep::Trend, self.trend_kw),
            (PeakStep::Season, self.season_kw),
            (PeakStep::Inherited, self.inherited_kw),
            (PeakStep::Added, self.added_kw),
            (PeakStep::Margin, self.margin_kw),
        ];
        let drawn = heights.into_iter().filter(|(step, kw)| *step != PeakStep::Added || *kw != 0.0);
        let round = |kw: f64| (kw / unit_kw).round() * unit_kw;
        let (mut reached, mut from_kw) = (0.0, 0.0);
        let rounded = drawn.map(|(step, height)| {
            reached += height;
            let step = RoundedStep { step, from_kw, to_kw: round(reached) };
            from_kw = step.to_kw;
            step
        });
        rounded.collect()
    }
}

fn crossing(level_kw: f64, a_week: f64, limit_kw: f64, now: IsoWeek) -> LevelCrossing {
    let side = limit_kw.signum();
    let room = (limit_kw - level_kw) * side;
    if room <= 0.0 {
        return LevelCrossing::Already;
    }
    let weeks = room / (a_week * side);
    if weeks.is_finite() && weeks > 0.0 && weeks <= MAX_CROSSING_YEARS * WEEKS_A_YEAR {
        // At most some hundreds.
        LevelCrossing::From(now.plus(weeks.ceil() as i32))
    } else {
        LevelCrossing::NotInSight
    }
}

#[cfg(test)]
mod tests {
    use model::gridspark::Gridspark;
    use model::{Observation, Series};

    use super::*;

    fn at(index: i32) -> IsoWeek {
        IsoWeek::from_index(index)
    }

    /// Three years with a season, a trend and scatter, fitted.
    fn fitted() -> Forecast {
        let kw = |week: i32| {
            let season = 60.0 * (f64::from(week) / 52.18 * std::f64::consts::TAU).cos();
            let scatter = f64::from((week * 7_919 + 13) % 1_009) / 100.9 - 5.0;
            200.0 + 0.4 * f64::from(week) + season + scatter
        };
        let rows = (0..156).map(|week| Observation { week: at(2_700 + week), value_kw: Some(kw(week)) });
        let series = Series::new(rows.collect()).unwrap();
        Gridspark::default().fit(&series).unwrap().forecast()
    }

    #[test]
    fn the_steps_are_the_model_s_components_and_add_up_to_its_peak() {
        let forecast = fitted();
        let mut inherited = 0.0_f64;
        for row in forecast.future() {
            let week = forecast.weeks[row];
            let of = (Extreme::Max, week);
            let steps = PeakSteps::in_week(&forecast, &[], of, Some((400.0, -400.0))).unwrap();
            let at = |bands: &model::Bands, quantile, row: usize| bands.get(quantile)[row];
            assert_eq!(steps.level_kw, at(&forecast.drift, Quantile::Q50, forecast.history - 1));
            assert_eq!(steps.trend_kw, at(&forecast.drift, Quantile::Q50, row) - steps.level_kw);
            assert_eq!(steps.season_kw, at(&forecast.yearly, Quantile::Q50, row));
            assert_eq!(steps.peak_kw, at(&forecast.total, Quantile::Q95, row));
            let sum =
                steps.level_kw + steps.trend_kw + steps.season_kw + steps.inherited_kw + steps.margin_kw;
            assert!((sum - steps.peak_kw).abs() < 1e-9, "{steps:?}");
            assert!(steps.margin_kw > 0.0);
            for unit in [1.0, 0.1] {
                let rounded = steps.rounded(unit);
                let sum: f64 = rounded.iter().map(RoundedStep::height_kw).sum();
                assert!((sum - rounded[4].to_kw).abs() < 1e-9);
                assert!((rounded[4].to_kw - steps.peak_kw).abs() <= 0.5 * unit + 1e-9);
                assert!(rounded.windows(2).all(|pair| pair[0].to_kw == pair[1].from_kw));
            }
            inherited = inherited.max(steps.inherited_kw.abs());
        }
        assert!(inherited < 15.0, "what is left beside level, trend and season is small: {inherited}");
    }

    #[test]
    fn what_accepted_proposals_add_is_a_step_of_its_own() {
        let plain = fitted();
        let added: Vec<f64> = (0..plain.future().len()).map(|ahead| 10.0 + ahead as f64).collect();
        let forecast = plain.clone().with_added(&added);
        let of = (Extreme::Max, plain.weeks[plain.history + 3]);
        let before = PeakSteps::in_week(&plain, &[], of, None).unwrap();
        let after = PeakSteps::in_week(&forecast, &added, of, None).unwrap();
        assert_eq!(after.added_kw, 13.0);
        assert!((after.inherited_kw - before.inherited_kw).abs() < 1e-9);
        assert!((after.peak_kw - before.peak_kw - 13.0).abs() < 1e-9);
        let steps = |steps: &PeakSteps| steps.rounded(0.1).iter().map(|drawn| drawn.step).collect::<Vec<_>>();
        assert_eq!((steps(&before).len(), steps(&after).len()), (5, 6));
        assert_eq!(steps(&after)[4], PeakStep::Added);
        assert!((after.rounded(0.1)[5].to_kw - after.peak_kw).abs() <= 0.05 + 1e-9);
    }

    #[test]
    fn the_level_grows_as_the_series_does_and_crosses_the_limit_in_time() {
        let forecast = fitted();
        let week = forecast.weeks[forecast.history + 3];
        let of = (Extreme::Max, week);
        let steps = PeakSteps::in_week(&forecast, &[], of, Some((400.0, -400.0))).unwrap();
        assert!((steps.growth_kw_a_year - 0.4 * 52.18).abs() < 12.0, "{steps:?}");
        // 262 kW at the end of the history.
        let LevelCrossing::From(from) = steps.crossing else { panic!("{steps:?}") };
        let years = (400.0 - steps.level_kw) / steps.growth_kw_a_year;
        assert!((f64::from(from - steps.now) / 52.18 - years).abs() < 0.05);
    }

    #[test]
    fn a_crossing_lies_on_the_side_of_the_limit() {
        let from = |level_kw, a_week, limit_kw| crossing(level_kw, a_week, limit_kw, at(100));
        assert_eq!(from(410.0, -1.0, 400.0), LevelCrossing::Already);
        assert_eq!(from(390.0, 1.0, 400.0), LevelCrossing::From(at(110)));
        assert_eq!(from(390.0, -1.0, 400.0), LevelCrossing::NotInSight);
        assert_eq!(from(-390.0, -1.0, -400.0), LevelCrossing::From(at(110)));
        assert_eq!(from(-390.0, 1.0, -400.0), LevelCrossing::NotInSight);
        assert_eq!(from(0.0, 0.001, 400.0), LevelCrossing::NotInSight);
        assert_eq!(from(0.0, 0.0, 400.0), LevelCrossing::NotInSight);
    }
}
