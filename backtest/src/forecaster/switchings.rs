//! Leaving out bypass switchings before a fit, as in use.

use model::{Series, Switching, SwitchingKind, SwitchingSettings, WeekExtremes, find_switchings, mask};

use crate::Window;

/// What a model may see, less the switchings that are found in it. Extra load that has not ended counts: if it stays it
/// is just what a forecast is for.
///
/// `weeks` are all of the box's weeks, of which only those that may be seen are searched.
pub(super) fn without_switchings(window: &Window, weeks: &[WeekExtremes]) -> Series {
    let seen = window.seen();
    let Some(first) = seen.rows().first().map(|row| row.week) else { return seen.clone() };
    let seen_weeks: Vec<WeekExtremes> =
        weeks.iter().filter(|week| (first..=window.last_seen).contains(&week.week)).copied().collect();
    let mut found = find_switchings(&seen_weeks, &SwitchingSettings::default()).switchings;
    found.retain(|switching: &Switching| switching.ended || switching.kind == SwitchingKind::Relief);
    mask(seen, &found)
}
