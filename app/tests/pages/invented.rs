//! A network of 130 boxes, invented.

use app::api::{Answer, ApiError, GridData};
use chrono::{DateTime, NaiveDate};
use domain::accuracy::{BoxAccuracy, ExtremeScore, FleetScore, PastForecastOfBox, PastWeek};
use domain::actions::{ActionOutcome, NewAction};
use domain::advice::StandardRatings;
use domain::box_detail::{
    BoxDetail, DataQuality, ExtremeForecast, ForecastBasis, GrowthBasis, Peers, Provenance, SpecialWeeks,
    Station, WeekDecision,
};
use domain::box_weeks::{BoxWeeks, PhaseWeeks, WeekCompleteness};
use domain::ledger::{LedgerEntry, LedgerSums, Outcome, Warning};
use domain::model_card::{
    DistanceEvaluation, EvaluatedModel, EvaluatedSet, Evaluation, EventEvaluation, GrowthClass,
    GrowthEvaluation, ModelCard, Range,
};
use domain::overview::{AreaSummary, Overview};
use domain::plan::{Plan, PlanCandidate, PlanQuery, WeeksAtRating};
use domain::proposals::{AcceptanceOutcome, ListedProposal, NewProposal, ProposalOutcome, RemovalOutcome};
use domain::ranking::{AreaCount, Facets, FirstOverload, RankingPage, RankingQuery, RankingRow, WeeksAhead};
use domain::this_week::{Changes, FirstOverloads, NowAndBefore, RecordedLately, ThisWeek};
use domain::urgency::{ClassThresholds, Urgency};
use domain::week_span::WeekSpan;
use domain::what_if::{Assumptions, InquiryBasis, WhatIfError, WhatIfOutcome};
use model::{
    Assessment, Bands, BoxId, Capacity, Exceedance, Extreme, Flag, Forecast, Headroom, IsoWeek, Limits,
    Loading, Overload, Phase, Quantile, WeekExtremes,
    gridspark::Basis,
    switching::{Findings, Switching, SwitchingKind},
};

pub(crate) const BOXES: u32 = 130;

/// Answers every question from figures of its own.
pub(crate) struct InventedGrid;

fn urgency(rank: u32) -> Urgency {
    match rank {
        1..=2 => Urgency::Exceeded,
        3..=10 => Urgency::Overload,
        11..=30 => Urgency::Near,
        129 => Urgency::Unmeasured,
        130.. => Urgency::NoForecast,
        _ => Urgency::Ample,
    }
}

fn week(number: u32) -> IsoWeek {
    IsoWeek::from_year_and_number(2026, number).unwrap()
}

fn exceedance(urgency: Urgency) -> Option<Exceedance> {
    (urgency == Urgency::Exceeded).then(|| Exceedance {
        weeks: 6,
        measured_weeks: 8,
        window_weeks: 8,
        until: week(47),
        peak_loading: Loading::new(1.16).unwrap(),
        peak_kw: 464.0,
        peak_week: week(41),
        last_week: None,
        last_kw: None,
    })
}

pub(crate) fn row(rank: u32) -> RankingRow {
    let urgency = urgency(rank);
    let forecast = !matches!(urgency, Urgency::NoForecast | Urgency::Unmeasured);
    RankingRow {
        rank,
        box_id: BoxId::new(&format!("ESD.{rank:06}-1")).unwrap(),
        station_name: format!("Station <{rank}>"),
        address: "Dorpsstraat 1".to_owned(),
        town: "Venlo".to_owned(),
        area: if rank.is_multiple_of(2) { "Venlo" } else { "Breda" }.to_owned(),
        capacity_kva: forecast.then_some(400.0),
        urgency,
        exceedance: exceedance(urgency),
        peak_loading: forecast.then(|| 3.0 / f64::from(rank)),
        peak_week: forecast.then(|| week(5)),
        peak_extreme: forecast.then_some(Extreme::Max),
        overload_week: (urgency == Urgency::Overload).then(|| week(3)),
        overload_probability: forecast.then(|| 1.0 / f64::from(rank)),
        first_overload: forecast.then(|| FirstOverload {
            extreme: Extreme::Min,
            likeliest_week: Some(week(9)),
            median_week: None,
            early_week: None,
            expected_weeks: 1.0,
            shortfall_kw: None,
        }),
        headroom: forecast
            .then(|| Headroom { import_kw: 400.0 - 1_200.0 / f64::from(rank), feed_in_kw: 352.4 }),
        action: None,
        flags: Vec::new(),
        weeks_ahead: forecast.then(|| WeeksAhead {
            first_week: week(1),
            weeks: (0..26).map(|ahead| [40 + ahead, 60 + ahead, 90 + ahead]).collect(),
        }),
    }
}

