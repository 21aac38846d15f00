//! The measures of a run.

use serde::{Deserialize, Serialize};

/// A measure of a run that can be compared with the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Duration of the run, seconds.
    Seconds,
    /// Until the population was learned, seconds.
    LearningSeconds,
    /// From then until the last box was fitted and stored, seconds.
    FittingSeconds,
    /// From then until the ranking was updated, seconds.
    ClosingSeconds,
    /// Boxes assessed.
    Boxes,
    /// Boxes whose fit failed, each with its reason.
    SetAside,
    /// Boxes of the store that passed their limit in the last weeks, as measured.
    Exceeded,
    /// The other boxes of the store that have an overload ahead.
    Overloaded,
    /// Boxes near their limit in the store.
    Near,
    /// Boxes with ample room in the store.
    Ample,
    /// Measured boxes of the store without a forecast.
    NoForecast,
    /// Boxes of the store that are not measured.
    Unmeasured,
    /// Rows of readings looked at.
    Rows,
    /// Rows refused.
    RowsRefused,
    /// Weeks added or changed.
    WeeksChanged,
    /// Weeks removed.
    WeeksRemoved,
    /// Boxes with such weeks.
    BoxesChanged,
    /// Readings of the last complete week.
    Readings,
    /// Boxes with readings in the last complete week.
    BoxesMeasured,
    /// Boxes that have gone silent.
    SilentBoxes,
    /// Mean pinball loss of the built-in backtest, a share of each box's range.
    Pinball,
    /// Coverage of the 90 % band in the built-in backtest.
    #[serde(rename = "coverage-90")]
    Coverage90,
    /// Coverage of the 70 % band in the built-in backtest.
    #[serde(rename = "coverage-70")]
    Coverage70,
    /// The weight of growth in the forecasts of the minimum.
    MinimumGrowthWeight,
    /// Realised over forecast growth of the minimum in the half-years held out.
    MinimumGrowthRealised,
    /// The noise variance of the minimum in the coming months relative to the past.
    MinimumFutureNoise,
    /// The same for growing series.
    MinimumGrowingFutureNoise,
    /// The weight of growth in the forecasts of the maximum.
    MaximumGrowthWeight,
    /// Realised over forecast growth of the maximum in the half-years held out.
    MaximumGrowthRealised,
    /// The noise variance of the maximum in the coming months relative to the past.
    MaximumFutureNoise,
    /// The same for growing series.
    MaximumGrowingFutureNoise,
}

/// The unit of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureUnit {
    /// A count.
    Count,
    /// Seconds.
    Seconds,
    /// A fraction of one.
    Share,
    /// A ratio, 1 for no change.
    Factor,
}

impl Measure {
    /// Its unit.
    pub fn unit(self) -> MeasureUnit {
        match self {
            Self::Seconds | Self::LearningSeconds | Self::FittingSeconds | Self::ClosingSeconds => {
                MeasureUnit::Seconds
            }
            Self::Pinball
            | Self::Coverage90
            | Self::Coverage70
            | Self::MinimumGrowthWeight
            | Self::MinimumGrowthRealised
            | Self::MaximumGrowthWeight
            | Self::MaximumGrowthRealised => MeasureUnit::Share,
            Self::MinimumFutureNoise
            | Self::MinimumGrowingFutureNoise
            | Self::MaximumFutureNoise
            | Self::MaximumGrowingFutureNoise => MeasureUnit::Factor,
            _ => MeasureUnit::Count,
        }
    }

    /// Its name for people, in English.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "duration",
            Self::LearningSeconds => "learning the fleet",
            Self::FittingSeconds => "fitting",
            Self::ClosingSeconds => "closing",
            Self::Boxes => "boxes assessed",
            Self::SetAside => "boxes not fitted",
            Self::Exceeded => "boxes overloaded already",
            Self::Overloaded => "boxes with an overload ahead",
            Self::Near => "boxes near their limit",
            Self::Ample => "boxes with room",
            Self::NoForecast => "measured boxes without a forecast",
            Self::Unmeasured => "boxes not measured",
            Self::Rows => "rows",
            Self::RowsRefused => "rows refused",
            Self::WeeksChanged => "weeks new or changed",
            Self::WeeksRemoved => "weeks removed",
            Self::BoxesChanged => "boxes with changed weeks",
            Self::Readings => "readings in the last complete week",
            Self::BoxesMeasured => "boxes measured in the last complete week",
            Self::SilentBoxes => "boxes fallen silent",
            Self::Pinball => "pinball loss of the backtest",
            Self::Coverage90 => "coverage of the 90 % band",
            Self::Coverage70 => "coverage of the 70 % band",
            Self::MinimumGrowthWeight => "minimum: how far forecasts take growth into account",
            Self::MinimumGrowthRealised => "minimum: realised share of the forecast growth",
            Self::MinimumFutureNoise => "minimum: noise of the coming months against the past",
            Self::MinimumGrowingFutureNoise => "minimum: noise of the coming months, growing series",
            Self::MaximumGrowthWeight => "maximum: how far forecasts take growth into account",
            Self::MaximumGrowthRealised => "maximum: realised share of the forecast growth",
            Self::MaximumFutureNoise => "maximum: noise of the coming months against the past",
            Self::MaximumGrowingFutureNoise => "maximum: noise of the coming months, growing series",
        }
    }

    /// A value for people, in English.
    pub fn text(self, value: f64) -> String {
        match self.unit() {
            MeasureUnit::Count => format!("{value:.0}"),
            MeasureUnit::Seconds => format!("{value:.1} s"),
            MeasureUnit::Share if self == Self::Pinball => format!("{value:.4}"),
            MeasureUnit::Share => format!("{:.1} %", value * 100.0),
            MeasureUnit::Factor => format!("{value:.2}"),
        }
    }
}
