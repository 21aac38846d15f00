//! The last tab: how good the data are, week by week and phase by phase.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use domain::box_weeks::{BoxWeeks, PhaseWeeks};
use leptos::prelude::*;
use model::{Extreme, Phase};

use super::data_quality::DataQualityBox;
use super::flag_list::{FlagList, without_repeats};
use super::tab_data::TabData;
use crate::charts::{CompletenessLegend, CompletenessStrip, StripWeek};
use crate::chrome::Failure;
use crate::erased_view::IntoErased as _;
use crate::words::{Words, use_words};

/// Completeness, gaps, outliers, notes with their remedies, and all phases.
#[component]
pub(super) fn DataTab(
    /// The box.
    detail: Arc<BoxDetail>,
    /// Its weeks as they were read.
    weeks: TabData<BoxWeeks>,
) -> impl IntoView {
    let words = use_words();
    let flags = without_repeats(detail.flags.clone());
    let notes = if flags.is_empty() {
        view! { <p class="muted">{words.on_detail().nothing_noted}</p> }.into_erased()
    } else {
        view! { <FlagList flags /> }.into_erased()
    };
    let outliers = outliers(&detail, words);
    let quality = detail.quality.clone();
    let drawn = move || match weeks.of(&detail.box_id) {
        Some(Ok(weeks)) => view! { <Weeks weeks /> }.into_erased(),
        Some(Err(error)) => view! { <Failure error /> }.into_erased(),
        None => view! { <p class="loading-note">{words.loading}</p> }.into_erased(),
    };
    view! {
        {drawn}
        <DataQualityBox quality outliers />
        <div class="flags">
            <h2 id="notes">{words.flags}</h2>
            {notes}
        </div>
    }
    .into_erased()
}

/// The outliers of each extreme by their weeks.
fn outliers(detail: &BoxDetail, words: &Words) -> Vec<String> {
    let of = |extreme| match extreme {
        Extreme::Min => detail.minimum.as_ref(),
        Extreme::Max => detail.maximum.as_ref(),
    };
    let found = |extreme| {
        let weeks = of(extreme)?.forecast_basis.as_ref()?.outliers.clone();
        let weeks: Vec<String> = weeks.into_iter().map(|week| words.week(week)).collect();
        (!weeks.is_empty()).then(|| format!("{}: {}", words.extreme_name(extreme), weeks.join("; ")))
    };
    [Extreme::Max, Extreme::Min].into_iter().filter_map(found).collect()
}

#[component]
fn Weeks(weeks: BoxWeeks) -> impl IntoView {
    let words = use_words();
    let texts = words.on_detail();
    let ends = weeks.completeness.first().zip(weeks.completeness.last());
    let label = ends.map(|(first, last)| format!("{}, {}", texts.by_week, words.span(first.week, last.week)));
    let strip = label.map(|label| {
        let weeks = weeks.completeness.iter().map(|week| StripWeek { week: week.week, complete: week.share });
        let weeks: Vec<StripWeek> = weeks.collect();
        let ends = weeks.first().zip(weeks.last()).map(|(first, last)| {
            view! {
                <p class="strip-ends muted">
                    <span>{words.week(first.week)}</span>
                    <span>{words.week(last.week)}</span>
                </p>
            }
        });
        let text = Callback::new(move |week: StripWeek| match week.complete {
            Some(share) => words.week_complete(week.week, share),
            None => format!("{}: {}", words.week(week.week), words.gap),
        });
        view! {
            <section class="completeness-section" aria-labelledby="by-week">
                <h2 id="by-week">{texts.by_week}</h2>
                <CompletenessStrip weeks label text />
                {ends}
                <CompletenessLegend names=[texts.complete, texts.incomplete, words.gap] />
            </section>
        }
    });
    let phases = (!weeks.phases.is_empty()).then(|| view! { <Phases phases=weeks.phases /> });
    view! {
        {strip}
        {phases}
    }
    .into_erased()
}

/// Each phase with its weeks, and the highest and the lowest value of them.
#[component]
fn Phases(phases: Vec<PhaseWeeks>) -> impl IntoView {
    let words = use_words();
    let texts = words.on_detail();
    let row = |phase: PhaseWeeks| {
        let name = match phase.phase {
            Phase::Sumli => texts.sum_of_phases.to_owned(),
            other => other.as_str().to_uppercase(),
        };
        let highest = phase.weeks.iter().max_by(|a, b| a.max_kw.total_cmp(&b.max_kw));
        let lowest = phase.weeks.iter().min_by(|a, b| a.min_kw.total_cmp(&b.min_kw));
        let shown = |found: Option<(model::IsoWeek, f64)>| {
            found.map_or_else(
                || "–".to_owned(),
                |(week, kw)| format!("{} ({})", words.kw(kw), words.week(week)),
            )
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="figure">{words.count(phase.weeks.len() as u32)}</td>
                <td class="figure">{shown(highest.map(|week| (week.week, week.max_kw)))}</td>
                <td class="figure">{shown(lowest.map(|week| (week.week, week.min_kw)))}</td>
            </tr>
        }
    };
    view! {
        <table class="phases">
            <thead>
                <tr>
                    <th scope="col">{texts.phase}</th>
                    <th scope="col" class="figure">{words.weeks}</th>
                    <th scope="col" class="figure">{texts.highest}</th>
                    <th scope="col" class="figure">{texts.lowest}</th>
                </tr>
            </thead>
            <tbody>{phases.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_erased()
}
