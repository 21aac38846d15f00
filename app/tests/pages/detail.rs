//! The detail of a box.

use crate::invented::DOUBTED;
use crate::render::{count, page};

#[tokio::test]
async fn a_link_shows_the_box_beside_the_list() {
    let html = page("/?box=ESD.000003-1").await;
    assert!(html.contains("<h1>Station &lt;3&gt;</h1>"), "the station's name is the title");
    assert!(html.contains("class=\"box-id\">ESD.000003-1</span>"));
    assert!(html.contains("No. 3 of 129"));
    assert!(html.contains("class=\"history-picture\""), "the server draws the chart");
    assert!(html.contains("ESD.000050-1"), "the list is there too");
    assert!(
        html.contains("aria-current=\"true\" >ESD.000003-1")
            || html.contains("aria-current=\"true\">ESD.000003-1")
    );
    assert!(html.contains(" up to week"), "the chance is of a span");
    assert!(html.contains("the maximum lies between") && html.contains("with 9 chances in 10"));
    assert!(html.contains("134%"));
}

#[tokio::test]
async fn the_tab_of_the_address_is_shown_with_its_summary_and_table() {
    for tab in ["why", "minimum"] {
        let html = page(&format!("/?box=ESD.000003-1&tab={tab}")).await;
        assert_eq!(count(&html, "aria-selected=\"true\""), 1);
        assert!(html.contains("The weekly minimum is the sum of trend, season and noise"));
        assert!(html.contains("role=\"tabpanel\"") && html.contains("<table>"));
        assert!(html.contains("class=\"waterfall maximum\"") && html.contains(">1 in 20</tspan>"));
        assert!(html.contains("The level hardly moves: without winter the limit is not in sight."), "{html}");
        let rows = count(&html, "<tr><th scope=\"row\">week");
        assert_eq!(rows, 137, "every week has its row");
    }
}

#[tokio::test]
async fn what_can_be_assumed_has_its_fields_which_wait_for_the_page() {
    let html = page("/?box=ESD.000003-1&tab=what-if&lang=nl").await;
    assert!(html.contains("Laadpalen van 11 kW") && html.contains("Nieuwe woningen"));
    assert_eq!(count(&html, "type=\"range\""), 5);
    assert!(
        html.contains("<fieldset disabled class=\"what-if-fields")
            || html.contains("what-if-fields with-script\" disabled")
    );
    assert!(html.contains("Er is nog niets aangenomen"));
    let unforecast = page("/?box=ESD.000130-1&tab=what-if").await;
    assert_eq!(count(&unforecast, "type=\"range\""), 0);
}

#[tokio::test]
async fn accuracy_sets_a_past_forecast_beside_what_came_and_keeps_the_ledger() {
    let html = page("/?box=ESD.000003-1&tab=accuracy").await;
    assert!(html.contains("1 of 2 weeks (all: 91%)"), "{html}");
    assert_eq!(count(&html, "class=\"came-outside\""), 1);
    assert!(html.contains("12 weeks") && html.contains(">miss</th>") && html.contains(">hit</th>"));
    assert!(html.contains("10 weeks"), "the mean lead time of all");
    let empty = page("/?box=ESD.000004-1&tab=accuracy&lang=nl").await;
    assert!(empty.contains("Vanaf nu worden ze bewaard") && empty.contains("Geen waarschuwing"));
}

#[tokio::test]
async fn data_are_shown_by_week_and_phase() {
    let html = page("/?box=ESD.000003-1&tab=data").await;
    assert!(html.contains("Completeness by week") && html.contains("class=\"missing\""));
    assert!(html.contains("Sum of the phases") && html.contains(">L1</th>"));
    assert!(html.contains("No notes on these data"));
    assert!(!html.contains("Nothing out of the ordinary"), "weeks out of the ordinary may stand beside it");
}

#[tokio::test]
async fn feed_in_that_grows_is_reported_below_the_chart() {
    let html = page("/?box=ESD.000003-1").await;
    assert_eq!(count(&html, "class=\"growth-note\""), 1);
    assert!(
        html.contains("The feed-in grows most around week 24, level and season together: by about 14"),
        "{html}"
    );
    let dutch = page("/?box=ESD.000003-1&lang=nl").await;
    assert!(dutch.contains("De teruglevering groeit het meest rond week 24"), "{dutch}");
}

#[tokio::test]
async fn what_was_measured_comes_before_what_is_to_come() {
    let html = page("/?box=ESD.000001-1").await;
    let measured = html
        .find("Overloaded in 6 of the last 8 weeks, the heaviest in week\u{a0}41, 2026: 116% (import)")
        .unwrap();
    let ahead = html.find("class=\"outlook-ahead\"").unwrap();
    assert!(measured < ahead);
    assert!(page("/?box=ESD.000001-1&lang=nl").await.contains("Overbelast in 6 van de laatste 8 weken"));
}

#[tokio::test]
async fn a_figure_of_the_half_year_names_the_half_year() {
    let html = page(&format!("/?box={DOUBTED}")).await;
    let tile = html.split("class=\"key-figures\"").nth(1).unwrap();
    let tile = tile.split("</dl>").next().unwrap();
    assert!(tile.contains("up to week\u{a0}27, 2026"), "{tile}");
    // The caption of the chart says where the half-year ends, and makes no promise about a whole year.
    assert!(html.contains("(after week\u{a0}27, 2026 indicative). A band speaks of its own week."), "{html}");
    assert!(!html.contains("weeks the maximum stays between"));
}

#[tokio::test]
async fn a_doubted_peak_is_questioned_where_it_is_said() {
    let html = page(&format!("/?box={DOUBTED}")).await;
    let title = html.find("class=\"outlook-title\"").unwrap();
    let doubt = html.find("class=\"outlook-doubt\"").unwrap();
    let chart = html.find("class=\"history-picture\"").unwrap();
    assert!(title < doubt && doubt < chart);
    assert!(html[doubt..].contains("Import of 908\u{a0}kW, counted for less: a fault or real?"), "{html}");
    // Both extremes' outliers are counted where the forecast comes from, as the tab of the data lists them.
    assert!(html.contains("4 outliers counted for less"), "{html}");
}

#[tokio::test]
async fn an_overload_that_was_known_before_is_no_empty_ledger() {
    let html = page(&format!("/?box={DOUBTED}&tab=accuracy")).await;
    assert!(html.contains("began before the stored forecasts"), "{html}");
    assert!(!html.contains("No warning, and no overload"));
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
    assert!(html.contains("2 notes on the data"));
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
    assert!(html.contains(" tot en met week") && html.contains("met een kans van 9 op de 10"));
    assert!(html.contains("Waarom") && html.contains("nr. 3 van 129"));
    assert!(!html.contains("Why"));
}

#[tokio::test]
async fn other_addresses_are_not_found() {
    let html = page("/nowhere").await;
    assert!(html.contains("Page not found"));
}
