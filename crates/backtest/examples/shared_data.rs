//! Prints scores on the shared real loads next to stored scores of other methods.
//!
//! `cargo run --release -p backtest --example shared_data -- gridspark spark` evaluates these
//! models; options: `--plan FILE` (instead of `crates/backtest/plans/real_loads.toml`), `--set NAME` (only
//! this set, repeatable), `--keep-last WEEKS` (truncated histories, with their own plan),
//! `--threads N`, `--horizons`, `--overloads`, `--leave-out-switchings`, `--threshold SHARE` (of
//! the capacity that counts as overload), `--report FILE.json` (writes the report, with each
//! series).

#![expect(clippy::print_stdout, reason = "the table is what the example is for")]

use std::error::Error;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use backtest::{Job, ModelName, Plan, Report, Settings, WindowSettings};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

#[derive(Default)]
struct Options {
    models: Vec<ModelName>,
    sets: Vec<String>,
    plan: Option<PathBuf>,
    keep_last: Option<usize>,
    threads: Option<usize>,
    horizons: bool,
    overloads: bool,
    leave_out_switchings: bool,
    threshold: Option<f64>,
    /// Where to write the report, with the scores of each series (JSON).
    report: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
    let usual = if options.keep_last.is_some() { "short_histories.toml" } else { "real_loads.toml" };
    let plan = Plan::read(&options.plan.unwrap_or_else(|| plans.join(usual)))?;
    let windows = WindowSettings { keep_last: options.keep_last, ..WindowSettings::default() };
    let wanted = |name: &String| options.sets.is_empty() || options.sets.contains(name);
    let mut jobs: Vec<Job> = Vec::new();
    for data in plan.data_set.iter().filter(|data| wanted(&data.name)) {
        let (job, refused) = data.open(windows)?;
        for file in refused {
            println!("{}: {} rows refused", file.file.display(), file.rows.count);
        }
        jobs.push(job);
    }
    let models = if options.models.is_empty() { ModelName::ALL.to_vec() } else { options.models };
    let threshold = options.threshold.unwrap_or(1.0);
    let settings = Settings {
        models,
        import_threshold: threshold,
        feed_in_threshold: threshold,
        threads: options.threads,
        leave_out_switchings: options.leave_out_switchings,
        each_series: options.report.is_some(),
        ..Settings::default()
    };
    let report = backtest::run(&jobs, &settings, &|_, _| ())?;
    if let Some(path) = &options.report {
        std::fs::write(path, serde_json::to_string(&report)?)?;
    }
    table(&report, "pinball", |scores| scores.pinball, 4);
    table(&report, "coverage of the 90 % band", |scores| scores.coverage_90, 3);
    table(&report, "coverage of the 70 % band", |scores| scores.coverage_70, 3);
    if let Some(data) = plan.data_set.first() {
        baselines(&report, &data.extremes.with_file_name("baseline_scores.parquet"), options.keep_last)?;
    }
    if options.horizons {
        horizons(&report);
    }
    if options.overloads {
        overloads(&report);
    }
    println!();
    for model in &report.models {
        if let Some(all) = &model.all {
            let learning = model.seconds_of_learning.unwrap_or(0.0);
            println!(
                "{:<16} {:>8.1} µs a series, {learning:.2} s of learning",
                model.model,
                1e6 * all.seconds_per_fit
            );
        }
    }
    println!("left out: {:?}", report.refused.counts);
    for failure in report.refused.series.iter().filter(|series| series.model.is_some()).take(20) {
        println!("  {} {} {}: {}", failure.set, failure.box_id, failure.extreme, failure.detail);
    }
    Ok(())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--plan" => options.plan = Some(value()?.into()),
            "--set" => options.sets.push(value()?),
            "--keep-last" => options.keep_last = Some(value()?.parse()?),
            "--threads" => options.threads = Some(value()?.parse()?),
            "--horizons" => options.horizons = true,
            "--leave-out-switchings" => options.leave_out_switchings = true,
            "--overloads" => options.overloads = true,
            "--threshold" => options.threshold = Some(value()?.parse()?),
            "--report" => options.report = Some(value()?.into()),
            model => options.models.push(model.parse()?),
        }
    }
    Ok(options)
}

