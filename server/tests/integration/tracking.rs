//! Runs are recorded, compared and verified; data that fail a test stop them.

use std::sync::Arc;

use chrono::Utc;
use domain::runs::{DataTest, Measure, Outcome, RunKind, Severity, Verdict};
use gridspark::configuration::Configuration;
use gridspark::runs::{Fitting, RunError, update_forecasts};
use gridspark::worker::{FitSettings, Selection};
use store::{RunSummary, Store};

use crate::on_both_databases;
use crate::support::{Silent, TestStore, calendar, end_of, fill, settings, tallies};

const BOXES: usize = 24;
const LEVEL_KW: f64 = 300.0;

fn watched() -> FitSettings {
    let mut configuration = Configuration { keep_runs: 1, ..settings().configuration };
    configuration.runs.backtest_boxes = 10;
    FitSettings::new(configuration)
}

pub(crate) async fn renew(store: &Store, despite: bool) -> Result<Option<RunSummary>, RunError> {
    let selection = Selection { started_by: "command: a test".to_owned(), ..Selection::default() };
    update_forecasts(store, &watched(), &selection, Fitting::Here, despite, Arc::new(Silent)).await
}

/// The weeks `from..until` of the first `boxes` boxes, which continue the earlier ones.
async fn add_weeks(store: &Store, boxes: usize, from: i32, until: i32) {
    let mut import = store.begin_import(&calendar(), Utc::now()).await.unwrap();
    for n in 0..boxes {
        let weeks = tallies(n, until, LEVEL_KW);
        import.merge(&weeks[from as usize..]).await.unwrap();
    }
    import.commit(Some(end_of(until))).await.unwrap();
}

/// The kinds of the notices in the outbox, but for the weekly digest.
pub(crate) async fn notices(url: &str) -> Vec<String> {
    let statement = "SELECT kind FROM notice WHERE kind <> 'weekly-digest' ORDER BY kind";
    if url.starts_with("sqlite") {
        sqlx::query_scalar(statement).fetch_all(&sqlx::SqlitePool::connect(url).await.unwrap()).await.unwrap()
    } else {
        sqlx::query_scalar(statement).fetch_all(&sqlx::PgPool::connect(url).await.unwrap()).await.unwrap()
    }
}

/// Runs a statement on the store's database.
pub(crate) async fn execute(url: &str, statement: &'static str) {
    if url.starts_with("sqlite") {
        sqlx::query(statement).execute(&sqlx::SqlitePool::connect(url).await.unwrap()).await.unwrap();
    } else {
        sqlx::query(statement).execute(&sqlx::PgPool::connect(url).await.unwrap()).await.unwrap();
    }
}

on_both_databases! {
    async fn a_run_is_remembered_with_its_starter_its_data_its_stages_and_its_scores(test: &TestStore) {
        fill(&test.store, &[LEVEL_KW; BOXES], 150).await;
        let summary = renew(&test.store, false).await.unwrap().unwrap();
        let records = test.store.records(10).await.unwrap();
        assert_eq!(records.len(), 1);
        let record = &records[0];
        assert_eq!((record.kind, record.run, record.of_fleet), (RunKind::Forecasts, Some(summary.run), true));
        assert_eq!((record.outcome, record.started_by.as_str()), (Outcome::Complete, "command: a test"));
        assert_eq!(record.model.as_deref(), Some("spark 1"));
        assert_eq!(record.settings.as_deref(), Some(watched().fingerprint().as_str()));
        let measures = &record.facts.measures;
        assert_eq!(measures[&Measure::Boxes], BOXES as f64);
        let classes =
            [Measure::Exceeded, Measure::Overloaded, Measure::Near, Measure::Ample, Measure::NoForecast];
        assert_eq!(classes.iter().map(|class| measures[class]).sum::<f64>(), BOXES as f64);
        let stages = measures[&Measure::FittingSeconds] + measures[&Measure::ClosingSeconds];
        assert!((stages - measures[&Measure::Seconds]).abs() < 1e-3, "{measures:?}");
        assert!((0.5..=1.0).contains(&measures[&Measure::Coverage90]), "{measures:?}");
        assert!(measures[&Measure::Pinball] > 0.0);
        let data = record.facts.data.as_ref().unwrap();
        assert_eq!((data.newest_reading, data.weeks.len(), data.silent_boxes), (Some(end_of(150)), 5, 0));
        assert_eq!(data.weeks[4].boxes, BOXES as u32);
        assert_eq!(record.facts.tests.len(), 5);
        // Without anything due there is no run, and nothing to record.
        assert_eq!(renew(&test.store, false).await.unwrap(), None);
        assert_eq!(test.store.records(10).await.unwrap().len(), 1);
    }
}

