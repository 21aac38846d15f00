//! Whatever is killed, whenever: nothing is lost or doubled, and the store ends as if nothing had
//! happened.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection, Row};
use store::Store;

use crate::support::fill;
use crate::support::pages::site_folder;
use crate::support::postgres::{Cluster, wait_until_ready};

const BOXES: usize = 90;
const WEEKS: i32 = 130;
const KILLS: usize = 100;

/// Pseudo-random numbers, the same in every run of the test.
struct Dice(u64);

impl Dice {
    /// A number below `sides`, by splitmix64.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// A program that is started again when it has ended, as a service manager does.
struct Service {
    words: Vec<String>,
    environment: Vec<(&'static str, String)>,
    child: Child,
}

impl Service {
    fn start(words: &[&str], environment: &[(&'static str, String)]) -> Self {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let child = spawn(&words, environment);
        Self { words, environment: environment.to_vec(), child }
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap();
        self.child = spawn(&self.words, &self.environment);
    }

    fn keep_alive(&mut self) {
        if self.child.try_wait().unwrap().is_some() {
            self.child = spawn(&self.words, &self.environment);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(words: &[String], environment: &[(&'static str, String)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(words)
        .envs(environment.iter().map(|(name, value)| (*name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// All that a planner can see, except timestamps.
async fn contents(url: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let mut rows = Vec::new();
    for statement in [
        "SELECT row_to_json(x)::TEXT FROM (SELECT box_id, revision, assessed_revision, assessed_with, urgency, urgency_rank, \
         peak_loading, peak_week, peak_extreme, overload_week, overload_probability, assessment, flags, idle_weeks, \
         findings FROM box ORDER BY box_id) x",
        "SELECT row_to_json(x)::TEXT FROM (SELECT b.box_id, f.phase, f.extreme, f.first_week, f.history, f.weeks, f.unit_kw, \
         f.posterior, f.overload, s.observed, s.drift, s.yearly, s.total \
         FROM forecast f JOIN box b USING (box_key) JOIN forecast_bands s USING (forecast_id) \
         WHERE f.is_valid ORDER BY b.box_id, f.extreme) x",
        "SELECT row_to_json(x)::TEXT FROM (SELECT population FROM run ORDER BY run_id DESC LIMIT 1) x",
    ] {
        let found = sqlx::query(statement).fetch_all(&mut connection).await.unwrap();
        rows.extend(found.iter().map(|row| row.get::<String, _>(0)));
    }
    rows
}

async fn count(url: &str, statement: &'static str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
}

/// The newest run has fitted every box once, none is left over or failed, and each has its one
/// valid forecast.
async fn expect_whole(url: &str) {
    let stored = "SELECT count(*) FROM forecast WHERE is_valid AND run_id = (SELECT max(run_id) FROM run)";
    assert_eq!(count(url, stored).await, 2 * BOXES as i64, "what the newest run stored");
    let others = "SELECT count(*) FROM forecast WHERE is_valid AND run_id <> (SELECT max(run_id) FROM run)";
    assert_eq!(count(url, others).await, 0, "no older forecast is valid");
    let doubled = "SELECT count(*) FROM (SELECT 1 FROM forecast GROUP BY run_id, box_key, extreme HAVING count(*) > 1) d";
    assert_eq!(count(url, doubled).await, 0, "no run has stored a box twice");
    let open = "SELECT (SELECT count(*) FROM fit_job WHERE done_at IS NULL OR failure IS NOT NULL) \
                + (SELECT count(*) FROM run WHERE finished_at IS NULL)";
    assert_eq!(count(url, open).await, 0, "nothing is left over or failed");
}

/// Kills the server like a power cut, and waits until it is up again.
fn kill(cluster: &Cluster) {
    let lock = cluster.folder.join("data/postmaster.pid");
    let process = || {
        let text = std::fs::read_to_string(&lock).unwrap_or_default();
        text.lines().next().map(str::to_owned)
    };
    let killed = process().unwrap();
    assert!(Command::new("kill").args(["-KILL", &killed]).status().unwrap().success());
    let deadline = Instant::now() + Duration::from_secs(60);
    // The new server writes its own number into the file.
    while process().is_none_or(|now| now == killed) {
        assert!(Instant::now() < deadline, "PostgreSQL did not come back");
        std::thread::sleep(Duration::from_millis(20));
    }
    wait_until_ready(&cluster.folder);
}

/// Runs `make-forecasts` to its end, again and again until it succeeds, while `meanwhile` happens.
fn make_forecasts(
    environment: &[(&'static str, String)],
    force: bool,
    mut meanwhile: impl FnMut(&mut Child),
) {
    let deadline = Instant::now() + Duration::from_secs(300);
    let mut words = vec!["make-forecasts".to_owned(), "--leave-to-workers".to_owned()];
    words.extend(force.then(|| "--force".to_owned()));
    loop {
        let mut planner = spawn(&words, environment);
        let ended = loop {
            match planner.try_wait().unwrap() {
                Some(ended) => break ended,
                None => meanwhile(&mut planner),
            }
            assert!(Instant::now() < deadline, "the run does not end");
        };
        if ended.success() {
            return;
        }
        // The planned work is there; a scheduler would call for the rest.
        words.retain(|word| word != "--force");
    }
}

fn environment(url: &str, folder: &Path) -> Vec<(&'static str, String)> {
    let configuration = folder.join("gridspark.toml");
    std::fs::write(&configuration, "lease_seconds = 1.0\n").unwrap();
    vec![
        ("GRIDSPARK_DATABASE", url.to_owned()),
        ("GRIDSPARK_CONFIG", configuration.display().to_string()),
        ("GRIDSPARK_SITE", site_folder(folder).display().to_string()),
        ("GRIDSPARK_LISTEN", "127.0.0.1:0".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_of_workers_server_planner_and_database_leave_the_store_as_if_undisturbed() {
    let cluster = Cluster::start();
    let folder = tempfile::tempdir().unwrap();
    let levels_kw: Vec<f64> = (0..BOXES).map(|n| 150.0 + 4.0 * n as f64).collect();
    let (calm, stormy) = (cluster.new_database().await, cluster.new_database().await);
    for url in [&calm, &stormy] {
        let store = Store::open(url).await.unwrap();
        fill(&store, &levels_kw, WEEKS).await;
        store.close().await;
    }

    let undisturbed = environment(&calm, folder.path());
    let worker = Service::start(&["worker"], &undisturbed);
    make_forecasts(&undisturbed, false, |_| std::thread::sleep(Duration::from_millis(20)));
    drop(worker);
    expect_whole(&calm).await;
    let undisturbed_contents = contents(&calm).await;

    let disturbed = environment(&stormy, folder.path());
    let mut services: Vec<Service> = [&["worker"][..], &["worker"], &["serve"]]
        .iter()
        .map(|words| Service::start(words, &disturbed))
        .collect();
    let mut dice = Dice(2_026);
    let (mut kills, mut runs) = (0, 0);
    // A slow machine sees many kills in a run; the later runs replace what the earlier ones left.
    while kills < KILLS || runs < 3 {
        make_forecasts(&disturbed, runs > 0, |planner| {
            std::thread::sleep(Duration::from_millis(20 + dice.roll(180)));
            services.iter_mut().for_each(Service::keep_alive);
            if kills < KILLS {
                match dice.roll(6) {
                    victim @ 0..3 => services[victim as usize].kill(),
                    3 => kill(&cluster),
                    4 => drop(planner.kill()),
                    _ => return,
                }
                kills += 1;
            }
        });
        runs += 1;
        expect_whole(&stormy).await;
        assert_eq!(contents(&stormy).await, undisturbed_contents, "after run {runs} and {kills} kills");
    }
}
