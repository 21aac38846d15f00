//! Sheets for paper: one transformer on a page, or all rows of the list as it is filtered. They are made by the server alone
//! and need no scripts.

use chrono::{DateTime, Utc};
use domain::box_detail::BoxDetail;
use domain::identity::WayIn;
use domain::ranking::{RankingQuery, RankingRow, SortKey};
use leptos::prelude::*;
use model::{BoxId, Extreme, Headroom};

use crate::Assets;
use crate::account::account;
use crate::address::Address;
use crate::charts::{HistoryPicture, PictureSize, history_paths};
use crate::detail::{Verdict, VerdictDetails, place, title};
use crate::preferences;
use crate::ranking::StatusMark;
use crate::words::Words;

/// What an address asks to have on paper.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintRequest {
    /// This box, or else the list.
    pub box_id: Option<BoxId>,
    /// The filter and order of the list.
    pub ranking: RankingQuery,
}

impl PrintRequest {
    /// Reads the query of an address.
    pub fn of(query: &str) -> Self {
        let address = Address::parse(query);
        Self { box_id: address.box_id.clone(), ranking: address.ranking() }
    }
}

/// What is printed.
#[derive(Debug)]
pub enum Sheet {
    /// One transformer.
    One(std::sync::Arc<BoxDetail>),
    /// All rows that the filter lets through.
    List(Vec<RankingRow>),
    /// There is no box of this name.
    NoSuchBox(String),
}

/// The whole document.
#[component]
pub fn PrintDocument(
    /// What to show.
    sheet: Sheet,
    /// The address's query, for language, filter and link.
    query: String,
    /// Where the pages are reached, such as `https://gridspark.example`.
    origin: String,
    /// When it is made.
    made: DateTime<Utc>,
) -> impl IntoView {
    let address = Address::parse(&query);
    let language = address.language.unwrap_or_else(preferences::language);
    let words: &'static Words = Words::of(language);
    provide_context(words);
    let texts = words.on_paper();
    // What is looked at, not how.
    let seen = address.changed(|seen| (seen.language, seen.theme) = (None, None));
    let link = format!("{origin}/{}", seen.href().trim_end_matches('?'));
    let filters = words.filters(&address);
    let heading = match &sheet {
        Sheet::One(detail) => title(detail),
        Sheet::List(rows) => words.rows_printed(rows.len()),
        Sheet::NoSuchBox(_) => texts.no_such_box.to_owned(),
    };
    let is_open = account().is_some_and(|account| account.way_in == WayIn::None);
    let open = is_open.then(|| words.account().open);
    let stylesheet = use_context::<Assets>().map(|assets| assets.stylesheet);
    let content = match sheet {
        Sheet::One(detail) => view! { <One detail /> }.into_any(),
        Sheet::List(rows) => view! { <List rows /> }.into_any(),
        Sheet::NoSuchBox(name) => view! { <p>{name}</p> }.into_any(),
    };
    view! {
        <!DOCTYPE html>
        <html lang=language.code() data-theme="light">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{format!("{heading} – {}", words.title)}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=stylesheet />
            </head>
            <body class="sheet-page">
                <main class="sheet">
                    <p class="sheet-hint">{texts.hint}</p>
                    <h1>{heading.clone()}</h1>
                    {content}
                    <footer class="sheet-foot">
                        <span>{words.title} ", " {words.day_of(made)}</span>
                        <span>{texts.filter} ": " {filters}</span>
                        {open.map(|open| view! { <span>{open}</span> })}
                        <a href=link.clone()>{link.clone()}</a>
                    </footer>
                </main>
            </body>
        </html>
    }
    .into_any()
}

#[component]
fn One(detail: std::sync::Arc<BoxDetail>) -> impl IntoView {
    let words =
        use_context::<&'static Words>().unwrap_or_else(|| Words::of(domain::language::Language::default()));
    let texts = words.on_paper();
    let where_it_is = place(&detail.station, &title(&detail));
    let capacity = detail.capacity_kva.map(|kva| format!("{} {}", words.capacity, words.kva(kva)));
    let limits = detail.limits.map(|limits| words.limits(limits));
    let made = detail
        .provenance
        .as_ref()
        .map(|provenance| format!("{} {}", texts.forecast_of, words.day_of(provenance.processed_on)));
    let measured = detail.quality.last_week.map(|week| format!("{} {}", texts.measured_to, words.week(week)));
    let facts = [Some(detail.box_id.to_string()), Some(where_it_is), capacity, limits, measured, made];
    let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    let picture = history_paths(&detail, PictureSize::FULL, words)
        .map(|paths| view! { <HistoryPicture paths label=texts.picture.to_owned() /> });
    let notes = detail.flags.iter().map(|flag| {
        let text = words.flag(*flag);
        view! { <li><strong>{text.name}</strong> " " {text.meaning} " " {text.remedy}</li> }
    });
    let notes = notes.collect_view();
    view! {
        <p class="sheet-facts">{facts.join(" · ")}</p>
        <Verdict detail=detail.clone() />
        <VerdictDetails detail=detail.clone() />
        {picture}
        <ul class="sheet-notes">{notes}</ul>
    }
    .into_any()
}

