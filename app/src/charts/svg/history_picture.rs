//! History and forecast of both extremes as SVG.

use leptos::prelude::*;

use super::history::{Area, Extremes, HistoryPaths, LimitLine};
use super::plane::tenth;

/// The picture. Its colours are those of the style sheet.
#[component]
pub(crate) fn HistoryPicture(
    /// The paths.
    paths: HistoryPaths,
    /// What it shows, for those who don't see it; empty where the text beside says so.
    label: String,
) -> impl IntoView {
    let HistoryPaths { size, extremes, limits, areas, right, frame, left, levels, ticks } = paths;
    let (top, bottom) = (frame.0, tenth(frame.0 + frame.1));
    let hidden = label.is_empty().then_some("true");
    let role = (!label.is_empty()).then_some("img");
    let label = (!label.is_empty()).then_some(label);
    let grid = size.labelled.then(|| {
        let level = |(y, name): (f64, String)| {
            view! {
                <path class="grid-line" d=format!("M{left} {y}H{right}") />
                <text class="axis-label" x=left - 6.0 y=y + 3.5 text-anchor="end">{name}</text>
            }
        };
        let tick = |(x, name): (f64, String)| {
            view! {
                <path class="grid-tick" d=format!("M{x} {bottom}v4") />
                <text class="axis-label" x=x y=bottom + 16.0 text-anchor="middle">{name}</text>
            }
        };
        view! {
            <text class="axis-label" x="2" y=top + 3.5>"kW"</text>
            {levels.into_iter().map(level).collect_view()}
            {ticks.into_iter().map(tick).collect_view()}
        }
    });
    let ground = move |Area { class, x, width, name }: Area| {
        let has_room = width >= 6.0 * name.chars().count() as f64;
        let label = (size.labelled && has_room).then(|| {
            view! {
                <text class="area-name" x=tenth(x + width / 2.0) y=top + 11.0 text-anchor="middle">{name}</text>
            }
        });
        view! {
            <rect class=class x=x y=top width=width height=tenth(bottom - top) />
            {label}
        }
    };
    let drawn = |Extremes { class, measured, bands, median, rings }| {
        let [[band_90, band_70], [later_90, later_70]] = bands;
        let ring = |(x, y)| view! { <circle class="beyond" cx=x cy=y r="5" /> };
        view! {
            <g class=class>
                <path class="band-90" d=band_90 />
                <path class="band-70" d=band_70 />
                <g class="later">
                    <path class="band-90" d=later_90 />
                    <path class="band-70" d=later_70 />
                </g>
                <path class="median" d=median />
                <path class="measured" d=measured />
                {rings.into_iter().map(ring).collect_view()}
            </g>
        }
    };
    let limit = move |LimitLine { y, label }| {
        // Inside of the frame also where the limit lies at its upper edge.
        let text_y = if y < top + 16.0 { y + 13.0 } else { y - 4.0 };
        let label = size.labelled.then(|| {
            view! { <text class="limit-label" x=left + 6.0 y=tenth(text_y)>{label}</text> }
        });
        view! {
            <path class="limit" d=format!("M{left} {y}H{right}") />
            {label}
        }
    };
    view! {
        <svg
            class="history-picture"
            viewBox=format!("0 0 {} {}", size.width, size.height)
            role=role
            aria-label=label
            aria-hidden=hidden
        >
            {areas.into_iter().map(ground).collect_view()}
            {grid}
            {extremes.into_iter().map(drawn).collect_view()}
            {limits.into_iter().map(limit).collect_view()}
        </svg>
    }
}
