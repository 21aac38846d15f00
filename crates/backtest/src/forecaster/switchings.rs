//! Masks bypass switchings before a fit, as in production.

use model::{
    Series, WeekExtremes,
    switching::{Switching, SwitchingKind, SwitchingSettings, find_switchings, mask},
};

use crate::Window;

/// The training weeks with detected switchings masked. Extra load that has not ended is kept: if it
/// is permanent, the forecast must follow it.
///
/// `weeks` are all weeks of the box, of which only training weeks are searched.
pub(super) fn without_switchings(window: &Window, weeks: &[WeekExtremes]) -> Series {
    let seen = window.seen();
    let Some(first) = seen.rows().first().map(|row| row.week) else { return seen.clone() };
    let seen_weeks: Vec<WeekExtremes> =
        weeks.iter().filter(|week| (first..=window.last_seen).contains(&week.week)).copied().collect();
    let mut found = find_switchings(&seen_weeks, &SwitchingSettings::default()).switchings;
    found.retain(|switching: &Switching| switching.ended || switching.kind == SwitchingKind::Relief);
    mask(seen, &found)
}
