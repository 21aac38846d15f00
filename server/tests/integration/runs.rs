//! Runs: resumed when interrupted, never doubled, pruned eventually.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use gridspark::worker::{BoxInput, fit_box};
use sqlx::Row;
use store::{BoxResult, OpenRun, RunPlan, Store, StoreError};

use crate::on_both_databases;
use crate::support::{TestStore, box_id, calendar, end_of, fill, forecast, settings, tallies};

const LEVELS_KW: [f64; 5] = [300.0, 420.0, 250.0, 390.0, 310.0];

/// Opens the run that `make_forecasts` would.
async fn open_run(store: &Store) -> OpenRun {
    open_run_of(store, &settings().fingerprint(), Utc::now()).await.unwrap().unwrap()
}

/// Opens a run of these settings.
async fn open_run_of(
    store: &Store,
    settings_text: &str,
    now: DateTime<Utc>,
) -> Result<Option<OpenRun>, StoreError> {
    let plan = RunPlan {
        model: settings().model_name().as_str(),
        model_version: &settings().model_name().version().to_string(),
        code_version: env!("CARGO_PKG_VERSION"),
        settings: settings_text,
        ratings: &settings().ratings(),
        boxes: &[],
        force: false,
        started_by: "a test",
    };
    store.open_run(&plan, now).await
}

async fn count(url: &str, statement: &'static str) -> i64 {
    if url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(url).await.unwrap();
        sqlx::query(statement).fetch_one(&pool).await.unwrap().get(0)
    } else {
        let pool = sqlx::PgPool::connect(url).await.unwrap();
        sqlx::query(statement).fetch_one(&pool).await.unwrap().get(0)
    }
}

fn result(level_kw: f64) -> BoxResult {
    let weeks: Vec<_> = tallies(0, 150, level_kw)
        .iter()
        .map(|record| model::WeekExtremes {
            week: record.week,
            min_kw: record.tally.min_kw(),
            max_kw: record.tally.max_kw(),
            readings: record.tally.readings(),
        })
        .collect();
    let input = BoxInput {
        weeks: &weeks,
        capacity_kva: Some(400.0),
        in_service: true,
        implausible: None,
        decisions: &[],
        accepted_loads: &[],
        running_week: None,
    };
    fit_box(&input, &settings(), &calendar()).unwrap()
}

on_both_databases! {
    async fn a_run_that_was_cut_off_is_taken_up_and_nothing_is_doubled(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, 150).await;
        let run = open_run(&test.store).await;
        assert!(!run.resumed);
        // A worker claims two boxes, completes one, and dies: its leases expire at once.
        let jobs = test.store.claim_jobs(run.run_id, 1, TimeDelta::zero(), Utc::now()).await.unwrap();
        let other = test.store.claim_jobs(run.run_id, 1, TimeDelta::zero(), Utc::now()).await.unwrap();
        assert_ne!(jobs[0].claim().0, other[0].claim().0);
        test.store.complete_job(&jobs[0], &result(LEVELS_KW[0]), &settings().fingerprint(), Utc::now()).await.unwrap();

        let resumed = open_run(&test.store).await;
        assert_eq!((resumed.run_id, resumed.open, resumed.resumed), (run.run_id, 4, true));
        let summary = forecast(&test.store).await.unwrap();
        assert_eq!((summary.run, summary.boxes, summary.failures.len()), (run.run_id, 5, 0));
        assert_eq!(count(&test.url, "SELECT count(*) FROM forecast").await, 10);
        assert_eq!(count(&test.url, "SELECT count(*) FROM forecast WHERE is_valid").await, 10);
    }
}

