//! `gridspark backtest`: from files and from the store, kept and read again.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use backtest::{Job, ModelName, Settings, WindowSettings, origins};
use chrono::{SubsecRound, Utc};
use gridspark::runs::{newest_backtest, store_backtest};

use crate::on_both_databases;
use crate::support::{TestStore, box_id, fill, pages_of, shared};

fn gridspark(database: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(arguments)
        .args(["--database", database])
        .output()
        .unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    let shown = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {shown}"))
}

/// A database in a folder that isn't there: whoever opens it fails.
const NO_DATABASE: &str = "sqlite:///dev/null/no/database.db";

fn files(set: &str) -> Option<[PathBuf; 2]> {
    let of = |name: &str| shared::path(&format!("data/{set}_{name}"));
    Some([of("weekly.parquet")?, of("capacities.csv")?])
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn real_loads_are_judged_without_a_database_by_the_contract() {
    let Some([extremes, capacities]) = files("gefcom2012") else { return };
    let judged = gridspark(
        NO_DATABASE,
        &[
            "backtest",
            "--extremes",
            text(&extremes),
            "--capacities",
            text(&capacities),
            "--until",
            "2008-06-23",
            "--until",
            "2007-12-24",
            "--json",
        ],
    );
    assert_eq!(judged.status.code(), Some(0), "{}", String::from_utf8_lossy(&judged.stderr));
    let answer = json(&judged);
    assert_eq!((answer["series"].as_i64(), answer["origins"].as_i64()), (Some(40), Some(2)));
    assert_eq!(answer["model"], "gridspark");
    let names = ["pinball", "coverage_90", "coverage_70", "mae", "brier_overload", "seconds_per_fit"];
    let scores = |of: &serde_json::Value| names.map(|name| of[name].as_f64().unwrap());
    let all = scores(&answer);
    assert!(all[0] > 0.02 && all[0] < 0.1 && all[1] > 0.5 && all[2] < all[1], "{all:?}");
    assert_eq!(all, scores(&answer["per_set"]["gefcom2012"]));
    let extremes = ["min", "max"].map(|extreme| scores(&answer["per_extreme"][extreme])[0]);
    assert!((extremes.iter().sum::<f64>() / 2.0 - all[0]).abs() < 1e-9);
    let models = answer["models"].as_array().unwrap();
    let named: Vec<&str> = models.iter().map(|model| model["model"].as_str().unwrap()).collect();
    assert_eq!(named, ["gridspark", "spark", "seasonal-naive"]);
    for model in models {
        scores(&model["all"]);
        scores(&model["per_set"]["gefcom2012"]);
        assert_eq!(model["by_horizon"].as_array().unwrap().len(), 26);
    }
}

#[test]
fn refused_series_end_with_three_wrong_usage_with_two_and_nothing_to_judge_with_one() {
    let Some([extremes, capacities]) = files("pjm") else { return };
    let (extremes, capacities) = (text(&extremes), text(&capacities));
    let some = ["backtest", "--extremes", extremes, "--capacities", capacities, "--model", "seasonal-naive"];
    let with = |more: &[&str]| gridspark(NO_DATABASE, &[&some, more].concat());
    let refused = with(&["--until", "2018-07-23"]);
    assert_eq!(refused.status.code(), Some(3));
    let shown = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(shown.contains("2 series left out: 2 "), "{shown}");
    assert!(shown.contains("pjm, PJM-"), "{shown}");
    let none = with(&["--until", "1999-07-05"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&none.stderr).contains("no series could be evaluated: 12 short-training")
    );
    let sunday = with(&["--until", "2018-07-22"]);
    assert_eq!(sunday.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&sunday.stderr).contains("2018-07-16"));
    assert_eq!(with(&["--model", "crystal-ball"]).status.code(), Some(2));
    assert_eq!(with(&["--until", "2018-07-23", "--origins", "2"]).status.code(), Some(2));
    assert_eq!(gridspark(NO_DATABASE, &["backtest"]).status.code(), Some(1), "there is no database");
}

