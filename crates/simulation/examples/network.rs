//! Simulates a network and prints how its boxes are distributed, by ground truth and by forecast:
//! `network [BOXES [YEARS [UNTIL]]] [weekly] [all-phases] [keep] [brief] [exponential]
//! [seed=NUMBER] [share=FRACTION] [out=FOLDER]`. A folder given by `out` is kept; `share` is that
//! of growing boxes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use chrono::NaiveDate;
use model::{
    AssessedExtreme, Assessment, CheckSettings, Extreme, Limits, ModelName, Phase, PowerFactor, Risk, clean,
    spark::Spark,
};
use simulation::{GrowingShare, Growth, Law, Network, Settings, SimulationError, TechnologyTruth, simulate};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &str| arguments.get(at).cloned().unwrap_or_else(|| default.to_owned());
    let (Ok(boxes), Ok(years), Ok(until)) =
        (word(0, "120").parse(), word(1, "4").parse(), word(2, "2025-11-24").parse::<NaiveDate>())
    else {
        eprintln!(
            "usage: network [BOXES [YEARS [UNTIL]]] [weekly] [all-phases] [keep] [brief] [exponential]"
        );
        eprintln!("       [seed=NUMBER] [share=FRACTION] [out=FOLDER]");
        return ExitCode::from(2);
    };
    let named = |name: &str| arguments.iter().find_map(|word| word.strip_prefix(name));
    let (Ok(seed), Ok(share)) = (
        named("seed=").unwrap_or("1").parse(),
        named("share=").map_or(Ok(GrowingShare::default()), str::parse::<GrowingShare>),
    ) else {
        eprintln!("seed=NUMBER, and share=FRACTION from 0 to 1");
        return ExitCode::from(2);
    };
    let temporary = std::env::temp_dir().join(format!("simulated-network-{}", std::process::id()));
    let folder = named("out=").map_or(temporary, PathBuf::from);
    let mut settings = Settings::new(boxes, years, seed, until, &folder);
    let exponential = arguments.iter().any(|word| word == "exponential");
    settings.growth = if exponential { Growth::Exponential } else { Growth::Mixed(share) };
    settings.weekly = arguments.iter().any(|word| word == "weekly");
    if !arguments.iter().any(|word| word == "all-phases") {
        settings.phases = vec![Phase::Sumli];
    }
    let outcome = report(&settings, arguments.iter().any(|word| word == "brief"));
    if arguments.iter().any(|word| word == "keep") || named("out=").is_some() {
        eprintln!("the files are in {}", folder.display());
    } else if let Err(error) = std::fs::remove_dir_all(&folder) {
        eprintln!("{} stays behind: {error}", folder.display());
    }
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn report(settings: &Settings, brief: bool) -> Result<(), SimulationError> {
    let begun = Instant::now();
    let summary = simulate(settings, |_, _| {})?;
    let bytes: u64 = summary.measurements.iter().filter_map(|path| Some(path.metadata().ok()?.len())).sum();
    eprintln!(
        "{} rows, {} files, {:.1} MB in {:.2} s",
        summary.rows,
        summary.measurements.len(),
        bytes as f64 / 1e6,
        begun.elapsed().as_secs_f64()
    );
    eprintln!("overloaded ahead {}, near {}", summary.overloaded_ahead, summary.near_ahead);
    if brief {
        return Ok(());
    }
    let network = Network::new(settings)?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..settings.boxes {
        let truth = network.truth(number)?;
        let mut count = |what: String| *counts.entry(what).or_default() += 1;
        count(format!("ahead {:>3.0} % and more", (truth.peak_loading_ahead * 10.0).floor() * 10.0));
        count(format!("customers {:?}", truth.customers));
        count(format!("stress {:?}", truth.stress));
        count(format!("rating {:>4} kVA", truth.capacity_kva));
        count(format!("area {:?}", truth.area));
        if let Some(growth) = &truth.growth {
            let parts = [
                ("solar", &growth.solar),
                ("vehicles", &growth.vehicles),
                ("heat pumps", &growth.heat_pumps),
            ];
            for (name, part) in parts {
                count(format!("{name} {}", law(part)));
            }
            let features = [
                ("growing", growth.grows),
                ("with batteries", growth.battery.is_some()),
                ("with curtailment", growth.curtailment_limit_kw.is_some()),
            ];
            features.into_iter().filter(|(_, is)| *is).for_each(|(what, _)| count(what.to_owned()));
        }
        let future = network.future(number)?;
        let overloads = [
            ("first overload past", future.first_overload_in_history),
            ("first overload ahead", future.first_overload_ahead),
        ];
        for (when, first) in overloads {
            for (direction, week) in [("import", first.import), ("feed-in", first.feed_in)] {
                week.iter().for_each(|_| count(format!("{when} {direction}")));
            }
        }
        let features = [
            ("with a bypass", !truth.bypasses.is_empty()),
            ("with outliers", !truth.outliers.is_empty()),
            ("idling at first", truth.idle_until.is_some()),
            ("without readings", truth.first_day.is_none()),
            ("with a short history", truth.first_day.is_some_and(|day| day > settings.first_day())),
            ("out of service", !truth.in_service),
            ("with more ahead than ever", truth.peak_loading_ahead > truth.peak_loading_history),
            ("overloaded in the past", truth.peak_loading_history > 1.0),
        ];
        features.into_iter().filter(|(_, is)| *is).for_each(|(what, _)| count(what.to_owned()));
    }
    for number in 0..settings.boxes {
        let seen = forecast(&network, number)?;
        let mut count = |what: String| *counts.entry(what).or_default() += 1;
        match seen {
            Ok(assessment) => {
                let tenth = (assessment.peak_loading.percent() / 10.0).floor() * 10.0;
                count(format!("forecast {tenth:>3.0} % and more"));
                let probability = assessment.overload_probability;
                for limit in [0.05, 0.5, 0.9] {
                    if probability > limit {
                        count(format!("overload probability > {limit}"));
                    }
                }
            }
            Err(reason) => count(format!("no forecast: {reason}")),
        }
    }
    for (what, count) in counts {
        eprintln!("{what:<28} {count:>6}  {:>5.1} %", 100.0 * count as f64 / settings.boxes as f64);
    }
    Ok(())
}

