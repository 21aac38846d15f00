//! The verdict: what was measured, then what is to be expected, each figure of one event.

use std::sync::Arc;

use domain::box_detail::BoxDetail;
use domain::doubtful_peaks::{DoubtfulPeak, doubtful_peaks};
use domain::neighbours::Neighbour;
use domain::outlook::Outlook;
use domain::urgency::Urgency;
use domain::week_span::WeekSpan;
use leptos::prelude::*;
use model::Extreme;

use super::special_weeks::FaultOrReal;
use crate::address::use_link;
use crate::erased_view::IntoErased as _;
use crate::ranking::StatusMark;
use crate::words::use_words;

/// A direction below this chance is mentioned only beside one that is likelier.
const VISIBLE: f64 = 0.005;

/// The class, a title, and a line for each direction.
#[component]
pub(crate) fn Verdict(
    /// The box.
    detail: Arc<BoxDetail>,
    /// Whether a doubtful peak can be judged here.
    #[prop(optional)]
    asks: bool,
) -> impl IntoView {
    let words = use_words();
    let urgency = detail.urgency;
    let outlook = Outlook::of(&detail);
    let heading = outlook.as_ref().map(|outlook| words.outlook_heading(outlook, urgency));
    // What was measured comes before what is to come.
    let (title, ahead) = match (&detail.exceedance, urgency, heading) {
        (Some(found), _, heading) => (words.exceedance(found), heading),
        (None, Urgency::Unmeasured, _) => (words.unmeasured_box.to_owned(), None),
        (None, _, Some(heading)) => (heading, None),
        (None, _, None) => (words.no_forecast.to_owned(), None),
    };
    let doubt = doubt_about_the_heaviest(&detail).map(|peak| {
        let weeks = WeekSpan::new(peak.week, peak.week);
        let answers = asks.then(|| view! { <FaultOrReal box_id=detail.box_id.clone() weeks /> });
        view! {
            <p class="outlook-doubt">{words.doubtful_peak(&peak)} " " {answers}</p>
        }
    });
    let ahead = ahead.map(|heading| {
        view! { <p class="outlook-ahead">{words.ahead(&heading)}</p> }
    });
    let rest = match (&outlook, urgency) {
        (_, Urgency::Unmeasured) => {
            view! { <p class="outlook-text">{words.peers(detail.peers.as_ref())}</p> }.into_erased()
        }
        (None, _) => view! { <p class="outlook-text">{words.reasons_below()}</p> }.into_erased(),
        (Some(outlook), _) => view! { <Directions outlook=*outlook /> }.into_erased(),
    };
    view! {
        <div class=format!("outlook urgency-{}", urgency.as_str())>
            <StatusMark urgency />
            <div>
                <p class="outlook-title">{title}</p>
                {doubt}
                {ahead}
                {rest}
            </div>
        </div>
    }
    .into_erased()
}

/// The heaviest measured week, where the fit takes it for less than it was and no planner has judged it.
fn doubt_about_the_heaviest(detail: &BoxDetail) -> Option<DoubtfulPeak> {
    let heaviest = detail.exceedance.as_ref()?;
    let extreme = if heaviest.peak_kw < 0.0 { Extreme::Min } else { Extreme::Max };
    doubtful_peaks(detail).into_iter().find(|peak| peak.week == heaviest.peak_week && peak.extreme == extreme)
}

/// The room that is left, this week's band beside the coverage that was measured, and what the half-year leaves out: below the chart, which they
/// are about.
#[component]
pub(crate) fn VerdictDetails(
    /// The box.
    detail: Arc<BoxDetail>,
) -> impl IntoView {
    let words = use_words();
    let outlook = Outlook::of(&detail).filter(|_| detail.urgency != Urgency::Unmeasured);
    let sentences = outlook.map(|outlook| {
        let coverage = detail.measured_coverage.map(|measured| words.measured_coverage(measured.share));
        let range = outlook.heaviest.map(|range| words.week_range(&range));
        let left_out = outlook.left_out.map(|found| words.left_out_of_year(&found, outlook.ranked.until));
        let later = outlook.later.map(|later| words.rises_later(later, outlook.ranked.until));
        let room = outlook.ranked.headroom.map(|room| words.headroom(&room, outlook.ranked.risk));
        let risk = outlook.ranked.risk;
        let advice = detail.advice.as_ref().map(|advice| words.advice(advice, risk));
        let is_doubtful = |extreme: &Extreme| {
            let is_free = outlook.ranked.headroom.is_some_and(|room| room.in_direction(*extreme) >= 0.0);
            is_free && detail.exceedance.is_some_and(|found| found.is_recent_in(*extreme))
        };
        let doubts = Extreme::ALL.into_iter().filter(is_doubtful);
        let doubts = doubts.map(|extreme| words.doubtful_room(extreme).to_owned());
        let counted_on = words.counted_on(&detail);
        let rest = [counted_on, range, coverage, left_out, later].into_iter().flatten();
        room.into_iter().chain(advice).chain(doubts).chain(rest).collect::<Vec<_>>().join(" ")
    });
    let neighbours = (!detail.neighbours.is_empty())
        .then(|| view! { <Neighbours neighbours=detail.neighbours.clone() /> });
    view! {
        {sentences.map(|sentences| view! { <p class="verdict-details">{sentences}</p> })}
        {neighbours}
    }
    .into_erased()
}

/// Where else there is room for what is short, as links.
#[component]
fn Neighbours(neighbours: Vec<Neighbour>) -> impl IntoView {
    let words = use_words();
    let link = |found: Neighbour| {
        let said = words.neighbour(&found);
        let name = if found.station_name.is_empty() { found.box_id.to_string() } else { found.station_name };
        let box_id = found.box_id;
        let href = use_link(move |to| to.box_id = Some(box_id.clone()));
        view! { <li><a href=href>{name}</a> {said}</li> }
    };
    view! {
        <div class="neighbours">
            <p>{words.room_nearby()}</p>
            <ul>{neighbours.into_iter().map(link).collect_view()}</ul>
        </div>
    }
    .into_erased()
}

/// A line for each direction that is worth one, the likelier one first.
#[component]
fn Directions(outlook: Outlook) -> impl IntoView {
    let words = use_words();
    let ranked = outlook.ranked;
    let shown = outlook.by_chance().into_iter().filter(|&extreme| ranked.of(extreme).probability >= VISIBLE);
    let directions = shown.map(|extreme| {
        let arrow = match extreme {
            Extreme::Max => "↑",
            Extreme::Min => "↓",
        };
        (arrow, words.direction(extreme), words.direction_outlook(ranked.of(extreme), ranked.risk))
    });
    let together = words.either_direction(&ranked).map(|said| ("↕", words.either(), said));
    let line = |(arrow, name, said): (&'static str, &'static str, String)| {
        view! {
            <li>
                <span class="direction"><span aria-hidden="true">{arrow}</span>" "{name}": "</span>
                {said}
            </li>
        }
    };
    let lines: Vec<_> = directions.chain(together).map(line).collect();
    (!lines.is_empty()).then(|| view! { <ul class="outlook-directions">{lines}</ul> }).into_erased()
}
