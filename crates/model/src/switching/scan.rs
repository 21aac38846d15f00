//! Every interval weighed at once.

use super::SwitchingSettings;
use super::candidate::{Candidate, Course};
use super::evidence::{log_bayes_factor, log_prior_of_shift, log_prior_of_switching};
use super::extremes::{MAX, MIN};
use super::noise::Symmetric;
use super::whitening::Whitened;
use crate::robust::quantile;

/// Observed weeks that must precede a step, and follow one that ended.
const BEFORE: usize = 4;
const AFTER: usize = 2;
/// Intervals of up to this many weeks are numerous enough in a window to estimate the noise.
const JUDGED: usize = 13;
/// The lengths that are evaluated; those between take the excess of the next shorter one.
const JUDGED_WEEKS: [usize; 8] = [1, 2, 3, 4, 6, 8, 10, JUDGED];
/// A step bends baseline and noise by being there: it is looked into from so much below the strength it
/// needs, for each week, and at most.
const BLUR_A_WEEK: f64 = 2.0;
const MAX_BLUR: f64 = 12.0;
const BLUR_OF_SHIFT: f64 = 19.0;
/// Candidates at a time.
const MAX_CANDIDATES: usize = 6;

/// Shares of the squares of standardised sums, and the quantile of χ² with one degree of freedom there.
const MEDIAN: (f64, f64) = (0.5, 0.455);
const TAIL: (f64, f64) = (0.98, 5.41);

/// An interval's information and both responses.
#[derive(Clone, Copy)]
struct Weighed {
    first: u32,
    last: u32,
    information: f64,
    responses: [f64; 2],
}

/// All intervals of a whitened series.
pub(super) struct Scan {
    intervals: Vec<Weighed>,
    excess: Excess,
}

impl Scan {
    /// Sums up every interval of up to the longest switching, and every step that stays.
    pub(super) fn new(whitened: &Whitened, weeks: &[i32], settings: &SwitchingSettings) -> Self {
        let n = whitened.len();
        let touched = settings.longest_weeks.saturating_add(2);
        let week = |k: usize| weeks[whitened.positions[k]];
        let mut intervals = Vec::with_capacity(n * 29);
        for first in BEFORE..n {
            let mut last = first;
            while last < n && week(last) - week(first) < touched {
                intervals.push(weigh(whitened, first, last));
                last += 1;
            }
            if last < n && last + BEFORE < n {
                intervals.push(weigh(whitened, first, n - 1));
            }
        }
        let excess = Excess::of(&intervals, JUDGED, &[MEDIAN]);
        Self { intervals, excess }
    }

    /// The candidates that may turn out strong enough, strongest first; each overlaps the stronger ones by
    /// less than half.
    pub(super) fn candidates(
        &self,
        whitened: &Whitened,
        weeks: &[i32],
        inverse_covariance: Symmetric,
        settings: &SwitchingSettings,
    ) -> Vec<Candidate> {
        let n = whitened.len();
        let week = |k: usize| weeks[whitened.positions[k]];
        let mut found = Vec::new();
        for interval in &self.intervals {
            let (first, last) = (interval.first as usize, interval.last as usize);
            let touched = week(last) - week(first) + 1;
            let course = if last + 1 < n {
                if last + AFTER >= n {
                    continue;
                }
                Course::Ended
            } else if touched > settings.longest_weeks {
                Course::Stays
            } else {
                Course::Open
            };
            if first == last {
                continue;
            }
            let scaled = deflated(inverse_covariance, self.excess.get(last + 1 - first));
            let [low, high] = interval.responses;
            let response = [scaled.min * low + scaled.both * high, scaled.max * high + scaled.both * low];
            let prior = match course {
                Course::Stays => log_prior_of_shift(settings),
                Course::Ended | Course::Open => log_prior_of_switching(settings, touched),
            };
            let blur = (BLUR_A_WEEK * f64::from(touched)).min(MAX_BLUR);
            let least = match course {
                Course::Ended => settings.least_strength - blur,
                Course::Open => settings.least_strength_open - blur,
                Course::Stays => settings.least_strength_level_shift - BLUR_OF_SHIFT,
            };
            // The largest value that the Bayes factor can have, without its logarithm.
            let most = 0.5 * (response[0] * low + response[1] * high) / interval.information;
            if most + prior < least {
                continue;
            }
            let strength = prior + log_bayes_factor(times(scaled, interval.information), response);
            if strength >= least {
                found.push(Candidate { course, first, last, strength });
            }
        }
        found.sort_by(|x, y| y.strength.total_cmp(&x.strength));
        let mut apart: Vec<Candidate> = Vec::new();
        for candidate in found {
            if apart.len() >= MAX_CANDIDATES {
                break;
            }
            if apart.iter().all(|other| !alike(&candidate, other)) {
                apart.push(candidate);
            }
        }
        for candidate in &mut apart {
            candidate.first = whitened.positions[candidate.first];
            candidate.last = whitened.positions[candidate.last];
        }
        apart
    }
}

