//! The model itself, in the page: it comes with this tab's code, and with the history of the box.

use std::sync::Arc;

use domain::what_if::{Assumptions, WhatIfAnswer, WhatIfError, answer};
use model::BoxId;

use crate::api::functions::what_if_basis;

/// Answers what is assumed of one box, at once.
pub(super) type Model = Arc<dyn Fn(&Assumptions) -> Result<WhatIfAnswer, WhatIfError> + Send + Sync>;

/// The model of a box; nothing where its history can't be had: then the server is asked each time.
pub(super) async fn load_model(box_id: BoxId) -> Option<Model> {
    let inquiry = what_if_basis(box_id).await.ok()??.inquiry().ok()?;
    Some(Arc::new(move |assumed| answer(&inquiry, assumed)))
}
