//! Weeks are marked by drawing over the chart.

use domain::week_span::WeekSpan;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::PointerEvent;

use super::handle::Command;
use crate::erased_view::IntoErased as _;

/// Narrower strokes are clicks, px.
const MIN_WIDTH: f64 = 4.0;

/// What marks weeks, and what takes them.
#[derive(Clone, Copy)]
pub(crate) struct Brush {
    /// The name of the button.
    pub(crate) name: &'static str,
    /// Takes the weeks between the ends of a stroke.
    pub(crate) on_weeks: Callback<WeekSpan>,
}

/// Turns drawing over the chart on and off, once there is one.
#[component]
pub(super) fn BrushButton(
    name: &'static str,
    brushes: RwSignal<bool>,
    drawn: RwSignal<bool>,
) -> impl IntoView {
    let pressed = move || if brushes.get() { "true" } else { "false" };
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=name
            title=name
            aria-pressed=pressed
            disabled=move || !drawn.get()
            on:click=move |_| brushes.update(|brushes| *brushes = !*brushes)
        >
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M4 2v12M12 2v12M6 8h4M6 8l1.5-1.5M6 8l1.5 1.5M10 8 8.5 6.5M10 8 8.5 9.5" />
            </svg>
        </button>
    }
    .into_erased()
}

/// Lies over the chart while weeks are marked, and shows the stroke.
#[component]
pub(super) fn BrushLayer(brushes: RwSignal<bool>, command: RwSignal<Option<Command>>) -> impl IntoView {
    let layer = NodeRef::<Div>::new();
    let stroke = RwSignal::new(None::<(f64, f64)>);
    let place = move |event: &PointerEvent| {
        let left = layer.get_untracked().map_or(0.0, |layer| layer.get_bounding_client_rect().left());
        f64::from(event.client_x()) - left
    };
    let begin = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(layer) = layer.get_untracked() {
            let _ = layer.set_pointer_capture(event.pointer_id());
        }
        stroke.set(Some((place(&event), place(&event))));
    };
    let draw = move |event: PointerEvent| {
        stroke.update(|stroke| {
            if let Some((_, end)) = stroke {
                *end = place(&event);
            }
        });
    };
    let end = move |_: PointerEvent| {
        let Some((from, to)) = stroke.get_untracked() else { return };
        stroke.set(None);
        if (to - from).abs() >= MIN_WIDTH {
            command.set(Some(Command::Mark { from_px: from.min(to), to_px: from.max(to) }));
            brushes.set(false);
        }
    };
    // Property by property: the content security policy forbids styles in attributes.
    let ends = move || stroke.get().unwrap_or_default();
    let left = move || format!("{:.0}px", ends().0.min(ends().1));
    let width = move || format!("{:.0}px", (ends().1 - ends().0).abs());
    view! {
        <Show when=move || brushes.get()>
            <div
                class="brush-layer"
                node_ref=layer
                on:pointerdown=begin
                on:pointermove=draw
                on:pointerup=end
                on:pointercancel=move |_| stroke.set(None)
            >
                <div class="brush-stroke" style:left=left style:width=width></div>
            </div>
        </Show>
    }
    .into_erased()
}
