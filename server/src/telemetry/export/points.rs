//! Converts the Prometheus text to OTLP points. Metrics are described and counted once, in the
//! registry, whose families can't be read but as text; OpenTelemetry's instruments would double
//! both.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, Sum, metric,
    number_data_point,
};

/// The period of the metrics, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    pub(super) start: u64,
    pub(super) now: u64,
}

/// A metric family: all samples of one name.
#[derive(Debug, Default)]
struct Family<'a> {
    help: &'a str,
    kind: &'a str,
    unit: &'a str,
    samples: Vec<Sample<'a>>,
}

/// A line: the name's suffix, labels and value.
#[derive(Debug)]
struct Sample<'a> {
    suffix: &'a str,
    labels: BTreeMap<&'a str, String>,
    value: f64,
}

/// The metrics of a text in the OpenMetrics format as this program writes it.
pub(super) fn metrics_of(text: &str, period: Period) -> Vec<Metric> {
    let mut families: Vec<(&str, Family<'_>)> = Vec::new();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (Some(word), Some(name)) = (words.next(), words.next()) else { continue };
            if families.last().is_none_or(|(last, _)| *last != name) {
                families.push((name, Family::default()));
            }
            let Some((_, family)) = families.last_mut() else { continue };
            let rest = words.next().unwrap_or_default();
            match word {
                "HELP" => family.help = rest,
                "TYPE" => family.kind = rest,
                "UNIT" => family.unit = rest,
                _ => {}
            }
        } else if let Some((name, family)) = families.last_mut()
            && let Some(sample) = sample(line, name)
        {
            family.samples.push(sample);
        }
    }
    families.into_iter().filter_map(|(name, family)| metric(name, family, period)).collect()
}

fn sample<'a>(line: &'a str, family: &str) -> Option<Sample<'a>> {
    let rest = line.strip_prefix(family)?;
    let (suffix, rest) = rest.split_at(rest.find(['{', ' '])?);
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (BTreeMap::new(), rest),
    };
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some(Sample { suffix, labels, value })
}

/// Parses `name="value",…}` and what follows.
fn labels(mut rest: &str) -> Option<(BTreeMap<&str, String>, &str)> {
    let mut labels = BTreeMap::new();
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some((labels, after));
        }
        let (name, after) = rest.split_once("=\"")?;
        let mut value = String::new();
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next()? {
                (end, '"') => break end,
                (_, '\\') => match letters.next()?.1 {
                    'n' => value.push('\n'),
                    other => value.push(other),
                },
                (_, other) => value.push(other),
            }
        };
        labels.insert(name, value);
        rest = after[end + 1..].trim_start_matches(',');
    }
}

fn metric(name: &str, family: Family<'_>, period: Period) -> Option<Metric> {
    if family.samples.is_empty() {
        return None;
    }
    let cumulative = AggregationTemporality::Cumulative.into();
    let data = match family.kind {
        "counter" => metric::Data::Sum(Sum {
            data_points: family.samples.iter().map(|sample| number(sample, period)).collect(),
            aggregation_temporality: cumulative,
            is_monotonic: true,
        }),
        "histogram" => metric::Data::Histogram(Histogram {
            data_points: histograms(&family.samples, period),
            aggregation_temporality: cumulative,
        }),
        _ => metric::Data::Gauge(Gauge {
            data_points: family.samples.iter().map(|sample| number(sample, period)).collect(),
        }),
    };
    let unit = if family.unit == "seconds" { "s" } else { family.unit };
    Some(Metric {
        name: name.to_owned(),
        description: family.help.to_owned(),
        unit: unit.to_owned(),
        data: Some(data),
        ..Metric::default()
    })
}

fn attributes(labels: &BTreeMap<&str, String>) -> Vec<KeyValue> {
    let text = |value: &String| AnyValue { value: Some(any_value::Value::StringValue(value.clone())) };
    labels
        .iter()
        .filter(|(name, _)| **name != "le")
        .map(|(name, value)| KeyValue {
            key: (*name).to_owned(),
            value: Some(text(value)),
            ..KeyValue::default()
        })
        .collect()
}

