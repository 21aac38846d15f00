//! A chart on the page: its summary, the drawing, and the buttons beside it.

use leptos::html::Div;
use leptos::prelude::*;

use super::brush::{Brush, BrushButton, BrushLayer};
use super::handle::{Command, Commands, attach};
use super::picture::Draw;
use super::svg::{HistoryPaths, HistoryPicture};
use crate::chrome::Appearance;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The chart. The server renders the frame, a picture in it where there is one, and the summary; the drawing follows in
/// the browser and takes the picture's place.
#[component]
pub(crate) fn ChartBox(
    /// The class that gives it its height.
    size: &'static str,
    /// What the chart shows, in one sentence.
    summary: String,
    /// What stands there until it is drawn, and on paper.
    #[prop(optional_no_strip)]
    picture: Option<HistoryPaths>,
    /// What to draw.
    draw: Draw,
    /// Takes the weeks that are marked by drawing over them; without it none can be.
    #[prop(optional_no_strip)]
    brush: Option<Brush>,
) -> impl IntoView {
    let words = use_words();
    let appearance = use_context::<Appearance>();
    let frame = NodeRef::<Div>::new();
    let command = RwSignal::new(None::<Command>);
    let failed = RwSignal::new(false);
    let announced = RwSignal::new(String::new());
    let drawn = RwSignal::new(false);
    let brushes = RwSignal::new(false);
    let on_brush = brush.as_ref().map(|brush| brush.on_weeks);
    attach(frame, draw, appearance, Commands { command, on_brush }, failed, announced, drawn);
    let is_drawn = move || if drawn.get() { "true" } else { "false" };
    let has_picture = if picture.is_some() { "true" } else { "false" };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let wanted = match event.key().as_str() {
            "ArrowRight" => Command::Step(1),
            "ArrowLeft" => Command::Step(-1),
            "+" | "=" => Command::ZoomIn,
            "-" => Command::ZoomOut,
            "0" => Command::ShowAll,
            _ => return,
        };
        event.prevent_default();
        command.set(Some(wanted));
    };
    let button = move |name: &'static str, drawing: &'static str, wanted: Command| {
        view! {
            <button type="button" class="icon-button" aria-label=name title=name on:click=move |_| command.set(Some(wanted))>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d=drawing />
                </svg>
            </button>
        }
    };
    view! {
        <figure class="chart" data-drawn=is_drawn data-picture=has_picture>
            <div class="chart-stage">
                {picture.map(|paths| view! { <HistoryPicture paths label=String::new() /> })}
                <div
                    class=format!("chart-canvas with-script {size}")
                    on:wheel:capture=leave_to_the_page
                    node_ref=frame
                    role="img"
                    aria-label=summary.clone()
                    aria-description=words.chart_keys
                    tabindex="0"
                    on:keydown=on_key
                ></div>
                {brush.as_ref().map(|_| view! { <BrushLayer brushes command /> })}
            </div>
            <figcaption>
                <span>{summary}</span>
                <span class="chart-buttons with-script">
                    {brush.map(|brush| view! { <BrushButton name=brush.name brushes drawn /> })}
                    {button(words.zoom_in, "M8 3v10M3 8h10", Command::ZoomIn)}
                    {button(words.zoom_out, "M3 8h10", Command::ZoomOut)}
                    {button(words.zoom_all, "M2 8h12M5 5 2 8l3 3M11 5l3 3-3 3", Command::ShowAll)}
                </span>
            </figcaption>
            <p class="visually-hidden" role="status">{move || announced.get()}</p>
            <Show when=move || failed.get()>
                <p class="chart-note" role="alert">{words.chart_failed}</p>
            </Show>
        </figure>
    }
    .into_erased()
}

/// ECharts keeps every turn of the wheel to itself, whatever `zoomOnMouseWheel` says; without Ctrl it scrolls the page.
fn leave_to_the_page(event: leptos::ev::WheelEvent) {
    if !event.ctrl_key() && !event.meta_key() {
        event.stop_propagation();
    }
}
