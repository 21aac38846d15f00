//! What is marked in a chart: the limits, the future, the gaps.

use charming::element::{
    ItemStyle, Label, LabelPosition, LineStyle, LineStyleType, MarkArea, MarkAreaData, MarkLine,
    MarkLineData, MarkLineVariant, Symbol,
};
use domain::week_span::WeekSpan;
use model::{Forecast, IsoWeek, RANKED_WEEKS};

use super::bands::to_watt;
use super::palette::Palette;
use super::timeline;
use crate::words::Words;

/// Dashed lines at limits (kW, negative for feed-in), each with its name and figure.
pub(super) fn limit_lines(limits_kw: &[f64], words: &Words, palette: &Palette) -> MarkLine {
    let line = |kw: &f64| {
        let name = if *kw < 0.0 { words.feed_in_limit } else { words.import_limit };
        let label = Label::new()
            .position(LabelPosition::InsideStartTop)
            .formatter(format!("{name} {}", words.kw(*kw)).as_str())
            .color(palette.surface.as_str())
            .background_color(palette.limit.as_str())
            .padding((5, 6, 2, 6))
            .distance(4.0)
            .font_size(11);
        MarkLineVariant::Simple(MarkLineData::new().y_axis(to_watt(*kw)).label(label))
    };
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None])
        .line_style(LineStyle::new().color(palette.limit.as_str()).type_(LineStyleType::Dashed).width(1.5))
        .data(limits_kw.iter().map(line).collect::<Vec<_>>())
}

/// How many areas the future has: the half-year and, where the forecast goes on, what is indicative.
pub(super) fn future_areas(forecast: &Forecast) -> usize {
    match forecast.future().len() {
        0 => 0,
        weeks if weeks > RANKED_WEEKS => 2,
        _ => 1,
    }
}

/// The gaps in the history, the weeks that the fit leaves out – each unless `shows` says no – and, last, the future,
/// tinted; all but gaps have a name if there are words for it.
pub(super) fn gaps_and_future(
    forecast: &Forecast,
    left_out: &[WeekSpan],
    (shows_gaps, shows_left_out): (bool, bool),
    words: Option<&Words>,
    palette: &Palette,
) -> MarkArea {
    let area = |from: IsoWeek, to: IsoWeek, name: &str| {
        (
            MarkAreaData::new().name(name).x_axis(timeline::place_text(from)),
            MarkAreaData::new().x_axis(timeline::place_text(to)),
        )
    };
    // A week that is left out is no gap, though the fit has no value of it either.
    let is_gap = |(from, to): &(IsoWeek, IsoWeek)| {
        !left_out.iter().any(|span| span.contains(*from) && span.contains(*to))
    };
    let gaps = gaps(forecast).into_iter().filter(|gap| shows_gaps && is_gap(gap));
    let mut areas: Vec<_> = gaps.map(|(from, to)| area(from, to.plus(1), "")).collect();
    let left_out = left_out.iter().filter(|_| shows_left_out);
    areas.extend(
        left_out.map(|span| area(span.first, span.last.plus(1), words.map_or("", |words| words.left_out))),
    );
    if let (Some(first), Some(last)) = (forecast.weeks.get(forecast.history), forecast.weeks.last()) {
        let name = |of: fn(&Words) -> &'static str| words.map_or("", of);
        let end = forecast.weeks.get(forecast.history + RANKED_WEEKS - 1).filter(|end| *end < last);
        areas.push(area(*first, *end.unwrap_or(last), name(|words| words.forecast)));
        areas.extend(end.map(|end| area(*end, *last, name(|words| words.indicative))));
    }
    MarkArea::new()
        .silent(true)
        .item_style(ItemStyle::new().color(palette.future.as_str()))
        .label(
            Label::new()
                .show(true)
                .position(LabelPosition::InsideTop)
                .color(palette.muted.as_str())
                .font_size(11),
        )
        .data(areas)
}

/// Whether a zone of this width has room for its name. That of the forecast, which stands alone where all are narrow, may reach a little beyond
/// its zone.
pub(super) fn name_fits(name: &str, zone_px: f64, words: &Words) -> bool {
    // As wide as the label's type is at most, and air on both sides.
    let wanted_px = 6.0 * name.chars().count() as f64 + 8.0;
    zone_px >= if name == words.forecast { 0.6 * wanted_px } else { wanted_px }
}

/// The runs of unobserved weeks within the history, first and last week of each.
fn gaps(forecast: &Forecast) -> Vec<(IsoWeek, IsoWeek)> {
    let mut runs: Vec<(IsoWeek, IsoWeek)> = Vec::new();
    for (week, observed) in forecast.weeks.iter().zip(&forecast.observed_kw).take(forecast.history) {
        if observed.is_some() {
            continue;
        }
        match runs.last_mut() {
            Some((_, to)) if to.plus(1) == *week => *to = *week,
            _ => runs.push((*week, *week)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use domain::language::Language;

    use super::*;

    #[test]
    fn names_of_narrow_zones_are_left_out_and_never_meet() {
        let words = Words::of(Language::Dutch);
        // A phone, a wide screen with all years, and one with the opening window.
        let shown = [51.0, 45.0, 91.0].map(|px| {
            [words.forecast, words.indicative, words.left_out].map(|name| name_fits(name, px, words))
        });
        assert_eq!(shown, [[true, false, false], [true, false, false], [true, true, false]]);
        assert!(!name_fits(words.forecast, 25.0, words) && name_fits(words.left_out, 110.0, words));
    }
}
