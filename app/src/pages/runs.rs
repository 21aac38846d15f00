//! The page of runs. It is made by the server alone, so that it weighs nothing in the page's WebAssembly; its details open
//! without JavaScript.

use domain::runs::{
    ComparedRun, Drift, GrowthFacts, Measure, Outcome, RunRecord, RunsReport, Verdict, VerificationSummary,
};
use domain::usage::UsedOn;
use leptos::prelude::*;
use model::Extreme;

use super::document::Document;
use super::usage::UsageTable;
use crate::address::use_completeness_link;
use crate::words::{Words, use_words};

/// The whole document: what was run, and how good forecasts turned out to be.
#[component]
pub fn RunsDocument(
    /// What to show.
    report: RunsReport,
    /// How often the pages were used, the newest day first.
    usage: Vec<UsedOn>,
    /// The address's query, for language and appearance.
    query: String,
) -> impl IntoView {
    let document =
        Document { query, title: Box::new(|words| words.runs().title), class: "runs", is_beside_list: true };
    document.around(move |words| {
        let texts = words.runs();
        view! {
            <p>{texts.about}</p>
            <p><a href=use_completeness_link()>{words.completeness().title}</a></p>
            <section>
                <h2>{texts.came_true}</h2>
                <VerificationTable rows=report.verification />
            </section>
            <section>
                <h2>{texts.runs}</h2>
                {report.runs.is_empty().then(|| view! { <p class="no-runs">{texts.none}</p> })}
                {report.runs.into_iter().map(|run| view! { <Run run /> }).collect_view()}
            </section>
            <section>
                <h2>{words.usage().title}</h2>
                <UsageTable usage />
            </section>
        }
        .into_any()
    })
}