on_both_databases! {
    async fn the_last_boxes_are_shared_out_in_small_batches(test: &TestStore) {
        fill(&test.store, &[300.0; 40], 5).await;
        let run = open_run(&test.store).await;
        let mut taken = Vec::new();
        for most in [4, 32, 32] {
            let jobs = test.store.claim_jobs(run.run_id, most, TimeDelta::seconds(60), Utc::now()).await.unwrap();
            taken.push(jobs.len());
        }
        // Four is the most that was asked for; then an eighth of 36 and of 31, and one more.
        assert_eq!(taken, [4, 5, 4]);
    }
}

on_both_databases! {
    async fn a_late_write_of_a_worker_that_lost_its_lease_leaves_no_trace(test: &TestStore) {
        fill(&test.store, &LEVELS_KW[..1], 150).await;
        let run = open_run(&test.store).await;
        let late = test.store.claim_jobs(run.run_id, 1, TimeDelta::zero(), Utc::now()).await.unwrap().remove(0);
        let heir = test.store.claim_jobs(run.run_id, 1, TimeDelta::zero(), Utc::now()).await.unwrap().remove(0);
        let fingerprint = settings().fingerprint();
        test.store.complete_job(&heir, &result(300.0), &fingerprint, Utc::now()).await.unwrap();
        let refused = test.store.complete_job(&late, &result(999.0), &fingerprint, Utc::now()).await;
        assert!(matches!(refused, Err(StoreError::LeaseLost)));
        assert_eq!(count(&test.url, "SELECT count(*) FROM forecast").await, 2);
        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        assert!(stored.assessment.unwrap().peak_loading.fraction() < 1.0);
    }
}

on_both_databases! {
    async fn a_run_that_somebody_works_on_is_not_closed_in_favour_of_another(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, 150).await;
        let run = open_run(&test.store).await;
        let (now, lease) = (Utc::now(), TimeDelta::seconds(60));
        let claimed = test.store.claim_jobs(run.run_id, 1, lease, now).await.unwrap().remove(0);
        let refused = open_run_of(&test.store, "other settings", now).await.unwrap_err();
        assert!(matches!(refused, StoreError::RunUnderWay { run: other, .. } if other == run.run_id), "{refused}");
        // Its worker is dead when the lease has expired.
        let other = open_run_of(&test.store, "other settings", now + lease).await.unwrap().unwrap();
        assert_ne!(other.run_id, run.run_id);
        let late = test.store.complete_job(&claimed, &result(300.0), &settings().fingerprint(), Utc::now()).await;
        assert!(matches!(late, Err(StoreError::LeaseLost)));
        let shown = test.store.finish_run(run.run_id, 3, Utc::now()).await;
        assert!(matches!(shown, Err(StoreError::RunGivenUp { .. })), "{shown:?}");
    }
}

on_both_databases! {
    async fn a_run_is_not_closed_before_its_last_box_is_landed(test: &TestStore) {
        fill(&test.store, &LEVELS_KW[..1], 150).await;
        let run = open_run(&test.store).await;
        // As after a crash of the database that lost the last completed box.
        assert_eq!(test.store.finish_run(run.run_id, 3, Utc::now()).await.unwrap(), None);
        assert_eq!(count(&test.url, "SELECT count(*) FROM run WHERE finished_at IS NULL").await, 1);
        assert_eq!(forecast(&test.store).await.unwrap().run, run.run_id);
        assert_eq!(test.store.finish_run(run.run_id, 3, Utc::now()).await.unwrap().unwrap().boxes, 1);
    }
}

on_both_databases! {
    async fn a_box_that_falls_silent_is_assessed_again_and_says_so(test: &TestStore) {
        fill(&test.store, &LEVELS_KW[..2], 150).await;
        forecast(&test.store).await;
        let silent = async || {
            let flag = Some(model::Flag::Silent);
            let query = domain::ranking::RankingQuery { flag, limit: 50, ..Default::default() };
            test.store.ranking(&query, chrono::Utc::now().date_naive()).await.unwrap().rows
        };
        assert!(silent().await.is_empty());
        for weeks in 151..=155 {
            let mut import = test.store.begin_import(&calendar(), Utc::now()).await.unwrap();
            import.merge(&tallies(1, weeks, LEVELS_KW[1])[weeks as usize - 1..]).await.unwrap();
            import.commit(Some(end_of(weeks))).await.unwrap();
            assert_eq!(forecast(&test.store).await.unwrap().boxes, 2, "the silent one as well");
        }
        let found = silent().await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].box_id, box_id(0));
    }
}

