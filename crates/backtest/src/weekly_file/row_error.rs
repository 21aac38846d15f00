//! Why a row of weekly extremes is refused.

use chrono::NaiveDate;
use model::{BoxId, BoxIdError, IsoWeek, WeekError};
use readings::Reason;

/// Why a row was refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum RowError {
    #[error("there is no box identifier")]
    NoBox,
    #[error("there is no phase")]
    NoPhase,
    #[error("\"{0}\" is no phase, such as sumli, and no channel")]
    Phase(String),
    #[error(transparent)]
    BoxId(#[from] BoxIdError),
    #[error("the name of the folder says another box, channel or week")]
    OtherThanFolder,
    #[error("the unit is {0}, not kW")]
    OtherUnit(String),
    #[error("there is no date")]
    NoDate,
    #[error("the date \"{0}\" can't be read; dates are written year first, as 2026-11-16")]
    BadDate(String),
    #[error(transparent)]
    Week(#[from] WeekError),
    #[error("{0} is not a Monday")]
    NotMonday(NaiveDate),
    #[error("the date {date} is not the Monday of {week}")]
    WeekDiffers { date: NaiveDate, week: IsoWeek },
    #[error("week {week} of {year} is none")]
    NoWeek { year: f64, week: f64 },
    #[error("the {0} is missing")]
    NoValue(&'static str),
    #[error("the {0} \"{1}\" is not a number")]
    NoNumber(&'static str, String),
    #[error("the {0} of {1} kW is not finite")]
    NotFinite(&'static str, f64),
    #[error("the minimum of {min_kw} kW is above the maximum of {max_kw} kW")]
    MinimumAboveMaximum { min_kw: f64, max_kw: f64 },
    #[error("{readings} is not a number of readings")]
    Readings { readings: f64 },
    #[error(
        "{week} of {box_id} is there twice, an earlier row with {min_kw} to {max_kw} kW gives way to this one"
    )]
    Again { box_id: BoxId, week: IsoWeek, min_kw: f64, max_kw: f64 },
    #[error("{reason}: {week} of {box_id}, {min_kw} to {max_kw} kW")]
    Judged { reason: Reason, box_id: BoxId, week: IsoWeek, min_kw: f64, max_kw: f64 },
}

impl RowError {
    pub(super) fn code(&self) -> Reason {
        match self {
            Self::NoBox | Self::NoPhase | Self::NoValue(_) | Self::NoDate => Reason::MissingCell,
            Self::Phase(_) => Reason::UnknownChannelShape,
            Self::BoxId(error) => error.clone().into(),
            Self::OtherThanFolder => Reason::OtherThanFolder,
            Self::OtherUnit(_) => Reason::OtherUnit,
            Self::BadDate(_) => Reason::BadTime,
            Self::Week(_) | Self::NoWeek { .. } => Reason::OutOfCalendar,
            Self::NotMonday(_) | Self::WeekDiffers { .. } => Reason::NotTheMonday,
            Self::NoNumber(..) => Reason::BadValue,
            Self::NotFinite(..) => Reason::NotFinite,
            Self::MinimumAboveMaximum { .. } => Reason::MinimumAboveMaximum,
            Self::Readings { .. } => Reason::BadReadings,
            Self::Again { .. } => Reason::RepeatedWeek,
            Self::Judged { reason, .. } => *reason,
        }
    }
}
