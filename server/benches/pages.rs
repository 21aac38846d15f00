//! What planners wait for: `cargo bench -p gridspark --bench pages -- [BOXES] [--database URL]` (35,000 boxes by default;
//! a store that is named is measured as it is, and filled first where it is empty). The pages have to be built.
//!
//! A real server answers 300 requests a second over HTTP for half a minute, mixed as the pages ask them. Each is sent at
//! its own moment, whether or not earlier ones were answered, and its time counts from that moment: an answer that keeps
//! others waiting counts for all of them. Beside them `/healthz`, which touches no data, tells what the machine itself adds.
//! Then four clients ask one kind each as fast as they can.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table and stops where it can't go on"
)]

#[path = "../tests/integration/support/postgres.rs"]
mod postgres;

mod network;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::box_metadata::BoxMetadata;
use domain::calendar::Calendar;
use domain::ranking::RankingQuery;
use domain::urgency::Urgency;
use gridspark::configuration::Configuration;
use gridspark::worker::{FitSettings, Progress, Selection, make_forecasts};
use model::{BoxId, Phase};
use network::{fill, until};
use reqwest::Client;
use simulation::{Growth, Network, Settings};
use store::{OpenRun, Store};
use tokio::task::JoinSet;

const PER_SECOND: u32 = 300;
const SECONDS: u32 = 30;
const BUDGET: Duration = Duration::from_millis(20);
const MEMORY_BUDGET_MB: u64 = 300;
/// How long the clients that wait for each answer ask one kind.
const ALONE: Duration = Duration::from_secs(4);
/// After so many actions the list is asked for.
const ACTIONS: usize = 50;
const CLIENTS: usize = 4;

/// The kinds of question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Window,
    Facets,
    Search,
    Overview,
    Detail,
    Page,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Nothing, Self::Window, Self::Facets, Self::Search, Self::Overview, Self::Detail, Self::Page];
    /// Out of twenty requests of the mix.
    const MIX: [Self; 20] = [
        Self::Window,
        Self::Facets,
        Self::Detail,
        Self::Search,
        Self::Window,
        Self::Detail,
        Self::Facets,
        Self::Overview,
        Self::Window,
        Self::Detail,
        Self::Nothing,
        Self::Search,
        Self::Window,
        Self::Facets,
        Self::Detail,
        Self::Overview,
        Self::Window,
        Self::Search,
        Self::Detail,
        Self::Facets,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing (`/healthz`)",
            Self::Window => "rows of the list",
            Self::Facets => "filtered list with its counts",
            Self::Search => "search",
            Self::Overview => "overview",
            Self::Detail => "one transformer",
            Self::Page => "the whole page",
        }
    }

    /// The path of the `number`-th question of its kind.
    fn path(self, number: usize, fleet: &Fleet) -> String {
        const WORDS: [&str; 6] = ["straat", "weg 1", "de", "tilburg 12", "kerk", "ESD.0001"];
        const ORDERS: [&str; 4] = ["urgency", "peak-loading", "station", "overload-probability"];
        let some = |texts: &[&'static str]| texts[number % texts.len()];
        let box_id = &fleet.boxes[number * 7_919 % fleet.boxes.len()];
        let area = &fleet.areas[number % fleet.areas.len()];
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let path = match self {
            Self::Nothing => return "/healthz".to_owned(),
            Self::Overview => return "/api/overview".to_owned(),
            Self::Window => {
                let offset = number * 13 % (fleet.boxes.len() / 100) * 100;
                pairs.append_pair("query[offset]", &offset.to_string());
                pairs.append_pair("query[limit]", "100").append_pair("query[sort]", some(&ORDERS));
                "/api/ranking"
            }
            Self::Facets => {
                let class = Urgency::ALL[number % Urgency::ALL.len()];
                pairs.append_pair("query[urgency]", class.as_str()).append_pair("query[area]", area);
                pairs.append_pair("query[sort]", some(&ORDERS)).append_pair("query[limit]", "100");
                "/api/ranking"
            }
            Self::Search => {
                pairs.append_pair("query[search]", some(&WORDS)).append_pair("query[limit]", "100");
                "/api/ranking"
            }
            Self::Detail => {
                pairs.append_pair("box_id", box_id.as_str());
                "/api/box"
            }
            Self::Page => {
                pairs.append_pair("area", area);
                "/"
            }
        };
        format!("{path}?{}", pairs.finish())
    }
}

/// What is asked for.
struct Fleet {
    boxes: Vec<BoxId>,
    areas: Vec<String>,
}

struct Silent;

impl Progress for Silent {
    fn begins(&self, _: &OpenRun) {}
    fn advances(&self, _: u64) {}
}