#[component]
fn List(rows: Vec<RankingRow>) -> impl IntoView {
    let words =
        use_context::<&'static Words>().unwrap_or_else(|| Words::of(domain::language::Language::default()));
    let none = || "–".to_owned();
    let row = |row: RankingRow| {
        let station = [row.station_name.clone(), row.town.clone()];
        let station: Vec<String> = station.into_iter().filter(|part| !part.is_empty()).collect();
        let side_of = |extreme| match extreme {
            Extreme::Min => words.by_feed_in,
            Extreme::Max => words.by_import,
        };
        let side = row.peak_extreme.map(side_of);
        let first = row.first_overload_week();
        let first_side = first.map(|(_, extreme)| side_of(extreme));
        let measured = row.exceedance.as_ref().map(|found| words.exceedance_short(found));
        let peak = row.peak_week.map_or_else(none, |week| words.week(week));
        let room = |of: fn(&Headroom) -> f64| {
            row.headroom.as_ref().map_or_else(none, |room| words.whole_kw(of(room)))
        };
        let progress = row.action.as_ref().map_or_else(none, |action| words.action_short(action));
        view! {
            <tr>
                <td><StatusMark urgency=row.urgency /> " " {words.urgency(row.urgency)} {measured.map(|said| format!(": {said}"))}</td>
                <th scope="row">{row.box_id.to_string()}</th>
                <td>{station.join(", ")}</td>
                <td>{row.area}</td>
                <td class="figure">{row.capacity_kva.map_or_else(none, |kva| words.kva(kva))}</td>
                <td class="figure">{row.peak_loading.map_or_else(none, |loading| words.percent(loading))}</td>
                <td>{peak} " " {side}</td>
                <td>{first.map_or_else(none, |(week, _)| words.week(week))} " " {first_side}</td>
                <td class="figure">{row.overload_probability.map_or_else(none, |p| words.probability(p))}</td>
                <td class="figure">{room(|room| room.import_kw)}</td>
                <td class="figure">{room(|room| room.feed_in_kw)}</td>
                <td>{progress}</td>
            </tr>
        }
    };
    let columns = [
        words.status,
        words.box_id,
        words.station,
        words.area,
        words.capacity,
        words.peak_loading,
        words.peak_week,
        words.overload_week,
        words.overload_probability,
        words.headroom_labels().import,
        words.headroom_labels().feed_in,
        words.actions().status,
    ];
    view! {
        <table class="sheet-list">
            <thead>
                <tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

impl Words {
    /// The filter of an address, as it reads on paper.
    pub(super) fn filters(&self, address: &Address) -> String {
        let texts = self.on_paper();
        let more = self.more_filters();
        let named = |name: &str, value: String| format!("{name} {value}");
        let search =
            (!address.search.is_empty()).then(|| named(self.search, format!("“{}”", address.search)));
        let area = address.area.as_ref().map(|area| named(self.area, area.clone()));
        let urgency = address.urgency.map(|urgency| named(self.status, self.urgency(urgency).to_owned()));
        let flag = address.flag.map(|flag| named(self.flag_filter, self.flag(flag).name.to_owned()));
        let side = address.peak_extreme.map(|extreme| {
            let side = if extreme == Extreme::Min { more.feed_in } else { more.import };
            named(more.direction, side.to_owned())
        });
        let within = address.within_weeks.map(|weeks| named(more.within, self.within_weeks(weeks)));
        let chance = address
            .min_probability_percent
            .map(|percent| named(more.chance, self.at_least_percent(percent.into())));
        let loading =
            address.min_loading_percent.map(|percent| named(more.loading, self.at_least_percent(percent)));
        let room = self.headroom_labels();
        let import_room = address.min_import_headroom_kw.map(|kw| named(room.import, self.at_least_kw(kw)));
        let feed_in_room =
            address.min_feed_in_headroom_kw.map(|kw| named(room.feed_in, self.at_least_kw(kw)));
        let progress =
            address.action.map(|action| named(self.actions().status, self.action_filter(action).to_owned()));
        let change = address.change.map(|change| named(self.this_week().changed, self.change(change)));
        let sorted = (address.sort != SortKey::default())
            .then(|| named(self.sort_by, self.column_of(address.sort).to_owned()));
        let parts: Vec<String> = [
            search,
            area,
            urgency,
            flag,
            side,
            within,
            chance,
            loading,
            import_room,
            feed_in_room,
            progress,
            change,
            sorted,
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() { texts.no_filter.to_owned() } else { parts.join("; ") }
    }

    fn column_of(&self, key: SortKey) -> &'static str {
        match key {
            SortKey::Urgency => self.status,
            SortKey::BoxId => self.box_id,
            SortKey::Station => self.station,
            SortKey::Area => self.area,
            SortKey::Capacity => self.capacity,
            SortKey::PeakLoading => self.peak_loading,
            SortKey::PeakWeek => self.peak_week,
            SortKey::OverloadWeek => self.overload_week,
            SortKey::OverloadProbability => self.overload_probability,
            SortKey::ImportHeadroom => self.headroom_labels().import,
            SortKey::FeedInHeadroom => self.headroom_labels().feed_in,
            SortKey::Bands => self.order_by_bands,
        }
    }
}
