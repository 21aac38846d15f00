//! The page of the audit. It is made by the server alone, like that of runs.

use domain::identity::{AuditAction, AuditEntry, PRINTED_LIST};
use leptos::prelude::*;

use super::document::Document;
use crate::address::{Address, use_older_audit_link};
use crate::words::{Words, use_words};

/// The whole document: entries, newest first.
#[component]
pub fn AuditDocument(
    /// What to show.
    entries: Vec<AuditEntry>,
    /// The number of the last entry shown, if there may be older ones.
    before: Option<i64>,
    /// The address's query, for language and appearance.
    query: String,
) -> impl IntoView {
    let document = Document {
        query,
        title: Box::new(|words| words.audit().title),
        class: "runs audit",
        is_beside_list: true,
    };
    document.around(move |words| {
        let texts = words.audit();
        let older = before
            .map(|before| view! { <a class="button" href=use_older_audit_link(before)>{texts.older}</a> });
        let table = if entries.is_empty() {
            view! { <p>{texts.none}</p> }.into_any()
        } else {
            view! { <Entries entries /> }.into_any()
        };
        view! {
            <p>
                {texts.about} " " <a href="/audit.csv" download="gridspark-audit.csv">{texts.export}</a>
            </p>
            {table}
            {older}
        }
        .into_any()
    })
}

#[component]
fn Entries(entries: Vec<AuditEntry>) -> impl IntoView {
    let words = use_words();
    let texts = words.audit();
    let row = |entry: AuditEntry| view! { <tr>{cells(entry, words)}</tr> };
    view! {
        <div class="score-frame" tabindex="0" role="region" aria-label=texts.title>
            <table>
                <thead>
                    <tr>{texts.columns.map(|column| view! { <th scope="col">{column}</th> })}</tr>
                </thead>
                <tbody>{entries.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The cells of an entry; what people have written is text, never markup.
fn cells(entry: AuditEntry, words: &Words) -> impl IntoView {
    let detail = match entry.action {
        AuditAction::RecordAction => words.audit_progress(&entry.detail),
        AuditAction::DecideWeeks => words.audit_weeks(&entry.detail),
        AuditAction::Export if entry.subject == PRINTED_LIST => {
            format!("{}: {}", words.on_paper().filter, words.filters(&Address::parse(&entry.detail)))
        }
        _ => entry.detail,
    };
    let texts = [
        words.moment(entry.at),
        words.person(&entry.person),
        words.way_in(entry.way_in).to_owned(),
        entry.address.unwrap_or_default(),
        words.audit_action(entry.action).to_owned(),
        words.audit_outcome(entry.outcome).to_owned(),
        words.audit_subject(entry.action, &entry.subject),
        detail,
    ];
    texts.map(|text| view! { <td>{text}</td> })
}