/// The server under test, stopped with this handle.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(database: &str) -> Self {
        let site = concat!(env!("CARGO_MANIFEST_DIR"), "/../site");
        // One address asks for all its people here, more often than anybody may.
        let settings = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(settings.path(), "[identity]\nrequests_per_minute = 100000\n").unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_gridspark"))
            .args(["serve", "--no-worker", "--listen", "127.0.0.1:0", "--site", site, "--database", database])
            .arg("--config")
            .arg(settings.path())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| {
                Some(format!("http://{}", line.split_once("http://")?.1.split_whitespace().next()?))
            })
            .expect("the server ended without serving: are the pages built?");
        // What it says later must not stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: address.trim_end_matches(|last: char| !last.is_ascii_digit()).to_owned() }
    }

    /// Resident memory now, or at most so far (`VmRSS`, `VmHWM`), megabytes.
    fn megabytes(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let held = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        held.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
    }

    /// Processor time so far, seconds.
    fn processor_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks =
            after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
        ticks.sum::<f64>() / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The share of the machine's processors that worked, since an earlier reading of `/proc/stat`.
struct Processors([u64; 2]);

impl Processors {
    fn read() -> Self {
        let stat = std::fs::read_to_string("/proc/stat").unwrap();
        let first = stat.lines().next().unwrap_or_default();
        let ticks: Vec<u64> = first.split_whitespace().filter_map(|field| field.parse().ok()).collect();
        Self([ticks.iter().take(8).sum(), ticks[3] + ticks[4]])
    }

    fn busy_since(&self, before: &Self) -> f64 {
        let (all, idle) = (self.0[0] - before.0[0], self.0[1] - before.0[1]);
        1.0 - idle as f64 / all as f64
    }
}

async fn ask(client: &Client, url: String) {
    let answer = client.get(&url).header("accept-encoding", "gzip, deflate, br, zstd").send().await.unwrap();
    let status = answer.status();
    let body = answer.bytes().await.unwrap();
    assert!(status.is_success(), "{url}: {status} {}", String::from_utf8_lossy(&body));
}

/// The times of the mix, by kind.
async fn mixed(client: &Client, server: &Server, fleet: &Fleet) -> Vec<(Kind, Duration)> {
    let start = Instant::now();
    let mut asked = JoinSet::new();
    for number in 0..PER_SECOND * SECONDS {
        let due = start + Duration::from_secs(1) * number / PER_SECOND;
        tokio::time::sleep_until(due.into()).await;
        let kind = Kind::MIX[number as usize % Kind::MIX.len()];
        let url =
            format!("{}{}", server.address, kind.path(number as usize / Kind::MIX.len() * 5 + 1, fleet));
        let client = client.clone();
        asked.spawn(async move {
            ask(&client, url).await;
            (kind, due.elapsed())
        });
    }
    asked.join_all().await
}

/// The times of one kind, asked by clients that wait for each answer, and how many were answered in a second.
async fn alone(client: &Client, server: &Server, fleet: &Arc<Fleet>, kind: Kind) -> (Vec<Duration>, f64) {
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for place in 0..CLIENTS {
        let (client, address, fleet) = (client.clone(), server.address.clone(), Arc::clone(fleet));
        clients.spawn(async move {
            let mut times = Vec::new();
            while start.elapsed() < ALONE {
                let sent = Instant::now();
                ask(&client, format!("{address}{}", kind.path(times.len() * CLIENTS + place, &fleet))).await;
                times.push(sent.elapsed());
            }
            times
        });
    }
    let times: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    (times, rate)
}

/// Milliseconds under which a share of the times lies.
fn quantile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len());
    times[place - 1].as_secs_f64() * 1e3
}

/// Fills an empty store.
async fn prepare(url: &str, boxes: usize) -> Fleet {
    let store = Store::open(url).await.unwrap();
    if store.overview().await.unwrap().boxes == 0 {
        let unused = std::env::temp_dir();
        let settings =
            Settings { growth: Growth::Exponential, ..Settings::new(boxes, 4.0, 1, until(), unused) };
        let network = Network::new(&settings).unwrap();
        let settings = FitSettings::new(Configuration::default());
        let calendar = Calendar::new(settings.configuration.time_zone);
        fill(&store, &network, boxes, &calendar, &[Phase::Sumli]).await;
        make_forecasts(&store, &settings, &Selection::default(), Arc::new(Silent)).await.unwrap();
    }
    let mut names = Vec::new();
    loop {
        let query = RankingQuery { offset: names.len() as u32, limit: 200, ..RankingQuery::default() };
        let page = store.ranking(&query, chrono::Utc::now().date_naive()).await.unwrap();
        names.extend(page.rows.into_iter().map(|row| row.box_id));
        if names.len() >= page.total as usize {
            break;
        }
    }
    let areas = store.overview().await.unwrap().areas.into_iter().map(|area| area.area).collect();
    store.close().await;
    Fleet { boxes: names, areas }
}

