//! The outlook of a box: the facts of the verdict at the head of its page.

use model::{Extreme, IsoWeek, Limits, OverloadFigures, Part, Quantile, RANKED_WEEKS, RankedOverload, Risk};

use crate::box_detail::{BoxDetail, ExtremeForecast, SpecialWeeks};

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
    /// The limit that this extreme may pass, kW: of feed-in, and negative, for the minimum.
    pub limit_kw: f64,
}

/// What the ranked weeks leave out of the year: the heaviest week of one direction that was measured at another time of the
/// year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeftOut {
    /// The week that was measured, within the last year.
    pub week: IsoWeek,
    /// The extreme of that direction.
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
    /// The heaviest week of either direction, and the extreme that makes it so.
    pub heaviest: Option<WeekRange>,
    /// What the ranked weeks leave out, where that is heavier than what they hold of the same direction.
    pub left_out: Option<LeftOut>,
    /// Where that tells nothing, but the chance up to the end of the whole forecast is clearly higher: that chance, and that
    /// end.
    pub later: Option<(f64, IsoWeek)>,
}

/// A chance that is this much higher by the end of the whole forecast is worth a word.
const CLEAR_RISE: f64 = 0.05;

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
        let last = maximum.forecast.weeks.last().copied();
        let indicative = last
            .filter(|last| *last > ranked.until)
            .map(|last| (assessment.first_week_probability.iter().sum::<f64>().clamp(0.0, 1.0), last));
        let left_out = left_out([minimum, maximum], &detail.special_weeks, limits, ranked.until)
            .map(|found| LeftOut { indicative, ..found });
        let rises = |(chance, _): &(f64, IsoWeek)| *chance >= ranked.both.probability + CLEAR_RISE;
        Some(Self {
            heaviest: heaviest([minimum, maximum], &ranked, limits),
            later: indicative.filter(rises).filter(|_| left_out.is_none()),
            left_out,
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
        likeliest_first_extreme: None,
        headroom: None,
    })
}

/// The heaviest measured week of the last year at a time of the year that lies after the ranked weeks, if no week at theirs
/// was as heavy in the same direction. What the fit takes for less than it was, or leaves out, is no season.
fn left_out(
    forecasts: [&ExtremeForecast; 2],
    special: &SpecialWeeks,
    limits: &Limits,
    until: IsoWeek,
) -> Option<LeftOut> {
    const YEAR_WEEKS: i32 = 52;
    /// Weeks just before the first one are of the season that the forecast begins in.
    const BORDER_WEEKS: i32 = 8;
    let mut heaviest = None::<(f64, LeftOut)>;
    for (extreme, of) in Extreme::ALL.into_iter().zip(forecasts) {
        let forecast = &of.forecast;
        let first = *forecast.weeks.get(forecast.history)?;
        let outliers = of.forecast_basis.as_ref().map_or(&[][..], |basis| &basis.outliers);
        let is_taken_as_it_is = |week: IsoWeek| {
            !outliers.contains(&week) && !special.left_out.iter().any(|span| span.contains(week))
        };
        let (mut within, mut beyond) = (0.0_f64, None::<(f64, LeftOut)>);
        for (&week, kw) in forecast.weeks.iter().zip(&forecast.observed_kw) {
            let is_recent = first - week <= YEAR_WEEKS && week < first;
            let Some(kw) = kw.filter(|_| is_recent && is_taken_as_it_is(week)) else { continue };
            let share = kw / limit_of(extreme, limits);
            if week.plus(YEAR_WEEKS) <= until || first - week <= BORDER_WEEKS {
                within = within.max(share);
            } else if beyond.is_none_or(|(most, _)| share > most) {
                beyond = Some((share, LeftOut { week, extreme, kw, indicative: None }));
            }
        }
        let found = beyond.filter(|(share, _)| *share > within && *share >= WORTH_A_WORD);
        heaviest = match (heaviest, found) {
            (Some(one), Some(other)) if other.0 <= one.0 => Some(one),
            (one, other) => other.or(one),
        };
    }
    heaviest.map(|(_, found)| found)
}