on_both_databases! {
    async fn what_was_forecast_is_judged_once_as_it_comes_true(test: &TestStore) {
        fill(&test.store, &[LEVEL_KW; BOXES], 150).await;
        renew(&test.store, false).await.unwrap();
        assert_eq!(test.store.verification_summaries().await.unwrap(), []);
        for until in 151..=156 {
            add_weeks(&test.store, BOXES, until - 1, until).await;
            renew(&test.store, false).await.unwrap();
        }
        let verification_summaries = test.store.verification_summaries().await.unwrap();
        // Up to four weeks ahead: each run's next week, and what the kept run of the last quarter
        // said of later ones.
        let nearest = &verification_summaries[0];
        assert_eq!(nearest.weeks_ahead.0, 1);
        assert_eq!(nearest.judged % (2 * BOXES as u64), 0);
        assert!(nearest.judged >= 6 * 2 * BOXES as u64, "{verification_summaries:?}");
        assert!(nearest.coverage_90 >= nearest.coverage_70 && nearest.coverage_90 > 0.5, "{nearest:?}");
        assert!(nearest.pinball > 0.0 && nearest.pinball < 0.05, "{nearest:?}");
        assert_eq!(nearest.overloads, 0);
        renew(&test.store, false).await.unwrap();
        assert_eq!(test.store.verification_summaries().await.unwrap(), verification_summaries, "what is judged stays judged");
    }
}

on_both_databases! {
    async fn one_forecast_a_quarter_is_kept_until_its_weeks_are_over(test: &TestStore) {
        // The week that is running at first begins a quarter of thirteen weeks.
        let first = (0..13).map(|more| 150 + more).find(|weeks| (crate::support::FIRST_WEEK + weeks) % 13 == 12).unwrap();
        fill(&test.store, &[LEVEL_KW; 2], first).await;
        let promised = renew(&test.store, false).await.unwrap().unwrap().run;
        for until in first + 1..=first + 5 {
            add_weeks(&test.store, 2, until - 1, until).await;
            renew(&test.store, false).await.unwrap();
        }
        // Of the earlier quarter, and of the run that is kept anyway.
        let unverified_runs = test.store.unverified_runs().await.unwrap();
        assert!(unverified_runs.is_empty(), "{unverified_runs:?}");
        assert_eq!(test.store.past_forecasts(promised, 100).await.unwrap().len(), 4);
        let furthest = test.store.verification_summaries().await.unwrap().iter().map(|summary| summary.weeks_ahead.1).max();
        assert_eq!(furthest, Some(5));
    }
}

on_both_databases! {
    async fn a_fleet_that_fell_silent_keeps_its_forecasts_until_a_person_decides(test: &TestStore) {
        fill(&test.store, &[LEVEL_KW; BOXES], 150).await;
        let before = renew(&test.store, false).await.unwrap().unwrap();
        add_weeks(&test.store, 1, 150, 151).await;
        let error = renew(&test.store, false).await.unwrap_err();
        let RunError::DataTests(failed) = &error else { panic!("{error}") };
        let named: Vec<_> = failed
            .results
            .iter()
            .filter(|result| result.verdict == Verdict::Failed && result.severity == Severity::Stop)
            .map(|result| result.test)
            .collect();
        assert_eq!(named, [DataTest::Volume, DataTest::SilentBoxes]);
        let records = test.store.records(10).await.unwrap();
        assert_eq!((records[0].outcome, records[0].run), (Outcome::Stopped, None));
        assert_eq!(records[1].run, Some(before.run));
        assert!(test.store.unfinished_run().await.unwrap().is_none());
        renew(&test.store, false).await.unwrap_err();
        assert_eq!(notices(&test.url).await, ["readings-refused"], "it is announced once");
        let boxes = renew(&test.store, true).await.unwrap().unwrap().boxes;
        assert_eq!(boxes, BOXES as i64, "the others are due because these went silent");
    }
}

