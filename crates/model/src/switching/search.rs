//! The search of one window: the strongest step first, confirmed, taken away, and again.

use super::SwitchingSettings;
use super::analysis::{Analysis, Assumed, Window};
use super::baseline::{Design, floors_and_spreads};
use super::candidate::{Candidate, Course};
use super::edges::Edges;
use super::evidence::{log_prior_of_shift, log_prior_of_switching};
use super::extremes::{Extremes, MAX, MIN};
use super::scan::Scan;
use super::steps::{self, Steps};

/// A window holds no more steps than that.
const MAX_STEPS: usize = 8;
/// So far below the least strength no round of moving the edges helps.
const HOPELESS: f64 = 4.0;
/// A step that ends within this many weeks of the history's end may be ongoing.
const NEAR_END: usize = 4;
/// Rounds of moving the edges.
const ROUNDS: usize = 3;

/// A confirmed step, by position.
pub(super) struct Found {
    pub(super) course: Course,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) strength: f64,
    pub(super) steps: Steps,
}

/// All steps of a window.
pub(super) fn search(extremes: &Extremes, settings: &SwitchingSettings) -> Vec<Found> {
    let n = extremes.len();
    let (floors, spreads) = floors_and_spreads(extremes);
    let window = Window { extremes, floors, spreads, settings };
    let mut design = Design::new(&extremes.weeks);
    let mut left_out = vec![false; n];
    let mut found: Vec<Found> = Vec::new();
    let mut refused: Vec<Candidate> = Vec::new();
    while found.len() < MAX_STEPS {
        let analysis = Analysis::new(&window, &design, &left_out, false);
        let scan = Scan::new(&analysis.whitened, &extremes.weeks, settings);
        let candidates = scan.candidates(&analysis.whitened, &extremes.weeks, analysis.inverse, settings);
        let mut confirmed = None;
        for candidate in candidates {
            let same = |other: &Candidate| {
                (other.course, other.first, other.last) == (candidate.course, candidate.first, candidate.last)
            };
            if refused.iter().any(same) {
                continue;
            }
            confirmed = match candidate.course {
                Course::Stays => confirm_shift(&window, &design, &left_out, &candidate),
                Course::Ended | Course::Open => confirm_switching(&window, &design, &left_out, &candidate),
            };
            if confirmed.is_some() {
                break;
            }
            refused.push(candidate);
        }
        let Some(step) = confirmed else {
            single_weeks(&window, &analysis, &mut found);
            break;
        };
        match step.course {
            Course::Stays => match design.with_shift(step.first) {
                Some(with) => design = with,
                None => break,
            },
            Course::Ended | Course::Open => left_out[step.first..=step.last].fill(true),
        }
        found.push(step);
    }
    found
}

/// A step near the end of the history is weighed both as one that ended and as one that has not: the likelier
/// course has to stand on its own.
fn confirm_switching(
    window: &Window<'_>,
    design: &Design,
    left_out: &[bool],
    candidate: &Candidate,
) -> Option<Found> {
    let last = window.extremes.len() - 1;
    let of = |course: Course| {
        let span = (candidate.first, if course == Course::Open { last } else { candidate.last });
        settled(window, design, left_out, span, course)
    };
    let likelier = if candidate.course == Course::Open || candidate.last + NEAR_END < last {
        of(candidate.course)
    } else {
        let (ended, open) = (of(Course::Ended), of(Course::Open));
        match (&ended, &open) {
            (Some(as_ended), Some(as_open)) if as_open.edges.evidence <= as_ended.edges.evidence => ended,
            _ => open.or(ended),
        }
    };
    likelier.and_then(|settled| settled.confirmed(window, left_out))
}

/// A switching whose edges have settled.
struct Settled {
    course: Course,
    analysis: Analysis,
    edges: Edges,
}

/// Moves the edges until they stay; nothing when the evidence is hopeless.
fn settled(
    window: &Window<'_>,
    design: &Design,
    left_out: &[bool],
    span: (usize, usize),
    course: Course,
) -> Option<Settled> {
    let settings = window.settings;
    let ended = course == Course::Ended;
    let mut span = span;
    let mut outcome = None;
    for _ in 0..ROUNDS {
        let mut without = left_out.to_vec();
        without[span.0..=span.1].fill(true);
        if without.iter().filter(|out| !**out).count() < settings.fewest_weeks {
            return None;
        }
        let analysis = Analysis::new(window, design, &without, true);
        let steps = Steps::within(window, &analysis, left_out, [Some(span); 2]).in_deviations();
        let assumed = Assumed { around: span, ended, steps };
        let prior = |touched| log_prior_of_switching(settings, touched);
        let edges = analysis.edges(window, design, &analysis.residuals, left_out, &assumed, prior)?;
        // What is far from enough does not become so by moving a week.
        if edges.evidence < settings.least_strength - HOPELESS {
            return None;
        }
        let moved = (edges.first, edges.last) != span;
        span = (edges.first, edges.last);
        outcome = Some(Settled { course, analysis, edges });
        if !moved {
            break;
        }
    }
    outcome
}

