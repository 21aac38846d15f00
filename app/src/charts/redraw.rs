//! What of a chart's options has changed, so that ECharts draws that alone anew.

use serde_json::{Map, Value};

/// The options that turn a chart of the options `before` into one of `after` when ECharts merges them; nothing where it
/// can't, as merging takes nothing away.
///
/// Objects are merged key by key, lists are replaced, and series are told apart by their `id`.
pub(super) fn changes(before: &Value, after: &Value) -> Option<Value> {
    let (before, after) = (before.as_object()?, after.as_object()?);
    let mut changed = Map::new();
    for (key, value) in pairs(before, after)? {
        let (was, is) = value;
        if key == "series" {
            let series = changed_series(was.as_array()?, is.as_array()?)?;
            if !series.is_empty() {
                changed.insert(key.clone(), Value::Array(series));
            }
        } else if was != is {
            can_merge(was, is).then_some(())?;
            changed.insert(key.clone(), is.clone());
        }
    }
    Some(Value::Object(changed))
}

/// Of each series that is not as it was: its identity, and what differs.
fn changed_series(before: &[Value], after: &[Value]) -> Option<Vec<Value>> {
    (before.len() == after.len()).then_some(())?;
    let mut series = Vec::new();
    for (was, is) in before.iter().zip(after) {
        if was == is {
            continue;
        }
        let (was, is) = (was.as_object()?, is.as_object()?);
        let identity = ["id", "type"].map(|key| (was.get(key), is.get(key)));
        identity.iter().all(|(was, is)| was.is_some() && was == is).then_some(())?;
        let mut changed = Map::new();
        for (key, (was, is)) in pairs(was, is)? {
            if was != is {
                can_merge(was, is).then_some(())?;
            }
            if was != is || key == "id" || key == "type" {
                changed.insert(key.clone(), is.clone());
            }
        }
        series.push(Value::Object(changed));
    }
    Some(series)
}

type Pairs<'a> = Vec<(&'a String, (&'a Value, &'a Value))>;

/// The values of two objects by key; nothing where they have not the same keys.
fn pairs<'a>(before: &'a Map<String, Value>, after: &'a Map<String, Value>) -> Option<Pairs<'a>> {
    (before.len() == after.len()).then_some(())?;
    after.iter().map(|(key, is)| Some((key, (before.get(key)?, is)))).collect()
}

/// Whether merging leaves nothing of what was.
fn can_merge(was: &Value, is: &Value) -> bool {
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => {
            pairs(was, is).is_some_and(|pairs| pairs.iter().all(|(_, (was, is))| can_merge(was, is)))
        }
        (Value::Object(_), _) | (_, Value::Object(_)) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use serde_json::json;

    use super::super::layers::Layers;
    use super::super::samples::{crossing_zero, palette};
    use super::super::{forecast_chart, what_if_chart};
    use super::*;
    use crate::words::Words;

    #[test]
    fn only_what_differs_of_a_series_is_sent_with_its_identity() {
        let before = json!({"useUTC": true, "yAxis": {"min": 0, "max": 9}, "series": [
            {"id": "a", "type": "line", "data": [1, 2], "lineStyle": {"width": 1}},
            {"id": "b", "type": "line", "data": [3]}]});
        let mut after = before.clone();
        after["series"][0]["data"] = json!([1, 5, 6]);
        after["yAxis"]["max"] = json!(12);
        let expected = json!({"yAxis": {"min": 0, "max": 12}, "series": [{"id": "a", "type": "line", "data": [1, 5, 6]}]});
        assert_eq!(changes(&before, &after), Some(expected));
        assert_eq!(changes(&before, &before), Some(json!({})));
    }

    #[test]
    fn what_merging_would_leave_behind_is_drawn_all_anew() {
        let before = json!({"yAxis": {"min": 0}, "series": [{"id": "a", "type": "line", "data": [], "markLine": {"data": [1]}}]});
        for (path, value) in [
            ("/series/0", json!({"id": "a", "type": "line", "data": []})),
            ("/series/0", json!({"id": "b", "type": "line", "data": [], "markLine": {"data": [1]}})),
            ("/series/0/markLine", json!({})),
            ("/series", json!([])),
            ("/yAxis", json!({"max": 1})),
        ] {
            let mut after = before.clone();
            *after.pointer_mut(path).unwrap() = value;
            assert_eq!(changes(&before, &after), None, "{path}");
        }
    }

    #[test]
    fn the_forecast_s_chart_is_merged_where_other_figures_have_the_same_layers() {
        let words = Words::of(Language::English);
        let before = crossing_zero();
        let mut after = before.clone();
        let forecast = &mut after.maximum.as_mut().unwrap().forecast;
        *forecast = forecast.clone().with_added(&vec![7.0; forecast.future().len()]);
        let option = |detail| forecast_chart(detail, &Layers::default(), words, &palette()).unwrap().option;
        let (was, is) = (option(&before), option(&after));
        let changed = changes(&was, &is).expect("the same layers");
        let series = changed["series"].as_array().unwrap();
        assert!(!series.is_empty() && series.len() < is["series"].as_array().unwrap().len());
        // Without an answer the chart lacks what was before.
        assert!(what_if_chart(&before, None, words, &palette()).is_some());
    }
}