on_both_databases! {
    async fn a_run_unlike_the_one_before_says_what_is_unlike(test: &TestStore) {
        fill(&test.store, &[LEVEL_KW; BOXES], 150).await;
        renew(&test.store, false).await.unwrap();
        // Half of the boxes have lost a third of their readings: allowed, and suspicious.
        add_weeks(&test.store, BOXES - 6, 150, 151).await;
        renew(&test.store, false).await.unwrap();
        let newest = &test.store.records(1).await.unwrap()[0];
        let named: Vec<_> = newest.facts.suspicions.iter().map(|drift| drift.measure).collect();
        assert!(named.contains(&Measure::Readings), "{:?}", newest.facts.suspicions);
        let before = test.store.record_before(RunKind::Forecasts, newest.record).await.unwrap().unwrap();
        assert_eq!(before.facts.suspicions, []);
        assert_eq!(notices(&test.url).await, ["run-suspicious"]);
    }
}

on_both_databases! {
    async fn what_is_remembered_never_stops_a_run(test: &TestStore) {
        fill(&test.store, &[LEVEL_KW; BOXES], 150).await;
        renew(&test.store, false).await.unwrap();
        // Neither the forecasts nor the record of the run can be read any more.
        for statement in ["UPDATE forecast SET overload = 'nonsense'", "UPDATE run_record SET facts = 'nonsense'"] {
            execute(&test.url, statement).await;
        }
        add_weeks(&test.store, BOXES, 150, 151).await;
        assert_eq!(renew(&test.store, false).await.unwrap().unwrap().boxes, BOXES as i64);
        assert_eq!(test.store.verification_summaries().await.unwrap(), []);
    }
}

on_both_databases! {
    async fn a_record_that_nobody_closed_is_closed_by_whoever_comes_next(test: &TestStore) {
        fill(&test.store, &[LEVEL_KW; BOXES], 150).await;
        // The process that started this run was killed just after its last box was completed.
        crate::support::forecast(&test.store).await.unwrap();
        let unclosed = test.store.unclosed_records().await.unwrap();
        assert_eq!(unclosed.len(), 1);
        assert!(!unclosed[0].facts.measures.contains_key(&Measure::Pinball));
        assert!(unclosed[0].finished_at.is_some());
        renew(&test.store, false).await.unwrap();
        assert!(test.store.unclosed_records().await.unwrap().is_empty());
        let record = test.store.records(1).await.unwrap().remove(0);
        assert!(record.facts.measures.contains_key(&Measure::Pinball));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_runs_shows_what_was_run_and_what_came_true_in_both_languages() {
    let test = TestStore::sqlite().await;
    let pages = crate::support::pages_of(&test.store, "Europe/Amsterdam");
    let page = pages.get("/runs?lang=en").await;
    assert!(page.status == 200 && page.body.contains("No run has been made yet."), "{}", page.body);
    fill(&test.store, &[LEVEL_KW; BOXES], 150).await;
    renew(&test.store, false).await.unwrap();
    add_weeks(&test.store, BOXES, 150, 151).await;
    renew(&test.store, false).await.unwrap();
    add_weeks(&test.store, 1, 151, 152).await;
    renew(&test.store, false).await.unwrap_err();
    let page = pages.get("/runs?lang=en").await;
    for text in [
        "Forecasts, run 2",
        "Started by hand: a test",
        "stopped by a data test",
        "Within the 90% band",
        "The run before",
    ] {
        assert!(page.body.contains(text), "{text} is not in {}", page.body);
    }
    assert!(!page.body.contains("<script") && !page.body.contains(" style="), "{}", page.body);
    let page = pages.get("/runs?lang=nl&theme=dark").await;
    for text in
        ["Verwachtingen, run 2", "gestopt door een gegevenstoets", "lang=\"nl\"", "data-theme=\"dark\""]
    {
        assert!(page.body.contains(text), "{text} is not in {}", page.body);
    }
}
