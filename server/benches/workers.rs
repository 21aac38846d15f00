//! The gain of a second worker: `cargo bench -p gridspark --bench workers -- [BOXES]` (4,000 by
//! default).
//!
//! One process, then two, each pinned to a core, fit the same simulated network from one
//! PostgreSQL. Database and planner are measured both ways: on the cores of the workers – so that a
//! second worker brings a second core to all of it – and on any core.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table and stops where it can't go on"
)]

#[path = "../tests/integration/support/postgres.rs"]
mod postgres;

mod network;

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use chrono::Utc;
use domain::calendar::Calendar;
use domain::runs::Measure;
use gridspark::configuration::Configuration;
use model::Phase;
use network::{fill, until};
use simulation::{Growth, Network, Settings};
use store::Store;

const PROGRAM: &str = env!("CARGO_BIN_EXE_gridspark");

fn worker(core: usize, url: &str) -> Child {
    Command::new("taskset")
        .args(["--cpu-list", &core.to_string(), PROGRAM, "worker", "--database", url])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Pins every process of the database to some cores; connections opened later inherit it.
fn hold_database(cores: &str) {
    let servers = Command::new("pgrep").arg("postgres").output().unwrap();
    for process in String::from_utf8_lossy(&servers.stdout).split_whitespace() {
        let held =
            Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", cores, process]).output();
        assert!(held.is_ok());
    }
}

/// The seconds of a run, from the planner's start to its end, and of its stages.
struct Timed {
    planning: f64,
    learning: f64,
    fitting: f64,
    ending: f64,
}

impl Timed {
    fn all(&self) -> f64 {
        self.planning + self.learning + self.fitting + self.ending
    }
}

async fn time_run(store: &Store, cores: &str, url: &str) -> Timed {
    let (began_at, start) = (Utc::now(), Instant::now());
    let planned = Command::new("taskset")
        .args(["--cpu-list", cores, PROGRAM, "make-forecasts", "--force", "--leave-to-workers"])
        .args(["--database", url])
        .stderr(Stdio::null())
        .output()
        .unwrap();
    assert!(planned.status.success());
    let all = start.elapsed().as_secs_f64();
    let record = store.records(1).await.unwrap().remove(0);
    let planning = (record.started_at - began_at).as_seconds_f64();
    let learning = record.facts.measures[&Measure::LearningSeconds];
    let fitting = record.facts.measures[&Measure::FittingSeconds];
    Timed { planning, learning, fitting, ending: all - planning - learning - fitting }
}

#[tokio::main]
async fn main() {
    let boxes = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(4_000);
    let folder = tempfile::tempdir().unwrap();
    let unused = folder.path().join("unused");
    let settings = Settings { growth: Growth::Exponential, ..Settings::new(boxes, 4.0, 1, until(), unused) };
    let network = Network::new(&settings).unwrap();
    let calendar = Calendar::new(Configuration::default().time_zone);
    let url = postgres::new_database().await;
    let store = Store::open(&url).await.unwrap();
    fill(&store, &network, boxes, &calendar, &[Phase::Sumli]).await;
    println!("{boxes} transformers, four years, through PostgreSQL; seconds\n");
    println!(
        "| workers | database and planner on | planned | learned | fitted | closed | all | times as fast |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for free in [false, true] {
        let mut alone = None;
        for count in 1..=2 {
            let cores = if count == 1 && !free { "0" } else { "0,1" };
            hold_database(cores);
            let mut workers: Vec<Child> = (0..count).map(|core| worker(core, &url)).collect();
            let took = time_run(&store, cores, &url).await;
            for worker in &mut workers {
                worker.kill().unwrap();
                worker.wait().unwrap();
            }
            let all = took.all();
            let faster = *alone.get_or_insert(all) / all;
            let Timed { planning, learning, fitting, ending } = took;
            println!(
                "| {count} | {cores} | {planning:.1} | {learning:.1} | {fitting:.1} | {ending:.1} | {all:.1} | {faster:.2} |"
            );
        }
    }
    store.close().await;
}
