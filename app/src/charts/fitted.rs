//! The fitted line: trend, season and what each week inherits, so that it meets the forecast.

use charming::element::{LineStyle, Symbol};
use charming::series::Line;
use domain::box_detail::ExtremeForecast;
use model::{Extreme, Quantile, carried_over};

use super::bands::{Panel, point, to_watt};
use super::palette::Palette;

/// The line in the weeks of the history, kW.
pub(super) fn fitted_kw(extreme: &ExtremeForecast) -> Vec<f64> {
    let forecast = &extreme.forecast;
    let medians = forecast.total.get(Quantile::Q50);
    let (share, correlation) = extreme
        .forecast_basis
        .as_ref()
        .map_or((0.0, 0.0), |basis| (basis.autocorrelated_share, basis.autocorrelation));
    let outliers = extreme.forecast_basis.as_ref().map(|basis| basis.outliers.as_slice()).unwrap_or_default();
    let residuals: Vec<Option<f64>> = (0..forecast.history)
        .map(|row| {
            let is_outlier = outliers.contains(forecast.weeks.get(row)?);
            let observed = forecast.observed_kw.get(row).copied().flatten().filter(|_| !is_outlier)?;
            Some(observed - medians.get(row)?)
        })
        .collect();
    carried_over(&residuals, share, correlation)
        .into_iter()
        .zip(medians)
        .map(|(carried, median)| carried + median)
        .collect()
}

/// The line through the history, dotted.
pub(super) fn fitted_line(panel: Panel, extreme: Extreme, fitted: &ExtremeForecast, palette: &Palette) -> Line {
    let weeks = &fitted.forecast.weeks;
    let points = weeks.iter().zip(fitted_kw(fitted)).map(|(week, kw)| point(*week, to_watt(kw)));
    let [colour, ..] = palette.of(extreme);
    Line::new()
        .id(format!("{}-{extreme}-fitted", panel.name))
        .x_axis_index(panel.axis)
        .y_axis_index(panel.axis)
        .symbol(Symbol::None)
        .silent(true)
        .line_style(LineStyle::new().color(colour.as_str()).width(1.5))
        .data(points.collect::<Vec<_>>())
}
