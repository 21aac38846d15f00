//! The page about the model.

use any_spawner::Executor;
use app::ModelCardDocument;
use leptos::prelude::*;

use crate::invented::model_card;
use crate::render::page;

fn document(query: &str) -> String {
    let _ = Executor::init_tokio();
    let query = query.to_owned();
    Owner::new().with(|| view! { <ModelCardDocument card=Some(model_card()) query /> }.to_html())
}

#[tokio::test]
async fn the_newest_backtest_is_reported_with_its_ranges() {
    let html = document("");
    assert!(html.contains("<h1>Model card</h1>"));
    for expected in
        ["1,959 series at 3 origins", "0.0348 (0.0313–0.0383)", "88.8% (79.9–97.7)", "−16.9% (−25.2 to −8.6)"]
    {
        assert!(html.contains(expected), "{expected} is missing");
    }
    assert!(html.contains("265 of 24,740 overloaded; Brier score 0.0035, saying the base rate 0.0106"));
    assert!(html.contains("/model/horizon.svg?backtest=7&amp;lang=en"));
    assert!(html.contains("north") && html.contains("south"));
}

#[tokio::test]
async fn the_card_speaks_dutch() {
    let html = document("lang=nl");
    assert!(html.contains("<h1>Modelkaart</h1>") && html.contains("1.959 reeksen op 3 momenten"));
    assert!(html.contains("0,0348 (0,0313–0,0383)") && !html.contains("Model card"));
}

#[tokio::test]
async fn each_class_of_growth_is_reported_in_both_languages() {
    let html = document("");
    for expected in
        ["By growth", "Minima, fast (5% or more)", "Maxima, stable (below 0.5%)", "−25.0% (−32.5 to −17.5)"]
    {
        assert!(html.contains(expected), "{expected} is missing");
    }
    let html = document("lang=nl");
    for expected in ["Naar groei", "Minima, snel (5% of meer)", "−25,0% (−32,5 tot −17,5)"] {
        assert!(html.contains(expected), "{expected} is missing");
    }
}

#[tokio::test]
async fn every_page_leads_to_the_card() {
    assert!(page("/?lang=nl").await.contains("href=\"/model?lang=nl\""));
}

#[tokio::test]
async fn a_page_beside_the_list_leads_back_to_the_list_as_it_was_left() {
    let state = "area=Breda&amp;urgency=overload&amp;sort=capacity&amp;box=ESD.000003-1";
    let list = page(&format!("/?{}", state.replace("&amp;", "&"))).await;
    assert!(list.contains(&format!("href=\"/model?{state}\"")), "{list}");
    let brand = |html: &str| {
        let link = html.split("<a ").find(|link| link.contains("class=\"brand\"")).unwrap().to_owned();
        link.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(brand(&list), "/", "from the list itself to the whole of it");
    let card = document(&state.replace("&amp;", "&"));
    assert_eq!(brand(&card), format!("/?{state}"));
    assert!(card.contains(&format!("href=\"/model?{state}\"")), "its own links keep it: {card}");
    assert_eq!(brand(&document("")), "/");
}

#[tokio::test]
async fn what_lies_beyond_the_half_year_is_judged_apart() {
    let html = document("");
    assert!(
        html.contains("28 to 53 (indicative)") && html.contains("0.0421") && html.contains("86.1%"),
        "{html}"
    );
    assert!(!html.contains("does not reach the indicative weeks") && !html.contains("is a guess"));
    assert!(document("lang=nl").contains("28 t/m 53 (indicatief)"));
}
