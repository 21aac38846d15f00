//! The plan.

use crate::render::{count, page};

#[tokio::test]
async fn rows_come_in_their_order_with_the_line_where_the_budget_ends() {
    let html = page("/plan?budget=20000&lang=en").await;
    // What avoids more comes first, what is not computed yet last.
    let rows = html.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let places: Vec<_> = ["ESD.000002-1", "budget-line", "ESD.000001-1", "ESD.000004-1"]
        .map(|text| rows.find(text).unwrap_or_else(|| panic!("{text}: {rows}")))
        .into();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!((count(rows, "type=\"checkbox\""), count(rows, " checked")), (3, 1), "{rows}");
    assert!(rows.contains("with the next forecast"));
    assert!(html.contains("1 of 3 ticked, €\u{a0}19,000: they avoid 9.5 expected weeks"), "{html}");
    assert!(html.contains("<h2>Split the load</h2>") && html.contains("ESD.000003-1"));
    assert!(html.contains("value=\"20000\"") && html.contains("/api/plan.csv?budget_euro=20000"));
    assert!(html.contains("Ticked: 1."), "{html}");
}

#[tokio::test]
async fn an_area_and_the_language_stay_in_the_links_of_its_rows() {
    let html = page("/plan?area=Venlo&lang=nl").await;
    assert!(html.contains("href=\"/?area=Venlo&amp;box=ESD.000002-1&amp;lang=nl\""), "{html}");
    assert!(!html.contains("ESD.000001-1") && !html.contains("budget-line"));
    assert!(
        html.contains("er valt niets te bestellen") && html.contains("name=\"lang\" value=\"nl\""),
        "{html}"
    );
    assert!(
        html.contains("href=\"/plan?area=Venlo&amp;lang=nl\""),
        "the bar's own link keeps the area: {html}"
    );
}

#[tokio::test]
async fn what_the_address_can_t_mean_is_said() {
    let html = page("/plan?budget=-5&area=Atlantis&lang=nl").await;
    assert!(html.contains("“-5” is geen budget"), "{html}");
    assert!(html.contains("Er is geen gebied “Atlantis”"), "{html}");
}
