//! The outlook of a box: the facts of the verdict at the head of its page.

use model::{
    Extreme, Forecast, IsoWeek, Limits, OverloadFigures, Part, Quantile, RANKED_WEEKS, RankedOverload, Risk,
};

use crate::box_detail::{BoxDetail, ExtremeForecast};

/// The 90 % range of one week's extreme, beside its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekRange {
    /// The week.
    pub week: IsoWeek,
    /// Minimum or maximum.
    pub extreme: Extreme,
    /// The 5 % quantile, kW.
    pub low_kw: f64,
    /// The 95 % quantile, kW.
    pub high_kw: f64,
    /// The limit on that side, kW; negative for feed-in.
    pub limit_kw: f64,
}

/// What the ranked weeks leave out of the year: the heaviest week that was measured at their time of the year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeftOut {
    /// The week that was measured, within the last year.
    pub week: IsoWeek,
    /// Its heavier extreme.
    pub extreme: Extreme,
    /// That extreme, kW.
    pub kw: f64,
    /// The chance of an overload up to the end of the whole forecast, and that end; none where it ends with the ranked weeks.
    pub indicative: Option<(f64, IsoWeek)>,
}

/// What the forecast says about a box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// The figures of the ranked weeks.
    pub ranked: RankedOverload,
    /// The heaviest week of the likelier extreme.
    pub heaviest: Option<WeekRange>,
    /// What the ranked weeks leave out, where that is heavier than what they hold.
    pub left_out: Option<LeftOut>,
}

/// A load below this share of its limit is not worth a word about a season that is left out.
const WORTH_A_WORD: f64 = 0.5;

impl Outlook {
    /// The outlook of a box; none without a forecast or limits.
    pub fn of(detail: &BoxDetail) -> Option<Self> {
        let limits = detail.limits.as_ref()?;
        let (minimum, maximum) = (detail.minimum.as_ref()?, detail.maximum.as_ref()?);
        let assessment = detail.assessment.as_ref()?;
        let ranked = assessment.ranked.or_else(|| {
            let both = (&assessment.first_week_probability, &assessment.weekly_probability);
            figures_of(minimum, maximum, (both.0.as_slice(), both.1.as_slice()))
        })?;
        let extreme = ranked.likelier();
        let forecast = match extreme {
            Extreme::Min => &minimum.forecast,
            Extreme::Max => &maximum.forecast,
        };
        Some(Self {
            heaviest: range(forecast, extreme, ranked.of(extreme).heaviest_week, limits),
            left_out: left_out([&minimum.forecast, &maximum.forecast], limits, ranked.until).map(|found| {
                LeftOut {
                    indicative: forecast.weeks.last().filter(|last| **last > ranked.until).map(|&last| {
                        (assessment.first_week_probability.iter().sum::<f64>().clamp(0.0, 1.0), last)
                    }),
                    ..found
                }
            }),
            ranked,
        })
    }

    /// Both extremes, the likelier one first.
    pub fn by_chance(&self) -> [Extreme; 2] {
        match self.ranked.likelier() {
            Extreme::Max => [Extreme::Max, Extreme::Min],
            Extreme::Min => [Extreme::Min, Extreme::Max],
        }
    }
}

/// The figures of an assessment that was stored without them.
fn figures_of(
    minimum: &ExtremeForecast,
    maximum: &ExtremeForecast,
    (first_week, weekly): (&[f64], &[f64]),
) -> Option<RankedOverload> {
    let future = maximum.forecast.weeks.get(maximum.forecast.future())?;
    let weeks = &future[..future.len().min(RANKED_WEEKS)];
    let risk = Risk::default();
    let of = |first_week: &[f64], weekly: &[f64]| {
        let (first_week, weekly) = (first_week.get(..weeks.len())?, weekly.get(..weeks.len())?);
        OverloadFigures::of(weeks, first_week, weekly, risk, None)
    };
    let of_extreme = |of_it: &ExtremeForecast| {
        let overload = of_it.overload.as_ref()?;
        of(&overload.first_week, &overload.weekly)
    };
    Some(RankedOverload {
        until: *weeks.last()?,
        risk,
        minimum: of_extreme(minimum)?,
        maximum: of_extreme(maximum)?,
        both: of(first_week, weekly)?,
    })
}

