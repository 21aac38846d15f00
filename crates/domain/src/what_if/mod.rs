//! What if? What a planner assumes of a transformer, and what the model answers.
//!
//! The same answer is computed by the server and, while a field changes, by the page: both make an
//! [`InquiryBasis`] into an inquiry and ask it.

mod answer;
mod assumptions;
mod basis;

pub use self::answer::{Future, WhatIfAnswer, WhatIfOutcome, answer};
pub use self::assumptions::{Assumptions, WhatIfError};
pub use self::basis::{InquiryBasis, ModelBasis};