on_both_databases! {
    async fn the_fleet_of_the_store_is_judged_and_the_result_kept(test: &TestStore) {
        fill(&test.store, &[300.0, 420.0, 250.0, 390.0, 310.0, 280.0], 200).await;
        assert_eq!(newest_backtest(&test.store).await.unwrap(), None);
        let fleet = test.store.fleet().await.unwrap();
        assert_eq!(fleet.len(), 6);
        assert_eq!(fleet[3].box_id, box_id(3).as_str());
        assert_eq!((fleet[3].capacity_kva, fleet[3].weeks.len()), (Some(400.0), 200));

        let judged = gridspark(&test.url, &["backtest", "--origins", "2", "--store", "--json"]);
        assert_eq!(judged.status.code(), Some(0), "{}", String::from_utf8_lossy(&judged.stderr));
        let answer = json(&judged);
        assert_eq!(answer["series"].as_i64(), Some(24));
        let kept = newest_backtest(&test.store).await.unwrap().unwrap();
        assert_eq!(answer["stored_as"].as_i64(), Some(kept.backtest_id));
        assert_eq!(kept.report.series(), 24);
        let by_growth = answer["models"][0]["by_growth"].as_array().unwrap();
        assert!(by_growth.iter().any(|group| group["class"] == "stable" && group["extreme"] == "max"));
        assert_eq!(kept.report.data[0].description.name, "store");
        assert_eq!(kept.report.code_version, env!("CARGO_PKG_VERSION"));
    }
}

on_both_databases! {
    async fn the_newest_of_several_backtests_is_shown(test: &TestStore) {
        let job = |name: &str| {
            let data = backtest::DataSet::new(name, Vec::new());
            Job { data, origins: origins::from_mondays(&[]).unwrap(), windows: WindowSettings::default() }
        };
        let settings = Settings { models: vec![ModelName::SeasonalNaive], ..Settings::default() };
        let report = |name| backtest::run(&[job(name)], &settings, &|_, _| ()).unwrap();
        let now = Utc::now().trunc_subsecs(3);
        let first = store_backtest(&test.store, &report("first"), now).await.unwrap();
        let second = store_backtest(&test.store, &report("second"), now).await.unwrap();
        assert!(second > first);
        let newest = newest_backtest(&test.store).await.unwrap().unwrap();
        assert_eq!((newest.backtest_id, newest.made_at), (second, now));
        assert_eq!(newest.report, report("second"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_about_the_model_shows_the_backtest_that_was_kept() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[300.0, 420.0, 250.0, 390.0, 310.0, 280.0], 200).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let before = pages.get("/model").await;
    assert_eq!(before.status, 200);
    assert!(before.body.contains("No backtest has been kept yet"));
    assert_eq!(pages.get("/model/horizon.svg").await.status, 404);

    let judged = gridspark(&test.url, &["backtest", "--origins", "2", "--store"]);
    assert_eq!(judged.status.code(), Some(0), "{}", String::from_utf8_lossy(&judged.stderr));
    let shown = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(shown.contains("gridspark by growth") && shown.contains("maxima, stable (< 0.5 %)"), "{shown}");
    let page = pages.get("/model").await;
    assert!(page.body.contains("By growth") && page.body.contains("Maxima, stable (below 0.5%)"));
    assert!(page.body.contains("24 series at 2 origins") && page.body.contains("/model/reliability.svg"));
    let picture = pages.get("/model/horizon.svg?lang=nl").await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml"));
    assert!(picture.body.contains("weken vooruit") && !picture.body.contains("NaN"));
    assert_eq!(pages.get("/model/secret.svg").await.status, 404);
    assert!(page.body.contains("1 to 26") && page.body.contains("does not reach the indicative weeks"));

    // A backtest over the whole horizon judges the indicative weeks apart.
    let judged = gridspark(&test.url, &["backtest", "--origins", "1", "--horizon", "53", "--store"]);
    assert_eq!(judged.status.code(), Some(0), "{}", String::from_utf8_lossy(&judged.stderr));
    let page = pages.get("/model").await;
    assert!(page.body.contains("1 to 27") && page.body.contains("28 to 53 (indicative)"), "{}", page.body);
}

#[test]
fn a_card_is_made_from_what_a_backtest_printed() {
    let Some([extremes, capacities]) = files("gefcom2012") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (result, card) = (folder.path().join("result.json"), folder.path().join("card.md"));
    let kept = folder.path().join("kept.json");
    let options =
        ["--extremes", text(&extremes), "--capacities", text(&capacities), "--origins", "1", "--json"];
    let judged = gridspark(NO_DATABASE, &[&["backtest"][..], &options].concat());
    std::fs::write(&result, &judged.stdout).unwrap();
    let make = |from: &Path, more: &[&str]| {
        gridspark(NO_DATABASE, &[&["model-card", "--from", text(from), "--out", text(&card)], more].concat())
    };
    let made = make(&result, &["--keep", text(&kept), "--json"]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(json(&made)["written"].as_array().unwrap().len(), 5);
    let first = std::fs::read_to_string(&card).unwrap();
    assert!(first.starts_with("# Model card: gridspark") && first.contains("| gefcom2012 |"));
    // From what was kept the same card comes out.
    assert_eq!(make(&kept, &[]).status.code(), Some(0));
    assert!(std::fs::read_to_string(&card).unwrap() == first);
    std::fs::write(&result, "{}").unwrap();
    let refused = make(&result, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not the result of a backtest"));
}