/// Whether two candidates share more than half of the weeks of both.
fn alike(x: &Candidate, y: &Candidate) -> bool {
    let shared = (x.last.min(y.last) + 1).saturating_sub(x.first.max(y.first));
    let all = x.last.max(y.last) + 1 - x.first.min(y.first);
    2 * shared > all
}

fn weigh(whitened: &Whitened, first: usize, last: usize) -> Weighed {
    Weighed {
        first: first as u32,
        last: last as u32,
        information: whitened.information(first, last).max(1e-12),
        responses: [MIN, MAX].map(|extreme| whitened.response(first, last, extreme)),
    }
}

/// By number of weeks, how much more the sums of each extreme vary than first-order Gaussian noise lets them,
/// at least 1.
///
/// Real loads also wander over months, and have spells of weather; what that adds to the sums over all
/// intervals of a length is read off the series itself. Longer intervals than are judged have the excess of
/// the longest judged.
pub(super) struct Excess(Vec<[f64; 2]>);

impl Excess {
    /// The excess of a series that holds no step, tails included, for intervals of up to this many weeks.
    pub(super) fn without_steps(whitened: &Whitened, weeks: usize) -> Self {
        let (n, judged) = (whitened.len(), weeks.clamp(1, JUDGED));
        let lengths = || JUDGED_WEEKS.into_iter().filter(|&length| length <= judged);
        let intervals: Vec<Weighed> = (BEFORE..n)
            .flat_map(|first| lengths().map(move |length| (first, first + length - 1)))
            .filter(|&(_, last)| last < n)
            .map(|(first, last)| weigh(whitened, first, last))
            .collect();
        Self::of(&intervals, judged, &[MEDIAN, TAIL])
    }

    /// The largest variance that the given points of the distribution tell.
    fn of(intervals: &[Weighed], judged: usize, points: &[(f64, f64)]) -> Self {
        let mut by_length: Vec<[Vec<f64>; 2]> = vec![[const { Vec::new() }; 2]; judged + 1];
        for interval in intervals {
            let length = (interval.last - interval.first + 1) as usize;
            if let Some(lists) = by_length.get_mut(length).filter(|_| JUDGED_WEEKS.contains(&length)) {
                for (list, response) in lists.iter_mut().zip(interval.responses) {
                    list.push(response * response / interval.information);
                }
            }
        }
        let mut largest = [1.0_f64; 2];
        let excess = by_length.iter_mut().map(|lists| {
            for (largest, list) in largest.iter_mut().zip(lists) {
                for (share, expected) in points {
                    *largest = largest.max(quantile(list, *share) / expected);
                }
            }
            largest
        });
        Self(excess.collect())
    }

    /// The excess of both extremes for intervals of as many observed weeks.
    pub(super) fn get(&self, weeks: usize) -> [f64; 2] {
        self.0.get(weeks).or(self.0.last()).copied().unwrap_or([1.0; 2])
    }
}

/// The inverse covariance with each extreme's variance enlarged.
pub(super) fn deflated(inverse: Symmetric, excess: [f64; 2]) -> Symmetric {
    Symmetric {
        min: inverse.min / excess[MIN],
        max: inverse.max / excess[MAX],
        both: inverse.both / (excess[MIN] * excess[MAX]).sqrt(),
    }
}

fn times(matrix: Symmetric, factor: f64) -> Symmetric {
    Symmetric { min: matrix.min * factor, max: matrix.max * factor, both: matrix.both * factor }
}
