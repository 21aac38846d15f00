//! The page of completeness, for operators. It is made by the server alone.

use domain::completeness::{CompletenessMap, CompletenessRow, MappedBox};
use leptos::prelude::*;
use model::IsoWeek;

use super::document::Document;
use crate::address::{Address, Tab};
use crate::words::use_words;

/// The whole document: how complete the last weeks are, by area and for the boxes that lack most.
#[component]
pub fn CompletenessDocument(
    /// What to show; nothing before the first import.
    map: Option<CompletenessMap>,
    /// The address's query, for language and appearance.
    query: String,
) -> impl IntoView {
    let address = Address::parse(&query);
    let document = Document {
        query,
        title: Box::new(|words| words.completeness().title),
        class: "runs",
        is_beside_list: true,
    };
    document.around(move |words| match map {
        None => view! { <p>{words.completeness().nothing}</p> }.into_any(),
        Some(map) => view! { <Maps map address /> }.into_any(),
    })
}

#[component]
fn Maps(map: CompletenessMap, address: Address) -> impl IntoView {
    let words = use_words();
    let texts = words.completeness();
    let about = words.about_completeness(&map);
    let CompletenessMap { weeks, areas, boxes, .. } = map;
    let area = |row: CompletenessRow<String>| {
        let name = if row.of.is_empty() { texts.no_area.to_owned() } else { row.of };
        (name.into_any(), row.shares)
    };
    let of_box = |row: CompletenessRow<MappedBox>| {
        let MappedBox { box_id, station_name } = row.of;
        let name = if station_name.is_empty() { box_id.to_string() } else { station_name };
        let open = Address {
            language: address.language,
            theme: address.theme,
            box_id: Some(box_id),
            tab: Tab::Data,
            ..Address::default()
        };
        (view! { <a href=format!("/{}", open.href())>{name}</a> }.into_any(), row.shares)
    };
    let is_complete = boxes.is_empty();
    let boxes: Vec<_> = boxes.into_iter().map(of_box).collect();
    let shade = |(place, name): (usize, &'static str)| {
        view! { <li><span class=format!("share share-{place}")></span> {name}</li> }
    };
    view! {
        <p>{about}</p>
        <ul class="shares">{texts.shades.into_iter().enumerate().map(shade).collect_view()}</ul>
        <section>
            <h2>{texts.areas}</h2>
            <Map name=texts.areas of=texts.area weeks=weeks.clone() rows=areas.into_iter().map(area).collect() />
        </section>
        <section>
            <h2>{texts.boxes}</h2>
            {match is_complete {
                true => view! { <p>{texts.complete}</p> }.into_any(),
                false => view! { <Map name=texts.boxes of=texts.transformer weeks rows=boxes /> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

/// The shade of a share: 0 for none, 4 for all.
fn shade_of(share: f64) -> usize {
    match share {
        share if share <= 0.0 => 0,
        share if share < 0.5 => 1,
        share if share < 0.9 => 2,
        share if share < 1.0 => 3,
        _ => 4,
    }
}

#[component]
fn Map(
    name: &'static str,
    /// What the lines are of.
    of: &'static str,
    weeks: Vec<IsoWeek>,
    rows: Vec<(AnyView, Vec<Option<f64>>)>,
) -> impl IntoView {
    let words = use_words();
    let texts = words.completeness();
    let head =
        |week: &IsoWeek| view! { <th scope="col"><abbr title=words.week(*week)>{week.number()}</abbr></th> };
    let heads = weeks.iter().map(head).collect_view();
    let cell = |(share, week): (Option<f64>, &IsoWeek)| {
        let (class, said) = match share {
            // It says 0 and 100% only when it is so.
            Some(share) => (format!("share share-{}", shade_of(share)), words.probability(share)),
            None => ("share".to_owned(), texts.before.to_owned()),
        };
        let title = format!("{}: {said}", words.week(*week));
        view! { <td class=class title=title><span class="visually-hidden">{said}</span></td> }
    };
    let row = |(name, shares): (AnyView, Vec<Option<f64>>)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                {shares.into_iter().zip(&weeks).map(cell).collect_view()}
            </tr>
        }
    };
    view! {
        <div class="score-frame" tabindex="0" role="region" aria-label=name>
            <table class="completeness-map">
                <thead>
                    <tr>
                        <th scope="col">{of}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::shade_of;

    #[test]
    fn only_all_is_the_darkest_and_only_none_the_lightest() {
        assert_eq!([0.0, 0.001, 0.5, 0.9, 0.9999, 1.0].map(shade_of), [0, 1, 2, 3, 3, 4]);
    }
}