impl Settled {
    fn confirmed(self, window: &Window<'_>, left_out: &[bool]) -> Option<Found> {
        let Self { course, analysis, edges } = self;
        let settings = window.settings;
        let weeks = &window.extremes.weeks;
        let steps = Steps::within(window, &analysis, left_out, edges.seen);
        let touched = weeks[edges.last] - weeks[edges.first] + 1;
        let least = match (course, touched) {
            (Course::Ended, ..=2) => settings.least_strength_two_weeks,
            (Course::Ended, _) => settings.least_strength,
            (Course::Open | Course::Stays, _) => settings.least_strength_open,
        };
        let sound = edges.evidence >= least
            && edges.first < edges.last
            && touched <= settings.longest_weeks.saturating_add(2)
            && steps::is_switching(&analysis, left_out, &edges, &steps, settings)
            && !steps::recurs(&analysis, weeks, &edges, &steps);
        let (first, last, strength) = (edges.first, edges.last, edges.evidence);
        sound.then_some(Found { course, first, last, strength, steps })
    }
}

fn confirm_shift(
    window: &Window<'_>,
    design: &Design,
    left_out: &[bool],
    candidate: &Candidate,
) -> Option<Found> {
    let settings = window.settings;
    let column = design.shifts.len();
    let mut from = candidate.first;
    let mut outcome = None;
    for _ in 0..ROUNDS {
        let with = design.with_shift(from)?;
        let analysis = Analysis::new(window, &with, left_out, true);
        let deviation = analysis.baseline.deviation;
        let values = [MIN, MAX].map(|extreme| analysis.baseline.steps[extreme][column]);
        let shifted = [MIN, MAX].map(|extreme| {
            let step = values[extreme] / deviation[extreme];
            let residuals = analysis.residuals[extreme].iter().enumerate();
            residuals.map(|(k, value)| if k >= from { value + step } else { *value }).collect::<Vec<f64>>()
        });
        let about = [MIN, MAX].map(|extreme| values[extreme] / deviation[extreme]);
        let last = window.extremes.len() - 1;
        let assumed = Assumed { around: (from, last), ended: false, steps: about };
        let prior = |_| log_prior_of_shift(settings);
        let edges = analysis.edges(window, design, &shifted, left_out, &assumed, prior)?;
        if edges.evidence < settings.least_strength_level_shift - HOPELESS {
            return None;
        }
        let moved = edges.first != from;
        from = edges.first;
        outcome = Some((edges, Steps { values, deviation, fitted: [0.0; 2] }));
        if !moved {
            break;
        }
    }
    let (edges, steps) = outcome?;
    let step = steps.in_deviations().map(f64::abs);
    let sound = edges.evidence >= settings.least_strength_level_shift
        && step[MIN].max(step[MAX]) >= settings.least_step;
    sound.then_some(Found {
        course: Course::Stays,
        first: edges.first,
        last: edges.last,
        strength: edges.evidence,
        steps,
    })
}

/// Single weeks in which both extremes lie so far out that no outlier explains it.
fn single_weeks(window: &Window<'_>, analysis: &Analysis, found: &mut Vec<Found>) {
    let settings = window.settings;
    let n = window.extremes.len();
    for k in (1..n.saturating_sub(1)).filter(|&k| analysis.outliers[k]) {
        let far = |extreme: usize| analysis.residuals[extreme][k].abs() >= settings.least_step_single_week;
        if far(MIN) && far(MAX) {
            let left_out = vec![false; n];
            let steps = Steps::within(window, analysis, &left_out, [Some((k, k)); 2]);
            let square: f64 = analysis.residuals.iter().map(|values| values[k] * values[k]).sum();
            // As if both extremes and all weeks were independent: with autocorrelation the evidence is
            // stronger.
            let occam = 2.0 * (settings.least_step_single_week).ln();
            let strength = 0.5 * square - occam + log_prior_of_switching(settings, 1);
            found.push(Found { course: Course::Ended, first: k, last: k, strength, steps });
        }
    }
}
