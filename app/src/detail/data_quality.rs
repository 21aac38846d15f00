//! How good the box's data are.

use domain::box_detail::DataQuality;
use domain::week_span::WeekSpan;
use leptos::prelude::*;

use super::facts::FactList;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// Gaps that are listed one by one; more are counted.
const LISTED_GAPS: usize = 6;

/// Completeness, span and gaps.
#[component]
pub(super) fn DataQualityBox(
    /// The figures.
    quality: DataQuality,
    /// The outliers of each extreme, in words.
    outliers: Vec<String>,
) -> impl IntoView {
    let words = use_words();
    let week = |week: Option<model::IsoWeek>| week.map_or_else(|| "–".to_owned(), |week| words.week(week));
    let span = |gap: &WeekSpan| words.span(gap.first, gap.last);
    let mut gaps: Vec<String> = quality.gaps.iter().take(LISTED_GAPS).map(span).collect();
    if quality.gaps.len() > LISTED_GAPS {
        gaps.push(format!("+ {}", quality.gaps.len() - LISTED_GAPS));
    }
    let gaps = if gaps.is_empty() { words.no_gaps.to_owned() } else { gaps.join("; ") };
    let mut facts = vec![
        (words.completeness, words.probability(quality.completeness)),
        (words.weeks, words.count(quality.weeks)),
        (words.first_week, week(quality.first_week)),
        (words.last_week, week(quality.last_week)),
        (words.gaps, gaps),
    ];
    if quality.imported_weeks > 0 {
        facts.push((words.imported_weeks, words.count(quality.imported_weeks)));
    }
    if let Some(readings) = quality.implausible {
        let power = match readings.min_kw < readings.max_kw {
            true => format!("{} … {}", words.kw(readings.min_kw), words.kw(readings.max_kw)),
            false => words.kw(readings.min_kw),
        };
        let weeks = words.span(readings.first_week, readings.last_week);
        facts.push((words.implausible_readings, format!("{power}; {weeks}")));
    }
    if quality.idle_weeks > 0 {
        facts.push((words.idle_weeks, words.count(quality.idle_weeks)));
    }
    if !outliers.is_empty() {
        facts.push((words.on_detail().outlier_weeks, outliers.join(". ")));
    }
    view! {
        <section class="facts" aria-labelledby="data-quality">
            <h2 id="data-quality">{words.quality}</h2>
            <FactList facts />
        </section>
    }
    .into_erased()
}
