//! Every answer against one made by filtering, counting and sorting row by row.

use chrono::NaiveDate;
use domain::actions::{ActionFilter, ActionStatus, ActionSummary};
use domain::identity::Scope;
use domain::ranking::{
    AreaCount, Before, Change, Direction, FirstOverload, RankingQuery, RankingRow, SortKey,
};
use domain::urgency::Urgency;
use model::{BoxId, Extreme, Flag, Headroom, IsoWeek};

use super::super::search;
use super::{ListIndex, ListedBox};

fn first_overload(loading: f64, after: i32) -> FirstOverload {
    let week = IsoWeek::from_index(2_900 + after);
    FirstOverload {
        extreme: Extreme::Max,
        likeliest_week: Some(week),
        median_week: (loading > 1.2).then(|| week.plus(1)),
        early_week: (loading > 1.0).then(|| week.plus(-1)),
        expected_weeks: loading,
        shortfall_kw: None,
    }
}

fn today() -> NaiveDate {
    "2026-11-30".parse().unwrap()
}

fn named(text: &str) -> BoxId {
    BoxId::new(text).unwrap()
}

/// A fleet drawn by a small generator of its own, with ties and absent values.
fn fleet(boxes: u32) -> Vec<ListedBox> {
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let towns = ["Breda", "'s-Hertogenbosch", "Curaçao", "breda", ""];
    (0..boxes)
        .map(|at| {
            let has_forecast = draw(5) > 0;
            let loading = has_forecast.then(|| draw(30) as f64 / 20.0);
            let town = towns[draw(5) as usize].to_owned();
            let row = RankingRow {
                rank: at + 1,
                box_id: BoxId::new(&format!("ESD.{:04}-1", boxes - at)).unwrap(),
                station_name: ["Kerk", "école", "", "Ecole"][draw(4) as usize].to_owned(),
                address: String::new(),
                area: towns[draw(5) as usize].to_owned(),
                town,
                capacity_kva: (draw(4) > 0).then(|| [250.0, 400.0, 630.0][draw(3) as usize]),
                urgency: Urgency::ALL[draw(6) as usize],
                exceedance: None,
                peak_loading: loading,
                peak_week: loading.map(|_| IsoWeek::from_index(2_900 + draw(26) as i32)),
                peak_extreme: loading.map(|_| Extreme::ALL[draw(2) as usize]),
                overload_week: loading
                    .filter(|it| *it > 1.0)
                    .map(|_| IsoWeek::from_index(2_900 + draw(26) as i32)),
                overload_probability: loading.map(|it| (it / 1.5).min(1.0)),
                first_overload: loading.filter(|it| *it > 0.9).map(|it| first_overload(it, draw(26) as i32)),
                headroom: loading.map(|it| Headroom {
                    import_kw: 400.0 * (1.0 - it),
                    feed_in_kw: draw(900) as f64 - 300.0,
                }),
                action: (draw(3) > 0).then(|| ActionSummary {
                    version: 1,
                    status: ActionStatus::ALL[draw(6) as usize],
                    day: Some(today() + chrono::Days::new(draw(20)) - chrono::Days::new(10)),
                    owner: String::new(),
                }),
                flags: Flag::ALL.into_iter().filter(|_| draw(9) == 0).collect(),
                weeks_ahead: None,
            };
            let region = ["", "Noord", "Zuid"][draw(3) as usize].to_owned();
            let searchable = search::searchable([row.box_id.as_str(), &row.station_name, &row.town], "");
            let before = (draw(4) > 0).then(|| Before {
                urgency: Urgency::ALL[draw(6) as usize],
                early_week: (draw(2) > 0).then(|| IsoWeek::from_index(2_900 + draw(26) as i32)),
                is_silent: draw(9) == 0,
            });
            // By either direction as soon as by the sooner of them.
            let early_week = row.first_overload.and_then(|first| first.early_week);
            let later_week = early_week.filter(|_| draw(3) > 0).map(|week| week.plus(draw(9) as i32));
            let (early_import_week, early_feed_in_week) =
                if draw(2) > 0 { (early_week, later_week) } else { (later_week, early_week) };
            ListedBox {
                row,
                searchable,
                region,
                before,
                needed_kva: None,
                early_import_week,
                early_feed_in_week,
                weeks_at_ratings: Vec::new(),
            }
        })
        .collect()
}

