//! A whole fleet through the store: `cargo bench -p gridspark -- [BOXES]` (35,000 by default).
//!
//! Simulated weekly extremes are put into a new store, every box is fitted, assessed and stored,
//! and single boxes are then looked up. The baseline in the same run is the computation alone,
//! without any store. SQLite is in the temporary folder; PostgreSQL runs without fsync, as its
//! server is made for the run.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table and stops where it can't go on"
)]

#[path = "../tests/integration/support/postgres.rs"]
mod postgres;

mod network;

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::api::GridData;
use domain::box_metadata::OperatingStatus;
use domain::calendar::Calendar;
use gridspark::configuration::{Configuration, ForecastSettings};
use gridspark::http::StoredGridData;
use gridspark::worker::{BoxInput, FitSettings, Progress, Selection, fit_box, make_forecasts};
use model::Phase;
use network::{fill, until};
use rayon::prelude::*;
use simulation::{Growth, Network, Settings};
use store::{OpenRun, Store};

struct Silent;

impl Progress for Silent {
    fn begins(&self, _: &OpenRun) {}
    fn advances(&self, _: u64) {}
}

/// The peak memory of this process in megabytes.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes / 1024)
}

/// The processor time of this process in seconds, which the load of the machine doesn't affect.
fn processor_seconds() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = status.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

/// Every fit and assessment alone, on all cores.
fn compute(network: &Network, boxes: usize, settings: &FitSettings, calendar: &Calendar) -> Duration {
    let mut spent = Duration::ZERO;
    for chunk in (0..boxes).collect::<Vec<_>>().chunks(1_000) {
        let made: Vec<_> = chunk.par_iter().map(|&number| network.weekly_extremes(number).unwrap()).collect();
        let start = Instant::now();
        made.par_iter().for_each(|(box_, weeks)| {
            let input = BoxInput {
                weeks,
                capacity_kva: box_.capacity.map(model::Capacity::kva),
                in_service: OperatingStatus::from_text(box_.station_status).is_in_service(),
                implausible: None,
                decisions: &[],
                accepted_loads: &[],
                running_week: None,
            };
            std::hint::black_box(fit_box(&input, settings, calendar).unwrap());
        });
        spent += start.elapsed();
    }
    spent
}

async fn look_up(store: &Store, network: &Network, boxes: usize, calendar: &Calendar) -> [Duration; 2] {
    let data = StoredGridData::new(store.clone(), Configuration::default(), calendar.clone());
    let mut times = Vec::new();
    // The first hundred warm up connections and statements.
    for step in 0..1_100 {
        let number = step * 7_919 % boxes;
        let box_id = network.weekly_extremes(number).unwrap().0.box_id;
        let start = Instant::now();
        let detail = data.detail(box_id).await.unwrap();
        std::hint::black_box(serde_json::to_string(&detail).unwrap());
        times.push(start.elapsed());
    }
    times.drain(..100);
    times.sort();
    [times[times.len() / 2], times[times.len() * 99 / 100]]
}

#[tokio::main]
async fn main() {
    let boxes = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(35_000);
    let folder = tempfile::tempdir().unwrap();
    let unused = folder.path().join("unused");
    let settings = Settings { growth: Growth::Exponential, ..Settings::new(boxes, 4.0, 1, until(), unused) };
    let network = Network::new(&settings).unwrap();
    let model = std::env::args().find_map(|word| word.parse().ok()).unwrap_or_default();
    let settings = FitSettings::new(Configuration {
        forecast: ForecastSettings { model, ..ForecastSettings::default() },
        ..Configuration::default()
    });
    let calendar = Calendar::new(settings.configuration.time_zone);
    let alone = compute(&network, boxes, &settings, &calendar);
    println!("{boxes} transformers, four years, model {model}, on {} cores\n", rayon::current_num_threads());
    println!("| step | SQLite | PostgreSQL |\n|---|---|---|");
    println!("| fits and assessments alone | {:.1} s | {:.1} s |", alone.as_secs_f64(), alone.as_secs_f64());
    let mut columns = Vec::new();
    for url in
        [format!("sqlite://{}", folder.path().join("fleet.db").display()), postgres::new_database().await]
    {
        let store = Store::open(&url).await.unwrap();
        let (rows, filled) = fill(&store, &network, boxes, &calendar, &[Phase::Sumli]).await;
        let (start, used) = (Instant::now(), processor_seconds());
        let summary = make_forecasts(&store, &settings, &Selection::default(), Arc::new(Silent))
            .await
            .unwrap()
            .unwrap();
        let (made, used) = (start.elapsed(), processor_seconds() - used);
        assert_eq!((summary.boxes, summary.failures.len()), (boxes as i64, 0));
        let [median, slowest] = look_up(&store, &network, boxes, &calendar).await;
        columns.push([
            format!("{:.1} s for {rows} weeks", filled.as_secs_f64()),
            format!("{:.1} s", made.as_secs_f64()),
            format!("{used:.1} s"),
            format!("{:.2}", made.as_secs_f64() / alone.as_secs_f64()),
            format!("{:.2} ms", median.as_secs_f64() * 1e3),
            format!("{:.2} ms", slowest.as_secs_f64() * 1e3),
            format!("{} MB", peak_megabytes()),
        ]);
        store.close().await;
    }
    let steps = [
        "weekly extremes into the store",
        "from the store and back: fitted, assessed, stored",
        "… processor time of this program (PostgreSQL's server not counted)",
        "… as a multiple of the computation alone",
        "detail of one box, median of 1,000",
        "detail of one box, 99 %",
        "memory held at most so far",
    ];
    for (place, step) in steps.iter().enumerate() {
        println!("| {step} | {} | {} |", columns[0][place], columns[1][place]);
    }
}
