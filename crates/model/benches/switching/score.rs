//! Which findings are right.

use model::switching::{Switching, SwitchingKind};

use crate::synthetic::Planted;

/// Counts over many boxes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Score {
    pub(crate) planted: usize,
    pub(crate) hit: usize,
    pub(crate) right_kind: usize,
    pub(crate) found: usize,
    pub(crate) right: usize,
    pub(crate) edge_error_weeks: i32,
}

impl Score {
    /// A planted switching is hit when a finding shares half of the weeks of both.
    pub(crate) fn add(&mut self, planted: &[Planted], found: &[Switching]) {
        self.planted += planted.len();
        self.found += found.len();
        for truth in planted {
            if let Some(finding) = found.iter().find(|finding| matches(truth, finding)) {
                self.hit += 1;
                self.right_kind += usize::from(finding.kind == truth.kind);
                self.edge_error_weeks +=
                    (finding.first - truth.first).abs() + (finding.last - truth.last).abs();
            }
        }
        self.right +=
            found.iter().filter(|finding| planted.iter().any(|truth| matches(truth, finding))).count();
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.planted += other.planted;
        self.hit += other.hit;
        self.right_kind += other.right_kind;
        self.found += other.found;
        self.right += other.right;
        self.edge_error_weeks += other.edge_error_weeks;
    }

    pub(crate) fn recall(&self) -> f64 {
        self.hit as f64 / self.planted.max(1) as f64
    }

    pub(crate) fn precision(&self) -> f64 {
        if self.found == 0 { 1.0 } else { self.right as f64 / self.found as f64 }
    }
}

fn matches(truth: &Planted, finding: &Switching) -> bool {
    let shared = truth.last.min(finding.last) - truth.first.max(finding.first) + 1;
    let all = truth.last.max(finding.last) - truth.first.min(finding.first) + 1;
    2 * shared >= all
}

/// Short name of a kind.
pub(crate) fn word(kind: SwitchingKind) -> &'static str {
    match kind {
        SwitchingKind::ExtraLoad => "extra load",
        SwitchingKind::Relief => "relief",
    }
}
