//! The model card: generated from reports, and up to date.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use backtest::card::{CardError, CardSource};
use backtest::{DataSource, GrowthCourse, Job, KnownGrowth, ModelName, Plan, Settings, WindowSettings, run};

use crate::stored_scores::shared;
use crate::synthetic::{LAST, job};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn report(keep_last: Option<usize>, threshold: f64) -> backtest::Report {
    let windows = WindowSettings { keep_last, ..WindowSettings::default() };
    let models = vec![ModelName::Spark, ModelName::SeasonalNaive];
    let settings = Settings {
        models,
        import_threshold: threshold,
        feed_in_threshold: threshold,
        bootstrap_draws: 20,
        ..Settings::default()
    };
    run(&[job(6, windows)], &settings, &|_, _| ()).unwrap()
}

#[test]
fn the_stored_card_is_generated_from_the_stored_scores() {
    let text = std::fs::read_to_string(docs().join("model-card.json")).unwrap();
    let source: CardSource = serde_json::from_str(&text).unwrap();
    for file in source.card("model-card.md").unwrap() {
        let kept = std::fs::read_to_string(docs().join(&file.name)).unwrap();
        assert!(kept == file.text, "docs/{} is stale; run `just model-card`", file.name);
    }
    let versions = ModelName::ALL.map(|model| (model, model.version()));
    for judged in source.reports.iter().flat_map(|report| &report.models) {
        assert!(
            versions.contains(&(judged.model, judged.version)),
            "{} has another version now; run `just model-card`",
            judged.model
        );
    }
}

#[test]
fn the_stored_scores_are_those_of_the_current_model() {
    let Some(folder) = shared("pjm_weekly.parquet") else { return };
    let text = std::fs::read_to_string(docs().join("model-card.json")).unwrap();
    let source: CardSource = serde_json::from_str(&text).unwrap();
    let plan = Plan::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/real_loads.toml")).unwrap();
    let jobs: Vec<Job> = plan
        .data_set
        .iter()
        .filter(|data| ["ieso", "pjm"].contains(&data.name.as_str()))
        .map(|data| data.open(WindowSettings::default()).unwrap().0)
        .collect();
    assert_eq!(jobs.len(), 2, "{}", folder.display());
    let settings = Settings { bootstrap_draws: 0, ..Settings::default() };
    let today = run(&jobs, &settings, &|_, _| ()).unwrap();
    for model in &today.models {
        let kept = source.reports[0].model(model.model).unwrap();
        for (set, scores) in &model.per_set {
            let kept = &kept.per_set[set];
            let off =
                (scores.pinball - kept.pinball).abs().max((scores.coverage_90 - kept.coverage_90).abs());
            assert!(off < 1e-3, "{}, {set}: off by {off}; run `just model-card`", model.model);
        }
    }
}

#[test]
fn a_card_has_a_section_for_each_kind_of_report() {
    let mut switchings = report(None, 1.0);
    switchings.settings.leave_out_switchings = true;
    let source =
        CardSource::new(vec![report(None, 1.0), report(Some(30), 1.0), report(None, 0.8), switchings]);
    let files = source.card("card.md").unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["card.md", "card-pinball.svg", "card-horizon.svg", "card-reliability.svg"]);
    let card = &files[0].text;
    for expected in [
        "# Model card: spark 1",
        "| synthetic |",
        "last 30 weeks",
        "| 100 |",
        "| 80 |",
        "| switchings left out |",
        "](card-horizon.svg)",
    ] {
        assert!(card.contains(expected), "{expected}: {card}");
    }
    assert!(files[3].text.contains("week above 80 % of capacity"), "the limit with more overloads is drawn");
    for file in &files[1..] {
        assert!(file.text.starts_with("<svg ") && file.text.ends_with("</svg>\n"));
        assert!(!file.text.contains("NaN"));
    }
}

/// A report of a fleet declared as simulated, with enough series in its class to be shown.
fn simulated(for_choosing: bool) -> backtest::Report {
    let mut one = job(70, WindowSettings::default());
    one.origins = (0..3).map(|step| LAST.plus(-26 * step)).collect();
    one.data.name = if for_choosing { "drawn first" } else { "drawn later" }.to_owned();
    one.data.source = DataSource::Simulated { for_choosing };
    let known = KnownGrowth { change_per_year: 0.03, course: GrowthCourse::JustStopped };
    let of_all: BTreeMap<_, _> =
        one.data.boxes.iter().map(|history| (history.box_id.clone(), [known; 2])).collect();
    one.data.known_growth = one.origins.iter().map(|&last| (last, of_all.clone())).collect();
    let models = vec![ModelName::Spark, ModelName::SeasonalNaive];
    run(&[one], &Settings { models, bootstrap_draws: 20, ..Settings::default() }, &|_, _| ()).unwrap()
}

#[test]
fn simulated_fleets_have_their_own_section_and_change_no_other() {
    let real = report(None, 1.0);
    let without = CardSource::new(vec![real.clone()]).card("card.md").unwrap();
    let source = CardSource::new(vec![simulated(true), real, simulated(false)]);
    let files = source.card("card.md").unwrap();
    assert!(files[1..] == without[1..], "the figures are about measured loads");
    let card = &files[0].text;
    let (before, rest) = card.split_once("## Growing loads\n").unwrap();
    let (section, after) = rest.split_once("### The real loads by measured growth\n").unwrap();
    assert!(without[0].text.starts_with(before) && without[0].text.ends_with(after));
    for expected in [
        "All of this section is simulated",
        "| drawn first | ",
        "| choosing |",
        "| drawn later | ",
        "| confirming |",
        "| minima: share within the 90 % band | all | < 0.5 % | 0.5–2 % | 2–5 % | ≥ 5 % |",
        "| drawn later | import | 100 |",
        "| just stopped | minima | 210 |",
    ] {
        assert!(section.contains(expected), "{expected}: {section}");
    }
    let row =
        section.lines().find(|line| line.starts_with("| drawn first | ") && line.contains(" (")).unwrap();
    let cells: Vec<&str> = row.split(" | ").collect();
    assert_eq!((cells[2], cells[3], cells[5]), ("–", "–", "– |"), "only the middle class is filled");
    assert_eq!(cells[1], cells[4], "which holds all");
    let kept = serde_json::to_string(&source).unwrap();
    let read: CardSource = serde_json::from_str(&kept).unwrap();
    assert!(read.card("card.md").unwrap() == files);
    let only_simulated = CardSource::new(vec![simulated(false)]);
    assert_eq!(only_simulated.card("card.md"), Err(CardError::NoReports));
}

#[test]
fn a_card_source_survives_the_round_trip_through_json() {
    let source = CardSource::new(vec![report(None, 1.0)]);
    let text = serde_json::to_string(&source).unwrap();
    let read: CardSource = serde_json::from_str(&text).unwrap();
    assert!(read.card("card.md").unwrap() == source.card("card.md").unwrap());
}

#[test]
fn without_whole_histories_there_is_no_card() {
    assert_eq!(CardSource::new(Vec::new()).card("card.md"), Err(CardError::NoReports));
    let short = CardSource::new(vec![report(Some(60), 1.0)]);
    assert_eq!(short.card("card.md"), Err(CardError::OnlyShort { weeks: 60 }));
}
