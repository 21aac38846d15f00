//! The future before and after what is assumed.

use model::question::Inquiry;
use model::{Assessment, Bands, Extreme, Forecast, IsoWeek, Limits};
use serde::{Deserialize, Serialize};

use super::{Assumptions, WhatIfError};

/// The future weeks, without and with what is assumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhatIfAnswer {
    /// The weeks ahead.
    pub weeks: Vec<IsoWeek>,
    /// The transformer as it is.
    pub before: Future,
    /// As it is assumed to be.
    pub after: Future,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhatIfOutcome {
    /// The answer.
    Answered(Box<WhatIfAnswer>),
    /// There is none.
    Refused(WhatIfError),
}

/// What is forecast of both extremes in the weeks ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Future {
    /// The bands of the weekly minimum.
    pub minimum: Bands,
    /// The bands of the weekly maximum.
    pub maximum: Bands,
    /// The limits.
    pub limits: Limits,
    /// Chances, first weeks and headroom.
    pub assessment: Assessment,
}

/// Answers what is assumed. From the same inquiry the answer is the same wherever it is computed.
///
/// # Errors
/// [`WhatIfError`] for weeks that can't be left out, or if too few of them are left.
pub fn answer(inquiry: &Inquiry, assumed: &Assumptions) -> Result<WhatIfAnswer, WhatIfError> {
    let asked = inquiry.ask(&assumed.question()?).map_err(|_| WhatIfError::FewWeeks)?;
    let before = Future {
        minimum: future_of(&inquiry.forecast(Extreme::Min)),
        maximum: future_of(&inquiry.forecast(Extreme::Max)),
        limits: inquiry.limits(),
        assessment: asked.unasked,
    };
    let weeks = asked.maximum.weeks.get(asked.maximum.future()).unwrap_or_default().to_vec();
    let after = Future {
        minimum: future_of(&asked.minimum),
        maximum: future_of(&asked.maximum),
        limits: asked.limits,
        assessment: asked.assessment,
    };
    Ok(WhatIfAnswer { weeks, before, after })
}

/// The bands of the weeks ahead.
fn future_of(forecast: &Forecast) -> Bands {
    forecast.total.rows(forecast.future())
}
