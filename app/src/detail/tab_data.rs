//! What one tab alone needs, fetched while it is shown.

use std::future::Future;

use leptos::prelude::*;
use model::BoxId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::address::Tab;
use crate::api::{ApiError, Asked, ask};

/// The answer for the box whose tab is shown; nothing while another tab is.
///
/// It is made once beside the pane, not within the tab: the server draws a tab several times until nothing is awaited,
/// and each drawing would make a resource of its own, whose answer the browser could not find again.
pub(super) struct TabData<T: Send + Sync + 'static>(Asked<Option<Answer<T>>>);

type Answer<T> = (BoxId, Result<T, ApiError>);

// Derived, both would ask the same of the answer.
impl<T: Send + Sync + 'static> Clone for TabData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for TabData<T> {}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> TabData<T> {
    /// Asks `question` for the chosen box as long as the shown tab is `tab`.
    pub(super) fn new<F>(
        chosen: Memo<Option<BoxId>>,
        shown: Memo<Tab>,
        tab: Tab,
        question: fn(BoxId) -> F,
    ) -> Self
    where
        F: Future<Output = Result<T, ApiError>> + Send + 'static,
    {
        let asked = Memo::new(move |_| chosen.get().filter(|_| shown.get() == tab));
        Self(ask(
            move || asked.get(),
            move |asked| async move {
                match asked {
                    Some(box_id) => Some((box_id.clone(), question(box_id).await)),
                    None => None,
                }
            },
        ))
    }

    /// The answer for this box, once it is there.
    pub(super) fn of(self, box_id: &BoxId) -> Option<Result<T, ApiError>> {
        let (answered, answer) = self.0.get()??;
        (answered == *box_id).then_some(answer)
    }
}
