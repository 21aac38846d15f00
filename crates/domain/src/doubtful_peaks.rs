//! Peaks that the fit takes for less than they were, for a planner to judge.

use model::{Extreme, IsoWeek};

use crate::box_detail::{BoxDetail, ExtremeForecast};

/// A winsorised week beyond the limit, or the furthest of the last year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoubtfulPeak {
    /// The week.
    pub week: IsoWeek,
    /// Which of its extremes.
    pub extreme: Extreme,
    /// What was measured, kW.
    pub kw: f64,
}

/// Weeks before the last one that are looked at for a peak within the limit.
const YEAR_WEEKS: i32 = 52;
/// The most that a planner is asked about at once.
const MOST: usize = 6;

/// The winsorised weeks of a box that are worth a planner's judgement, ascending: those beyond the limit, and of each extreme
/// the one of the last year that is nearest to it. Weeks that planners have judged are not among them.
pub fn doubtful_peaks(detail: &BoxDetail) -> Vec<DoubtfulPeak> {
    let Some(limits) = detail.limits else { return Vec::new() };
    let sides = [
        (Extreme::Min, detail.minimum.as_ref(), limits.feed_in_kw),
        (Extreme::Max, detail.maximum.as_ref(), limits.import_kw),
    ];
    let mut found: Vec<(f64, DoubtfulPeak)> = Vec::new();
    for (extreme, forecast, limit_kw) in sides {
        let Some(forecast) = forecast else { continue };
        let peaks = winsorised(detail, extreme, forecast);
        // Towards the limit: a low maximum is no peak.
        let share = |peak: &DoubtfulPeak| match extreme {
            Extreme::Min => -peak.kw / limit_kw,
            Extreme::Max => peak.kw / limit_kw,
        };
        let last = forecast.forecast.weeks.get(forecast.forecast.history.saturating_sub(1)).copied();
        let is_recent = |peak: &DoubtfulPeak| last.is_some_and(|last| last - peak.week < YEAR_WEEKS);
        let nearest = peaks
            .iter()
            .filter(|peak| is_recent(peak))
            .max_by(|a, b| share(a).total_cmp(&share(b)))
            .filter(|peak| is_highest(forecast, extreme, peak))
            .copied();
        let beyond = peaks.iter().copied().filter(|peak| share(peak) > 1.0);
        for peak in beyond.chain(nearest.filter(|peak| share(peak) <= 1.0)) {
            found.push((share(&peak), peak));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(MOST);
    let mut peaks: Vec<DoubtfulPeak> = found.into_iter().map(|(_, peak)| peak).collect();
    peaks.sort_by_key(|peak| peak.week);
    peaks
}

/// Whether a week was the heaviest of the last year in this direction.
fn is_highest(forecast: &ExtremeForecast, extreme: Extreme, peak: &DoubtfulPeak) -> bool {
    let forecast = &forecast.forecast;
    let last_year =
        forecast.observed_kw.iter().take(forecast.history).rev().take(YEAR_WEEKS as usize).flatten();
    match extreme {
        Extreme::Min => last_year.into_iter().all(|&kw| peak.kw <= kw),
        Extreme::Max => last_year.into_iter().all(|&kw| peak.kw >= kw),
    }
}

fn winsorised(detail: &BoxDetail, extreme: Extreme, of: &ExtremeForecast) -> Vec<DoubtfulPeak> {
    let outliers = of.forecast_basis.as_ref().map(|basis| basis.outliers.as_slice()).unwrap_or_default();
    let is_judged = |week| {
        let special = &detail.special_weeks;
        special.left_out.iter().any(|span| span.contains(week))
            || special.decisions.iter().any(|decision| decision.span().contains(week))
    };
    let weeks = of.forecast.weeks.iter().zip(&of.forecast.observed_kw);
    weeks
        .filter(|(week, _)| outliers.contains(week) && !is_judged(**week))
        .filter_map(|(&week, kw)| Some(DoubtfulPeak { week, extreme, kw: (*kw)? }))
        .collect()
}
