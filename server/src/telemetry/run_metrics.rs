//! Progress that is shown and counted at once.

use store::OpenRun;

use crate::progress::Meter;
use crate::worker::Progress;

use super::Metrics;

/// A meter that also counts runs and boxes in the metrics.
pub(crate) struct RunMetrics {
    meter: Meter,
    metrics: Metrics,
}

impl RunMetrics {
    /// A meter of boxes.
    pub(crate) fn new(metrics: &Metrics) -> Self {
        Self { meter: Meter::new("boxes"), metrics: metrics.clone() }
    }
}

impl Progress for RunMetrics {
    fn begins(&self, run: &OpenRun) {
        self.metrics.run_begun();
        self.meter.begins(run);
    }

    fn advances(&self, boxes: u64) {
        self.metrics.assessed(boxes);
        self.meter.advances(boxes);
    }
}