fn forecast(level_kw: f64, width_kw: f64) -> ExtremeForecast {
    forecast_of(27, level_kw, width_kw)
}

/// So many weeks ahead after 110 measured ones.
fn forecast_of(ahead: usize, level_kw: f64, width_kw: f64) -> ExtremeForecast {
    let first = week(1).plus(-110);
    let weeks: Vec<IsoWeek> = (0..110 + ahead as i32).map(|after| first.plus(after)).collect();
    let bands = |level_kw: f64| {
        let shift = |quantile: Quantile| (quantile.level() - 0.5) * width_kw;
        Bands::new(Quantile::ALL.map(|quantile| vec![level_kw + shift(quantile); weeks.len()])).unwrap()
    };
    let forecast = Forecast {
        observed_kw: (0..110 + ahead).map(|after| (after < 110).then_some(level_kw)).collect(),
        history: 110,
        drift: bands(level_kw),
        yearly: bands(0.0),
        total: bands(level_kw),
        weeks: weeks.clone(),
    };
    let weekly = vec![0.25; ahead];
    let overload = Overload {
        weekly_import: weekly.clone(),
        weekly_feed_in: vec![0.0; ahead],
        first_week: vec![0.01; ahead],
        any_week: 0.87,
        any_week_standard_error: 0.0,
        weekly,
    };
    ExtremeForecast { forecast, overload: Some(overload), forecast_basis: None, added_kw: Vec::new() }
}

/// The same where the fleet taught that feed-in grows.
fn growing(forecast: ExtremeForecast) -> ExtremeForecast {
    let forecast_basis = ForecastBasis {
        basis: Basis::OwnHistory,
        training_first: None,
        training_last: None,
        training_weeks: 110,
        outliers: Vec::new(),
        autocorrelated_share: 0.5,
        autocorrelation: 0.9,
        growth: Some(GrowthBasis { share: 0.9, kw_a_year: -14.2, week: week(24) }),
    };
    ExtremeForecast { forecast_basis: Some(forecast_basis), ..forecast }
}

/// The same with a spike, which the fit takes for less, and a mild outlier.
fn spiked(forecast: ExtremeForecast) -> ExtremeForecast {
    let mut forecast = growing(forecast);
    forecast.forecast.observed_kw[90] = Some(908.0);
    let outliers = vec![forecast.forecast.weeks[80], forecast.forecast.weeks[90]];
    let forecast_basis =
        forecast.forecast_basis.map(|basis| ForecastBasis { outliers, growth: None, ..basis });
    ExtremeForecast { forecast_basis, ..forecast }
}

/// The box whose heaviest week is doubted: its name.
pub(crate) const DOUBTED: &str = "ESD.000002-1";

fn detail(rank: u32) -> BoxDetail {
    let detail = usual_detail(rank);
    if rank != 2 {
        return detail;
    }
    // A year ahead, of which the half-year is judged.
    let maximum = spiked(forecast_of(53, 390.0, 60.0));
    let week = maximum.forecast.weeks[90];
    let exceedance = Exceedance {
        weeks: 1,
        measured_weeks: 52,
        window_weeks: 52,
        until: week.plus(19),
        peak_loading: Loading::new(2.27).unwrap(),
        peak_kw: 908.0,
        peak_week: week,
        last_week: Some(week),
        last_kw: Some(908.0),
    };
    let minimum = spiked(forecast_of(53, -20.0, 50.0));
    let assessment = detail.assessment.map(|assessment| Assessment {
        weekly_probability: vec![0.25; 53],
        first_week_probability: vec![0.01; 53],
        ..assessment
    });
    BoxDetail {
        maximum: Some(maximum),
        minimum: Some(minimum),
        exceedance: Some(exceedance),
        assessment,
        ..detail
    }
}

