//! Single weeks that have a mark of their own: outliers, and what was measured beyond a limit.

use charming::element::{ItemStyle, Symbol};
use charming::series::Scatter;
use domain::box_detail::ExtremeForecast;
use model::{Extreme, Forecast, IsoWeek, Limits};

use super::bands::{Panel, point, to_watt};
use super::palette::Palette;

/// The measured weeks that the fit winsorised as outliers, with their values, kW.
pub(super) fn outliers(extreme: &ExtremeForecast) -> Vec<(IsoWeek, f64)> {
    let weeks = extreme.forecast_basis.as_ref().map(|basis| basis.outliers.as_slice()).unwrap_or_default();
    measured(&extreme.forecast).filter(|(week, _)| weeks.contains(week)).collect()
}

/// The measured weeks beyond the limit on their side, with their values, kW.
pub(super) fn exceedances(forecast: &Forecast, limits: Option<Limits>) -> Vec<(IsoWeek, f64)> {
    let Some(limits) = limits else { return Vec::new() };
    measured(forecast).filter(|(_, kw)| limits.exceeded_by(*kw)).collect()
}

fn measured(forecast: &Forecast) -> impl Iterator<Item = (IsoWeek, f64)> + '_ {
    forecast.weeks.iter().zip(&forecast.observed_kw).filter_map(|(week, kw)| Some((*week, (*kw)?)))
}

/// Diamonds without a filling around outliers.
pub(super) fn outlier_marks(
    panel: Panel,
    extreme: Extreme,
    weeks: &[(IsoWeek, f64)],
    palette: &Palette,
) -> Scatter {
    marks(panel, extreme, "outliers", weeks, (Symbol::Diamond, 13.0), &palette.text)
}

/// Rings around what was measured beyond a limit.
pub(super) fn exceedance_marks(
    panel: Panel,
    extreme: Extreme,
    weeks: &[(IsoWeek, f64)],
    palette: &Palette,
) -> Scatter {
    marks(panel, extreme, "exceedances", weeks, (Symbol::Circle, 13.0), &palette.limit)
}

fn marks(
    panel: Panel,
    extreme: Extreme,
    name: &str,
    weeks: &[(IsoWeek, f64)],
    (symbol, size): (Symbol, f64),
    colour: &str,
) -> Scatter {
    let points: Vec<_> = weeks.iter().map(|(week, kw)| point(*week, to_watt(*kw))).collect();
    Scatter::new()
        .id(format!("{}-{extreme}-{name}", panel.name))
        .x_axis_index(panel.axis)
        .y_axis_index(panel.axis)
        .symbol(symbol)
        .symbol_size(size)
        .item_style(ItemStyle::new().color("transparent").border_color(colour).border_width(1.8))
        .data(points)
}
