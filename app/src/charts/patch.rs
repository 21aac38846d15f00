//! What charming 0.6 cannot say, added to its options. The only place that knows.

use charming::Chart;
use serde_json::{Value, json};

use super::palette::Palette;

/// The chart's options as JSON, completed. The last `future_areas` of the marked areas are the future.
pub(super) fn patched(chart: &Chart, future_areas: usize, palette: &Palette) -> Value {
    let mut option = serde_json::to_value(chart).unwrap_or(Value::Null);
    // Weeks stand at midnight of universal time; no field in `Chart`.
    option["useUTC"] = json!(true);
    // The page's font; `Chart` has no text style.
    option["textStyle"] = json!({ "fontFamily": palette.font, "color": palette.text });
    // Fields that `Tooltip` lacks: it stays inside the chart, and carries a class for the style sheet.
    option["tooltip"]["confine"] = json!(true);
    option["tooltip"]["className"] = json!("chart-tooltip");
    option["tooltip"]["transitionDuration"] = json!(0);
    option["tooltip"]["textStyle"] = json!({ "color": palette.text, "fontSize": 12 });
    for series in each(&mut option["series"]) {
        // `Line` has no stack strategy: without it, layers of unlike sign are stacked apart and bands break at zero.
        if series.get("stack").is_some() {
            series["stackStrategy"] = json!("all");
        }
        // `MarkAreaData` has no style of its own: all areas before the future are gaps or, with a name, left out.
        if let Some(areas) = series.pointer_mut("/markArea/data").and_then(Value::as_array_mut) {
            let gaps = areas.len().saturating_sub(future_areas);
            for area in areas.iter_mut().take(gaps) {
                let is_gap = area[0]["name"].as_str().is_none_or(str::is_empty);
                let colour = if is_gap { &palette.gap } else { &palette.masked };
                area[0]["itemStyle"] = json!({ "color": colour });
            }
        }
    }
    for axis in each(&mut option["xAxis"]) {
        // `AxisLineStyle` writes a list of segments, as gauges want it; axes take one colour.
        axis["axisLine"]["lineStyle"] = json!({ "color": palette.muted });
        // `AxisLabel` cannot hide labels that would overlap.
        axis["axisLabel"]["hideOverlap"] = json!(true);
        // `AxisPointer`'s label would repeat the tooltip's heading.
        axis["axisPointer"] = json!({ "label": { "show": false } });
    }
    for zoom in each(&mut option["dataZoom"]) {
        if zoom["type"] == "inside" {
            // Fields that `DataZoom` lacks: a wheel or a swipe scrolls the page, Ctrl and the wheel or two fingers zoom.
            zoom["zoomOnMouseWheel"] = json!("ctrl");
            zoom["moveOnMouseWheel"] = json!(false);
            zoom["preventDefaultMouseMove"] = json!(false);
        } else {
            // Nor can it leave out the shadow and the dates at the slider's ends, or set height and handles.
            zoom["showDataShadow"] = json!(false);
            zoom["showDetail"] = json!(false);
            zoom["height"] = json!(22);
            zoom["handleStyle"] = json!({ "color": palette.surface, "borderColor": palette.muted });
            zoom["moveHandleSize"] = json!(0);
            zoom["emphasis"] = json!({ "handleStyle": { "borderColor": palette.text } });
        }
    }
    option
}

/// The elements of a list, or the value itself where charming writes a single one bare.
fn each(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Null => Vec::new(),
        single => vec![single],
    }
}

#[cfg(test)]
mod tests {
    use super::super::layers::Layers;
    use super::super::samples::palette;
    use super::*;

    #[test]
    fn a_chart_without_parts_is_patched_without_inventing_them() {
        let option = patched(&Chart::new(), 0, &palette());
        assert!(option.get("series").is_none_or(|series| series.as_array().is_none_or(Vec::is_empty)));
    }

    #[test]
    fn options_hold_no_code() {
        let detail = super::super::samples::crossing_zero();
        let words = crate::words::Words::of(domain::language::Language::English);
        let text = super::super::forecast_chart(&detail, &Layers::default(), words, &palette())
            .unwrap()
            .option
            .to_string();
        assert!(
            !text.contains("function"),
            "the content security policy forbids building functions from text"
        );
    }
}