fn usual_detail(rank: u32) -> BoxDetail {
    let row = row(rank);
    let forecasts = row.peak_loading.is_some();
    BoxDetail {
        box_id: row.box_id,
        rank,
        urgency: row.urgency,
        exceedance: row.exceedance,
        peers: (row.urgency == Urgency::Unmeasured).then_some(Peers {
            capacity_kva: Some(400.0),
            boxes: 125,
            expected_overloads: 25.0,
            until: week(20),
        }),
        station: Station { name: row.station_name, area: row.area, town: row.town, ..Station::default() },
        capacity_kva: row.capacity_kva,
        limits: forecasts.then_some(Limits { import_kw: 400.0, feed_in_kw: 400.0 }),
        minimum: forecasts.then(|| growing(forecast(-20.0, 50.0))),
        maximum: forecasts.then(|| forecast(390.0, 60.0)),
        assessment: forecasts.then(|| Assessment {
            peak_loading: Loading::new(1.34).unwrap(),
            peak_week: week(5),
            peak_extreme: Extreme::Max,
            overload_week: Some(week(3)),
            overload_probability: 0.87,
            overload_probability_standard_error: 0.0,
            weekly_probability: vec![0.25; 27],
            first_week_probability: vec![0.01; 27],
            ranked: None,
        }),
        advice: None,
        neighbours: Vec::new(),
        measured_coverage: None,
        flags: if forecasts { Vec::new() } else { vec![Flag::TooShort, Flag::NoCapacity] },
        quality: DataQuality { weeks: 110, completeness: 0.98, ..DataQuality::default() },
        provenance: forecasts.then(|| Provenance {
            run: 7,
            model: "spark".to_owned(),
            model_version: "1".to_owned(),
            code_version: "0.1.0".to_owned(),
            processed_on: chrono::DateTime::from_timestamp(1_763_800_800, 0).unwrap(),
        }),
        special_weeks: if rank == 1 { switched() } else { SpecialWeeks::default() },
        measured: Vec::new(),
        actions: Vec::new(),
    }
}

/// Two weeks of a forecast that are over, a hit and a miss.
fn accuracy() -> BoxAccuracy {
    let past = |after: i32, observed_kw: f64| PastWeek {
        week: week(1).plus(after),
        quantiles_kw: [340.0, 360.0, 380.0, 400.0, 420.0],
        observed_kw: Some(observed_kw),
        last_year_kw: Some(350.0),
    };
    let maximum = vec![past(0, 390.0), past(1, 430.0)];
    let scores = ExtremeScore::of(Extreme::Max, &maximum, Some(400.0)).into_iter().collect();
    let made_on = chrono::DateTime::from_timestamp(1_763_800_800, 0).unwrap();
    let warning = Warning { week: week(1), until: week(27), probability: 0.7 };
    let entry = |warning, overload, outcome| LedgerEntry { warning, overload, outcome };
    BoxAccuracy {
        past: Some(PastForecastOfBox { made_on, maximum, minimum: Vec::new() }),
        scores,
        fleet: Some(FleetScore { judged: 900, coverage_90: 0.91, coverage_70: 0.7, pinball: 0.02 }),
        ledger: vec![
            entry(Some(warning), Some(week(13)), Outcome::Hit),
            entry(None, Some(week(48)), Outcome::Miss),
        ],
        area: None,
        all: Some(LedgerSums { hits: 7, misses: 2, false_alarms: 3, open: 1, lead_weeks: 70 }),
    }
}

/// Eight weeks of a neighbour's load, left out of the forecast.
fn switched() -> SpecialWeeks {
    let switching = Switching {
        first: week(1).plus(-40),
        last: week(1).plus(-33),
        kind: SwitchingKind::ExtraLoad,
        step_kw_max: 120.0,
        step_kw_min: 40.0,
        strength: 60.0,
        ended: true,
    };
    let findings = Findings { switchings: vec![switching], level_shifts: Vec::new() };
    SpecialWeeks {
        findings,
        decisions: Vec::new(),
        left_out: vec![WeekSpan::new(week(1).plus(-40), week(1).plus(-33))],
    }
}

