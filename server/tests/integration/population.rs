//! The population: learned by the run, stored with it, and used for boxes with little or no
//! history; and planners' decisions on weeks.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use domain::box_detail::WeekDecision;
use gridspark::configuration::Configuration;
use gridspark::worker::{
    FitSettings, OpenRunOutcome, Selection, make_forecasts, plan_forecasts, work_on_open_run,
};
use model::{Extreme, Flag, IsoWeek, Quantile};
use store::{RunPlan, RunSummary, Store};

use crate::support::{FIRST_WEEK, Silent, TestStore, box_id, calendar, end_of, fill, metadata, tallies};
use crate::{on_both_databases, support};

const LEVELS_KW: [f64; 7] = [300.0, 420.0, 250.0, 390.0, 310.0, 350.0, 280.0];

async fn forecast(store: &Store) -> Option<RunSummary> {
    let settings = FitSettings::new(Configuration::default());
    make_forecasts(store, &settings, &Selection::default(), Arc::new(Silent)).await.unwrap()
}

/// Seven long histories, one of thirty weeks, and a box that has only metadata.
async fn mixed_fleet(store: &Store) {
    fill(store, &LEVELS_KW, 150).await;
    store.save_boxes(&[metadata(7), metadata(8)]).await.unwrap();
    let mut import = store.begin_import(&calendar(), Utc::now()).await.unwrap();
    import.merge(&tallies(7, 150, 330.0)[120..]).await.unwrap();
    import.commit(Some(end_of(150))).await.unwrap();
}

on_both_databases! {
    async fn short_histories_borrow_from_the_fleet_and_say_so(test: &TestStore) {
        mixed_fleet(&test.store).await;
        let summary = forecast(&test.store).await.unwrap();
        assert_eq!((summary.boxes, summary.failures), (9, Vec::new()));
        let missing = test.store.stored_box(&box_id(8)).await.unwrap().unwrap();
        assert_eq!((missing.flags, missing.maximum), (vec![Flag::NoReadings], None), "nothing is said of it alone");
        for (n, flag) in [(7, Flag::TooShort)] {
            let stored = test.store.stored_box(&box_id(n)).await.unwrap().unwrap();
            assert!(stored.flags.contains(&flag) && stored.flags.contains(&Flag::FromPopulation), "{:?}", stored.flags);
            let forecast = stored.maximum.unwrap().forecast;
            assert_eq!(forecast.weeks[forecast.history], IsoWeek::from_index(FIRST_WEEK + 150));
            assert_eq!(forecast.future().len(), 53);
            for week in forecast.future() {
                let (low, high) = (forecast.total.get(Quantile::Q05)[week], forecast.total.get(Quantile::Q95)[week]);
                assert!(high - low < 400.0, "the band of box {n} is useful: {low} to {high} kW");
            }
        }
        let long = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        assert!(!long.flags.contains(&Flag::FromPopulation));
    }
}

on_both_databases! {
    async fn the_run_keeps_what_it_learned(test: &TestStore) {
        mixed_fleet(&test.store).await;
        let summary = forecast(&test.store).await.unwrap();
        let kept = test.store.population(summary.run).await.unwrap().unwrap();
        assert_eq!(kept.of(Extreme::Max).learned_from, 7);
        // The second to learn takes what the first one stored.
        let other = test.store.save_population(summary.run, Default::default()).await.unwrap();
        assert_eq!(other, kept);
    }
}

on_both_databases! {
    async fn two_workers_learn_a_half_each_and_a_dead_one_s_half_is_learned_by_the_other(test: &TestStore) {
        mixed_fleet(&test.store).await;
        let settings = FitSettings::new(Configuration::default());
        let planned = settings.as_of_run();
        let plan = RunPlan {
            model: &planned.model,
            model_version: &planned.model_version,
            code_version: &planned.code_version,
            settings: &planned.settings,
            ratings: &planned.ratings,
            boxes: &[],
            force: false,
            started_by: "a test",
        };
        let now = Utc::now();
        let run = test.store.open_run(&plan, now).await.unwrap().unwrap().run_id;
        let later = now + TimeDelta::seconds(60);
        assert_eq!(test.store.claim_learning(run, later, now).await.unwrap(), Some(Extreme::Min));
        assert_eq!(test.store.claim_learning(run, now, now).await.unwrap(), Some(Extreme::Max));
        // The first is still alive, the second shows no sign of life.
        assert_eq!(test.store.claim_learning(run, later, now).await.unwrap(), Some(Extreme::Max));
        assert_eq!(test.store.claim_learning(run, later, now).await.unwrap(), None);
        assert_eq!(test.store.completed_learning(run).await.unwrap(), None);
        // Both are dead by then: the next worker learns everything, with the same result.
        test.store.extend_learning(run, Extreme::Min, now).await.unwrap();
        test.store.extend_learning(run, Extreme::Max, now).await.unwrap();
        assert_eq!(forecast(&test.store).await.unwrap().run, run);
        let learned = test.store.population(run).await.unwrap().unwrap();
        let all = Selection { force: true, ..Selection::default() };
        let again = make_forecasts(&test.store, &settings, &all, Arc::new(Silent)).await.unwrap().unwrap().run;
        assert_ne!(again, run);
        assert_eq!(learned.of(Extreme::Max).learned_from, 7);
        assert_eq!(test.store.claim_learning(run, later, now).await.unwrap(), None, "what is learned stays learned");
    }
}

