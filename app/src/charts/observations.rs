//! The measured extremes: triangles that point up for maxima and down for minima.

use charming::datatype::DataPoint;
use charming::element::{ItemStyle, Symbol};
use charming::series::Scatter;
use model::{Extreme, Forecast};

use super::bands::{Panel, point, to_watt};
use super::palette::Palette;

/// A triangle that points down; ECharts has only the upright one by name.
const DOWNWARD: &str = "path://M0,0 L10,0 L5,9 Z";

/// The observed weeks of one extreme.
pub(super) fn observations(
    panel: Panel,
    extreme: Extreme,
    forecast: &Forecast,
    palette: &Palette,
) -> Scatter {
    let symbol = match extreme {
        Extreme::Max => Symbol::Triangle,
        Extreme::Min => Symbol::Custom(DOWNWARD.to_owned()),
    };
    let data: Vec<DataPoint> = forecast
        .weeks
        .iter()
        .zip(&forecast.observed_kw)
        .filter_map(|(week, kw)| Some(point(*week, to_watt((*kw)?))))
        .collect();
    Scatter::new()
        .id(format!("{}-{extreme}-measured", panel.name))
        .x_axis_index(panel.axis)
        .y_axis_index(panel.axis)
        .symbol(symbol)
        .symbol_size(5.5)
        .item_style(ItemStyle::new().color(palette.of(extreme)[0].as_str()))
        .data(data)
}
