//! How often the bands held what came, read once for each backtest.

use std::sync::{Arc, PoisonError, RwLock};

use backtest::ModelReport;
use domain::box_detail::MeasuredCoverage;
use model::ModelName;
use store::{Store, StoreError};

use crate::runs::newest_backtest;

/// The coverage of the newest backtest, and the number of that backtest.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptCoverage(Arc<RwLock<Option<OfBacktest>>>);

/// The number of a backtest, and what it measured.
type OfBacktest = (i64, Option<MeasuredCoverage>);

impl KeptCoverage {
    /// That of a model; `None` before a backtest has tried it.
    pub(super) async fn newest(
        &self,
        store: &Store,
        model: ModelName,
    ) -> Result<Option<MeasuredCoverage>, StoreError> {
        let Some(newest) = store.newest_backtest_id().await? else { return Ok(None) };
        let kept = *self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, coverage)) = kept.filter(|(backtest, _)| *backtest == newest) {
            return Ok(coverage);
        }
        let Some(stored) = newest_backtest(store).await? else { return Ok(None) };
        let of_model = stored.report.models.iter().find(|report| report.model.to_string() == model.as_str());
        let coverage = of_model.and_then(coverage);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((stored.backtest_id, coverage));
        Ok(coverage)
    }
}

/// Of the weeks that a box is judged by, however far the backtest reached.
fn coverage(report: &ModelReport) -> Option<MeasuredCoverage> {
    let all = report.all.as_ref()?;
    let [judged, _] = report.by_distance();
    let share = judged.map_or(all.coverage_90, |judged| judged.coverage_90);
    Some(MeasuredCoverage { share, series: u32::try_from(all.series).unwrap_or(u32::MAX) })
}