fn number(sample: &Sample<'_>, period: Period) -> NumberDataPoint {
    NumberDataPoint {
        attributes: attributes(&sample.labels),
        start_time_unix_nano: period.start,
        time_unix_nano: period.now,
        value: Some(number_data_point::Value::AsDouble(sample.value)),
        ..NumberDataPoint::default()
    }
}

/// One point per set of labels; the text's counts are cumulative over buckets, those of OTLP are
/// not.
fn histograms(samples: &[Sample<'_>], period: Period) -> Vec<HistogramDataPoint> {
    let mut points: Vec<(Vec<KeyValue>, HistogramDataPoint)> = Vec::new();
    for sample in samples {
        let attributes = attributes(&sample.labels);
        let place = points.iter().position(|(known, _)| *known == attributes).unwrap_or_else(|| {
            let point = HistogramDataPoint {
                attributes: attributes.clone(),
                start_time_unix_nano: period.start,
                time_unix_nano: period.now,
                ..HistogramDataPoint::default()
            };
            points.push((attributes, point));
            points.len() - 1
        });
        let point = &mut points[place].1;
        match sample.suffix {
            "_sum" => point.sum = Some(sample.value),
            "_count" => point.count = sample.value as u64,
            "_bucket" => {
                let below: u64 = point.bucket_counts.iter().sum();
                point.bucket_counts.push((sample.value as u64).saturating_sub(below));
                let bound: Option<f64> = sample.labels.get("le").and_then(|bound| bound.parse().ok());
                point.explicit_bounds.extend(bound.filter(|bound| bound.is_finite()));
            }
            _ => {}
        }
    }
    points.into_iter().map(|(_, point)| point).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use store::NoticeCounts;

    use super::*;
    use crate::telemetry::Metrics;

    #[test]
    fn every_figure_of_the_registry_arrives_with_its_labels_and_counts() {
        let figures = Metrics::default();
        figures.answered("/api/box", 200, Duration::from_millis(3));
        figures.answered("/api/box", 200, Duration::from_millis(30));
        figures.answered("/model/{figure}", 404, Duration::from_secs(20));
        figures.assessed(32);
        let fleet = domain::overview::Overview { boxes: 5, overloaded: 2, ample: 3, ..Default::default() };
        let text = figures.text(&fleet, 7, NoticeCounts::default(), None).unwrap();
        let metrics = metrics_of(&text, Period { start: 1, now: 2 });
        let families = text.lines().filter(|line| line.starts_with("# TYPE")).count();
        assert_eq!(metrics.len(), families, "{text}");
        let find = |name: &str| metrics.iter().find(|metric| metric.name == name).unwrap();
        let metric::Data::Sum(requests) = find("gridspark_http_requests").data.clone().unwrap() else {
            panic!()
        };
        assert!(requests.is_monotonic);
        let labels: Vec<String> =
            requests.data_points.iter().map(|point| format!("{:?}", point.attributes)).collect();
        assert!(labels.iter().any(|labels| labels.contains("/model/{figure}")), "{labels:?}");
        let seconds = find("gridspark_http_answer_seconds");
        assert_eq!(seconds.unit, "s");
        let metric::Data::Histogram(seconds) = seconds.data.clone().unwrap() else { panic!() };
        let of_box = seconds
            .data_points
            .iter()
            .find(|point| format!("{:?}", point.attributes).contains("/api/box"))
            .unwrap();
        assert_eq!((of_box.count, of_box.bucket_counts.iter().sum::<u64>()), (2, 2));
        assert_eq!(of_box.bucket_counts.len(), of_box.explicit_bounds.len() + 1);
        assert_eq!(of_box.bucket_counts[2], 1, "3 ms lie between 2.5 and 5");
        let metric::Data::Gauge(open) = find("gridspark_open_boxes").data.clone().unwrap() else { panic!() };
        assert_eq!(open.data_points[0].value, Some(number_data_point::Value::AsDouble(7.0)));
    }
}