on_both_databases! {
    async fn a_decision_on_weeks_is_honoured_by_the_next_run_and_can_be_taken_back(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, 150).await;
        forecast(&test.store).await;
        let median = async || {
            let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap().maximum.unwrap().forecast;
            stored.total.get(Quantile::Q50).to_vec()
        };
        let before = median().await;
        assert_eq!(forecast(&test.store).await, None);
        let week = |place| IsoWeek::from_index(FIRST_WEEK + place);
        let mut decision = WeekDecision { first_week: week(90), last_week: week(140), left_out: true };
        assert!(test.store.decide_weeks(&box_id(0), &decision, Utc::now()).await.unwrap());
        assert_eq!(forecast(&test.store).await.unwrap().boxes, 1);
        assert_ne!(median().await, before);
        decision.left_out = false;
        assert!(test.store.decide_weeks(&box_id(0), &decision, Utc::now()).await.unwrap());
        forecast(&test.store).await;
        assert_eq!(median().await, before);
        // Withdrawn, nothing is left of it: what was detected holds again.
        let decisions = async || {
            test.store.stored_box(&box_id(0)).await.unwrap().unwrap().special_weeks.decisions
        };
        assert_eq!(decisions().await, [decision]);
        let now = Utc::now();
        assert!(test.store.withdraw_decisions(&box_id(0), decision.span(), now).await.unwrap());
        assert_eq!(decisions().await, []);
        assert_eq!(forecast(&test.store).await.unwrap().boxes, 1, "the box is due");
        assert!(test.store.withdraw_decisions(&box_id(0), decision.span(), now).await.unwrap());
        assert_eq!(forecast(&test.store).await, None, "where there was none, nothing changes");
        let unknown = model::BoxId::new("ESD.999999-9").unwrap();
        assert!(!test.store.decide_weeks(&unknown, &decision, Utc::now()).await.unwrap());
        assert!(!test.store.withdraw_decisions(&unknown, decision.span(), now).await.unwrap());
    }
}

on_both_databases! {
    async fn a_decision_is_planned_by_a_server_without_a_worker_and_fitted_by_the_next_worker(test: &TestStore) {
        fill(&test.store, &LEVELS_KW, 150).await;
        forecast(&test.store).await;
        let settings = FitSettings::new(Configuration::default());
        let all = Selection::default();
        let plan = || plan_forecasts(&test.store, &settings, &all);
        let help = || work_on_open_run(&test.store, &settings, Arc::new(Silent));
        assert_eq!(plan().await.unwrap(), None);
        assert!(matches!(help().await.unwrap(), OpenRunOutcome::Nothing));
        let week = |place| IsoWeek::from_index(FIRST_WEEK + place);
        let decision = WeekDecision { first_week: week(90), last_week: week(140), left_out: true };
        assert!(test.store.decide_weeks(&box_id(0), &decision, Utc::now()).await.unwrap());
        assert_eq!(plan().await.unwrap().unwrap().open, 1);
        assert!(plan().await.unwrap().unwrap().resumed, "it is planned once");
        let stranger = support::settings();
        let left = work_on_open_run(&test.store, &stranger, Arc::new(Silent)).await.unwrap();
        assert!(matches!(left, OpenRunOutcome::Foreign { .. }), "{left:?}");
        let OpenRunOutcome::Done(summary) = help().await.unwrap() else { panic!("the run was not seen") };
        assert_eq!(summary.boxes, 1);
        assert_eq!(plan().await.unwrap(), None);
    }
}
