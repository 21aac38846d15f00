//! A span of weeks.

use model::IsoWeek;
use model::switching::Switching;
use serde::{Deserialize, Serialize};

/// A span of weeks, both ends included. In JSON a list of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(IsoWeek, IsoWeek)", into = "(IsoWeek, IsoWeek)")]
pub struct WeekSpan {
    /// The first week.
    pub first: IsoWeek,
    /// The last week.
    pub last: IsoWeek,
}

impl WeekSpan {
    /// From a first to a last week.
    pub fn new(first: IsoWeek, last: IsoWeek) -> Self {
        Self { first, last }
    }

    /// Whether a week lies in the span.
    pub fn contains(&self, week: IsoWeek) -> bool {
        (self.first..=self.last).contains(&week)
    }

    /// Whether the spans have a week in common.
    pub fn overlaps(&self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl From<(IsoWeek, IsoWeek)> for WeekSpan {
    fn from((first, last): (IsoWeek, IsoWeek)) -> Self {
        Self { first, last }
    }
}

impl From<WeekSpan> for (IsoWeek, IsoWeek) {
    fn from(span: WeekSpan) -> Self {
        (span.first, span.last)
    }
}

impl From<&Switching> for WeekSpan {
    fn from(switching: &Switching) -> Self {
        Self::new(switching.first, switching.last)
    }
}

/// Spans as objects with `from` and `to`, the form of gaps in the HTTP interface.
pub(crate) mod from_to {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{IsoWeek, WeekSpan};

    #[derive(Serialize, Deserialize)]
    struct FromTo {
        from: IsoWeek,
        to: IsoWeek,
    }

    pub(crate) fn serialize<S: Serializer>(spans: &[WeekSpan], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(spans.iter().map(|span| FromTo { from: span.first, to: span.last }))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<WeekSpan>, D::Error> {
        let spans: Vec<FromTo> = Deserialize::deserialize(deserializer)?;
        Ok(spans.into_iter().map(|span| WeekSpan::new(span.from, span.to)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: i32, last: i32) -> WeekSpan {
        WeekSpan::new(IsoWeek::from_index(first), IsoWeek::from_index(last))
    }

    #[test]
    fn spans_that_share_their_end_overlap_and_neighbours_do_not() {
        assert!(span(10, 13).overlaps(span(13, 20)) && span(13, 20).overlaps(span(10, 13)));
        assert!(span(10, 20).overlaps(span(12, 13)) && span(12, 13).overlaps(span(10, 20)));
        assert!(!span(10, 13).overlaps(span(14, 20)) && !span(14, 20).overlaps(span(10, 13)));
        assert!(span(10, 13).contains(IsoWeek::from_index(13)));
        assert!(!span(10, 13).contains(IsoWeek::from_index(9)));
    }

    #[test]
    fn a_span_is_a_list_of_its_ends_in_json() {
        let text = serde_json::to_string(&span(2_700, 2_703)).unwrap();
        let ends: (IsoWeek, IsoWeek) = serde_json::from_str(&text).unwrap();
        assert_eq!(ends, span(2_700, 2_703).into());
        assert_eq!(serde_json::from_str::<WeekSpan>(&text).unwrap(), span(2_700, 2_703));
    }
}
