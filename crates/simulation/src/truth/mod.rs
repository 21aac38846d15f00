//! The ground truth of the simulated data, for evaluating detection and forecasts.

mod future;
pub(crate) mod growth;

pub use future::{FirstOverload, Future};
pub use growth::{BatteryTruth, GrowthTruth, Installed, TechnologyTruth};

use chrono::{DateTime, NaiveDate, Utc};
use model::{BoxId, IsoWeek};
use serde::Serialize;

use crate::{Area, Customers, Stress};

/// The truth about one box; `truth.json` is a list of these, by box number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Truth {
    /// The box.
    pub box_id: BoxId,
    /// Its number in the simulation, from 0.
    pub number: usize,
    /// Its area, whose weather it shares.
    pub area: Area,
    /// The dominant customer type.
    pub customers: Customers,
    /// The peak loading it was scaled to, before batteries and curtailment.
    pub stress: Stress,
    /// The transformer's rating in kVA, also where the register has none.
    pub capacity_kva: f64,
    /// Whether station and box are registered as in service.
    pub in_service: bool,
    /// First local day with readings; None if the box never reports.
    pub first_day: Option<NaiveDate>,
    /// First local day after the readings.
    pub end_day: NaiveDate,
    /// The local day on which the transformer was connected, if it had idled before.
    pub idle_until: Option<NaiveDate>,
    /// Installed solar power at the beginning and at the end of the time span, kWp.
    pub solar_kwp: [f64; 2],
    /// Peak power of charging vehicles at the beginning and at the end, kW.
    pub vehicles_kw: [f64; 2],
    /// Power of the heat pumps at −5 °C at the beginning and at the end, kW.
    pub heat_pumps_kw: [f64; 2],
    /// Bypasses between this box and its neighbour.
    pub bypasses: Vec<Bypassed>,
    /// Outliers.
    pub outliers: Vec<Outlier>,
    /// Spans of a day or more without readings.
    pub gaps: Vec<Span>,
    /// Quarter-hours without a reading between first and last day, including those in `gaps`.
    pub missing_quarter_hours: usize,
    /// Largest |kW| / kVA in the history without bypasses and outliers (in an exponential network
    /// from the fast weekly model, without idling).
    pub peak_loading_history: f64,
    /// The same over the 26 weeks after the history, which a forecast tries to predict.
    pub peak_loading_ahead: f64,
    /// The first of these weeks with a loading above 1.
    pub overload_week: Option<IsoWeek>,
    /// Growth in a mixed network; absent in an exponential one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthTruth>,
}

/// A half-open time span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after the span.
    pub until: DateTime<Utc>,
}

/// A temporary bypass between neighbours, seen from one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bypassed {
    /// Its time span.
    #[serde(flatten)]
    pub span: Span,
    /// Whether this box was relieved of its load or carried its neighbour's.
    pub role: Role,
    /// The neighbour.
    pub neighbour: BoxId,
}

/// The two sides of a bypass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The load falls to nearly zero.
    Relieved,
    /// The load rises by that of the neighbour.
    Carrying,
}

/// A reading unrelated to the load.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outlier {
    /// Start of the quarter-hour.
    pub at: DateTime<Utc>,
    /// Reported value, kW.
    pub value_kw: f64,
}
