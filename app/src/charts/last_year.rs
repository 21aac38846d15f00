//! The same weeks a year before.

use charming::element::{LineStyle, Symbol};
use charming::series::Line;
use model::{Extreme, Forecast, IsoWeek};

use super::bands::{Panel, point, to_watt};
use super::palette::Palette;

/// The week of the same number a year before; of a 53rd week, which the year before lacks, the 52nd week before it.
pub(super) fn a_year_before(week: IsoWeek) -> IsoWeek {
    IsoWeek::from_year_and_number(week.year() - 1, week.number()).unwrap_or_else(|_| week.plus(-52))
}

/// What was measured a year before a row's week, kW.
pub(super) fn last_year_kw(forecast: &Forecast, row: usize) -> Option<f64> {
    let before = a_year_before(*forecast.weeks.get(row)?);
    let place = usize::try_from(before - *forecast.weeks.first()?).ok()?;
    // Rows follow week by week; a series with other rows has no such line.
    (forecast.weeks.get(place) == Some(&before))
        .then(|| forecast.observed_kw.get(place).copied().flatten())?
}

/// A grey line under the forecast: what was measured in the same weeks a year before.
pub(super) fn last_year_line(panel: Panel, extreme: Extreme, forecast: &Forecast, palette: &Palette) -> Line {
    let points = forecast
        .future()
        .filter_map(|row| Some(point(*forecast.weeks.get(row)?, to_watt(last_year_kw(forecast, row)?))));
    Line::new()
        .id(format!("{}-{extreme}-last-year", panel.name))
        .x_axis_index(panel.axis)
        .y_axis_index(panel.axis)
        .symbol(Symbol::None)
        .silent(true)
        .line_style(LineStyle::new().color(palette.muted.as_str()).width(1.5).opacity(0.75))
        .data(points.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_set_beside_the_one_of_its_number() {
        let week = |year, number| IsoWeek::from_year_and_number(year, number).unwrap();
        assert_eq!(a_year_before(week(2026, 7)), week(2025, 7));
        assert_eq!(a_year_before(week(2027, 7)), week(2026, 7), "2026 has 53 weeks");
        assert_eq!(a_year_before(week(2026, 53)), week(2026, 1));
    }

    #[test]
    fn the_year_before_is_read_from_the_history() {
        let detail = super::super::samples::crossing_zero();
        let forecast = &detail.maximum.as_ref().unwrap().forecast;
        let row = forecast.history + 2;
        let before =
            forecast.weeks.iter().position(|week| *week == a_year_before(forecast.weeks[row])).unwrap();
        assert_eq!(last_year_kw(forecast, row), forecast.observed_kw[before]);
        assert_eq!(last_year_kw(forecast, 3), None, "the history does not reach back");
    }
}
