//! `gridspark simulate`: a realistic network's files.

use chrono::{Datelike, Days, Utc};
use simulation::{Growth, Settings};

use super::{CommandError, report};
use crate::Ending;
use crate::command_line::{GrowthKind, Shared, Simulate};
use crate::progress::Meter;

pub(super) fn run(options: &Simulate, shared: &Shared) -> Result<Ending, CommandError> {
    let until = options.until.unwrap_or_else(|| {
        let today = Utc::now().date_naive();
        today - Days::new(u64::from(today.weekday().num_days_from_monday()))
    });
    let mut settings = Settings::new(options.boxes, options.years, options.seed, until, &options.out);
    settings.weekly = options.weekly;
    settings.growth = match (options.growth, options.growing_share) {
        (GrowthKind::Mixed, share) => Growth::Mixed(share.unwrap_or_default()),
        (GrowthKind::Exponential, None) => Growth::Exponential,
        (GrowthKind::Exponential, Some(_)) => return Err(CommandError::GrowingShare),
    };
    if !options.phases.is_empty() {
        settings.phases.clone_from(&options.phases);
    }
    let meter = Meter::new("boxes");
    meter.expect(options.boxes as u64);
    let summary = simulation::simulate(&settings, |done, _| meter.set(done as u64))?;
    meter.finish();
    let text = format!(
        "{} boxes and {} rows from {} to {} in {}\n",
        summary.boxes,
        summary.rows,
        summary.first_day,
        summary.until,
        options.out.display(),
    );
    report::print(shared.json, &summary, &text)?;
    Ok(Ending::Complete)
}
