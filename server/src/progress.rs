//! Progress: a bar with the remaining time on a terminal, a log line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use store::OpenRun;

use crate::worker::Progress;

/// Between two lines without a terminal.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// A count towards a total.
pub(crate) struct Meter {
    bar: ProgressBar,
    noun: &'static str,
    last_line: Mutex<Instant>,
}

impl Meter {
    /// A meter of `noun` (in the plural), at 0 of 0.
    pub(crate) fn new(noun: &'static str) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{wide_bar:.cyan/blue} {human_pos}/{human_len} {msg} · {elapsed} elapsed, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(noun);
        Self { bar, noun, last_line: Mutex::new(Instant::now()) }
    }

    /// Sets the total.
    pub(crate) fn expect(&self, total: u64) {
        self.bar.set_length(total);
        self.bar.reset();
    }

    /// Increases the count.
    pub(crate) fn add(&self, more: u64) {
        self.set(self.bar.position() + more);
    }

    /// Sets the count.
    pub(crate) fn set(&self, position: u64) {
        self.bar.set_position(position);
        if !self.bar.is_hidden() {
            return;
        }
        if let Ok(mut last_line) = self.last_line.lock()
            && last_line.elapsed() >= LOG_INTERVAL
        {
            *last_line = Instant::now();
            let total = self.bar.length().unwrap_or(position);
            tracing::info!("{position} of {total} {} done, {:.0?} left", self.noun, self.bar.eta());
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Meter {
    fn begins(&self, run: &OpenRun) {
        let what = if run.resumed { "taken up again" } else { "begun" };
        tracing::info!("run {} {what}: {} boxes to fit", run.run_id, run.open);
        self.expect(u64::try_from(run.open).unwrap_or(0));
    }

    fn advances(&self, boxes: u64) {
        self.add(boxes);
    }
}
