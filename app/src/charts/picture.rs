//! A chart, ready to be drawn.

use std::sync::Arc;

use model::{Forecast, IsoWeek};
use serde_json::Value;

use super::palette::Palette;
use super::window_scale::WindowScale;

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
    /// What the scale of the values follows when the window changes; none where it stays.
    pub(crate) scale: Option<WindowScale>,
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
            scale: None,
        })
    }
}

/// A tooltip without its tags, its parts set apart by commas.
pub(super) fn spoken(tip: &str) -> String {
    let mut parts = Vec::new();
    for row in tip.split("</tr>").flat_map(|part| part.split("</caption>")) {
        let mut text = String::new();
        for piece in row.split('<') {
            let shown = piece.split_once('>').map_or(piece, |(_, shown)| shown);
            if !shown.trim().is_empty() {
                text.push_str(shown.trim());
                text.push(' ');
            }
        }
        if !text.is_empty() {
            parts.push(text.trim_end().to_owned());
        }
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn a_tooltip_is_read_without_its_tags() {
        let tip = "<strong>week 3, 2026</strong> <small>12 January</small><table><caption class=\"tip\">Maximum</caption>\
            <tr><th>Median</th><td>41 kW</td></tr><tr><th>9 of 10</th><td>30 to 52 kW</td></tr></table>";
        assert_eq!(spoken(tip), "week 3, 2026 12 January Maximum, Median 41 kW, 9 of 10 30 to 52 kW");
    }
}
