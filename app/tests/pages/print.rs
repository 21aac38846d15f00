//! The sheets for paper.

use any_spawner::Executor;
use app::{PrintDocument, Sheet};
use leptos::prelude::*;

use crate::invented::row;

/// The list of some boxes on paper.
fn list(ranks: &[u32], language: &str) -> String {
    let _ = Executor::init_tokio();
    let sheet = Sheet::List(ranks.iter().map(|rank| row(*rank)).collect());
    let (query, origin) = (format!("lang={language}"), "https://gridspark.example".to_owned());
    let owner = Owner::new();
    owner.with(|| view! { <PrintDocument sheet query origin made=chrono::DateTime::default() /> }.to_html())
}

#[tokio::test]
async fn a_printed_row_says_what_the_row_of_the_page_says() {
    let html = list(&[3], "en").replace('\u{a0}', " ");
    assert!(html.contains("week 9, 2026<!> <!>feed-in") || html.contains("week 9, 2026 feed-in"), "{html}");
    assert!(!html.contains("week 3, 2026"), "the week in which a band touches the limit is another thing");
    assert!(list(&[200], "en").contains("–"), "below 1 in 100 there is no week");
    let measured = list(&[1], "nl");
    assert!(measured.contains("116%, 6 van 8 weken"), "{measured}");
}