/// The heaviest measured week of the last year at a time of the year that lies after the ranked weeks, if no week at theirs
/// was as heavy.
fn left_out(forecasts: [&Forecast; 2], limits: &Limits, until: IsoWeek) -> Option<LeftOut> {
    const YEAR_WEEKS: i32 = 52;
    let (mut within, mut beyond) = (0.0_f64, None::<(f64, LeftOut)>);
    for (extreme, forecast) in Extreme::ALL.into_iter().zip(forecasts) {
        let first = *forecast.weeks.get(forecast.history)?;
        for (&week, kw) in forecast.weeks.iter().zip(&forecast.observed_kw) {
            let (Some(kw), true) = (*kw, first - week <= YEAR_WEEKS && week < first) else { continue };
            let share = f64::max(kw / limits.import_kw, -kw / limits.feed_in_kw);
            if week.plus(YEAR_WEEKS) <= until {
                within = within.max(share);
            } else if beyond.is_none_or(|(most, _)| share > most) {
                beyond = Some((share, LeftOut { week, extreme, kw, indicative: None }));
            }
        }
    }
    beyond.filter(|(share, _)| *share > within && *share >= WORTH_A_WORD).map(|(_, found)| found)
}

fn range(forecast: &Forecast, extreme: Extreme, week: IsoWeek, limits: &Limits) -> Option<WeekRange> {
    let place = forecast.future().find(|&row| forecast.weeks.get(row) == Some(&week))?;
    let at = |quantile| forecast.part(Part::Total).get(quantile).get(place).copied();
    let (low_kw, high_kw) = (at(Quantile::Q05)?, at(Quantile::Q95)?);
    // The side on which the week is nearer to its limit.
    let import_side = high_kw * limits.feed_in_kw >= -low_kw * limits.import_kw;
    let limit_kw = if import_side { limits.import_kw } else { -limits.feed_in_kw };
    Some(WeekRange { week, extreme, low_kw, high_kw, limit_kw })
}

#[cfg(test)]
mod tests {
    use model::Bands;

    use super::*;

    /// Two years of a level, a summer of another, and half a year ahead.
    fn forecast(level_kw: f64, summer_kw: f64) -> Forecast {
        let first = IsoWeek::from_year_and_number(2024, 48).unwrap();
        let weeks: Vec<IsoWeek> = (0..104 + 27).map(|after| first.plus(after)).collect();
        let kw = |week: &IsoWeek| if (24..=34).contains(&week.number()) { summer_kw } else { level_kw };
        let total = Bands::new(std::array::from_fn(|_| vec![level_kw; weeks.len()])).unwrap();
        Forecast {
            observed_kw: weeks.iter().map(kw).take(104).map(Some).chain([None; 27]).collect(),
            history: 104,
            drift: total.clone(),
            yearly: total.clone(),
            total,
            weeks,
        }
    }

    #[test]
    fn a_summer_beyond_the_half_year_is_named_where_it_is_heavier() {
        let limits = Limits { import_kw: 400.0, feed_in_kw: 400.0 };
        let until = IsoWeek::from_year_and_number(2027, 21).unwrap();
        let found = left_out([&forecast(-20.0, -358.0), &forecast(150.0, 90.0)], &limits, until).unwrap();
        assert_eq!((found.extreme, found.kw), (Extreme::Min, -358.0));
        assert_eq!((found.week.year(), found.week.number()), (2026, 24));
        // The winter, which the half-year holds, is heavier.
        assert_eq!(left_out([&forecast(-20.0, -358.0), &forecast(380.0, 90.0)], &limits, until), None);
        // Neither is near a limit.
        assert_eq!(left_out([&forecast(-20.0, -150.0), &forecast(90.0, 90.0)], &limits, until), None);
    }
}
