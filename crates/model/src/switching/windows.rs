//! Long histories are searched four years at a time: a season and a drift fit no decades.

use super::candidate::Course;
use super::extremes::{Extremes, MAX, MIN};
use super::search::{Found, search};
use super::{Findings, LevelShift, Switching, SwitchingSettings};
use crate::{IsoWeek, WeekExtremes};

/// Length of a window, and from one to the next, weeks. Of each window the middle half counts, of the first
/// one the beginning too, of the last one the end.
const WINDOW: i32 = 208;
const STRIDE: i32 = 104;

pub(super) fn search_all(weeks: &[WeekExtremes], settings: &SwitchingSettings) -> Findings {
    let mut findings = Findings::default();
    let Some(extremes) = Extremes::new(weeks) else { return findings };
    let (Some(&first), Some(&last)) = (extremes.weeks.first(), extremes.weeks.last()) else {
        return findings;
    };
    // The windows end with the history, whose end matters most.
    let mut end = last + 1;
    loop {
        let begin = end - WINDOW;
        let is_first = begin <= first;
        let is_last = end > last;
        let part = extremes.part(begin, end);
        if part.len() >= settings.fewest_weeks.max(8) {
            let counts = |found: &Found| {
                let middle = match found.course {
                    Course::Stays => part.weeks[found.first],
                    Course::Ended | Course::Open => (part.weeks[found.first] + part.weeks[found.last]) / 2,
                };
                // Only the last window knows what is open at the end of the history.
                (is_first || middle >= begin + WINDOW / 4)
                    && (is_last || (middle < end - WINDOW / 4 && found.course != Course::Open))
            };
            for found in search(&part, settings).iter().filter(|found| counts(found)) {
                add(&mut findings, &part, found);
            }
        }
        if is_first {
            break;
        }
        end -= STRIDE;
    }
    findings.switchings.sort_by_key(|switching| switching.first);
    findings.switchings = joined(&findings.switchings, &extremes.weeks);
    findings.level_shifts.sort_by_key(|shift| shift.from);
    findings
}

fn add(findings: &mut Findings, extremes: &Extremes, found: &Found) {
    let week = |position: usize| IsoWeek::from_index(extremes.weeks[position]);
    let step_kw = |extreme: usize| found.steps.values[extreme] * extremes.unit_kw;
    match found.course {
        Course::Stays => findings.level_shifts.push(LevelShift {
            from: week(found.first),
            step_kw_max: step_kw(MAX),
            step_kw_min: step_kw(MIN),
            strength: found.strength,
        }),
        Course::Ended | Course::Open => findings.switchings.push(Switching {
            first: week(found.first),
            last: week(found.last),
            kind: found.steps.kind(),
            step_kw_max: step_kw(MAX),
            step_kw_min: step_kw(MIN),
            strength: found.strength,
            ended: found.course == Course::Ended,
        }),
    }
}

/// Switchings of one kind and about the same size with no observed week between them are one.
fn joined(switchings: &[Switching], weeks: &[i32]) -> Vec<Switching> {
    let mut joined: Vec<Switching> = Vec::new();
    for next in switchings {
        if let Some(last) = joined.last_mut() {
            let before = weeks.partition_point(|&week| week < next.first.index());
            let between = before.saturating_sub(weeks.partition_point(|&week| week <= last.last.index()));
            let size_kw = |s: &Switching| s.step_kw_max.hypot(s.step_kw_min);
            let ratio = size_kw(next) / size_kw(last);
            if between == 0 && next.kind == last.kind && (0.5..2.0).contains(&ratio) {
                last.last = last.last.max(next.last);
                last.strength = last.strength.max(next.strength);
                last.ended = next.ended;
                continue;
            }
        }
        joined.push(*next);
    }
    joined
}
