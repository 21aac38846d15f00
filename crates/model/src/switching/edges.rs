//! The weeks in which a step begins and ends.
//!
//! A switching from a Wednesday to a Wednesday raises the maximum of both weeks, but the minimum of neither:
//! the extreme on the side of the step sees every week that it touches, the other one only those that it
//! fills.

use super::evidence::{WAYS, log_bayes_factor, log_bayes_factor_of_one};
use super::extremes::{MAX, MIN};
use super::noise::Symmetric;
use super::whitening::Whitened;

/// A step with its evidence; weeks are numbers within a whitened series.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Edges {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The weeks seen by each extreme; one of them may see none.
    pub(super) seen: [Option<(usize, usize)>; 2],
    /// ln of the Bayes factor, less ln of the number of ways to begin and end.
    pub(super) evidence: f64,
}

/// How far an edge may move at once, weeks.
const REACH: usize = 2;

/// The best edges near `around`; a step that has not ended keeps its last week and has no inner edge there.
/// `prior` is the ln of the probability of a first and last week.
pub(super) fn refine(
    whitened: &Whitened,
    inverse: Symmetric,
    around: (usize, usize),
    ended: bool,
    prior: impl Fn(usize, usize) -> f64,
) -> Option<Edges> {
    let n = whitened.len();
    let firsts = around.0.saturating_sub(REACH).max(1)..=(around.0 + REACH).min(around.1);
    let lasts = if ended {
        around.1.saturating_sub(REACH).max(around.0)..=(around.1 + REACH).min(n.saturating_sub(3))
    } else {
        n - 1..=n - 1
    };
    let mut best: Option<(Edges, f64)> = None;
    for first in firsts {
        for last in lasts.clone().filter(|&last| first <= last) {
            let prior = prior(first, last);
            for edges in ways(whitened, inverse, (first, last), ended) {
                let total = edges.evidence + prior;
                if best.is_none_or(|(_, most)| total > most) {
                    best = Some((edges, total));
                }
            }
        }
    }
    best.map(|(edges, total)| Edges { evidence: total, ..edges })
}

fn ways(
    whitened: &Whitened,
    inverse: Symmetric,
    whole: (usize, usize),
    ended: bool,
) -> impl Iterator<Item = Edges> {
    let (first, last) = whole;
    let inner_ends = if ended { 2 } else { 1 };
    let partly = (0..2).flat_map(move |late| (0..inner_ends).map(move |early| (late, early)));
    let partly = partly.filter(|&way| way != (0, 0));
    let one_sided = partly.flat_map(|way| [(MIN, way), (MAX, way)]);
    [(MAX, (0, 0))].into_iter().chain(one_sided).map(move |(outer, (late, early))| {
        let inner = (first + late, (last + 1).saturating_sub(early + 1));
        let inner = (first + late + early <= last).then_some(inner);
        let mut seen = [inner; 2];
        seen[outer] = Some(whole);
        Edges { first, last, seen, evidence: weigh(whitened, inverse, outer, whole, inner) - WAYS.ln() }
    })
}

/// ln of the Bayes factor of a step that one extreme sees during `whole`, the other one during `inner`.
fn weigh(
    whitened: &Whitened,
    inverse: Symmetric,
    outer: usize,
    whole: (usize, usize),
    inner: Option<(usize, usize)>,
) -> f64 {
    let own = |extreme: usize| if extreme == MIN { inverse.min } else { inverse.max };
    let weight = |x: usize, y: usize| if x == y { own(x) } else { inverse.both };
    let response = |extreme: usize, span: (usize, usize)| -> f64 {
        [MIN, MAX].map(|other| weight(extreme, other) * whitened.response(span.0, span.1, other)).iter().sum()
    };
    let information = |span: (usize, usize)| whitened.information(span.0, span.1);
    let Some(inner) = inner else {
        return log_bayes_factor_of_one(own(outer) * information(whole), response(outer, whole));
    };
    let spans = if outer == MIN { [whole, inner] } else { [inner, whole] };
    let matrix = Symmetric {
        min: inverse.min * information(spans[MIN]),
        max: inverse.max * information(spans[MAX]),
        both: inverse.both * whitened.joint_information(whole, inner),
    };
    log_bayes_factor(matrix, [MIN, MAX].map(|extreme| response(extreme, spans[extreme])))
}
