//! What a question is answered with.

use serde::{Deserialize, Serialize};

use crate::{Assessment, Forecast, IsoWeek, Limits, Overload};

/// The forecast of both extremes under a question's assumptions.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The bands of the weekly minimum.
    pub minimum: Forecast,
    /// The bands of the weekly maximum.
    pub maximum: Forecast,
    /// The overload probabilities of the minimum.
    pub minimum_overload: Overload,
    /// The overload probabilities of the maximum.
    pub maximum_overload: Overload,
    /// Both together.
    pub assessment: Assessment,
    /// The same without any question: the transformer as it is.
    pub unasked: Assessment,
    /// The limits that the probabilities are of.
    pub limits: Limits,
    /// What was added to the minimum of each future week, kW.
    pub added_to_minimum_kw: Vec<f64>,
    /// What was added to the maximum of each future week, kW.
    pub added_to_maximum_kw: Vec<f64>,
    /// Weeks that were to be left out but have no value in either series, ascending.
    pub not_found: Vec<IsoWeek>,
}

/// What the question changed.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Difference {
    /// The change of P(overload in any future week).
    pub overload_probability: f64,
    /// The change of the peak loading, as a fraction of the capacity (the question's and the transformer's
    /// own).
    pub peak_loading: f64,
    /// The change of the overload week, in weeks; nothing unless both have one.
    pub overload_weeks_later: Option<i32>,
}

impl Answer {
    /// What the question changed.
    #[must_use]
    pub fn difference(&self) -> Difference {
        let (now, before) = (&self.assessment, &self.unasked);
        Difference {
            overload_probability: now.overload_probability - before.overload_probability,
            peak_loading: now.peak_loading.fraction() - before.peak_loading.fraction(),
            overload_weeks_later: now
                .overload_week
                .zip(before.overload_week)
                .map(|(now, before)| now - before),
        }
    }
}
