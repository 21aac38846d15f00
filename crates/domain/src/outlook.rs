//! The outlook of a box: the facts of the sentence at the head of its page.

use model::{Extreme, Forecast, IsoWeek, Limits, Part, Quantile};

use crate::box_detail::BoxDetail;
use crate::urgency::Urgency;

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

/// What the forecast says about a box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outlook {
    /// The stored bands reach the limit.
    Overload {
        /// The first overloaded week.
        range: WeekRange,
        /// The probability of an overload within the horizon, 0 to 1.
        probability: f64,
        /// The last week of the forecast.
        until: IsoWeek,
    },
    /// The bands stay below the limit.
    Within {
        /// The class.
        urgency: Urgency,
        /// The week of the peak.
        range: WeekRange,
        /// The peak loading, a share of the capacity.
        loading: f64,
        /// The probability of an overload within the horizon, 0 to 1.
        probability: f64,
        /// The last week of the forecast.
        until: IsoWeek,
    },
    /// No assessment.
    None,
}

impl Outlook {
    /// Finds the week to name: the first overloaded one, else that of the peak.
    pub fn of(detail: &BoxDetail) -> Self {
        let (Some(assessment), Some(limits)) = (&detail.assessment, &detail.limits) else {
            return Self::None;
        };
        let (Some(minimum), Some(maximum)) = (&detail.minimum, &detail.maximum) else { return Self::None };
        let Some(&until) = maximum.forecast.weeks.last() else { return Self::None };
        let probability = assessment.overload_probability;
        let of = |extreme| match extreme {
            Extreme::Min => &minimum.forecast,
            Extreme::Max => &maximum.forecast,
        };
        let overload = assessment.overload_week.and_then(|week| {
            [Extreme::Max, Extreme::Min]
                .into_iter()
                .filter_map(|extreme| range(of(extreme), extreme, week, limits))
                .find(|range| limits.reached_by(range.low_kw) || limits.reached_by(range.high_kw))
        });
        if let Some(range) = overload {
            return Self::Overload { range, probability, until };
        }
        let extreme = assessment.peak_extreme;
        match range(of(extreme), extreme, assessment.peak_week, limits) {
            Some(range) => Self::Within {
                urgency: detail.urgency,
                range,
                loading: assessment.peak_loading.fraction(),
                probability,
                until,
            },
            None => Self::None,
        }
    }
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
