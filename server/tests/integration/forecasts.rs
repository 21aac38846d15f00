//! A box's forecast: as computed, the same in both databases, and readable by SQL.

use model::{Quantile, Series, spark::Spark};
use sqlx::Row;

use crate::on_both_databases;
use crate::support::{TestStore, box_id, fill, forecast, tallies};

on_both_databases! {
    async fn what_is_read_back_is_what_was_fitted_to_a_ten_thousandth_of_its_span(test: &TestStore) {
        fill(&test.store, &[390.0], 150).await;
        forecast(&test.store).await;
        let rows = tallies(0, 150, 390.0).iter()
            .map(|record| model::Observation { week: record.week, value_kw: Some(record.tally.max_kw()) }).collect();
        let fitted = Spark { horizon_weeks: 53 }.fit(&Series::new(rows).unwrap()).unwrap().forecast();
        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap().maximum.unwrap().forecast;
        assert_eq!((&stored.weeks, stored.history), (&fitted.weeks, fitted.history));
        let span = fitted.total.get(Quantile::Q95).iter().copied().fold(f64::MIN, f64::max)
            - fitted.total.get(Quantile::Q05).iter().copied().fold(f64::MAX, f64::min);
        for part in model::Part::ALL {
            for quantile in Quantile::ALL {
                for (read, computed) in stored.part(part).get(quantile).iter().zip(fitted.part(part).get(quantile)) {
                    assert!((read - computed).abs() <= span * 0.5e-4, "{read} {computed}");
                }
            }
        }
    }
}

on_both_databases! {
    async fn the_long_view_shows_every_number_in_the_words_of_the_source(test: &TestStore) {
        fill(&test.store, &[390.0], 150).await;
        forecast(&test.store).await;
        let statement = "SELECT count(*), count(DISTINCT CAST(date AS TEXT)), \
            sum(CASE WHEN period = 'future' THEN 1 ELSE 0 END), \
            max(CASE WHEN model_var = 'sigma' AND boundary = 'upper' AND band = 90 AND extreme = 'max' THEN value END), \
            min(CAST(date AS TEXT)) FROM forecast_long WHERE box = 'ESD.000000-1' AND is_valid AND phase = 'sumli'";
        let (rows, dates, future, highest, first): (i64, i64, i64, f64, String) = if test.url.starts_with("sqlite") {
            let row = sqlx::query(statement).fetch_one(&sqlx::SqlitePool::connect(&test.url).await.unwrap()).await.unwrap();
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))
        } else {
            let row = sqlx::query(statement).fetch_one(&sqlx::PgPool::connect(&test.url).await.unwrap()).await.unwrap();
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))
        };
        assert_eq!((rows, dates, future), (2 * 3 * 5 * 203, 203, 2 * 3 * 5 * 53));
        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap().maximum.unwrap().forecast;
        let expected = stored.total.get(Quantile::Q95).iter().copied().fold(f64::MIN, f64::max);
        assert!((highest - expected).abs() < 1e-9);
        assert_eq!(first, stored.weeks[0].monday().to_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_hold_the_same_results_to_the_bit() {
    let mut found = Vec::new();
    for test in [TestStore::sqlite().await, TestStore::postgres().await] {
        fill(&test.store, &[390.0, 250.0, 430.0], 150).await;
        forecast(&test.store).await;
        for n in 0..3 {
            let stored = test.store.stored_box(&box_id(n)).await.unwrap().unwrap();
            found.push((n, stored.minimum, stored.maximum, stored.assessment));
        }
    }
    let (sqlite, postgres) = found.split_at(3);
    assert_eq!(sqlite, postgres);
}
