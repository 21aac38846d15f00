//! What a second worker brings: `cargo bench -p gridspark --bench workers -- [BOXES]` (4,000 by default).
//!
//! One process, then two, each held to a core of its own, fit the same simulated network from one PostgreSQL. Its own work is
//! measured both ways: on the same cores as the workers – so that a second worker brings a second core to all of it – and on
//! whichever core is free.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table and stops where it can't go on"
)]

#[path = "../tests/integration/support/postgres.rs"]
mod postgres;

mod network;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gridspark::configuration::Configuration;
use gridspark::store::Store;
use model::Phase;
use network::{fill, until};
use readings::Calendar;
use simulation::{Network, Settings};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gridspark");

fn worker(core: usize, url: &str) -> Child {
    Command::new("taskset")
        .args(["--cpu-list", &core.to_string(), PROGRAM, "worker", "--database", url])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Holds every process of the database to some cores; connections that are opened later inherit it.
fn hold_database(cores: &str) {
    let servers = Command::new("pgrep").arg("postgres").output().unwrap();
    for process in String::from_utf8_lossy(&servers.stdout).split_whitespace() {
        let held =
            Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", cores, process]).output();
        assert!(held.is_ok());
    }
}

fn time_run(url: &str) -> Duration {
    let start = Instant::now();
    let planned = Command::new(PROGRAM)
        .args(["make-forecasts", "--force", "--leave-to-workers", "--database", url])
        .stderr(Stdio::null())
        .output()
        .unwrap();
    assert!(planned.status.success());
    start.elapsed()
}

#[tokio::main]
async fn main() {
    let boxes = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(4_000);
    let folder = tempfile::tempdir().unwrap();
    let network = Network::new(&Settings::new(boxes, 4.0, 1, until(), folder.path().join("unused"))).unwrap();
    let calendar = Calendar::new(Configuration::default().zone().unwrap());
    let url = postgres::new_database().await;
    let store = Store::open(&url).await.unwrap();
    fill(&store, &network, boxes, &calendar, &[Phase::Sumli]).await;
    store.close().await;
    println!("{boxes} transformers, four years, through PostgreSQL\n");
    println!("| workers | the database on | time | times as fast |\n|---|---|---|---|");
    for free in [false, true] {
        let mut alone = None;
        for count in 1..=2 {
            let cores = if count == 1 && !free { "0" } else { "0,1" };
            hold_database(cores);
            let mut workers: Vec<Child> = (0..count).map(|core| worker(core, &url)).collect();
            let took = time_run(&url);
            for worker in &mut workers {
                worker.kill().unwrap();
                worker.wait().unwrap();
            }
            let alone = *alone.get_or_insert(took);
            let (seconds, faster) = (took.as_secs_f64(), alone.as_secs_f64() / took.as_secs_f64());
            println!("| {count} | core {cores} | {seconds:.1} s | {faster:.2} |");
        }
    }
}
