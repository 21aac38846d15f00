//! What was put into the data on purpose, for judging how well it is found again.

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
    /// Where it stands, and so which weather it shares.
    pub area: Area,
    /// Who is connected.
    pub customers: Customers,
    /// How much of the capacity it was made to need, batteries and the inverters' limits left aside.
    pub stress: Stress,
    /// The transformer's rating in kVA, also where the register has none.
    pub capacity_kva: f64,
    /// Whether the register says that station and box are in service.
    pub in_service: bool,
    /// First local day with readings; none when the box never reports.
    pub first_day: Option<NaiveDate>,
    /// First local day after the readings.
    pub end_day: NaiveDate,
    /// The local day on which the transformer was connected, when the box had idled before.
    pub idle_until: Option<NaiveDate>,
    /// Installed solar power at the beginning and at the end of the time span, kWp.
    pub solar_kwp: [f64; 2],
    /// Peak power of charging vehicles at the beginning and at the end, kW.
    pub vehicles_kw: [f64; 2],
    /// Power of the heat pumps at −5 °C at the beginning and at the end, kW.
    pub heat_pumps_kw: [f64; 2],
    /// Times during which a neighbour carried this box's load, or this box its neighbour's.
    pub bypasses: Vec<Bypassed>,
    /// Single false readings.
    pub outliers: Vec<Outlier>,
    /// Spans of a day or more without readings.
    pub gaps: Vec<Span>,
    /// Quarter-hours without a reading between first and last day, those in `gaps` included.
    pub missing_quarter_hours: usize,
    /// Largest |kW| / kVA of the history without bypasses and outliers (in an exponential network a draw of the
    /// quick weekly model, as if the box had never idled).
    pub peak_loading_history: f64,
    /// The same over the 26 weeks after the history: what a forecast tries to foresee.
    pub peak_loading_ahead: f64,
    /// The first of these weeks in which it exceeds 1.
    pub overload_week: Option<IsoWeek>,
    /// What grew, in a mixed network; in an exponential one the field is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthTruth>,
}

/// A span of time, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First instant.
    pub from: DateTime<Utc>,
    /// First instant after it.
    pub until: DateTime<Utc>,
}

/// A temporary bypass between neighbours, seen from one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bypassed {
    /// When.
    #[serde(flatten)]
    pub span: Span,
    /// Whether this box gave its load away or took it over.
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

/// A false reading.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outlier {
    /// Start of the quarter-hour.
    pub at: DateTime<Utc>,
    /// What the meter reported, kW.
    pub value_kw: f64,
}