/// The same without boxes that are left out unless they are asked for.
fn measured(boxes: u32) -> Vec<ListedBox> {
    let mut fleet = fleet(boxes);
    for listed in &mut fleet {
        if listed.row.urgency == Urgency::Unmeasured {
            listed.row.urgency = Urgency::NoForecast;
        }
    }
    fleet
}

fn passes(listed: &ListedBox, query: &RankingQuery) -> bool {
    let row = &listed.row;
    search::words(&query.search).iter().all(|word| listed.searchable.contains(word.as_str()))
        && (query.area.is_none() || query.area.as_deref() == Some(row.area.as_str()))
        && match query.urgency {
            Some(urgency) => urgency == row.urgency,
            None => {
                row.urgency != Urgency::Unmeasured
                    || query.flag.is_some()
                    || query.change.is_some()
                    || !query.boxes.is_empty()
                    || !query.search.is_empty()
            }
        }
        && query.region.as_ref().is_none_or(|region| listed.region == *region)
        && (query.boxes.is_empty() || query.boxes.contains(&row.box_id))
        && query.flag.is_none_or(|flag| row.flags.contains(&flag))
        && match (query.peak_extreme, query.within_weeks) {
            (direction, None) => direction.is_none() || direction == row.peak_extreme,
            (direction, Some(weeks)) => {
                let early = match direction {
                    Some(Extreme::Min) => listed.early_feed_in_week,
                    Some(Extreme::Max) => listed.early_import_week,
                    None => row.first_overload.and_then(|first| first.early_week),
                };
                early.is_some_and(|week| week < IsoWeek::from_index(2_900).plus(i32::from(weeks)))
            }
        }
        && query
            .min_probability_percent
            .is_none_or(|percent| row.overload_probability.is_some_and(|it| it * 100.0 >= f64::from(percent)))
        && query
            .min_loading_percent
            .is_none_or(|percent| row.peak_loading.is_some_and(|it| it * 100.0 >= f64::from(percent)))
        && has_room(query.min_import_headroom_kw, row.headroom.map(|room| room.import_kw))
        && query.action.is_none_or(|wanted| match (wanted, &row.action) {
            (ActionFilter::Overdue, None) | (ActionFilter::DoneButOverloaded, None) => false,
            (ActionFilter::Status(ActionStatus::New), None) => true,
            (_, None) => false,
            (ActionFilter::Overdue, Some(found)) => {
                [ActionStatus::Planned, ActionStatus::Ignored].contains(&found.status)
                    && found.day < Some(today())
            }
            (ActionFilter::DoneButOverloaded, Some(found)) => {
                found.status == ActionStatus::Done
                    && [Urgency::Exceeded, Urgency::Overload].contains(&row.urgency)
            }
            (wanted, Some(found)) => wanted.as_str() == found.status.as_str(),
        })
        && query.change.is_none_or(|wanted| has_changed(wanted, listed))
        && has_room(query.min_feed_in_headroom_kw, row.headroom.map(|room| room.feed_in_kw))
}

fn has_changed(wanted: Change, listed: &ListedBox) -> bool {
    let Some(before) = listed.before else { return false };
    let urgent = [Urgency::Exceeded, Urgency::Overload];
    let (was, is) = (urgent.contains(&before.urgency), urgent.contains(&listed.row.urgency));
    let early_week = listed.row.first_overload.and_then(|first| first.early_week);
    match wanted {
        Change::NewlyOverloaded => is && !was,
        Change::Earlier => match (before.early_week, early_week) {
            (Some(before_week), Some(week)) => {
                before.urgency == Urgency::Overload
                    && listed.row.urgency == Urgency::Overload
                    && week.plus(2) <= before_week
            }
            _ => false,
        },
        Change::Cleared => was && [Urgency::Near, Urgency::Ample].contains(&listed.row.urgency),
        Change::NewlySilent => !before.is_silent && listed.row.flags.contains(&Flag::Silent),
    }
}

fn has_room(least_kw: Option<u16>, room_kw: Option<f64>) -> bool {
    match (least_kw, room_kw) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(least_kw), Some(room_kw)) => room_kw >= f64::from(least_kw),
    }
}