/// How long the first list takes after another program has changed a box.
async fn renewed(client: &Client, server: &Server, url: &str) -> Duration {
    let store = Store::open(url).await.unwrap();
    // A change of the list's revision is all that counts.
    store.save_boxes(&[] as &[BoxMetadata]).await.unwrap();
    store.close().await;
    let start = Instant::now();
    ask(client, format!("{}/api/ranking?query[limit]=100", server.address)).await;
    start.elapsed()
}

/// How long the list takes each time after something was recorded of a box.
async fn after_actions(client: &Client, server: &Server, fleet: &Fleet) -> Vec<Duration> {
    let mut times = Vec::new();
    for (number, box_id) in fleet.boxes.iter().rev().take(ACTIONS).enumerate() {
        let action = format!(
            r#"{{"actions":[{{"box_id":"{box_id}","seen_version":0,"key":"bench-{number:06}","change":{{"status":"seen","owner":"","note":""}}}}]}}"#
        );
        let sent = client.post(format!("{}/api/actions", server.address));
        let answer = sent.header("content-type", "application/json").body(action).send().await.unwrap();
        let text = answer.text().await.unwrap();
        assert!(text.contains("recorded") || text.contains("conflict"), "{text}");
        let start = Instant::now();
        ask(client, format!("{}/api/ranking?query[limit]=100", server.address)).await;
        times.push(start.elapsed());
    }
    times
}

async fn measure(url: &str, kind: &str, fleet: &Arc<Fleet>) {
    // The client needs it, though it speaks plain HTTP here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = Server::start(url);
    let client = Client::new();
    // The first questions open connections and read the list.
    for (number, kind) in Kind::ALL.into_iter().cycle().take(700).enumerate() {
        if kind != Kind::Page || number < 50 {
            ask(&client, format!("{}{}", server.address, kind.path(number, fleet))).await;
        }
    }
    let (before, used) = (Processors::read(), server.processor_seconds());
    let times = mixed(&client, &server, fleet).await;
    let busy = Processors::read().busy_since(&before) * 100.0;
    let used = (server.processor_seconds() - used) / f64::from(SECONDS) * 100.0;
    println!(
        "\n{kind}, {} transformers, {PER_SECOND} requests a second: the server took {used:.0} % of one core, all programs \
         together {busy:.0} % of the machine\n",
        fleet.boxes.len()
    );
    println!(
        "| asked for | median | 99th percentile | slowest | budget | | alone, {CLIENTS} clients: a second | 99th percentile |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for kind in Kind::ALL {
        let mut some: Vec<Duration> =
            times.iter().filter(|(of, _)| *of == kind).map(|(_, took)| *took).collect();
        let (mut waited, rate) = alone(&client, &server, fleet, kind).await;
        let alone = format!("{rate:.0} | {:.1} ms", quantile(&mut waited, 0.99));
        if some.is_empty() {
            println!("| {} | | | | | | {alone} |", kind.name());
            continue;
        }
        let [median, slow, slowest] = [0.5, 0.99, 1.0].map(|share| quantile(&mut some, share));
        println!(
            "| {} | {median:.1} ms | {slow:.1} ms | {slowest:.1} ms | {} ms | {} | {alone} |",
            kind.name(),
            BUDGET.as_millis(),
            if slow <= BUDGET.as_secs_f64() * 1e3 { "kept" } else { "**missed**" },
        );
    }
    let held = server.megabytes("VmHWM");
    println!(
        "\nmemory: {} MB now, {held} MB at most; budget {MEMORY_BUDGET_MB} MB",
        server.megabytes("VmRSS")
    );
    let mut acted = after_actions(&client, &server, fleet).await;
    let [median, slowest] = [0.5, 1.0].map(|share| quantile(&mut acted, share));
    println!("list after an action: {median:.1} ms, at most {slowest:.1} ms ({ACTIONS} of them)");
    println!(
        "list read anew after a change: {:.0} ms",
        renewed(&client, &server, url).await.as_secs_f64() * 1e3
    );
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let boxes = words.iter().find_map(|word| word.parse().ok()).unwrap_or(35_000);
    let named = words.iter().position(|word| word == "--database").and_then(|at| words.get(at + 1));
    let folder = tempfile::tempdir().unwrap();
    let urls = match named {
        Some(url) => vec![url.clone()],
        None => {
            vec![
                format!("sqlite://{}", folder.path().join("fleet.db").display()),
                postgres::new_database().await,
            ]
        }
    };
    for url in urls {
        let kind = if url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
        let fleet = Arc::new(prepare(&url, boxes).await);
        measure(&url, kind, &fleet).await;
    }
}
