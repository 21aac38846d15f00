//! Everything about one box.

use chrono::{DateTime, Utc};
use model::{
    Assessment, BoxId, Exceedance, Flag, Forecast, IsoWeek, Limits, Overload, WeekExtremes, gridspark::Basis,
    switching::Findings,
};
use serde::{Deserialize, Serialize};

use crate::actions::Action;
use crate::advice::RatingAdvice;
use crate::implausible::ImplausibleReadings;
use crate::neighbours::Neighbour;
use crate::urgency::Urgency;
use crate::week_span::WeekSpan;

/// What is known of the station; fields that the source lacks are empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// The network operator's number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What it does in the network.
    pub function: String,
    /// Sub-service area.
    pub area: String,
    /// Region of network automation.
    pub region: String,
    /// Street.
    pub street: String,
    /// House number with its addition.
    pub house_number: String,
    /// Postcode.
    pub postcode: String,
    /// Town.
    pub town: String,
    /// Municipality.
    pub municipality: String,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// The tap position as set.
    pub tap_position: String,
}

/// The forecast of one extreme with its overload probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtremeForecast {
    /// Observed weeks and bands, history and future.
    pub forecast: Forecast,
    /// Probabilities over the future weeks; none without a capacity.
    pub overload: Option<Overload>,
    /// What the forecast is based on; `None` for the source system's model.
    #[serde(rename = "footing")]
    pub forecast_basis: Option<ForecastBasis>,
    /// What accepted proposals add to each future week of the forecast, kW; empty where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added_kw: Vec<f64>,
}

/// How good the box's data are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DataQuality {
    /// First week with readings.
    pub first_week: Option<IsoWeek>,
    /// Last complete week with readings.
    pub last_week: Option<IsoWeek>,
    /// Weeks with readings.
    pub weeks: u32,
    /// Readings over readings expected in those weeks, 0 to 1.
    pub completeness: f64,
    /// Weeks that came in as their extremes, without readings.
    #[serde(default)]
    pub imported_weeks: u32,
    /// Readings that were not counted, as they lie beyond five times the capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implausible: Option<ImplausibleReadings>,
    /// Idle weeks at the start, which are left out of the fit.
    pub idle_weeks: u32,
    /// Weeks without data between the first and the last.
    #[serde(with = "crate::week_span::from_to")]
    pub gaps: Vec<WeekSpan>,
}

/// A planner's decision on some weeks: leave them out of the fit, or keep them whatever was
/// detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekDecision {
    /// The first of the weeks.
    pub first_week: IsoWeek,
    /// The last of the weeks.
    pub last_week: IsoWeek,
    /// Whether they are left out.
    pub left_out: bool,
}

impl WeekDecision {
    /// A decision on a span of weeks.
    pub fn new(span: WeekSpan, left_out: bool) -> Self {
        Self { first_week: span.first, last_week: span.last, left_out }
    }

    /// The weeks.
    pub fn span(&self) -> WeekSpan {
        WeekSpan::new(self.first_week, self.last_week)
    }
}

/// Weeks that are treated specially in the fit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SpecialWeeks {
    /// Bypass switchings and level shifts found by the newest assessment.
    pub findings: Findings,
    /// What planners decided.
    pub decisions: Vec<WeekDecision>,
    /// Weeks left out of the fit: found and not overruled, or left out by a planner.
    pub left_out: Vec<WeekSpan>,
}

/// What the forecast of one extreme is based on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastBasis {
    /// The box's own history, or what it borrows from the fleet.
    pub basis: Basis,
    /// The first training week; none without a history.
    pub training_first: Option<IsoWeek>,
    /// The last training week.
    pub training_last: Option<IsoWeek>,
    /// How many training weeks have a value.
    pub training_weeks: usize,
    /// Weeks whose values were winsorised as outliers.
    pub outliers: Vec<IsoWeek>,
    /// The share of the noise variance that is autocorrelated (AR(1)), 0 to 1.
    #[serde(rename = "memory_share")]
    pub autocorrelated_share: f64,
    /// The correlation of that part from one week to the next.
    #[serde(rename = "memory_correlation")]
    pub autocorrelation: f64,
    /// Growth in the forecast; `None` if it is negligible, and for forecasts of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthBasis>,
}

/// The growth in the forecast of one extreme, as learned from the fleet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GrowthBasis {
    /// The weight of the component that grows as the fleet's boxes do, 0 to 1.
    pub share: f64,
    /// The growth per year at the future week where it is largest, kW; negative for growing
    /// feed-in.
    pub kw_a_year: f64,
    /// That week.
    pub week: IsoWeek,
}

/// Where a forecast comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The run's number.
    pub run: i64,
    /// The model's name.
    pub model: String,
    /// The model's version.
    pub model_version: String,
    /// Version of the program that made it.
    pub code_version: String,
    /// When it was made.
    pub processed_on: DateTime<Utc>,
}

/// What the forecasts of measured boxes say of one like them that is not measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Peers {
    /// The capacity that they share with the box, kVA; none where there are too few of them, and all measured boxes stand in.
    pub capacity_kva: Option<f64>,
    /// How many there are.
    pub boxes: u32,
    /// How many of them are to be expected to be overloaded in at least one week of their forecast: the sum of their
    /// probabilities.
    pub expected_overloads: f64,
    /// The last week of these forecasts.
    pub until: IsoWeek,
}

impl Peers {
    /// Fewer boxes of one capacity than this say nothing of another.
    pub const FEWEST: u32 = 20;

    /// The share of them that is to be expected to be overloaded, 0 to 1.
    pub fn share(&self) -> f64 {
        self.expected_overloads / f64::from(self.boxes.max(1))
    }
}

/// How often the model's 90 % band held the week that came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeasuredCoverage {
    /// The share of weeks within the band, 0 to 1.
    pub share: f64,
    /// How many series were tried.
    pub series: u32,
}

/// One box: station, limits, forecasts of both extremes, assessment and the quality of its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoxDetail {
    /// The measuring box.
    pub box_id: BoxId,
    /// Place in the order of urgency, from 1.
    pub rank: u32,
    /// The class.
    pub urgency: Urgency,
    /// What was measured beyond the limit in the last weeks.
    #[serde(default)]
    pub exceedance: Option<Exceedance>,
    /// What is known of boxes like it, where the box itself is not measured.
    #[serde(default)]
    pub peers: Option<Peers>,
    /// The station.
    pub station: Station,
    /// Nominal capacity in kVA.
    pub capacity_kva: Option<f64>,
    /// The limits in kW that follow from it.
    pub limits: Option<Limits>,
    /// The weekly minimum; none without a forecast.
    pub minimum: Option<ExtremeForecast>,
    /// The weekly maximum.
    pub maximum: Option<ExtremeForecast>,
    /// Both together; none without a forecast or a capacity.
    pub assessment: Option<Assessment>,
    /// Which rating would hold the risk; nothing where this one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<RatingAdvice>,
    /// Where it is short: the nearest transformers with room for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<Neighbour>,
    /// How often the bands held what was measured, in the newest backtest; none before there is one.
    #[serde(default)]
    pub measured_coverage: Option<MeasuredCoverage>,
    /// What a planner should know about the data, each with its meaning.
    pub flags: Vec<Flag>,
    /// The quality of the data.
    pub quality: DataQuality,
    /// Where the forecast comes from.
    pub provenance: Option<Provenance>,
    /// The weeks that the forecast does not take as they are.
    pub special_weeks: SpecialWeeks,
    /// The measured weeks of a box without a forecast; those of others stand in their forecasts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<WeekExtremes>,
    /// What planners recorded of it, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}