fn questions() -> Vec<RankingQuery> {
    let none = RankingQuery { limit: 200, ..RankingQuery::default() };
    vec![
        none.clone(),
        RankingQuery { search: "ecole den BOSCH".to_owned(), ..none.clone() },
        RankingQuery { area: Some("Breda".to_owned()), urgency: Some(Urgency::Near), ..none.clone() },
        RankingQuery { area: Some(String::new()), flag: Some(Flag::TooSmall), ..none.clone() },
        RankingQuery { peak_extreme: Some(Extreme::Min), within_weeks: Some(13), ..none.clone() },
        RankingQuery { min_loading_percent: Some(80), min_probability_percent: Some(50), ..none.clone() },
        RankingQuery { min_import_headroom_kw: Some(100), ..none.clone() },
        RankingQuery { min_feed_in_headroom_kw: Some(250), min_import_headroom_kw: Some(50), ..none.clone() },
        RankingQuery { action: Some(ActionFilter::Overdue), ..none.clone() },
        RankingQuery {
            action: Some(ActionFilter::Status(ActionStatus::New)),
            urgency: Some(Urgency::Near),
            ..none.clone()
        },
        RankingQuery { change: Some(Change::NewlyOverloaded), ..none.clone() },
        RankingQuery { change: Some(Change::Earlier), ..none.clone() },
        RankingQuery { change: Some(Change::Cleared), urgency: Some(Urgency::Ample), ..none.clone() },
        RankingQuery { change: Some(Change::NewlySilent), area: Some("Breda".to_owned()), ..none.clone() },
        RankingQuery { search: "curacao".to_owned(), urgency: Some(Urgency::Overload), ..none.clone() },
        RankingQuery { region: Some("Noord".to_owned()), flag: Some(Flag::Switching), ..none.clone() },
        RankingQuery { boxes: ["ESD.0007-1", "ESD.0100-1", "ESD.9-1"].map(named).to_vec(), ..none.clone() },
        RankingQuery { area: Some("nowhere".to_owned()), ..none },
    ]
}

#[test]
fn rows_and_totals_are_those_of_filtering_row_by_row() {
    let index =
        ListIndex::new(fleet(150), Some(IsoWeek::from_index(2_900)), Some(IsoWeek::from_index(2_899)));
    let rows = fleet(150);
    for query in questions() {
        let page = index.page(&Scope::All, &query, today());
        let expected: Vec<&RankingRow> =
            rows.iter().filter(|listed| passes(listed, &query)).map(|listed| &listed.row).collect();
        assert_eq!(page.total as usize, expected.len(), "{query:?}");
        assert_eq!(page.rows.iter().collect::<Vec<_>>(), expected, "{query:?}");
    }
}

#[test]
fn each_choice_is_counted_as_the_list_would_show_it() {
    let index =
        ListIndex::new(fleet(400), Some(IsoWeek::from_index(2_900)), Some(IsoWeek::from_index(2_899)));
    let total =
        |query: RankingQuery| index.page(&Scope::All, &RankingQuery { limit: 0, ..query }, today()).total;
    for query in questions() {
        let facets = index.page(&Scope::All, &query, today()).facets.unwrap();
        assert_eq!(facets.any_urgency, total(RankingQuery { urgency: None, ..query.clone() }), "{query:?}");
        for region in ["Noord", "Zuid"] {
            let chosen = RankingQuery { region: Some(region.to_owned()), ..query.clone() };
            let counted = facets.regions.iter().find(|known| known.region == region);
            assert_eq!(counted.map_or(0, |known| known.boxes), total(chosen), "{region} in {query:?}");
        }
        for class in Urgency::ALL {
            let chosen = RankingQuery { urgency: Some(class), ..query.clone() };
            assert_eq!(facets.of_urgency(class), total(chosen), "{query:?} {class:?}");
        }
        for flag in Flag::ALL {
            assert_eq!(facets.of_flag(flag), total(RankingQuery { flag: Some(flag), ..query.clone() }));
        }
        for action in ActionFilter::ALL {
            let chosen = RankingQuery { action: Some(action), ..query.clone() };
            assert_eq!(facets.of_action(action), total(chosen), "{query:?} {action:?}");
        }
        for change in Change::ALL {
            let chosen = RankingQuery { change: Some(change), ..query.clone() };
            assert_eq!(facets.of_change(change), total(chosen), "{query:?} {change:?}");
        }
        for extreme in Extreme::ALL {
            let chosen = RankingQuery { peak_extreme: Some(extreme), ..query.clone() };
            assert_eq!(facets.of_extreme(extreme), total(chosen), "{query:?} {extreme:?}");
        }
        for AreaCount { area, boxes } in facets.areas {
            assert_eq!(boxes, total(RankingQuery { area: Some(area), ..query.clone() }), "{query:?}");
        }
    }
}