#[component]
fn VerificationTable(rows: Vec<VerificationSummary>) -> impl IntoView {
    let words = use_words();
    let texts = words.runs();
    if rows.is_empty() {
        return view! { <p class="nothing-came-true">{texts.nothing_came_true}</p> }.into_any();
    }
    let columns = [
        texts.weeks_ahead,
        texts.judged,
        texts.pinball,
        texts.band_90,
        texts.band_70,
        texts.above_90,
        texts.overloads,
    ];
    let row = |row: VerificationSummary| {
        let (from, to) = row.weeks_ahead;
        let cells = [
            words.number(row.judged as f64, 0),
            words.number(row.pinball, 4),
            words.tenths(row.coverage_90),
            words.tenths(row.coverage_70),
            words.tenths(row.above_90),
            format!(
                "{} – {}",
                words.number(row.expected_overloads, 1),
                words.number(row.overloads as f64, 0)
            ),
        ];
        let ahead = if from == to { from.to_string() } else { format!("{from} – {to}") };
        view! {
            <tr>
                <th scope="row">{ahead}</th>
                {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <p>{texts.came_true_note}</p>
        <div class="score-frame" tabindex="0" role="region" aria-label=texts.came_true>
            <table>
                <thead>
                    <tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The figures that are seen at once; the rest opens.
const AT_ONCE: [Measure; 10] = [
    Measure::Seconds,
    Measure::Boxes,
    Measure::Rows,
    Measure::WeeksChanged,
    Measure::SetAside,
    Measure::Exceeded,
    Measure::Overloaded,
    Measure::Near,
    Measure::Pinball,
    Measure::Coverage90,
];

#[component]
fn Run(run: ComparedRun) -> impl IntoView {
    let words = use_words();
    let texts = words.runs();
    let ComparedRun { record, drift } = run;
    let kind = match record.outcome {
        Outcome::Complete => "good",
        Outcome::UnderWay => "open",
        Outcome::WithRefusals => "partly",
        Outcome::Stopped | Outcome::Failed => "bad",
    };
    let started = words.moment(record.started_at);
    let about = record.kind.as_str();
    let suspicions = record.facts.suspicions.clone();
    let reason = reason(&record, words);
    let growth = record.facts.growth;
    let at_once: Vec<(Measure, f64)> = AT_ONCE
        .into_iter()
        .filter_map(|measure| Some((measure, *record.facts.measures.get(&measure)?)))
        .collect();
    let summary = format!("{} – {}", words.run_kind(record.kind, record.run), started);
    view! {
        <article class="run" data-kind=about>
            <h3>
                {words.run_kind(record.kind, record.run)} " "
                <span class="run-outcome" data-outcome=kind>{words.run_outcome(record.outcome)}</span>
            </h3>
            <p class="run-when">{started.clone()} " · " {words.started_by(&record.started_by)}</p>
            {reason}
            <dl class="run-figures">
                {at_once
                    .into_iter()
                    .map(|(measure, value)| {
                        view! {
                            <div>
                                <dt>{words.measure(measure)}</dt>
                                <dd>{words.measured(measure, value)}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            {growth.map(|growth| view! { <Growth growth /> })}
            {(!suspicions.is_empty()).then(|| view! { <Suspicions suspicions /> })}
            <details>
                <summary>{texts.everything} <span class="visually-hidden">{summary.clone()}</span></summary>
                <Details record drift name=summary />
            </details>
        </article>
    }
    .into_any()
}

/// Why it did not end well: the tests of the data in the page's words, else the reason as the program reported it.
fn reason(record: &RunRecord, words: &Words) -> AnyView {
    let stopping: Vec<String> = record
        .facts
        .tests
        .iter()
        .filter(|result| record.outcome == Outcome::Stopped && result.stops())
        .map(|result| format!("{}: {}", words.data_test(result.test), words.data_finding(&result.finding)))
        .collect();
    if stopping.is_empty() {
        let shown = |reason| view! { <p class="run-reason" lang="en">{reason}</p> };
        return record.reason.clone().map(shown).into_any();
    }
    stopping.into_iter().map(|text| view! { <p class="run-reason">{text}</p> }).collect_view().into_any()
}

/// What was learned of growth, a sentence for each extreme.
#[component]
fn Growth(growth: GrowthFacts) -> impl IntoView {
    let words = use_words();
    let sentence = |extreme| view! { <li>{words.learned_growth(extreme, growth.of(extreme))}</li> };
    view! {
        <div class="run-growth">
            <p>{words.runs().growth}</p>
            <ul>{Extreme::ALL.map(sentence).collect_view()}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn Suspicions(suspicions: Vec<Drift>) -> impl IntoView {
    let words = use_words();
    let texts = words.runs();
    let line = |drift: Drift| {
        let (now, before) =
            (words.measured(drift.measure, drift.now), words.measured(drift.measure, drift.before));
        view! { <li>{words.measure(drift.measure)} ": " {before} " → " {now}</li> }
    };
    view! {
        <div class="suspicions">
            <p>{texts.look}</p>
            <ul>{suspicions.into_iter().map(line).collect_view()}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn Details(record: RunRecord, drift: Vec<Drift>, name: String) -> impl IntoView {
    let words = use_words();
    let texts = words.runs();
    let suspicious: Vec<Measure> = record.facts.suspicions.iter().map(|drift| drift.measure).collect();
    let figures = record.facts.measures.iter().map(|(&measure, &now)| {
        let before = drift.iter().find(|drift| drift.measure == measure);
        let before = before.map_or_else(|| "–".to_owned(), |drift| words.measured(measure, drift.before));
        let marked = suspicious.contains(&measure);
        // A sign for the eye and words for the ear, beside the colour.
        let mark = marked.then(|| {
            view! {
                <strong aria-hidden="true">" !"</strong>
                <span class="visually-hidden">{format!(" ({})", texts.look)}</span>
            }
        });
        view! {
            <tr data-suspicious=marked.then_some("true")>
                <th scope="row">{words.measure(measure)} {mark}</th>
                <td>{words.measured(measure, now)}</td>
                <td>{before}</td>
            </tr>
        }
    });
    let tests = record.facts.tests.iter().map(|result| {
        let failed = (result.verdict == Verdict::Failed).then_some("true");
        view! {
            <tr data-suspicious=failed>
                <th scope="row">{words.data_test(result.test)}</th>
                <td>{words.verdict(result.verdict)}</td>
                <td>{words.data_finding(&result.finding)}</td>
            </tr>
        }
    });
    let tests: Vec<_> = tests.collect();
    let newest = record.facts.data.as_ref().and_then(|data| data.newest_reading);
    let facts = [
        (texts.version, Some(record.code_version.clone())),
        (texts.model, record.model.clone()),
        (texts.data, newest.map(|newest| words.moment(newest))),
        (texts.settings, record.settings.clone()),
    ];
    view! {
        <div class="score-frame" tabindex="0" role="region" aria-label=format!("{}: {name}", texts.figures)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{texts.figure}</th>
                        <th scope="col">{texts.now}</th>
                        <th scope="col">{texts.before}</th>
                    </tr>
                </thead>
                <tbody>{figures.collect_view()}</tbody>
            </table>
        </div>
        {(!tests.is_empty())
            .then(|| {
                view! {
                    <div class="score-frame" tabindex="0" role="region" aria-label=format!("{}: {name}", texts.data_tests)>
                        <table>
                            <caption>{texts.data_tests}</caption>
                            <tbody>{tests}</tbody>
                        </table>
                    </div>
                }
            })}
        <dl class="run-facts">
            {facts
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> })
                .collect_view()}
        </dl>
    }
    .into_any()
}
