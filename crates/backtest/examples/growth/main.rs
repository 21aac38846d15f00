//! Evaluates forecasts of simulated growing fleets and of the real loads against their targets.
//!
//! `cargo run --release -p backtest --example growth` evaluates all fleets and the real loads;
//! options: `--boxes N` (per fleet), `--years N`, `--fleet NAME` (only this one, repeatable;
//! `--list` lists them), `--real` or `--simulated` (only these), `--measured-classes` (classes from
//! the training weeks instead of the truth), `--brief` (a row per fleet and extreme, and all fleets
//! together by class), `--all-weeks` (keeps bypass switchings), `--draws N` (of the bootstrap),
//! `--threads N`, `--json FILE` (input of `gridspark model-card --from`).
//!
//! The tables can't show effects that the simulation doesn't model.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the tables are what the example is for")]

mod fleets;
mod options;
mod real;
mod tables;
mod truth;

use std::error::Error;
use std::time::Instant;

use backtest::card::CardSource;
use backtest::{ModelName, Report, Settings};

use fleets::{Fleet, Use};
use options::Options;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read()?;
    if options.list {
        Fleet::all().iter().for_each(|fleet| println!("{:<16} {}", fleet.name(), fleet.about()));
        return Ok(());
    }
    let settings = Settings {
        models: vec![ModelName::Gridspark, ModelName::SeasonalNaive],
        one_way_thresholds: vec![0.7, 1.0],
        bootstrap_draws: options.draws,
        leave_out_switchings: !options.all_weeks,
        threads: options.threads,
        ..Settings::default()
    };
    let mut reports: Vec<Report> = Vec::new();
    for part in [Use::Choosing, Use::Confirming] {
        let wanted = |fleet: &Fleet| fleet.part == part && options.wants(&fleet.name());
        let chosen: Vec<Fleet> = Fleet::all().into_iter().filter(wanted).collect();
        if options.only_real || chosen.is_empty() {
            continue;
        }
        let start = Instant::now();
        let jobs = chosen.iter().map(|fleet| fleet.job(&options)).collect::<Result<Vec<_>, _>>()?;
        eprintln!("{} fleets {}: simulated in {:.0?}", jobs.len(), part.as_str(), start.elapsed());
        let start = Instant::now();
        let report = backtest::run(&jobs, &settings, &|done, all| eprint!("\r{done} of {all} series "))?;
        eprintln!("judged in {:.0?}", start.elapsed());
        println!("\n== Simulated fleets {} ==", part.as_str());
        print!("{}{}", tables::summary(&report), tables::fleets(&report, !options.brief));
        reports.push(report);
    }
    if !options.only_simulated && options.fleets.is_empty() {
        match real::report(&Settings { leave_out_switchings: false, ..settings })? {
            None => println!("\nThe real loads are absent: not judged."),
            Some(report) => print!("\n== Real loads ==\n{}", real::table(&report)),
        }
    }
    if let Some(path) = &options.json {
        reports.iter_mut().for_each(|report| report.refused.series.clear());
        std::fs::write(path, serde_json::to_string(&CardSource { reports })?)?;
    }
    Ok(())
}