/// The limit that an extreme may pass, kW.
fn limit_of(extreme: Extreme, limits: &Limits) -> f64 {
    match extreme {
        Extreme::Min => -limits.feed_in_kw,
        Extreme::Max => limits.import_kw,
    }
}

/// The range of the heaviest week, of the extreme that is likelier to be overloaded in it.
fn heaviest(
    [minimum, maximum]: [&ExtremeForecast; 2],
    ranked: &RankedOverload,
    limits: &Limits,
) -> Option<WeekRange> {
    let week = ranked.both.heaviest_week;
    let chance = |of: &ExtremeForecast| {
        let place = of.forecast.future().position(|row| of.forecast.weeks.get(row) == Some(&week))?;
        of.overload.as_ref()?.weekly.get(place).copied()
    };
    let extreme = match (chance(minimum), chance(maximum)) {
        (Some(feed_in), Some(import)) if feed_in > import => Extreme::Min,
        (Some(feed_in), Some(import)) if feed_in < import => Extreme::Max,
        _ => ranked.likelier(),
    };
    let forecast = match extreme {
        Extreme::Min => &minimum.forecast,
        Extreme::Max => &maximum.forecast,
    };
    let row = forecast.future().find(|&row| forecast.weeks.get(row) == Some(&week))?;
    let at = |quantile| forecast.part(Part::Total).get(quantile).get(row).copied();
    let (low_kw, high_kw) = (at(Quantile::Q05)?, at(Quantile::Q95)?);
    Some(WeekRange { week, extreme, low_kw, high_kw, limit_kw: limit_of(extreme, limits) })
}

#[cfg(test)]
mod tests {
    use model::gridspark::Basis;
    use model::{Bands, Forecast, Overload};

    use super::*;
    use crate::box_detail::ForecastBasis;
    use crate::week_span::WeekSpan;

    const LIMITS: Limits = Limits { import_kw: 400.0, feed_in_kw: 400.0 };

    fn week(year: i32, number: u32) -> IsoWeek {
        IsoWeek::from_year_and_number(year, number).unwrap()
    }

    /// Two years of a level, a summer of another, and half a year ahead.
    fn forecast(level_kw: f64, summer_kw: f64) -> ExtremeForecast {
        let first = week(2024, 48);
        let weeks: Vec<IsoWeek> = (0..104 + 27).map(|after| first.plus(after)).collect();
        let kw = |week: &IsoWeek| if (24..=34).contains(&week.number()) { summer_kw } else { level_kw };
        let total =
            Bands::new([-50.0, -20.0, 0.0, 20.0, 50.0].map(|width| vec![level_kw + width; weeks.len()]));
        let total = total.unwrap();
        let forecast = Forecast {
            observed_kw: weeks.iter().map(kw).take(104).map(Some).chain([None; 27]).collect(),
            history: 104,
            drift: total.clone(),
            yearly: total.clone(),
            total,
            weeks,
        };
        ExtremeForecast { forecast, overload: None, forecast_basis: None, added_kw: Vec::new() }
    }

    fn with_outlier(forecast: ExtremeForecast, outlier: IsoWeek) -> ExtremeForecast {
        let forecast_basis = ForecastBasis {
            basis: Basis::OwnHistory,
            training_first: None,
            training_last: None,
            training_weeks: 104,
            outliers: vec![outlier],
            autocorrelated_share: 0.0,
            autocorrelation: 0.0,
            growth: None,
        };
        ExtremeForecast { forecast_basis: Some(forecast_basis), ..forecast }
    }

    fn found(
        minimum: &ExtremeForecast,
        maximum: &ExtremeForecast,
        special: &SpecialWeeks,
    ) -> Option<LeftOut> {
        left_out([minimum, maximum], special, &LIMITS, week(2027, 21))
    }

