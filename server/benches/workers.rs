//! What a second worker brings: `cargo bench -p gridspark --bench workers -- [BOXES]` (4,000 by default).
//!
//! One process, then two, each held to a core of its own, fit the same simulated network from one PostgreSQL, whose own
//! work is done on the same cores.

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
    fill(&store, &network, boxes, &calendar).await;
    store.close().await;
    println!(
        "{boxes} transformers, four years, through PostgreSQL\n\n| workers | time | times as fast |\n|---|---|---|"
    );
    let mut alone = None;
    for count in 1..=2 {
        let mut workers: Vec<Child> = (0..count).map(|core| worker(core, &url)).collect();
        let took = time_run(&url);
        for worker in &mut workers {
            worker.kill().unwrap();
            worker.wait().unwrap();
        }
        let alone = *alone.get_or_insert(took);
        println!(
            "| {count} | {:.1} s | {:.2} |",
            took.as_secs_f64(),
            alone.as_secs_f64() / took.as_secs_f64()
        );
    }
}