pub(crate) fn model_card() -> ModelCard {
    let range = |value| Range { value, low: 0.9 * value, high: 1.1 * value };
    let scores = |pinball| Evaluation {
        series: 24,
        pinball: range(pinball),
        coverage_90: range(0.888),
        coverage_70: range(0.698),
        over_spark: Some(range(0.831)),
    };
    let set = |name: &str| EvaluatedSet {
        name: name.to_owned(),
        boxes: 6,
        first_week: NaiveDate::from_ymd_opt(2023, 1, 2),
        last_week: NaiveDate::from_ymd_opt(2026, 11, 9),
    };
    let grown = |extreme, class, over_naive| GrowthEvaluation {
        extreme,
        class,
        series: 1_200,
        pinball: range(0.0301),
        over_naive: Some(range(over_naive)),
        coverage_90: range(0.871),
        coverage_70: range(0.673),
    };
    let distance =
        |from, to, pinball| DistanceEvaluation { from, to, pinball, coverage_90: 0.861, coverage_70: 0.664 };
    let events = EventEvaluation { count: 24_740, events: 265, brier: 0.0035, brier_base_rate: 0.0106 };
    ModelCard {
        backtest: 7,
        made_at: DateTime::default(),
        code_version: "0.1.0".to_owned(),
        series: 1_959,
        origins: 3,
        refused: 2,
        horizon_weeks: 26,
        sets: vec![set("north"), set("south")],
        models: vec![EvaluatedModel {
            name: "gridspark".to_owned(),
            version: 1,
            all: scores(0.0348),
            per_set: vec![("north".to_owned(), scores(0.0408)), ("south".to_owned(), scores(0.0264))],
            by_growth: vec![
                grown(Extreme::Min, GrowthClass::Fast, 0.75),
                grown(Extreme::Max, GrowthClass::Stable, 0.9),
            ],
            by_distance: vec![distance(1, 27, 0.0348), distance(28, 53, 0.0421)],
            weekly: Some(events),
            any_week: None,
        }],
    }
}

/// Four that are short: one of them by more than any rating has, one not yet computed.
fn plan(query: &PlanQuery) -> Plan {
    let capacity = |kva| Capacity::new(kva).unwrap();
    let candidate = |(rank, short_kw, weeks): (u32, f64, Option<f64>)| {
        let of = row(rank);
        PlanCandidate {
            box_id: of.box_id,
            station_name: "Kerkstraat".to_owned(),
            area: of.area,
            capacity: capacity(400.0),
            probability: 0.8,
            needed_kva: 400.0 + short_kw,
            expected_weeks: 10.0,
            weeks_at_ratings: weeks
                .map(|expected_weeks| WeeksAtRating { capacity: capacity(630.0), expected_weeks })
                .into_iter()
                .collect(),
            action: None,
        }
    };
    let short = [(1, 80.0, Some(1.5)), (2, 90.0, Some(0.5)), (3, 700.0, None), (4, 60.0, None)];
    let ratings = StandardRatings::new(&[400.0, 630.0], &[15_000.0, 19_000.0]).unwrap();
    Plan::of(short.map(candidate).to_vec(), query, &ratings, "2026-11-30".parse().unwrap())
}

