//! What the model is, and how good its forecasts were: made by the server alone, so that it weighs nothing in the page's
//! WebAssembly.

use domain::model_card::{
    DistanceEvaluation, EvaluatedModel, EvaluatedSet, Evaluation, GrowthEvaluation, ModelCard,
};
use leptos::prelude::*;
use model::RANKED_WEEKS;

use super::document::Document;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The whole document: the facts about the model, and below them the newest backtest that was kept.
#[component]
pub fn ModelCardDocument(
    /// The backtest, if one was kept.
    card: Option<ModelCard>,
    /// The address's query, for language and appearance.
    query: String,
) -> impl IntoView {
    let document = Document {
        query,
        title: Box::new(|words| words.model_card().title),
        class: "model-card",
        is_beside_list: true,
    };
    document.around(move |words| {
        let texts = words.model_card();
        let evaluated = match card {
            Some(card) => view! { <Evaluated card /> }.into_any(),
            None => view! { <p class="nothing-judged">{texts.none}</p> }.into_any(),
        };
        view! {
            <section>
                <h2>{texts.what}</h2>
                {texts.what_text.map(|text| view! { <p>{text}</p> }).collect_view()}
            </section>
            <section>
                <h2>{texts.limits}</h2>
                <ul>{texts.limits_list.map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
            </section>
            {evaluated}
        }
        .into_any()
    })
}

/// The scores.
#[component]
fn Evaluated(card: ModelCard) -> impl IntoView {
    let words = use_words();
    let texts = words.model_card();
    let made = words.card_made(&card);
    let ModelCard { backtest, sets, models, .. } = card;
    let picture = move |name: &str, about: &'static str| {
        let source = format!("/model/{name}.svg?backtest={backtest}&lang={}", words.language.code());
        view! { <img src=source alt=about width="760" height="340" loading="lazy" /> }
    };
    let in_sets = (sets.len() > 1).then(|| {
        let models = models.clone();
        view! {
            <h3>{texts.by_set}</h3>
            {models.into_iter().map(|model| view! { <BySet model /> }).collect_view()}
        }
    });
    let by_distance =
        models.first().map(|model| view! { <ByDistance distances=model.by_distance.clone() /> });
    let by_growth = models.first().map(|model| model.by_growth.clone()).filter(|groups| !groups.is_empty());
    let by_growth = by_growth.map(|groups| view! { <ByGrowth groups /> });
    view! {
        <section>
            <h2>{texts.scores}</h2>
            <p>{made}</p>
            <p>{texts.scores_note}</p>
            <div class="score-frame" tabindex="0" role="region" aria-label=texts.scores>
                <table>
                    <ScoreHead first=texts.model />
                    <tbody>
                        {models
                            .iter()
                            .map(|model| score_row(format!("{} {}", model.name, model.version), &model.all))
                            .collect_view()}
                    </tbody>
                </table>
            </div>
            {picture("pinball", texts.pinball_picture)}
            {by_distance}
            {in_sets}
            {by_growth}
        </section>
        <section>
            <h2>{texts.calibration}</h2>
            {picture("horizon", texts.horizon_picture)}
            {picture("reliability", texts.reliability_picture)}
            <Overloads models />
        </section>
        <Data sets />
    }
    .into_erased()
}

#[component]
fn ScoreHead(first: &'static str) -> impl IntoView {
    let texts = use_words().model_card();
    let columns = [first, texts.pinball, texts.over_spark, texts.band_90, texts.band_70];
    view! {
        <thead>
            <tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
        </thead>
    }
}

fn score_row(name: String, scores: &Evaluation) -> impl IntoView + use<> {
    let words = use_words();
    let compared = scores.over_spark.as_ref().map_or_else(|| "–".to_owned(), |ratio| words.compared(ratio));
    let cells = [
        words.loss(&scores.pinball),
        compared,
        words.share(&scores.coverage_90),
        words.share(&scores.coverage_70),
    ];
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
        </tr>
    }
}

