//! The simulated network with its ground truth.

use chrono::{NaiveDate, TimeDelta};
use model::{
    CheckSettings, IsoWeek, WeekExtremes, clean,
    switching::{SwitchingKind, SwitchingSettings, find_switchings},
};
use simulation::{Bypassed, Growth, Network, Role, Settings, SimulationError};

use crate::score::Score;
use crate::synthetic::Planted;

/// Boxes and years of the simulation.
const BOXES: usize = 3_000;
const YEARS: f64 = 4.0;

/// Scores by the step in the maximum, as a share of the capacity, and by length.
pub(crate) struct Scores {
    /// A bypass in so many per cent of the capacity and more, of fewer and of more than 14 days.
    pub(crate) by_step: Vec<(f64, [Score; 2])>,
    /// All findings against all bypasses.
    pub(crate) all: Score,
    pub(crate) extra: Vec<String>,
    pub(crate) box_years: f64,
}

/// Searches the boxes of a network. A bypass counts when it fills or touches two weeks with readings.
pub(crate) fn score(settings: &SwitchingSettings) -> Result<Scores, SimulationError> {
    let until = NaiveDate::from_ymd_opt(2025, 11, 24).unwrap_or_default();
    let simulated = Settings::new(BOXES, YEARS, 7, until, "unused");
    let network = Network::new(&Settings { growth: Growth::Exponential, ..simulated })?;
    let mut by_step: Vec<(f64, [Score; 2])> =
        [0.0, 0.05, 0.1, 0.2, 0.3, 0.5].map(|step| (step, [Score::default(); 2])).to_vec();
    let mut scores = Scores { by_step: Vec::new(), all: Score::default(), extra: Vec::new(), box_years: 0.0 };
    for number in 0..BOXES {
        let (metadata, weeks) = network.weekly_extremes(number)?;
        let truth = network.truth(number)?;
        let weeks = clean(&weeks, |_| true, metadata.capacity, &CheckSettings::default()).kept;
        let found = find_switchings(&weeks, settings).switchings;
        scores.box_years += weeks.len() as f64 / 52.18;
        let visible: Vec<(&Bypassed, Planted)> = truth
            .bypasses
            .iter()
            .map(|bypass| (bypass, planted(bypass)))
            .filter(|(_, planted)| observed(&weeks, planted) >= 2)
            .collect();
        let all: Vec<Planted> = visible.iter().map(|(bypass, _)| planted(bypass)).collect();
        scores.all.add(&all, &found);
        for (bypass, planted) in visible {
            let step = step_share(&weeks, &planted, truth.capacity_kva);
            let long = (bypass.span.until - bypass.span.from) > TimeDelta::days(14);
            let matching: Vec<_> = found
                .iter()
                .copied()
                .filter(|finding| planted.first <= finding.last && finding.first <= planted.last)
                .collect();
            if let Some((_, scores)) = by_step.iter_mut().rev().find(|(least, _)| step >= *least) {
                scores[usize::from(long)].add(&[planted], &matching);
            }
        }
        for finding in &found {
            if all.iter().all(|truth| truth.last < finding.first || finding.last < truth.first) {
                scores.extra.push(format!("box {number} {finding:?}"));
            }
        }
    }
    scores.by_step = by_step;
    Ok(scores)
}

fn planted(bypass: &Bypassed) -> Planted {
    let week = |at: chrono::DateTime<chrono::Utc>| {
        // Local time is an hour or two ahead.
        IsoWeek::containing((at + TimeDelta::minutes(90)).date_naive())
    };
    let kind = match bypass.role {
        Role::Carrying => SwitchingKind::ExtraLoad,
        Role::Relieved => SwitchingKind::Relief,
    };
    Planted { first: week(bypass.span.from), last: week(bypass.span.until), kind }
}

fn observed(weeks: &[WeekExtremes], planted: &Planted) -> usize {
    weeks.iter().filter(|row| (planted.first..=planted.last).contains(&row.week)).count()
}

/// How far the maximum of the bypass's weeks lies from that of the eight weeks around, as a share of the
/// capacity.
fn step_share(weeks: &[WeekExtremes], planted: &Planted, capacity_kva: f64) -> f64 {
    let mean = |of: &dyn Fn(&&WeekExtremes) -> bool| {
        let rows: Vec<f64> = weeks.iter().filter(of).map(|row| row.max_kw).collect();
        rows.iter().sum::<f64>() / rows.len().max(1) as f64
    };
    let inside = |row: &&WeekExtremes| (planted.first..=planted.last).contains(&row.week);
    let around = |row: &&WeekExtremes| {
        !inside(row) && row.week >= planted.first.plus(-4) && row.week <= planted.last.plus(4)
    };
    (mean(&inside) - mean(&around)).abs() / capacity_kva
}
