//! How a fleet grows: learned by the run, and reported by its record, the page of runs, the
//! command, the metrics, and the forecast of a transformer.

use std::process::Command;
use std::sync::Arc;

use chrono::Utc;
use domain::runs::{GrowthStatus, Measure, RunRecord};
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use gridspark::configuration::Configuration;
use gridspark::runs::{Fitting, update_forecasts};
use gridspark::worker::{FitSettings, Selection};
use model::{IsoWeek, Phase};
use store::Store;

use crate::on_both_databases;
use crate::support::{FIRST_WEEK, Silent, TestStore, box_id, calendar, end_of, metadata};
use crate::tracking::{execute, notices};

/// Four years.
const WEEKS: i32 = 208;

/// Weeks of a steady maximum, and of a minimum that falls further each summer at a pace of each
/// box's own, with deterministic pseudo-random noise.
fn ever_more_feed_in(n: usize) -> Vec<TallyRecord> {
    let calendar = calendar();
    let noise = |place: i32, factor: i32| f64::from((place * factor + n as i32 * 31) % 101) / 101.0 - 0.5;
    let record = |place: i32| {
        let week = IsoWeek::from_index(FIRST_WEEK + place);
        let years = f64::from(place) / 52.1775;
        let summer = (1.0 - (years * std::f64::consts::TAU).cos()) / 2.0;
        let pace_kw = 12.0 + n as f64;
        let min_kw = 30.0 - 20.0 * summer - pace_kw * years * summer + 8.0 * noise(place, 7_919);
        let max_kw = 250.0 - 50.0 * summer + 15.0 * noise(place, 6_101);
        let seen = SeenQuarters::full(calendar.quarters_in(week).unwrap());
        let tally = WeekTally::new(min_kw, max_kw, seen).unwrap();
        TallyRecord { box_id: box_id(n), phase: Phase::Sumli, week, tally }
    };
    (0..WEEKS).map(record).collect()
}

async fn fill(store: &Store, boxes: usize) {
    let metadata: Vec<_> = (0..boxes).map(metadata).collect();
    store.save_boxes(&metadata).await.unwrap();
    let mut import = store.begin_import(&calendar(), Utc::now()).await.unwrap();
    for n in 0..boxes {
        import.merge(&ever_more_feed_in(n)).await.unwrap();
    }
    import.commit(Some(end_of(WEEKS))).await.unwrap();
}

/// Forecasts the whole fleet and returns the record of the run, which is complete.
async fn run(store: &Store) -> RunRecord {
    let mut configuration = Configuration::default();
    (configuration.runs.backtest_boxes, configuration.runs.scored_boxes) = (0, 0);
    let settings = FitSettings::new(configuration);
    let selection = Selection { force: true, ..Selection::default() };
    update_forecasts(store, &settings, &selection, Fitting::Here, true, Arc::new(Silent)).await.unwrap();
    store.records(1).await.unwrap().remove(0)
}

fn printed_by_the_command(url: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(["runs", "--database", url])
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

on_both_databases! {
    async fn a_fleet_whose_feed_in_grows_reports_so_in_the_record_the_figures_and_each_forecast(test: &TestStore) {
        fill(&test.store, 12).await;
        let record = run(&test.store).await;
        let minimum = record.facts.growth.unwrap().minimum;
        assert_eq!(minimum.status(), GrowthStatus::Learned, "{minimum}");
        assert!((0.5..1.5).contains(&minimum.realised) && minimum.standard_error > 0.0, "{minimum:?}");
        assert_eq!((minimum.half_years, minimum.judged, minimum.learned_from), (4, 48, 12));
        let measures = &record.facts.measures;
        assert_eq!(measures[&Measure::MinimumGrowthWeight], minimum.weight);
        assert_eq!(measures[&Measure::MinimumFutureNoise], minimum.future_noise);
        assert_eq!(measures[&Measure::MinimumGrowingFutureNoise], minimum.growing_future_noise);
        assert_eq!(test.store.newest_growth().await.unwrap(), record.facts.growth);

        let pages = crate::support::pages_of(&test.store, "Europe/Amsterdam");
        let figures = pages.get("/metrics").await.body;
        let weight = format!("gridspark_growth_weight{{extreme=\"min\"}} {}", minimum.weight);
        assert!(figures.contains(&weight), "{weight} is not in {figures}");
        assert!(figures.contains("gridspark_future_noise{extreme=\"max\"}"), "{figures}");
        let english = pages.get("/runs?lang=en").await.body;
        assert!(english.contains("What was learned of growth") && english.contains("realised in 4 half-years"));
        let dutch = pages.get("/runs?lang=nl").await.body;
        assert!(dutch.contains("Wat over groei is geleerd") && dutch.contains("getoetst op 4 halfjaren"));
        let shown = printed_by_the_command(&test.url, &[]);
        assert!(shown.contains("minimum: growth is taken into account to"), "{shown}");

        let stored = test.store.stored_box(&box_id(11)).await.unwrap().unwrap().minimum.unwrap();
        let growth = stored.forecast_basis.unwrap().growth.unwrap();
        assert!(growth.share > 0.5 && growth.kw_a_year < -10.0, "{growth:?}");
        assert!(stored.forecast.future().any(|place| stored.forecast.weeks[place] == growth.week), "{growth:?}");
    }
}

on_both_databases! {
    async fn a_fleet_too_small_to_teach_growth_says_so_and_is_forecast_without(test: &TestStore) {
        fill(&test.store, 3).await;
        let record = run(&test.store).await;
        let growth = record.facts.growth.unwrap();
        for learned in [growth.minimum, growth.maximum] {
            assert_eq!((learned.status(), learned.learned_from), (GrowthStatus::TooFewSeries, 3));
        }
        assert_eq!(record.facts.measures[&Measure::MinimumGrowthWeight], 0.0);
        assert!(!record.facts.measures.contains_key(&Measure::MinimumGrowthRealised));
        assert_eq!(record.facts.suspicions, []);
        let shown = printed_by_the_command(&test.url, &[]);
        assert!(shown.contains("minimum: no growth is taken into account: too few series"), "{shown}");
        let json: serde_json::Value = serde_json::from_str(&printed_by_the_command(&test.url, &["--json"])).unwrap();
        assert_eq!(json["runs"][0]["facts"]["growth"]["maximum"]["learned_from"], 3);
        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap().minimum.unwrap();
        assert_eq!(stored.forecast_basis.unwrap().growth, None);
    }
}

on_both_databases! {
    async fn growth_that_is_no_longer_taken_into_account_marks_the_run_and_is_reported(test: &TestStore) {
        fill(&test.store, 3).await;
        run(&test.store).await;
        // As if the fleet had taught growth then.
        execute(&test.url, "UPDATE run_record SET facts = replace(facts, '\"weight\":0.0', '\"weight\":1.0')").await;
        let record = run(&test.store).await;
        let named: Vec<_> = record.facts.suspicions.iter().map(|drift| drift.measure).collect();
        assert_eq!(named, [Measure::MinimumGrowthWeight, Measure::MaximumGrowthWeight]);
        assert_eq!(notices(&test.url).await, ["run-suspicious"]);
        let page = crate::support::pages_of(&test.store, "Europe/Amsterdam").get("/runs?lang=nl").await.body;
        let marked = "data-suspicious=\"true\"><th scope=\"row\">Minimum: mate waarin verwachtingen rekening houden met groei";
        assert!(page.contains(marked), "{page}");
    }
}
