//! Leaving switchings out of a fit.

use crate::{Observation, Series, switching::Switching};

/// The same rows with the weeks of the switchings unobserved: a fit leaves them out, a chart still has their
/// place.
///
/// Whoever calls decides which switchings count; leaving one out of the list brings its weeks back. One that
/// has not [`ended`](Switching::ended) is better masked only when it is a relief: extra load that stays is a
/// forecast's news.
#[must_use]
pub fn mask(series: &Series, switchings: &[Switching]) -> Series {
    let masked = |row: &Observation| {
        let switched = switchings.iter().any(|switching| switching.covers(row.week));
        Observation { value_kw: row.value_kw.filter(|_| !switched), ..*row }
    };
    // Fewer values of a sound series are a sound series.
    Series::new(series.rows().iter().map(masked).collect()).unwrap_or_else(|_| series.clone())
}