on_both_databases! {
    async fn two_workers_share_a_run_and_each_box_is_done_once(test: &TestStore) {
        fill(&test.store, &[300.0; 80], 110).await;
        let (first, second) = (test.store.clone(), Store::open(&test.url).await.unwrap());
        let (one, two) = tokio::join!(forecast(&first), forecast(&second));
        assert!(one.is_some() || two.is_some());
        assert_eq!(count(&test.url, "SELECT count(*) FROM forecast WHERE is_valid").await, 160);
        assert_eq!(count(&test.url, "SELECT count(*) FROM forecast").await, 160);
    }
}

on_both_databases! {
    async fn older_forecasts_become_invalid_and_are_pruned_after_the_set_number_of_runs(test: &TestStore) {
        fill(&test.store, &LEVELS_KW[..2], 150).await;
        let keep = settings().configuration.keep_runs;
        for run in 1..=keep + 2 {
            let selection = gridspark::worker::Selection { force: true, ..Default::default() };
            let progress = Arc::new(crate::support::Silent);
            gridspark::worker::make_forecasts(&test.store, &settings(), &selection, progress).await.unwrap();
            assert_eq!(count(&test.url, "SELECT count(*) FROM forecast WHERE is_valid").await, 4);
            let kept = i64::from(run.min(keep)) * 4;
            assert_eq!(count(&test.url, "SELECT count(*) FROM forecast").await, kept);
            assert_eq!(count(&test.url, "SELECT count(*) FROM forecast_bands").await, kept);
        }
    }
}

on_both_databases! {
    async fn jobs_are_pruned_with_their_runs_and_a_run_lives_as_long_as_its_forecasts(test: &TestStore) {
        fill(&test.store, &LEVELS_KW[..2], 150).await;
        let keep = settings().configuration.keep_runs;
        // The first run fits both boxes, the later ones the first box only: the second box's
        // forecast stays valid.
        for run in 0..keep + 3 {
            let boxes = if run == 0 { Vec::new() } else { vec![box_id(0).to_string()] };
            let selection = gridspark::worker::Selection { boxes, force: true, ..Default::default() };
            let progress = Arc::new(crate::support::Silent);
            let summary =
                gridspark::worker::make_forecasts(&test.store, &settings(), &selection, progress).await.unwrap();
            assert_eq!(summary.unwrap().boxes, if run == 0 { 2 } else { 1 });
        }
        assert_eq!(count(&test.url, "SELECT count(*) FROM fit_job").await, i64::from(keep));
        assert_eq!(count(&test.url, "SELECT count(*) FROM run").await, i64::from(keep) + 1);
        assert_eq!(count(&test.url, "SELECT min(run_id) FROM run").await, 1);
        assert_eq!(count(&test.url, "SELECT count(*) FROM forecast WHERE is_valid").await, 4);
    }
}

on_both_databases! {
    async fn a_box_that_cannot_be_fitted_is_set_aside_and_the_others_go_on(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, 150).await;
        let run = open_run(&test.store).await;
        let jobs = test.store.claim_jobs(run.run_id, 1, TimeDelta::seconds(60), Utc::now()).await.unwrap();
        test.store.fail_job(&jobs[0], "a singular matrix", Utc::now()).await.unwrap();
        let summary = forecast(&test.store).await.unwrap();
        assert_eq!(summary.failures, [(jobs[0].box_id().unwrap().to_string(), "a singular matrix".to_owned())]);
    }
}