#[test]
fn every_order_is_that_of_its_values_with_absent_ones_last_and_ties_by_urgency() {
    let index = ListIndex::new(measured(180), None, None);
    for direction in [Direction::Ascending, Direction::Descending] {
        let sorted = |sort| {
            index
                .page(
                    &Scope::All,
                    &RankingQuery { sort, direction, limit: 200, ..RankingQuery::default() },
                    today(),
                )
                .rows
        };
        let is_sorted = |sort, value: fn(&RankingRow) -> Option<f64>| {
            let rows = sorted(sort);
            assert_eq!(rows.len(), 180);
            let key = |row: &RankingRow| {
                let sign = if direction == Direction::Ascending { 1.0 } else { -1.0 };
                (value(row).map_or(f64::INFINITY, |value| sign * value), row.rank)
            };
            rows.windows(2).all(|pair| key(&pair[0]) < key(&pair[1]))
        };
        assert!(is_sorted(SortKey::Urgency, |row| Some(f64::from(row.rank))));
        assert!(is_sorted(SortKey::Capacity, |row| row.capacity_kva));
        assert!(is_sorted(SortKey::PeakLoading, |row| row.peak_loading));
        assert!(is_sorted(SortKey::PeakWeek, |row| row.peak_week.map(|week| f64::from(week.index()))));
        let likeliest = |row: &RankingRow| Some(f64::from(row.first_overload?.likeliest_week?.index()));
        assert!(is_sorted(SortKey::OverloadWeek, likeliest));
        assert!(is_sorted(SortKey::OverloadProbability, |row| row.overload_probability));
        assert!(is_sorted(SortKey::ImportHeadroom, |row| Some(row.headroom?.import_kw)));
        assert!(is_sorted(SortKey::FeedInHeadroom, |row| Some(row.headroom?.feed_in_kw)));
    }
    let by_bands = index.page(
        &Scope::All,
        &RankingQuery { sort: SortKey::Bands, limit: 200, ..RankingQuery::default() },
        today(),
    );
    let key = |row: &RankingRow| {
        let week = row.overload_week.map_or(i32::MAX, IsoWeek::index);
        (week, (-1_000.0 * row.peak_loading.unwrap_or(-1.0)) as i64)
    };
    assert!(by_bands.rows.is_sorted_by_key(key), "by the first week of the bands, then the fuller first");
    let names: Vec<String> = index
        .page(
            &Scope::All,
            &RankingQuery { sort: SortKey::Station, limit: 200, ..RankingQuery::default() },
            today(),
        )
        .rows
        .into_iter()
        .map(|row| row.station_name)
        .collect();
    let mut shown = names.clone();
    shown.dedup_by_key(|name| search::folded(name));
    assert_eq!(shown.iter().map(|name| search::folded(name)).collect::<Vec<_>>(), ["ecole", "kerk", ""]);
}

#[test]
fn windows_put_together_are_the_whole_list() {
    let index = ListIndex::new(measured(150), None, None);
    let query = RankingQuery { sort: SortKey::PeakLoading, limit: 200, ..RankingQuery::default() };
    let whole = index.page(&Scope::All, &query, today());
    let windows = (0..4).flat_map(|part| {
        index.page(&Scope::All, &RankingQuery { offset: part * 40, limit: 40, ..query.clone() }, today()).rows
    });
    assert_eq!(windows.collect::<Vec<_>>(), whole.rows);
    assert_eq!(index.page(&Scope::All, &RankingQuery { offset: 40, ..query }, today()).facets, None);
}

#[test]
fn the_overview_counts_each_box_once() {
    let overview = ListIndex::new(fleet(300), None, None).overview(&Scope::All);
    assert_eq!(overview.boxes + overview.unmeasured, 300);
    let classes =
        [overview.exceeded, overview.overloaded, overview.near, overview.ample, overview.no_forecast];
    assert_eq!(classes.iter().sum::<u32>(), overview.boxes);
    assert_eq!(overview.areas.iter().map(|area| area.boxes).sum::<u32>(), overview.boxes);
    assert_eq!(overview.areas.iter().map(|area| area.overloaded).sum::<u32>(), overview.overloaded);
}