impl GridData for InventedGrid {
    fn ranking(&self, query: RankingQuery) -> Answer<'_, RankingPage> {
        let wanted = move |row: &RankingRow| {
            query.urgency.map_or(row.urgency != Urgency::Unmeasured, |urgency| row.urgency == urgency)
                && query.area.as_ref().is_none_or(|area| row.area == *area)
                && row.box_id.as_str().to_lowercase().contains(&query.search.to_lowercase())
        };
        let rows: Vec<RankingRow> = (1..=BOXES).map(row).filter(wanted).collect();
        let total = u32::try_from(rows.len()).unwrap();
        let rows = rows.into_iter().skip(query.offset as usize).take(query.limit as usize).collect();
        let area = |area: &str| AreaCount { area: area.to_owned(), boxes: 65 };
        let facets = Facets {
            any_urgency: BOXES - 1,
            urgency: [2, 8, 20, 97, 2, 1],
            areas: vec![area("Breda"), area("Venlo")],
            ..Facets::default()
        };
        Box::pin(async move { Ok(RankingPage { rows, total, place: None, facets: Some(facets) }) })
    }

    fn detail(&self, box_id: BoxId) -> Answer<'_, BoxDetail> {
        let found = (1..=BOXES).find(|rank| row(*rank).box_id == box_id).map(detail);
        Box::pin(async move { found.ok_or_else(|| ApiError::UnknownBox(box_id.to_string())) })
    }

    fn weeks(&self, _: BoxId) -> Answer<'_, BoxWeeks> {
        let share =
            |after: i32| WeekCompleteness { week: week(1).plus(after), share: (after != 1).then_some(0.98) };
        let weeks = vec![WeekExtremes { week: week(1), min_kw: -20.0, max_kw: 390.0, readings: 659 }];
        let phases = [Phase::Sumli, Phase::L1].map(|phase| PhaseWeeks { phase, weeks: weeks.clone() });
        let weeks = BoxWeeks { phases: phases.to_vec(), completeness: (0..3).map(share).collect() };
        Box::pin(async move { Ok(weeks) })
    }

    fn accuracy(&self, box_id: BoxId) -> Answer<'_, BoxAccuracy> {
        let accuracy = if box_id == row(3).box_id { accuracy() } else { BoxAccuracy::default() };
        Box::pin(async move { Ok(accuracy) })
    }

    fn what_if_basis(&self, _: BoxId) -> Answer<'_, Option<InquiryBasis>> {
        Box::pin(async { Ok(None) })
    }

    fn what_if(&self, _: BoxId, _: Assumptions) -> Answer<'_, WhatIfOutcome> {
        Box::pin(async { Ok(WhatIfOutcome::Refused(WhatIfError::NoHistory)) })
    }

    fn proposals(&self, _: BoxId) -> Answer<'_, Vec<ListedProposal>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn save_proposal(&self, _: NewProposal) -> Answer<'_, ProposalOutcome> {
        Box::pin(async { Ok(ProposalOutcome::UnknownBox) })
    }

    fn accept_proposal(&self, _: BoxId, _: u32, _: bool) -> Answer<'_, AcceptanceOutcome> {
        Box::pin(async { Ok(AcceptanceOutcome::Gone) })
    }

    fn remove_proposal(&self, _: BoxId, _: u32) -> Answer<'_, RemovalOutcome> {
        Box::pin(async { Ok(RemovalOutcome::Gone) })
    }

    fn decide_weeks(&self, _: BoxId, _: WeekDecision) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn withdraw_decisions(&self, _: BoxId, _: WeekSpan) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn record_actions(&self, actions: Vec<NewAction>) -> Answer<'_, Vec<ActionOutcome>> {
        Box::pin(async move { Ok(actions.iter().map(|_| ActionOutcome::UnknownBox).collect()) })
    }

    fn model_card(&self) -> Answer<'_, Option<ModelCard>> {
        Box::pin(async { Ok(Some(model_card())) })
    }

    fn overview(&self) -> Answer<'_, Overview> {
        let area = |area: &str| AreaSummary {
            area: area.to_owned(),
            boxes: 65,
            exceeded: 1,
            overloaded: 4,
            unmeasured: 0,
        };
        let overview = Overview {
            boxes: BOXES - 1,
            exceeded: 2,
            overloaded: 8,
            near: 20,
            ample: 98,
            no_forecast: 1,
            unmeasured: 1,
            areas: vec![area("Breda"), area("Venlo")],
            measured_to: Some(week(1)),
            forecast_at: chrono::DateTime::from_timestamp(1_763_800_800, 0),
            thresholds: ClassThresholds::default(),
        };
        Box::pin(async move { Ok(overview) })
    }

    fn plan(&self, query: PlanQuery) -> Answer<'_, Plan> {
        Box::pin(async move { Ok(plan(&query)) })
    }

    fn this_week(&self) -> Answer<'_, ThisWeek> {
        let changes = Changes {
            compared_with: Some(week(1)),
            exceeded: NowAndBefore { now: 2, before: Some(1) },
            overloaded: NowAndBefore { now: 8, before: Some(10) },
            silent: NowAndBefore { now: 1, before: Some(1) },
            newly_overloaded: 1,
            earlier: 3,
            cleared: 2,
            newly_silent: 0,
            first_overloads: vec![FirstOverloads { week: week(2), import: 5, feed_in: 3 }],
        };
        let recorded = RecordedLately { since: chrono::DateTime::default(), count: 0, newest: Vec::new() };
        Box::pin(async move { Ok(ThisWeek { changes, overdue: 4, done_but_overloaded: 0, recorded }) })
    }
}
