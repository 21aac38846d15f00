//! Real loads from quarter-hours to the dashboard's answers.

use std::collections::BTreeMap;

use chrono::Utc;
use domain::calendar::Calendar;
use domain::ranking::RankingQuery;
use domain::urgency::Urgency;
use model::{BoxId, IsoWeek};
use readings::{Notation, ReadSettings, read_boxes, read_measurements};
use store::Store;

use crate::on_both_databases;
use crate::support::parquet_rows::{batches, dates, numbers, text};
use crate::support::{TestStore, pages_of, shared};

/// Imports the readings of a campus; `None` where they are absent.
async fn import_campus(store: &Store) -> Option<()> {
    let calendar = Calendar::new(chrono_tz::America::Los_Angeles);
    let file = read_measurements(
        &shared::path("data/ucsd_15min.parquet")?,
        &calendar,
        &ReadSettings::at(Utc::now()),
    )
    .unwrap();
    assert!(file.report.refusals.is_empty());
    assert_eq!(file.report.accepted, 2_173_473);
    let mut import = store.begin_import(&calendar, Utc::now()).await.unwrap();
    let tallies: Vec<_> = file.tallies.map(Result::unwrap).collect();
    for batch in tallies.chunks(1_000) {
        import.merge(batch).await.unwrap();
    }
    import.commit(file.report.newest).await.unwrap();
    let boxes = read_boxes(&shared::path("data/ucsd_capacities.csv")?, &Notation::default()).unwrap();
    store.save_boxes(&boxes.boxes).await.unwrap();
    Some(())
}

on_both_databases! {
    async fn real_quarter_hours_become_the_expected_weeks_and_a_ranked_forecast(test: &TestStore) {
        if import_campus(&test.store).await.is_none() { return }
        let mut expected: BTreeMap<String, Vec<(IsoWeek, f64, f64, u16)>> = BTreeMap::new();
        for batch in batches(&shared::path("data/ucsd_weekly.parquet").unwrap()) {
            let (names, mondays) = (text(&batch, "boxid"), dates(&batch, "date"));
            let (minima, maxima, counts) = (numbers(&batch, "min"), numbers(&batch, "max"), numbers(&batch, "n"));
            for row in 0..batch.num_rows() {
                let week = (IsoWeek::containing(mondays[row]), minima[row], maxima[row], counts[row] as u16);
                expected.entry(names[row].clone()).or_default().push(week);
            }
        }
        assert_eq!(expected.len(), 18);
        for (name, weeks) in &expected {
            let stored = test.store.stored_box(&BoxId::new(name).unwrap()).await.unwrap().unwrap();
            for &(week, min_kw, max_kw, count) in weeks {
                let found = stored.weeks.iter().find(|found| found.week == week).unwrap();
                // The expected file gives seven significant digits.
                let same = |ours: f64, theirs: f64| (ours - theirs).abs() <= 1e-6 * theirs.abs().max(1e-3);
                assert!(same(found.min_kw, min_kw) && same(found.max_kw, max_kw), "{name} {week}: {found:?}");
                assert_eq!(found.readings, count, "{name} {week}");
            }
        }

        let summary = crate::support::forecast_in(&test.store, "America/Los_Angeles").await.unwrap();
        assert_eq!((summary.boxes, summary.failures.len()), (18, 0));
        let page = test.store.ranking(&RankingQuery { limit: 50, ..RankingQuery::default() }, chrono::Utc::now().date_naive()).await.unwrap();
        // One of them ended more than a year before the others.
        assert_eq!(page.total, 17);
        let fed_in = page.rows.iter().find(|row| row.box_id.as_str() == "UCSD-CSC_BuildingPV").unwrap();
        assert_eq!(fed_in.peak_extreme, Some(model::Extreme::Min), "a solar plant's peak is its feed-in");
        assert!(page.rows.iter().filter(|row| row.urgency != Urgency::NoForecast).count() >= 12);

        // The same through the dashboard's server functions.
        let pages = pages_of(&test.store, "America/Los_Angeles");
        let listed = pages.get("/api/ranking?query[limit]=50").await;
        assert_eq!(listed.json()["total"], 17);
        let first = page.rows[0].box_id.as_str();
        let detail = pages.get(&format!("/api/box?box_id={first}")).await.json();
        assert_eq!(detail["box_id"], first);
        assert_eq!(detail["maximum"]["overload"]["weekly"].as_array().unwrap().len(), 53);
    }
}
