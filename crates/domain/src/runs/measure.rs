//! The figures of a run.

use serde::{Deserialize, Serialize};

/// A figure of a run that can be compared with the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Time from its beginning to its end, seconds.
    Seconds,
    /// Until the fleet had been learned, seconds.
    LearningSeconds,
    /// From then on until the last box was landed, seconds.
    FittingSeconds,
    /// From then on until the order of urgency was renewed, seconds.
    ClosingSeconds,
    /// Boxes assessed.
    Boxes,
    /// Boxes set aside, each with its reason.
    SetAside,
    /// Boxes of the store that passed their limit in the last weeks, as measured.
    Exceeded,
    /// The other boxes of the store that have an overload ahead.
    Overloaded,
    /// Boxes of the store near their limit.
    Near,
    /// Boxes of the store with room.
    Ample,
    /// Measured boxes of the store without a forecast.
    NoForecast,
    /// Boxes of the store that are not measured.
    Unmeasured,
    /// Rows of readings looked at.
    Rows,
    /// Rows that could not be used.
    RowsRefused,
    /// Weeks new or changed.
    WeeksChanged,
    /// Weeks taken away.
    WeeksRemoved,
    /// Boxes with such weeks.
    BoxesChanged,
    /// Readings of the last complete week.
    Readings,
    /// Boxes with readings in the last complete week.
    BoxesMeasured,
    /// Boxes that have fallen silent.
    SilentBoxes,
    /// Mean pinball loss of the built-in backtest, a share of each box's range.
    Pinball,
    /// The share of its weeks that the 90 % band held.
    #[serde(rename = "coverage-90")]
    Coverage90,
    /// The share of its weeks that the 70 % band held.
    #[serde(rename = "coverage-70")]
    Coverage70,
    /// The share of the forecasts of the minimum that takes growth into account.
    MinimumGrowthWeight,
    /// The share of the growth foretold for the minimum that came in the half-years held back.
    MinimumGrowthRealised,
    /// The variance of the noise of the minimum in the coming months over that of the past.
    MinimumFutureNoise,
    /// The same of series that grow.
    MinimumGrowingFutureNoise,
    /// The share of the forecasts of the maximum that takes growth into account.
    MaximumGrowthWeight,
    /// The share of the growth foretold for the maximum that came in the half-years held back.
    MaximumGrowthRealised,
    /// The variance of the noise of the maximum in the coming months over that of the past.
    MaximumFutureNoise,
    /// The same of series that grow.
    MaximumGrowingFutureNoise,
}

/// What a measure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureUnit {
    /// Whole things.
    Count,
    /// Seconds.
    Seconds,
    /// A share of one.
    Share,
    /// A ratio around one.
    Factor,
}

impl Measure {
    /// What it counts.
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
            Self::SetAside => "boxes set aside",
            Self::Exceeded => "boxes overloaded already",
            Self::Overloaded => "boxes with an overload ahead",
            Self::Near => "boxes near their limit",
            Self::Ample => "boxes with room",
            Self::NoForecast => "measured boxes without a forecast",
            Self::Unmeasured => "boxes not measured",
            Self::Rows => "rows",
            Self::RowsRefused => "rows refused",
            Self::WeeksChanged => "weeks new or changed",
            Self::WeeksRemoved => "weeks taken away",
            Self::BoxesChanged => "boxes with changed weeks",
            Self::Readings => "readings in the last complete week",
            Self::BoxesMeasured => "boxes measured in the last complete week",
            Self::SilentBoxes => "boxes fallen silent",
            Self::Pinball => "pinball loss of the backtest",
            Self::Coverage90 => "coverage of the 90 % band",
            Self::Coverage70 => "coverage of the 70 % band",
            Self::MinimumGrowthWeight => "minimum: how far forecasts take growth into account",
            Self::MinimumGrowthRealised => "minimum: share of the foretold growth that came",
            Self::MinimumFutureNoise => "minimum: noise of the coming months against the past",
            Self::MinimumGrowingFutureNoise => "minimum: noise of the coming months, growing series",
            Self::MaximumGrowthWeight => "maximum: how far forecasts take growth into account",
            Self::MaximumGrowthRealised => "maximum: share of the foretold growth that came",
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
