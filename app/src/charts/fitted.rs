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
pub(super) fn fitted_line(
    panel: Panel,
    extreme: Extreme,
    fitted: &ExtremeForecast,
    palette: &Palette,
) -> Line {
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

#[cfg(test)]
mod tests {
    use domain::box_detail::ForecastBasis;
    use model::gridspark::Gridspark;
    use model::{IsoWeek, Observation, Series};

    use super::*;

    /// Three years with a season and autocorrelated deviations, of which the last ones are large.
    #[test]
    fn the_line_meets_the_forecast_where_the_median_alone_does_not() {
        let mut deviation = 0.0;
        let kw = |week: i32| {
            let season = 40.0 * (f64::from(week) / 52.18 * std::f64::consts::TAU).cos();
            let scatter = f64::from((week * 7_919 + 13) % 1_009) / 504.5 - 1.0;
            deviation = 0.85 * deviation + 6.0 * scatter + if week > 152 { 4.0 } else { 0.0 };
            300.0 + season + deviation
        };
        let rows: Vec<Observation> = (0..156)
            .map(kw)
            .zip(2_700..)
            .map(|(kw, week)| Observation { week: IsoWeek::from_index(week), value_kw: Some(kw) })
            .collect();
        let posterior = Gridspark::default().fit(&Series::new(rows).unwrap()).unwrap();
        let (autocorrelated_share, autocorrelation) = posterior.autocorrelation();
        assert!(autocorrelated_share > 0.2 && autocorrelation > 0.5);
        let basis = super::super::samples::basis(Vec::new());
        let forecast_basis = Some(ForecastBasis { autocorrelated_share, autocorrelation, ..basis });
        let forecast = posterior.forecast();
        let fitted = ExtremeForecast { forecast, overload: None, forecast_basis, added_kw: Vec::new() };
        let forecast = &fitted.forecast;
        let medians = forecast.total.get(Quantile::Q50);
        let (last, first) = (forecast.history - 1, forecast.history);
        // What trend and season alone do between the two weeks is no gap.
        let systematic =
            |row: usize| forecast.drift.get(Quantile::Q50)[row] + forecast.yearly.get(Quantile::Q50)[row];
        let step = systematic(first) - systematic(last);
        let without = (medians[first] - medians[last] - step).abs();
        let line = fitted_kw(&fitted);
        let with = (medians[first] - line[last] - step).abs();
        assert!(without > 2.0 && with < 0.5 * without, "{without} kW without, {with} kW with");
    }
}
