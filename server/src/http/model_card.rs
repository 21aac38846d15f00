//! The model card: its page, a stored backtest as the pages' plain types, and its figures as SVG.

use app::ModelCardDocument;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use backtest::card::Figure;
use backtest::{
    DistanceScores, EventScores, GroupScores, Interval, ModelReport, Report, Scores, Uncertainty,
};
use domain::model_card::{
    DistanceEvaluation, EvaluatedModel, EvaluatedSet, Evaluation, EventEvaluation, GrowthClass,
    GrowthEvaluation, ModelCard, Range,
};
use leptos::prelude::*;
use serde::Deserialize;
use store::{Store, StoredBacktest};

use super::failures::{failure_page, hide};
use crate::runs::newest_backtest;

/// What the page needs.
#[derive(Clone)]
pub(super) struct CardPage {
    pub(super) store: Store,
    pub(super) assets: app::Assets,
    pub(super) clock: app::WallClock,
}

/// The page.
pub(super) async fn page(State(page): State<CardPage>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let card = match newest_backtest(&page.store).await {
        Ok(newest) => newest.map(card),
        Err(error) => return failure_page(parts, page.assets, hide(&error)),
    };
    // The page is static, so it needs none of the scripts of other pages.
    let html = Owner::new().with(|| {
        provide_context(parts);
        provide_context(page.assets);
        provide_context(page.clock);
        view! { <ModelCardDocument card query /> }.to_html()
    });
    Html(html).into_response()
}

/// The newest backtest as the page shows it.
pub(super) fn card(stored: StoredBacktest<Report>) -> ModelCard {
    let StoredBacktest { backtest_id, made_at, report } = stored;
    let sets = report.data.iter().map(|data| EvaluatedSet {
        name: data.description.name.clone(),
        boxes: whole(data.description.boxes as u64),
        first_week: data.description.first_week,
        last_week: data.description.last_week,
    });
    ModelCard {
        backtest: backtest_id,
        made_at,
        series: whole(report.series() as u64),
        origins: whole(report.origins() as u64),
        refused: whole(report.refused.counts.values().sum()),
        horizon_weeks: whole(report.data.first().map_or(0, |data| data.windows.horizon_weeks as u64)),
        sets: sets.collect(),
        models: report.models.iter().filter_map(model).collect(),
        code_version: report.code_version,
    }
}

fn whole(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// `None` for a model that evaluated no series.
fn model(report: &ModelReport) -> Option<EvaluatedModel> {
    let all = report.all.as_ref()?;
    let per_set = report
        .per_set
        .iter()
        .map(|(name, scores)| (name.clone(), evaluation(scores, report.uncertainty_per_set.get(name))));
    Some(EvaluatedModel {
        name: report.model.to_string(),
        version: report.version,
        all: evaluation(all, report.uncertainty.as_ref()),
        per_set: per_set.collect(),
        by_growth: report.by_growth.iter().filter_map(growth).collect(),
        by_distance: report.by_distance().into_iter().flatten().map(distance).collect(),
        weekly: all.overload_weekly.as_ref().map(events),
        any_week: all.overload_any_week.as_ref().map(events),
    })
}

/// A class of growth over all data sets; `None` for other groups.
fn growth(group: &GroupScores) -> Option<GrowthEvaluation> {
    let class = match group.class.filter(|_| group.is_class(None))? {
        backtest::GrowthClass::Stable => GrowthClass::Stable,
        backtest::GrowthClass::Slow => GrowthClass::Slow,
        backtest::GrowthClass::Moderate => GrowthClass::Moderate,
        backtest::GrowthClass::Fast => GrowthClass::Fast,
    };
    Some(GrowthEvaluation {
        extreme: group.extreme,
        class,
        series: whole(group.series),
        pinball: range(group.pinball),
        over_naive: group.over_naive.map(range),
        coverage_90: range(group.coverage_90),
        coverage_70: range(group.coverage_70),
    })
}

fn distance(scores: DistanceScores) -> DistanceEvaluation {
    let (from, to) = scores.weeks_ahead;
    DistanceEvaluation {
        from: whole(from as u64),
        to: whole(to as u64),
        pinball: scores.pinball,
        coverage_90: scores.coverage_90,
        coverage_70: scores.coverage_70,
    }
}

fn range(Interval { value, low, high }: Interval) -> Range {
    Range { value, low, high }
}

fn evaluation(scores: &Scores, uncertainty: Option<&Uncertainty>) -> Evaluation {
    let with_range = |value: f64, of: fn(&Uncertainty) -> Interval| match uncertainty.map(of) {
        Some(Interval { low, high, .. }) => Range { value, low, high },
        None => Range { value, low: value, high: value },
    };
    let ratio = uncertainty.and_then(|uncertainty| uncertainty.pinball_ratio);
    Evaluation {
        series: whole(scores.series),
        pinball: with_range(scores.pinball, |uncertainty| uncertainty.pinball),
        coverage_90: with_range(scores.coverage_90, |uncertainty| uncertainty.coverage_90),
        coverage_70: with_range(scores.coverage_70, |uncertainty| uncertainty.coverage_70),
        over_spark: ratio.map(range),
    }
}

fn events(scores: &EventScores) -> EventEvaluation {
    EventEvaluation {
        count: whole(scores.count),
        events: whole(scores.events),
        brier: scores.brier,
        brier_base_rate: scores.brier_base_rate,
    }
}

/// The query parameters of a figure.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FigureQuery {
    lang: Option<String>,
}

/// `GET /model/{figure}.svg`: a figure of the newest backtest.
pub(super) async fn figure(
    State(store): State<Store>,
    Path(name): Path<String>,
    Query(asked): Query<FigureQuery>,
) -> Response {
    let wanted = name.strip_suffix(".svg");
    let Some(figure) = Figure::ALL.into_iter().find(|figure| Some(figure.as_str()) == wanted) else {
        return (StatusCode::NOT_FOUND, "there is no such figure").into_response();
    };
    let language = asked.lang.as_deref().and_then(|code| code.parse().ok()).unwrap_or_default();
    match newest_backtest(&store).await {
        Ok(Some(stored)) => {
            // A figure is a document of its own that contains its only style.
            let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
            let headers =
                [(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_SECURITY_POLICY, policy)];
            (headers, figure.draw(&stored.report, language)).into_response()
        }
        Ok(None) => (StatusCode::NOT_FOUND, "no backtest has been kept yet").into_response(),
        Err(error) => {
            tracing::error!("a figure could not be drawn: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
