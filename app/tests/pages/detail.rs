//! The detail of a box.

use crate::render::{count, page};

#[tokio::test]
async fn a_link_shows_the_box_beside_the_list() {
    let html = page("/?box=ESD.000003-1").await;
    assert!(html.contains("<h1>ESD.000003-1</h1>"));
    assert!(html.contains("ESD.000050-1"), "the list is there too");
    assert!(
        html.contains("aria-current=\"true\" >ESD.000003-1")
            || html.contains("aria-current=\"true\">ESD.000003-1")
    );
    assert!(html.contains("Probably overloaded from week"));
    assert!(html.contains("In 9 of 10 such weeks the maximum lies between"));
    assert!(html.contains("134%"));
}

#[tokio::test]
async fn the_tab_of_the_address_is_shown_with_its_summary_and_table() {
    let html = page("/?box=ESD.000003-1&tab=minimum").await;
    assert_eq!(count(&html, "aria-selected=\"true\""), 1);
    assert!(html.contains("The weekly minimum is the sum of drift, season and noise"));
    assert!(html.contains("role=\"tabpanel\"") && html.contains("<table>"));
    let rows = count(&html, "<tr><th scope=\"row\">week");
    assert_eq!(rows, 137, "every week has its row");
}

#[tokio::test]
async fn feed_in_that_grows_is_reported_below_the_chart() {
    let html = page("/?box=ESD.000003-1").await;
    assert_eq!(count(&html, "class=\"growth-note\""), 1);
    assert!(html.contains("The feed-in grows by about 14"), "{html}");
    let dutch = page("/?box=ESD.000003-1&lang=nl").await;
    assert!(dutch.contains("De teruglevering groeit met ongeveer 14"), "{dutch}");
}

#[tokio::test]
async fn what_was_measured_comes_before_what_is_to_come() {
    let html = page("/?box=ESD.000001-1").await;
    let measured = html.find("Overloaded in 6 of the last 8 weeks, most in week\u{a0}41: 116%").unwrap();
    let ahead = html.find("Forecast: probably overloaded from week").unwrap();
    assert!(measured < ahead);
    assert!(page("/?box=ESD.000001-1&lang=nl").await.contains("Overbelast in 6 van de laatste 8 weken"));
}

#[tokio::test]
async fn a_box_that_is_not_measured_is_reported_by_boxes_like_it() {
    let html = page("/?box=ESD.000129-1").await;
    assert!(html.contains("This box is not measured"));
    assert!(html.contains("(the 125 measured ones of 400\u{a0}kVA) 1 in 5 is to be expected"), "{html}");
    assert!(!html.contains("in urgency"), "it has no place in the order");
}

#[tokio::test]
async fn a_box_without_a_forecast_says_why_and_what_to_do() {
    let html = page("/?box=ESD.000130-1").await;
    assert!(html.contains("History too short") && html.contains("Wait for more readings"));
    assert!(!html.contains("chart-canvas") && !html.contains("role=\"tab\""), "nothing is there to look at");
}

#[tokio::test]
async fn an_unknown_box_is_named() {
    let html = page("/?box=NONE-1").await;
    assert!(html.contains("role=\"alert\"") && html.contains("There is no box NONE-1"));
}

#[tokio::test]
async fn the_page_speaks_dutch() {
    let html = page("/?box=ESD.000003-1&lang=nl").await;
    assert!(html.contains("Waarschijnlijk overbelast vanaf week"));
    assert!(html.contains("Opbouw van het minimum"));
    assert!(!html.contains("Breakdown"));
}

#[tokio::test]
async fn other_addresses_are_not_found() {
    let html = page("/nowhere").await;
    assert!(html.contains("Page not found"));
}