/// One model over the data sets.
#[component]
fn BySet(model: EvaluatedModel) -> impl IntoView {
    let texts = use_words().model_card();
    let label = model.name.clone();
    view! {
        <div class="score-frame" tabindex="0" role="region" aria-label=label>
            <table>
                <caption>{model.name}</caption>
                <ScoreHead first=texts.data_set />
                <tbody>
                    {model.per_set.iter().map(|(name, scores)| score_row(name.clone(), scores)).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// One model by weeks ahead: what is judged, and what is indicative.
#[component]
fn ByDistance(distances: Vec<DistanceEvaluation>) -> impl IntoView {
    let words = use_words();
    let texts = words.model_card();
    let is_later = |at: &DistanceEvaluation| at.from > RANKED_WEEKS as u32;
    let note = (!distances.iter().any(is_later)).then(|| view! { <p>{texts.not_judged_later}</p> });
    let row = |at: &DistanceEvaluation| {
        let name = words.weeks_ahead(at.from, at.to, is_later(at));
        let cells = [words.number(at.pinball, 4), words.tenths(at.coverage_90), words.tenths(at.coverage_70)];
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
            </tr>
        }
    };
    let columns = [texts.ahead, texts.pinball, texts.band_90, texts.band_70];
    view! {
        <h3>{texts.by_distance}</h3>
        {note}
        <div class="score-frame" tabindex="0" role="region" aria-label=texts.by_distance>
            <table>
                <thead>
                    <tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{distances.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// One model by class of growth.
#[component]
fn ByGrowth(groups: Vec<GrowthEvaluation>) -> impl IntoView {
    let words = use_words();
    let texts = words.model_card();
    let columns = [texts.growth, texts.series, texts.pinball, texts.over_naive, texts.band_90, texts.band_70];
    let row = |group: &GrowthEvaluation| {
        let compared =
            group.over_naive.as_ref().map_or_else(|| "–".to_owned(), |ratio| words.compared(ratio));
        let cells = [
            words.number(f64::from(group.series), 0),
            words.loss(&group.pinball),
            compared,
            words.share(&group.coverage_90),
            words.share(&group.coverage_70),
        ];
        view! {
            <tr>
                <th scope="row">{words.growth_class(group)}</th>
                {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <h3>{texts.by_growth}</h3>
        <p>{texts.growth_note}</p>
        <div class="score-frame" tabindex="0" role="region" aria-label=texts.by_growth>
            <table>
                <thead>
                    <tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{groups.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The overload probabilities of the models that have them.
#[component]
fn Overloads(models: Vec<EvaluatedModel>) -> impl IntoView {
    let words = use_words();
    let texts = words.model_card();
    let shown = |model: &EvaluatedModel| {
        let kinds = [(texts.single_weeks, model.weekly), (texts.whole_horizon, model.any_week)];
        kinds
            .into_iter()
            .filter_map(|(kind, events)| Some((kind, words.brier(&events?))))
            .map(|(kind, sentence)| {
                let name = format!("{}, {}", model.name, kind.to_lowercase());
                view! { <dt>{name}</dt> <dd>{sentence}</dd> }
            })
            .collect_view()
    };
    let any = models.iter().any(|model| model.weekly.is_some());
    any.then(|| {
        view! {
            <h3>{texts.overloads}</h3>
            <dl>{models.iter().map(shown).collect_view()}</dl>
        }
    })
}

/// What it was judged on.
#[component]
fn Data(sets: Vec<EvaluatedSet>) -> impl IntoView {
    let words = use_words();
    let texts = words.model_card();
    let row = |set: EvaluatedSet| {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| words.day(day)).unwrap_or_default();
        let span = format!("{} – {}", day(set.first_week), day(set.last_week));
        view! {
            <tr>
                <th scope="row">{set.name}</th>
                <td>{words.number(f64::from(set.boxes), 0)}</td>
                <td>{span}</td>
            </tr>
        }
    };
    view! {
        <section>
            <h2>{texts.data}</h2>
            <div class="score-frame" tabindex="0" role="region" aria-label=texts.data>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{texts.data_set}</th>
                            <th scope="col">{texts.boxes}</th>
                            <th scope="col">{texts.span}</th>
                        </tr>
                    </thead>
                    <tbody>{sets.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
