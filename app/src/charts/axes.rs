//! Frame, axes and zoom, alike in all charts.

use charming::component::{Axis, DataZoom, DataZoomType, FilterMode, Grid};
use charming::datatype::CompositeValue;
use charming::element::{
    AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, LineStyle, NameLocation,
    SplitLine, TextStyle, Tooltip, Trigger,
};
use model::IsoWeek;

use super::palette::Palette;
use super::scale::Scale;
use super::timeline;

/// Room for the figures of the value axis, px.
const LEFT: i32 = 56;
const RIGHT: i32 = 18;

/// A panel's frame, from `top`, `height` px high.
pub(super) fn frame(top: i32, height: i32) -> Grid {
    Grid::new().left(LEFT).right(RIGHT).top(top).height(height)
}

/// A frame from `top` down to `bottom` px above the lower edge.
pub(super) fn frame_between(top: i32, bottom: i32) -> Grid {
    Grid::new().left(LEFT).right(RIGHT).top(top).bottom(bottom)
}

fn labels(palette: &Palette) -> AxisLabel {
    AxisLabel::new().color(palette.muted.as_str()).font_size(11)
}

/// The axis of weeks of one panel; only the lowest panel carries labels.
pub(super) fn time_axis(panel: u8, span: [IsoWeek; 2], labelled: bool, palette: &Palette) -> Axis {
    Axis::new()
        .type_(AxisType::Time)
        .grid_index(panel)
        .min(timeline::place(span[0]))
        .max(timeline::place(span[1]))
        .axis_label(labels(palette).show(labelled))
        .axis_tick(AxisTick::new().show(labelled).line_style(LineStyle::new().color(palette.line.as_str())))
        .axis_line(AxisLine::new().on_zero(false))
        .split_line(SplitLine::new().show(false))
}

/// The axis of kilowatts of one panel, with its name at the upper end.
pub(super) fn power_axis(panel: u8, name: &str, scale: Scale, palette: &Palette) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .grid_index(panel)
        .name(name)
        .name_location(NameLocation::End)
        .name_gap(10)
        .name_text_style(TextStyle::new().color(palette.muted.as_str()).font_size(11).align("left"))
        .min(scale.low)
        .max(scale.high)
        .interval(scale.step)
        .axis_label(labels(palette))
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .split_line(SplitLine::new().line_style(LineStyle::new().color(palette.line.as_str())))
}

/// Zooming and panning all panels together: the slider below and gestures inside, opened on `window`.
pub(super) fn zoom(panels: u8, window: [IsoWeek; 2], palette: &Palette) -> [DataZoom; 2] {
    let axes: CompositeValue = (0..panels).map(i32::from).collect();
    let of = |kind| {
        DataZoom::new()
            .type_(kind)
            .x_axis_index(axes.clone())
            .filter_mode(FilterMode::None)
            .start_value(timeline::place(window[0]))
            .end_value(timeline::place(window[1]))
            .min_value_span(8.0 * 7.0 * 86_400_000.0)
    };
    [
        of(DataZoomType::Slider)
            .bottom(6)
            .left(LEFT)
            .right(RIGHT)
            .brush_select(false)
            .border_color(palette.line.as_str())
            .filler_color(palette.future.as_str())
            .background_color("transparent"),
        of(DataZoomType::Inside),
    ]
}

/// The tooltip of a whole week; its text comes from [`super::tooltip`].
pub(super) fn tooltip(palette: &Palette) -> Tooltip {
    Tooltip::new()
        .trigger(Trigger::Axis)
        .axis_pointer(pointer(palette))
        .background_color(palette.surface.as_str())
        .border_color(palette.line.as_str())
        .border_width(1)
}

/// The upright line at the week under the pointer.
pub(super) fn pointer(palette: &Palette) -> AxisPointer {
    AxisPointer::new()
        .type_(AxisPointerType::Line)
        .line_style(LineStyle::new().color(palette.muted.as_str()).width(1))
        .animation(false)
}
