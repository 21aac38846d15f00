//! The metrics of `/metrics`, from the output of a server that has just started.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use domain::runs::{ExtremeGrowth, GrowthFacts};

use super::cell;
use crate::telemetry::{Metrics, StoreState};

const HEAD: &str = "# Figures for monitoring

<!-- Made by `gridspark reference figures`; `just reference` makes it anew. -->

`/metrics` of each `gridspark serve`, in Prometheus' text format. A counter only grows, until its process begins anew; a
gauge is how things stand, alike on every server that shares a store.

| figure | kind | labels | meaning |
|---|---|---|---|
";

/// The metrics as a page.
pub(super) fn page() -> String {
    let metrics = Metrics::default();
    // A labelled metric appears once it has a value.
    metrics.notice_attempted("planners", "delivered");
    metrics.answered("/api/box", 200, Duration::ZERO);
    let learned = ExtremeGrowth { weight: 1.0, ..ExtremeGrowth::default() };
    let growth = GrowthFacts { minimum: learned, maximum: learned };
    metrics.show_store(StoreState { growth: Some(growth), ..StoreState::default() });
    let text = metrics.text().unwrap_or_default();
    let mut meanings = BTreeMap::new();
    let mut rows = Vec::new();
    let mut page = HEAD.to_owned();
    for line in text.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("HELP"), Some(name), Some(help)) => drop(meanings.insert(name, help)),
            (Some("#"), Some("TYPE"), Some(name), Some(kind)) => {
                // Queries use a suffix that the description leaves out.
                let suffix = if kind == "histogram" { "_bucket" } else { "" };
                let asked = format!("{name}{suffix}");
                rows.push((name, kind, labels(&text, &asked), asked));
            }
            _ => {}
        }
    }
    for (name, kind, labels, asked) in rows {
        let meaning = meanings.get(name).map_or_else(String::new, |help| cell(help));
        let _ = writeln!(page, "| `{asked}` | {kind} | {labels} | {meaning} |");
    }
    page
}

fn labels(text: &str, asked: &str) -> String {
    let sample = text.lines().find_map(|line| line.strip_prefix(asked)?.strip_prefix('{')?.split_once('}'));
    let keys = sample.map_or("", |(inside, _)| inside).split(',').filter_map(|label| label.split_once('='));
    let keys: Vec<String> = keys.map(|(key, _)| format!("`{key}`")).collect();
    if keys.is_empty() { "–".to_owned() } else { keys.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn figures_come_by_the_names_that_are_asked_for() {
        let page = page();
        for line in [
            "| `gridspark_http_requests_total` | counter | `route`, `status` |",
            "| `gridspark_http_answer_seconds_bucket` | histogram | `route`, `le` |",
            "| `gridspark_boxes` | gauge | `urgency` |",
            "| `gridspark_forecast_age_seconds` | gauge | – |",
        ] {
            assert!(page.contains(line), "{line} is not in\n{page}");
        }
    }
}