/// The name of a technology's growth law.
fn law(part: &TechnologyTruth) -> &'static str {
    match part.law {
        Law::Stable => "stable",
        Law::Linear { .. } => "linear",
        Law::Exponential { .. } => "exponential",
        Law::Logistic { .. } => "logistic",
        Law::Stop { .. } => "stop",
        Law::Start { .. } => "start",
        Law::Steps { .. } => "steps",
        _ => "other",
    }
}

/// The assessment of a box, or why it has no forecast.
fn forecast(network: &Network, number: usize) -> Result<Result<Assessment, String>, SimulationError> {
    let (metadata, weeks) = network.weekly_extremes(number)?;
    let cleaned = clean(&weeks, |_| true, metadata.capacity, &CheckSettings::default());
    let Some(capacity) = metadata
        .capacity
        .filter(|_| !cleaned.flags.iter().any(|flag| flag.blocks_forecast(ModelName::Spark)))
    else {
        let flags: Vec<&str> = cleaned.flags.iter().map(|flag| flag.as_str()).collect();
        return Ok(Err(flags.join(" ")));
    };
    let assess = || -> Result<Assessment, Box<dyn std::error::Error>> {
        let limits = Limits::of(capacity, PowerFactor::default(), 1.0, 1.0)?;
        let fitted =
            |extreme| Ok::<_, Box<dyn std::error::Error>>(Spark::default().fit(&cleaned.series(extreme)?)?);
        let [min, max] = [fitted(Extreme::Min)?, fitted(Extreme::Max)?];
        let (low, high) = (min.forecast(), max.forecast());
        let overloads = (min.overload(&limits), max.overload(&limits));
        let of =
            |forecast, overload| AssessedExtreme { forecast, overload, shortfall_kw: None, at_risk_kw: None };
        let (low, high) = (of(&low, &overloads.0), of(&high, &overloads.1));
        Ok(model::assess(low, high, &limits, capacity, PowerFactor::default(), Risk::default())?)
    };
    Ok(assess().map_err(|error| error.to_string()))
}