fn header(report: &Report, title: &str) {
    print!("\n{title:<28}");
    for data in &report.data {
        print!("{:>12}", data.description.name);
    }
    println!("{:>12}", "all");
}

fn table(report: &Report, title: &str, figure: impl Fn(&backtest::Scores) -> f64, digits: usize) {
    header(report, title);
    for model in &report.models {
        print!("{:<28}", model.model);
        for data in &report.data {
            let scores = model.per_set.get(&data.description.name);
            print!("{:>12}", scores.map(|scores| format!("{:.digits$}", figure(scores))).unwrap_or_default());
        }
        println!(
            "{:>12}",
            model.all.as_ref().map(|all| format!("{:.digits$}", figure(all))).unwrap_or_default()
        );
    }
}

/// The stored scores of other methods: pinball and coverage of the 90 % band.
fn baselines(report: &Report, path: &Path, keep_last: Option<usize>) -> Result<(), Box<dyn Error>> {
    let file = std::fs::File::open(path)?;
    let mut sums = std::collections::BTreeMap::<(String, String), [f64; 4]>::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
        let batch = batch?;
        let text = |name| texts(&batch, name);
        let number =
            |name: &str| batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<Float64Type>());
        let (Some(pinball), Some(c90), Some(c70)) = (number("pin"), number("c90"), number("c70")) else {
            return Err("the baseline scores have other columns".into());
        };
        let _ = batch.column_by_name("origin").and_then(|c| c.as_primitive_opt::<Int64Type>());
        for (row, (set, method)) in text("set").into_iter().zip(text("method")).enumerate() {
            for set in [set, "all".to_owned()] {
                let sum = sums.entry((method.clone(), set)).or_default();
                sum[0] += 1.0;
                sum[1] += pinball.value(row);
                sum[2] += c90.value(row);
                sum[3] += c70.value(row);
            }
        }
    }
    let prefix = keep_last.map(|weeks| format!("short{weeks} "));
    let shown = |method: &str| match &prefix {
        Some(prefix) => method.starts_with(prefix),
        None => {
            ["snaive", "spark", "prophet", "AR-GAM", "AR-GAM+w3+het", "AR-GAM+w3+het+EB"].contains(&method)
        }
    };
    header(report, "stored: pinball (c90)");
    let mut methods: Vec<&String> = sums.keys().map(|(method, _)| method).collect();
    methods.dedup();
    for method in methods.into_iter().filter(|method| shown(method)) {
        print!("{method:<28}");
        let names = report.data.iter().map(|data| data.description.name.clone());
        for name in names.chain(["all".to_owned()]) {
            match sums.get(&(method.clone(), name)) {
                Some([n, pinball, c90, _]) => {
                    print!("{:>12}", format!("{:.4} ({:.2})", pinball / n, c90 / n))
                }
                None => print!("{:>12}", ""),
            }
        }
        println!();
    }
    Ok(())
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name);
    let large = column.and_then(|column| column.as_string_opt::<i64>());
    let small = column.and_then(|column| column.as_string_opt::<i32>());
    match (large, small) {
        (Some(texts), _) => texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect(),
        (_, Some(texts)) => texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect(),
        _ => Vec::new(),
    }
}

fn horizons(report: &Report) {
    for model in &report.models {
        println!("\n{} by weeks ahead: pinball, c90, c70", model.model);
        for at in &model.by_horizon {
            println!("{:>4} {:.4} {:.3} {:.3}", at.horizon, at.pinball, at.coverage_90, at.coverage_70);
        }
    }
}

fn overloads(report: &Report) {
    for model in &report.models {
        let Some(all) = &model.all else { continue };
        println!("\n{}: overload probabilities", model.model);
        for (name, scores) in [("weekly", &all.overload_weekly), ("any week", &all.overload_any_week)] {
            let Some(scores) = scores else { continue };
            println!(
                "{name}: {} of {}, Brier {:.5}, base rate {:.5}",
                scores.events, scores.count, scores.brier, scores.brier_base_rate
            );
            for bin in &scores.reliability {
                println!("  from {:.1}: {:>6} {:.3} {:.3}", bin.from, bin.count, bin.predicted, bin.observed);
            }
        }
        println!("by band: {:?}, by probability: {:?}", all.warnings_by_band, all.warnings_by_probability);
    }
}