    #[test]
    fn a_summer_beyond_the_half_year_is_named_where_it_is_heavier() {
        let none = SpecialWeeks::default();
        let summer = found(&forecast(-20.0, -358.0), &forecast(150.0, 90.0), &none).unwrap();
        assert_eq!((summer.extreme, summer.kw), (Extreme::Min, -358.0));
        assert_eq!((summer.week.year(), summer.week.number()), (2026, 24));
        // Neither is near a limit.
        assert_eq!(found(&forecast(-20.0, -150.0), &forecast(90.0, 90.0), &none), None);
        // The half-year holds as much feed-in.
        assert_eq!(found(&forecast(-370.0, -358.0), &forecast(90.0, 90.0), &none), None);
    }

    #[test]
    fn a_winter_of_import_does_not_hide_a_summer_of_feed_in() {
        let (minimum, maximum) = (forecast(-20.0, -358.0), forecast(428.0, 90.0));
        let summer = found(&minimum, &maximum, &SpecialWeeks::default()).unwrap();
        assert_eq!((summer.extreme, summer.kw), (Extreme::Min, -358.0));
    }

    #[test]
    fn a_week_just_before_the_forecast_is_of_the_season_that_it_begins_in() {
        let (none, last) = (SpecialWeeks::default(), week(2026, 47));
        let mut maximum = forecast(150.0, 90.0);
        let row = maximum.forecast.weeks.iter().position(|week| *week == last).unwrap();
        maximum.forecast.observed_kw[row] = Some(655.0);
        assert_eq!(found(&forecast(-20.0, -20.0), &maximum, &none), None);
    }

    #[test]
    fn a_suspected_fault_is_no_season() {
        let (none, spike) = (SpecialWeeks::default(), week(2026, 38));
        let mut maximum = forecast(150.0, 90.0);
        let row = maximum.forecast.weeks.iter().position(|week| *week == spike).unwrap();
        maximum.forecast.observed_kw[row] = Some(2_270.0);
        let calm = forecast(-20.0, -20.0);
        assert_eq!(found(&calm, &maximum, &none).map(|found| found.week), Some(spike));
        assert_eq!(found(&calm, &with_outlier(maximum.clone(), spike), &none), None, "it is doubted");
        let left_out = SpecialWeeks { left_out: vec![WeekSpan::new(spike, spike)], ..none };
        assert_eq!(found(&calm, &maximum, &left_out), None, "a planner left it out");
    }

    #[test]
    fn the_range_is_of_the_heaviest_week_and_beside_the_limit_of_its_own_direction() {
        let with_chances = |forecast: ExtremeForecast, at: usize, chance: f64| {
            let mut weekly = vec![0.01; 27];
            weekly[at] = chance;
            let overload = Overload {
                weekly_import: weekly.clone(),
                weekly_feed_in: weekly.clone(),
                first_week: weekly.clone(),
                any_week: chance,
                any_week_standard_error: 0.0,
                weekly,
            };
            ExtremeForecast { overload: Some(overload), ..forecast }
        };
        // The minimum may be a load of import's size: its limit is that of feed-in all the same.
        let minimum = with_chances(forecast(10.0, 10.0), 20, 0.3);
        let maximum = with_chances(forecast(200.0, 200.0), 3, 0.2);
        let weeks = &maximum.forecast.weeks[104..];
        let figures = |chances: &ExtremeForecast| {
            let weekly = &chances.overload.as_ref().unwrap().weekly;
            OverloadFigures::of(weeks, weekly, weekly, Risk::default(), None).unwrap()
        };
        let (feed_in, import) = (figures(&minimum), figures(&maximum));
        let ranked = RankedOverload {
            until: weeks[26],
            risk: Risk::default(),
            minimum: feed_in,
            // Likelier over the half-year, but not in the heaviest week.
            maximum: OverloadFigures { probability: 0.9, ..import },
            both: feed_in,
            likeliest_first_extreme: None,
            headroom: None,
        };
        let range = heaviest([&minimum, &maximum], &ranked, &LIMITS).unwrap();
        assert_eq!((range.week, range.extreme), (weeks[20], Extreme::Min));
        assert_eq!((range.low_kw, range.high_kw, range.limit_kw), (-40.0, 60.0, -400.0));
    }
}
