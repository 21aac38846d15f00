//! A chart, ready to be drawn.

use std::sync::Arc;

use model::{Forecast, IsoWeek};
use serde_json::Value;

use super::palette::Palette;

/// Draws a chart in the colours it is given.
pub(crate) type Draw = Arc<dyn Fn(&Palette) -> Option<Picture> + Send + Sync>;

/// Options of ECharts and what goes beside them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// The options, plain JSON.
    pub(crate) option: Value,
    /// The tooltip of each week, as HTML of the page's own texts and numbers.
    pub(crate) tips: Vec<String>,
    /// The week of the first tooltip; the others follow week by week.
    pub(crate) first_week: IsoWeek,
    /// The tooltip from which the keyboard sets out: the first week of the future.
    pub(crate) opening_row: i32,
}

impl Picture {
    /// Options and tooltips over the weeks of a forecast; none where it has no weeks.
    pub(super) fn new(option: Value, tips: Vec<String>, forecast: &Forecast) -> Option<Self> {
        let first_week = *forecast.weeks.first()?;
        Some(Self {
            option,
            tips,
            first_week,
            opening_row: i32::try_from(forecast.history).unwrap_or_default(),
        })
    }
}
