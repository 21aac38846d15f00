//! Weekly extremes out of a PostgreSQL full of readings: `cargo bench -p gridspark --bench source
//! -- [MILLIONS]` (50 million readings by default, which take some gigabytes of the temporary
//! folder).
//!
//! The readings of 100 boxes and four phases are generated in the database itself. The whole
//! commands are measured: the first update, which reads everything, and one a week later, which
//! reads what is new and the overlap. The baseline in the same run is the minimum that the engine
//! has to do: minimum, maximum and count by box, channel and week.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table and stops where it can't go on"
)]

#[path = "../tests/integration/support/postgres.rs"]
mod postgres;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

const BOXES: u32 = 100;
const PHASES: u32 = 4;
const QUARTERS_A_WEEK: u32 = 672;
/// Monday, 00:00 in Amsterdam.
const LAST: &str = "2026-11-16 00:00:00+01";

async fn execute(connection: &mut PgConnection, statement: String) {
    sqlx::query(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// Readings of this many weeks up to [`LAST`], and after it those of one more.
async fn fill(connection: &mut PgConnection, weeks: u32) {
    let statement = format!(
        "INSERT INTO measurements SELECT 'ESD.' || lpad(b::TEXT, 6, '0') || '-1', \
         'register://electricity/0/activepower/' || (ARRAY['sumli', 'l1', 'l2', 'l3'])[p] || '?avg=15', \
         100 + 80 * sin(b + q::FLOAT8 / 96) + 20 * random(), TIMESTAMPTZ '{LAST}' + q * INTERVAL '15 minutes' \
         FROM generate_series({}, -1) q, generate_series(1, {BOXES}) b, generate_series(1, {PHASES}) p",
        -i64::from(weeks * QUARTERS_A_WEEK)
    );
    execute(connection, statement).await;
}

/// Runs a command; returns the time and the peak memory in megabytes.
fn measured(folder: &Path, url: &str, words: &[&str]) -> (Duration, u64) {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(words)
        .current_dir(folder)
        .env("GRIDSPARK_CONFIG", folder.join("gridspark.toml"))
        .env("GRIDSPARK_SOURCE_URL", url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", command.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() / 1024);
        if let Some(ended) = command.try_wait().unwrap() {
            assert!(ended.success(), "{words:?}");
            return (start.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::main]
async fn main() {
    let millions: u32 = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(50);
    println!(
        "| readings | step | time | readings a second | memory | as a multiple of the peer |\n|---|---|---|---|---|---|"
    );
    for share in [5, 1] {
        let weeks = (millions * 1_000_000 / share).div_ceil(BOXES * PHASES * QUARTERS_A_WEEK);
        let readings = f64::from(weeks * BOXES * PHASES * QUARTERS_A_WEEK);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("gridspark.toml"), "[source]\nkind = 'postgres'\n").unwrap();
        let url = postgres::new_database().await;
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let table = "CREATE UNLOGGED TABLE measurements (boxid TEXT, channelid TEXT, waarde FLOAT8, datumtijd TIMESTAMPTZ)";
        execute(&mut connection, table.to_owned()).await;
        fill(&mut connection, weeks).await;
        execute(&mut connection, "CREATE INDEX ON measurements USING brin (datumtijd)".to_owned()).await;
        execute(&mut connection, "ANALYZE measurements".to_owned()).await;

        let start = Instant::now();
        let peer = "SELECT count(*) FROM (SELECT boxid, channelid, width_bucket(extract(epoch FROM datumtijd), 0, 4e9, 6613), \
                    min(waarde), max(waarde), count(*) FROM measurements GROUP BY 1, 2, 3) w";
        execute(&mut connection, peer.to_owned()).await;
        let peer = start.elapsed();
        let (first, memory) = measured(folder.path(), &url, &["update-extremes"]);
        let line = |step: &str, readings: f64, took: Duration, memory: Option<u64>, multiple: Option<f64>| {
            let seconds = took.as_secs_f64();
            let memory = memory.map_or(String::new(), |memory| format!("{memory} MB"));
            let multiple = multiple.map_or(String::new(), |multiple| format!("{multiple:.2}"));
            let (all, rate) = (readings / 1e6, readings / seconds / 1e6);
            println!("| {all:.1} M | {step} | {seconds:.1} s | {rate:.2} M | {memory} | {multiple} |");
        };
        line("peer: minimum, maximum, count", readings, peer, None, None);
        let multiple = first.as_secs_f64() / peer.as_secs_f64();
        line("first update", readings, first, Some(memory), Some(multiple));
        let shift = format!(
            "INSERT INTO measurements SELECT boxid, channelid, waarde, datumtijd + INTERVAL '1 week' FROM measurements \
             WHERE datumtijd >= TIMESTAMPTZ '{LAST}' - INTERVAL '1 week'"
        );
        execute(&mut connection, shift).await;
        let (next, memory) = measured(folder.path(), &url, &["update-extremes"]);
        // The new week, that of the newest stored reading, and two of overlap.
        let looked_at = f64::from(4 * BOXES * PHASES * QUARTERS_A_WEEK);
        line("a week later", looked_at, next, Some(memory), None);
        execute(&mut connection, "DROP TABLE measurements".to_owned()).await;
    }
}
