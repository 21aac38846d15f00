//! What may have happened in some weeks.

/// How a step goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Course {
    /// It came back before the history ended.
    Ended,
    /// It lasts to the end of the history, but not for longer than a switching may.
    Open,
    /// It lasts to the end of the history, for longer than a switching may.
    Stays,
}

/// A step during the observed weeks `first..=last` of a window (positions, not week numbers).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Candidate {
    pub(super) course: Course,
    pub(super) first: usize,
    pub(super) last: usize,
    /// The posterior log odds.
    pub(super) strength: f64,
}
