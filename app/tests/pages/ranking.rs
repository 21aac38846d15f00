//! The list.

use crate::render::{count, page};

#[tokio::test]
async fn the_first_fifty_rows_are_in_the_page() {
    let html = page("/").await;
    assert_eq!(count(&html, "scope=\"row\" class=\"col-box\""), 50);
    assert!(
        html.contains("ESD.000001-1") && html.contains("ESD.000050-1") && !html.contains(">ESD.000051-1")
    );
    assert!(html.contains("300%"), "the figure is not clipped");
    assert!(html.contains("129 transformers"));
    assert!(html.contains("Measured to week"));
}

#[tokio::test]
async fn a_row_is_a_real_link_that_keeps_the_rest_of_the_address() {
    let html = page("/?area=Venlo&lang=nl&sort=area").await;
    assert!(html.contains("href=\"?area=Venlo&amp;sort=area&amp;box=ESD.000002-1&amp;lang=nl\""), "{html}");
    assert!(!html.contains("ESD.000001-1"), "the filter counts on the server too");
}

#[tokio::test]
async fn the_sorted_column_says_so_and_links_to_the_other_direction() {
    let html = page("/?sort=peak-loading&dir=desc").await;
    let heading = html.split("<th ").find(|heading| heading.contains("col-loading")).unwrap();
    assert!(heading.contains("aria-sort=\"descending\""), "{heading}");
    assert!(html.contains("href=\"?sort=peak-loading\""), "a second click turns the order round");
    assert_eq!(count(&html, "aria-sort"), 1);
}

#[tokio::test]
async fn status_is_a_word_and_a_shape_beside_its_colour() {
    let html = page("/?urgency=near").await;
    assert_eq!(count(&html, "<span>Near limit</span>"), 20);
    assert!(count(&html, "status-mark urgency-near") >= 20);
}

#[tokio::test]
async fn what_was_measured_stands_beside_the_class() {
    let html = page("/?urgency=exceeded").await;
    assert_eq!(count(&html, "<span>Already overloaded</span>"), 2);
    assert_eq!(count(&html, "116%, 6 of 8 weeks"), 2);
}

#[tokio::test]
async fn boxes_that_are_not_measured_have_a_chip_of_their_own_and_are_listed_when_asked_for() {
    assert!(!page("/?q=ESD.000129").await.contains(">ESD.000129-1"));
    let html = page("/?urgency=unmeasured").await;
    assert_eq!(count(&html, "<span>Not measured</span>"), 1);
    assert!(html.contains("ESD.000129-1"));
}

#[tokio::test]
async fn the_filter_is_a_form_that_works_without_javascript() {
    let html = page("/?q=esd&urgency=near&theme=dark").await;
    assert!(html.contains("method=\"get\"") && html.contains("name=\"q\"") && html.contains("value=\"esd\""));
    assert!(html.contains("type=\"hidden\" name=\"urgency\" value=\"near\""));
    assert!(html.contains("<option value=\"Venlo\""));
}

#[tokio::test]
async fn texts_of_the_data_are_escaped() {
    let html = page("/").await;
    assert!(html.contains("Station &lt;1&gt;") && !html.contains("Station <1>"));
}

#[tokio::test]
async fn nothing_carries_a_style_attribute_that_the_policy_would_refuse() {
    for address in ["/", "/?box=ESD.000001-1", "/?box=ESD.000001-1&tab=minimum", "/?q=nothing"] {
        let html = page(address).await;
        assert_eq!(count(&html, " style="), 0, "{address}");
    }
}

#[tokio::test]
async fn a_filter_without_a_match_says_so() {
    let html = page("/?q=nowhere").await;
    assert!(html.contains("No transformer matches this filter.") && html.contains("Clear filters"));
}

#[tokio::test]
async fn each_row_has_its_coming_weeks_and_a_tick_at_its_capacity() {
    let html = page("/").await;
    assert_eq!(count(&html, "class=\"sparkline maximum\""), 50);
    assert_eq!(count(&html, "class=\"tick\""), 50);
}

#[tokio::test]
async fn what_a_link_asks_for_and_is_not_there_is_said() {
    let html = page("/?urgency=purple&lang=nl").await;
    assert!(html.contains("“purple” bestaat hier niet"), "{html}");
    assert!(!page("/?urgency=near").await.contains("left out"));
}

#[tokio::test]
async fn a_link_may_name_boxes_and_says_so() {
    let html = page("/?only=ESD.000001-1&only=ESD.000002-1").await;
    assert!(html.contains("Only the 2 chosen") && html.contains("name=\"only\""), "{html}");
}
