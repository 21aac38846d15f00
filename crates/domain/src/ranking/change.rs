//! What a run says otherwise than the one of an earlier week.

use model::IsoWeek;
use serde::{Deserialize, Serialize};

use super::RankingRow;
use crate::UnknownWord;
use crate::urgency::Urgency;

/// What the run of an earlier week said of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// The class.
    pub urgency: Urgency,
    /// The week by which an overload was more probable than the risk.
    pub early_week: Option<IsoWeek>,
    /// Whether the box had stopped reporting.
    pub is_silent: bool,
}

/// A filter of the list by what changed of a box since the run of an earlier week. A box that was not there then has not
/// changed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum Change {
    /// Overloaded as measured or as forecast, and neither before.
    NewlyOverloaded,
    /// Overloaded as forecast, now and before, and at least [`Change::EARLIER_WEEKS`] sooner.
    Earlier,
    /// Overloaded before, as measured or as forecast; by a forecast it is neither now.
    Cleared,
    /// It no longer reports, and did before.
    NewlySilent,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 4] = [Self::NewlyOverloaded, Self::Earlier, Self::Cleared, Self::NewlySilent];

    /// From one week to the next forecasts move by a week or so without news.
    pub const EARLIER_WEEKS: i32 = 2;

    /// Its name in links.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether a box passes: by what is said of it now and was before.
    pub fn admits(self, now: &RankingRow, before: Option<&Before>) -> bool {
        let Some(before) = before else { return false };
        let is_overloaded = |urgency| matches!(urgency, Urgency::Exceeded | Urgency::Overload);
        match self {
            Self::NewlyOverloaded => is_overloaded(now.urgency) && !is_overloaded(before.urgency),
            Self::Earlier => {
                let early = now.first_overload.and_then(|first| first.early_week);
                let sooner = before.early_week.zip(early).map(|(before, now)| before - now);
                [before.urgency, now.urgency] == [Urgency::Overload; 2]
                    && sooner.is_some_and(|weeks| weeks >= Self::EARLIER_WEEKS)
            }
            Self::Cleared => {
                is_overloaded(before.urgency) && matches!(now.urgency, Urgency::Near | Urgency::Ample)
            }
            Self::NewlySilent => now.is_silent() && !before.is_silent,
        }
    }
}
