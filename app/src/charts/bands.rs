//! Bands of a distribution as stacked areas.
//!
//! Four lines are stacked: the 5 % quantile, invisible, and the distances to the 15, 85 and 95 % quantiles,
//! whose areas are the outer, the inner and again the outer band. The distances are never negative, so that
//! with `stackStrategy: all` (see `patch`) the areas lie where the quantiles lie, whatever their sign.

use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{AreaStyle, LineStyle, Symbol};
use charming::series::Line;
use model::{Bands, Extreme, IsoWeek, Quantile};

use super::palette::Palette;
use super::timeline;

/// Where the series of a panel belong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    /// The index of the axes.
    pub(super) axis: u8,
    /// A word that is part of the series' identifiers.
    pub(super) name: &'static str,
    /// How opaque bands are drawn, 0 to 1.
    pub(super) opacity: f64,
}

/// A point of a series.
pub(super) fn point(week: IsoWeek, kw: f64) -> DataPoint {
    DataPoint::from(vec![CompositeValue::from(timeline::place(week)), CompositeValue::from(kw)])
}

/// Kilowatts to the watt: more digits only make the option longer.
pub(super) fn to_watt(kw: f64) -> f64 {
    (1000.0 * kw).round() / 1000.0
}

/// The stacked series of the bands over `rows` of the weeks; of `shown`, the inner and the outer band, what is false is
/// left without a filling.
pub(super) fn bands(
    panel: Panel,
    extreme: Extreme,
    weeks: &[IsoWeek],
    bands: &Bands,
    rows: std::ops::Range<usize>,
    (shows_inner, shows_outer): (bool, bool),
    palette: &Palette,
) -> Vec<Line> {
    let [_, outer, inner] = palette.of(extreme);
    let at = |quantile: Quantile, row: usize| bands.get(quantile).get(row).copied().map_or(f64::NAN, to_watt);
    let layer = |lower: Option<Quantile>, upper: Quantile, colour: Option<&str>| {
        let data = rows.clone().filter_map(|row| {
            let below = lower.map_or(0.0, |quantile| at(quantile, row));
            Some(point(*weeks.get(row)?, to_watt(at(upper, row) - below)))
        });
        let line = Line::new()
            .id(format!("{}-{extreme}-{}", panel.name, (100.0 * upper.level()).round()))
            .stack(format!("{}-{extreme}", panel.name))
            .x_axis_index(panel.axis)
            .y_axis_index(panel.axis)
            .symbol(Symbol::None)
            .silent(true)
            .line_style(LineStyle::new().width(0).opacity(0))
            .data(data.collect::<Vec<_>>());
        match colour {
            Some(colour) => line.area_style(AreaStyle::new().color(colour).opacity(panel.opacity)),
            None => line,
        }
    };
    let outer = shows_outer.then_some(outer.as_str());
    // The outer band runs on behind an inner one that is turned off.
    let inner = if shows_inner { Some(inner.as_str()) } else { outer };
    vec![
        layer(None, Quantile::Q05, None),
        layer(Some(Quantile::Q05), Quantile::Q15, outer),
        layer(Some(Quantile::Q15), Quantile::Q85, inner),
        layer(Some(Quantile::Q85), Quantile::Q95, outer),
    ]
}

/// The median over `rows`.
pub(super) fn median(
    panel: Panel,
    extreme: Extreme,
    weeks: &[IsoWeek],
    bands: &Bands,
    rows: std::ops::Range<usize>,
    palette: &Palette,
) -> Line {
    let [colour, ..] = palette.of(extreme);
    let data =
        rows.filter_map(|row| Some(point(*weeks.get(row)?, to_watt(*bands.get(Quantile::Q50).get(row)?))));
    Line::new()
        .id(format!("{}-{extreme}-median", panel.name))
        .x_axis_index(panel.axis)
        .y_axis_index(panel.axis)
        .symbol(Symbol::None)
        .silent(true)
        .line_style(LineStyle::new().color(colour.as_str()).width(2))
        .data(data.collect::<Vec<_>>())
}