#[test]
fn what_is_new_is_counted_as_the_list_shows_it_also_within_areas() {
    let week = IsoWeek::from_index(2_899);
    let index = ListIndex::new(fleet(300), Some(week.plus(1)), Some(week));
    for scope in [Scope::All, Scope::Areas(["Breda".to_owned()].into())] {
        let total = |query: RankingQuery| index.page(&scope, &query, today()).total;
        let none = RankingQuery::default();
        let changes = index.changes(&scope);
        for (change, counted) in [
            (Change::NewlyOverloaded, changes.newly_overloaded),
            (Change::Earlier, changes.earlier),
            (Change::Cleared, changes.cleared),
            (Change::NewlySilent, changes.newly_silent),
        ] {
            assert_eq!(counted, total(RankingQuery { change: Some(change), ..none.clone() }), "{change:?}");
        }
        let silent = RankingQuery { flag: Some(Flag::Silent), ..none.clone() };
        assert_eq!(changes.silent.now, total(silent));
        for filter in [ActionFilter::Overdue, ActionFilter::DoneButOverloaded] {
            let chosen = RankingQuery { action: Some(filter), ..none.clone() };
            assert_eq!(index.recorded(&scope, filter, today()), total(chosen), "{filter:?}");
        }
        let overloaded = total(RankingQuery { urgency: Some(Urgency::Overload), ..none });
        assert_eq!(changes.overloaded.now, overloaded);
        let weeks = &changes.first_overloads;
        assert!(weeks.windows(2).all(|pair| pair[1].week - pair[0].week == 1));
        assert!(weeks.iter().map(|week| week.import + week.feed_in).sum::<u32>() <= overloaded);
    }
    let (all, then) = (index.changes(&Scope::All), fleet(300));
    let before = then.iter().filter(|listed| listed.before.is_some_and(|it| it.urgency == Urgency::Exceeded));
    assert_eq!(all.exceeded.before, Some(before.count() as u32));
    let first_run = ListIndex::new(measured(50), Some(week), None).changes(&Scope::All);
    assert_eq!((first_run.compared_with, first_run.exceeded.before), (None, None));
}

#[test]
fn the_place_of_a_box_is_that_among_the_rows_shown() {
    let index = ListIndex::new(measured(180), None, None);
    let query = RankingQuery { sort: SortKey::PeakLoading, limit: 200, ..RankingQuery::default() };
    let query = RankingQuery { area: Some("Breda".to_owned()), ..query };
    let rows = index.page(&Scope::All, &query, today()).rows;
    for (place, row) in rows.iter().enumerate() {
        let asked = RankingQuery { place_of: Some(row.box_id.clone()), limit: 1, ..query.clone() };
        assert_eq!(index.page(&Scope::All, &asked, today()).place, Some(place as u32));
    }
    let kept_out =
        index.page(&Scope::All, &RankingQuery { limit: 200, ..RankingQuery::default() }, today()).rows;
    let kept_out = kept_out.into_iter().find(|row| row.area != "Breda").unwrap().box_id;
    assert_eq!(
        index.page(&Scope::All, &RankingQuery { place_of: Some(kept_out), ..query }, today()).place,
        None
    );
}

#[test]
fn what_is_recorded_since_is_as_if_it_had_been_read_with_the_list() {
    let renewed = ListIndex::new(fleet(200), None, None);
    let action = |at: u64| {
        let status = ActionStatus::ALL[(at % 6) as usize];
        Some(ActionSummary { version: 9, status, day: None, owner: "ada".to_owned() })
    };
    let changed = |at: u64| at.is_multiple_of(7);
    let mut boxes = fleet(200);
    let mut news = vec![(named("unknown"), action(3))];
    for (listed, at) in boxes.iter_mut().zip(0..).filter(|(_, at)| changed(*at)) {
        listed.row.action = action(at);
        news.push((listed.row.box_id.clone(), action(at)));
    }
    renewed.renew_actions(news);
    let read = ListIndex::new(boxes, None, None);
    for action in ActionFilter::ALL.into_iter().map(Some).chain([None]) {
        let query = RankingQuery { action, limit: 200, ..RankingQuery::default() };
        let page = |index: &ListIndex| index.page(&Scope::All, &query, today());
        assert_eq!(page(&renewed), page(&read), "{action:?}");
    }
}
