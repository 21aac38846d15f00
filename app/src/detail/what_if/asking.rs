//! How the model is asked while the fields change: the newest question alone is answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use domain::what_if::{Assumptions, WhatIfAnswer, WhatIfError, WhatIfOutcome};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::BoxId;

use super::loaded_model::{Model, load_model};
use super::typed::Typed;
use crate::api::functions::ask_what_if;
use crate::words::{Words, use_words};

/// How long the fields have to rest before the server is asked.
const REST: Duration = Duration::from_millis(150);

/// How far a question is.
#[derive(Clone, PartialEq)]
pub(super) enum Stage {
    /// Nothing is assumed.
    Nothing,
    Answered(Arc<WhatIfAnswer>),
    /// There is no answer, and why.
    Refused(String),
}

/// What was typed of each box since the page was opened: it stays while other tabs and boxes are looked at.
#[derive(Clone, Copy, Default)]
pub(in crate::detail) struct TypedOfBoxes(StoredValue<BTreeMap<BoxId, Typed>>);

/// The fields of one box, and what comes of them.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) box_id: BoxId,
    pub(super) typed: ArcRwSignal<Typed>,
    pub(super) stage: ArcRwSignal<Stage>,
    /// Whether an answer is on its way.
    pub(super) is_waiting: ArcRwSignal<bool>,
    /// Answers at once; nothing until it is loaded.
    model: StoredValue<Option<Model>>,
    /// Counts the questions.
    asked: StoredValue<u32>,
    kept: TypedOfBoxes,
    words: &'static Words,
}

impl Asking {
    /// Goes on with what was typed before.
    pub(super) fn new(box_id: BoxId) -> Self {
        let kept = use_context::<TypedOfBoxes>().unwrap_or_default();
        let typed = kept.0.with_value(|typed| typed.get(&box_id).cloned()).unwrap_or_default();
        let asking = Self {
            box_id,
            typed: ArcRwSignal::new(typed),
            stage: ArcRwSignal::new(Stage::Nothing),
            is_waiting: ArcRwSignal::new(false),
            model: StoredValue::new(None),
            asked: StoredValue::new(0),
            kept,
            words: use_words(),
        };
        let begun = asking.clone();
        Effect::new(move |_| {
            begun.ask();
            let (model, box_id) = (begun.model, begun.box_id.clone());
            spawn_local(async move {
                if let Some(loaded) = load_model(box_id).await {
                    model.try_set_value(Some(loaded));
                }
            });
        });
        asking
    }

    /// Changes the fields and asks.
    pub(super) fn edit(&self, apply: impl FnOnce(&mut Typed)) {
        self.typed.update(apply);
        let (box_id, typed) = (self.box_id.clone(), self.typed.get_untracked());
        self.kept.0.try_update_value(|kept| kept.insert(box_id, typed));
        self.ask();
    }

    fn ask(&self) {
        let turn = self.asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        });
        let Some(turn) = turn else { return };
        match self.typed.get_untracked().assumed(self.words) {
            Err(refusal) => self.end(Stage::Refused(refusal)),
            Ok(assumed) if assumed.is_empty() => self.end(Stage::Nothing),
            Ok(assumed) => match self.model.try_get_value().flatten() {
                Some(model) => self.ask_model(turn, model, assumed),
                None => self.ask_server(turn, assumed),
            },
        }
    }

    /// Once a frame, however fast a slider moves.
    fn ask_model(&self, turn: u32, model: Model, assumed: Assumptions) {
        let asking = self.clone();
        request_animation_frame(move || {
            if asking.is_newest(turn) {
                let answered = assumed.check(today()).and_then(|()| model(&assumed));
                asking.end(asking.stage_of(answered));
            }
        });
    }

    fn stage_of(&self, answered: Result<WhatIfAnswer, WhatIfError>) -> Stage {
        match answered {
            Ok(answer) => Stage::Answered(Arc::new(answer)),
            Err(error) => Stage::Refused(self.words.what_if_error(error)),
        }
    }

    fn is_newest(&self, turn: u32) -> bool {
        self.asked.try_get_value() == Some(turn)
    }

    fn ask_server(&self, turn: u32, assumed: Assumptions) {
        self.is_waiting.set(true);
        let asking = self.clone();
        set_timeout(
            move || {
                if !asking.is_newest(turn) {
                    return;
                }
                spawn_local(async move {
                    let outcome = ask_what_if(asking.box_id.clone(), assumed).await;
                    if !asking.is_newest(turn) {
                        return;
                    }
                    asking.end(match outcome {
                        Ok(WhatIfOutcome::Answered(answer)) => asking.stage_of(Ok(*answer)),
                        Ok(WhatIfOutcome::Refused(error)) => asking.stage_of(Err(error)),
                        Err(error) => Stage::Refused(asking.words.error(&error)),
                    });
                });
            },
            REST,
        );
    }

    fn end(&self, stage: Stage) {
        self.stage.set(stage);
        self.is_waiting.set(false);
    }
}

/// The day in the browser, where alone there are frames.
pub(super) fn today() -> NaiveDate {
    let now = js_sys::Date::new_0();
    let year = i32::try_from(now.get_full_year()).unwrap_or_default();
    NaiveDate::from_ymd_opt(year, now.get_month() + 1, now.get_date()).unwrap_or_default()
}
