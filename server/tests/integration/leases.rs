//! Credentials that a Vault-compatible server makes up in a real PostgreSQL, lends for a while, and takes back.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use gridspark::configuration::Configuration;
use gridspark::credentials::Credentials;
use gridspark::extremes::{Request, update};
use gridspark::secrets;
use gridspark::sources::ConfiguredSource;
use gridspark::store_address::store_address;
use gridspark::worker::{FitSettings, Progress, Selection, make_forecasts};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store::{OpenRun, Store, StoredBox};

use crate::support::postgres::new_database;
use crate::support::vault::Vault;
use crate::support::{Silent, TestStore, box_id, calendar, fill};

/// A database whose owner is a role that nobody logs in as; users are made up by Vault and act as that role.
struct LeasedCredentials {
    vault: Vault,
    /// The database's address for its operator.
    url: String,
    folder: tempfile::TempDir,
}

/// Ends with the user whatever it still does: a query that outlives its credentials fails.
const REVOCATION: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}'; \
                          DROP ROLE IF EXISTS \"{{name}}\";";

impl LeasedCredentials {
    /// Credentials of the role `gridspark` are good for `ttl` and at most for `longest`.
    async fn prepared(ttl: &str, longest: &str) -> Option<Self> {
        let vault = Vault::start(None)?;
        let url = new_database().await;
        let mut operator = PgConnection::connect(&url).await.unwrap();
        let name: String =
            sqlx::query_scalar("SELECT current_database()").fetch_one(&mut operator).await.unwrap();
        operator
            .execute(AssertSqlSafe(format!(
                "DO $$ BEGIN CREATE ROLE owner_of_all NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; \
                 GRANT CREATE ON DATABASE {name} TO owner_of_all; GRANT CREATE ON SCHEMA public TO owner_of_all"
            )))
            .await
            .unwrap();
        let socket = url.split("host=").nth(1).unwrap();
        vault.operator(&["secrets", "enable", "-path=lent", "database"]);
        vault.operator(&[
            "write",
            "lent/config/grid",
            "plugin_name=postgresql-database-plugin",
            "allowed_roles=*",
            &format!("connection_url=postgresql://{{{{username}}}}@/{name}?host={socket}"),
            "username=postgres",
            "password=unused",
        ]);
        vault.operator(&[
            "write",
            "lent/roles/gridspark",
            "db_name=grid",
            "creation_statements=CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN \
             ROLE owner_of_all; ALTER ROLE \"{{name}}\" SET role = 'owner_of_all'",
            &format!("revocation_statements={REVOCATION}"),
            &format!("default_ttl={ttl}"),
            &format!("max_ttl={longest}"),
        ]);
        Some(Self { vault, url, folder: tempfile::tempdir().unwrap() })
    }

    /// What a program finds that is configured with the address without credentials and a login of Vault.
    async fn configured(&self, more: &str) -> (Configuration, Credentials) {
        let token = self.folder.path().join("token");
        let policy = self.folder.path().join("policy.hcl");
        std::fs::write(&policy, "path \"lent/creds/gridspark\" { capabilities = [\"read\"] }").unwrap();
        self.vault.operator(&["policy", "write", "lent", &policy.display().to_string()]);
        let auth = self.vault.operator(&[
            "token",
            "create",
            "-field=token",
            "-policy",
            "lent",
            "-policy",
            "default",
            "-ttl=1h",
        ]);
        std::fs::write(&token, auth).unwrap();
        let configuration = load(
            self.folder.path(),
            &format!(
                "database = \"{}\"\nmodel = \"spark\"\n[vault]\naddress = '{}'\nlogin = {{ method = 'token', token_file = '{}' }}\n\
             database = {{ mount = 'lent', store_role = 'gridspark', source_role = 'gridspark' }}\n{more}",
                self.url.replace("postgres@", ""),
                self.vault.address,
                token.display(),
            ),
        );
        let credentials = secrets::obtain(&configuration).await.unwrap();
        (configuration, credentials)
    }

    /// Takes back all that was lent.
    fn revoke(&self) {
        self.vault.operator(&["lease", "revoke", "-sync", "-prefix", "lent/creds/gridspark"]);
    }

    /// Users that are connected now.
    async fn users(&self) -> BTreeSet<String> {
        let mut operator = PgConnection::connect(&self.url).await.unwrap();
        let users: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT usename::TEXT FROM pg_stat_activity WHERE datname = current_database() AND usename LIKE 'v-%'",
        )
        .fetch_all(&mut operator)
        .await
        .unwrap();
        users.into_iter().collect()
    }
}

fn load(folder: &Path, text: &str) -> Configuration {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let file = folder.join("gridspark.toml");
    std::fs::write(&file, text).unwrap();
    Configuration::load(Some(&file), None).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pool_follows_new_credentials_under_load_without_a_failed_query() {
    // Renewed after a second, which gives less than two: then there are new ones.
    let Some(leased) = LeasedCredentials::prepared("2s", "3s").await else { return };
    let (_, credentials) = leased.configured("").await;
    assert!(!format!("{credentials:?}").contains("v-"), "a lent user is told");
    let store = Store::open_at(&store_address(&credentials.database)).await.unwrap();
    fill(&store, &[100.0; 3], 20).await;
    let (stop, queries) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let load: Vec<_> = (0..6)
        .map(|_| {
            let (store, stop, queries) = (store.clone(), Arc::clone(&stop), Arc::clone(&queries));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    store.ping().await.unwrap();
                    assert_eq!(store.overview().await.unwrap().boxes, 3);
                    queries.fetch_add(2, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let mut users = BTreeSet::new();
    let deadline = Instant::now() + Duration::from_secs(60);
    while users.len() < 4 {
        assert!(Instant::now() < deadline, "only {users:?}");
        users.extend(leased.users().await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stop.store(true, Ordering::Relaxed);
    for task in load {
        task.await.expect("a query failed");
    }
    let queries = queries.load(Ordering::Relaxed);
    eprintln!("{queries} queries, none failed, by {} users", users.len());
    assert!(queries > 100);
}

/// Levels of boxes of 400 kVA, kW.
const LEVELS: [f64; 60] = [300.0; 60];

/// Takes the credentials back in the middle of a run.
struct Revoking {
    leased: Arc<LeasedCredentials>,
    done: AtomicU64,
}

impl Progress for Revoking {
    fn begins(&self, _: &OpenRun) {}

    fn advances(&self, boxes: u64) {
        let before = self.done.fetch_add(boxes, Ordering::Relaxed);
        if before < 20 && before + boxes >= 20 {
            let leased = Arc::clone(&self.leased);
            std::thread::spawn(move || leased.revoke()).join().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lease_that_is_revoked_in_the_middle_of_a_run_costs_no_box() {
    let Some(leased) = LeasedCredentials::prepared("1h", "2h").await else { return };
    let leased = Arc::new(leased);
    let (configuration, credentials) = leased.configured("").await;
    let store = Store::open_at(&store_address(&credentials.database)).await.unwrap();
    fill(&store, &LEVELS, 160).await;
    let before = leased.users().await;
    let progress = Arc::new(Revoking { leased: Arc::clone(&leased), done: AtomicU64::new(0) });
    // What was claimed on a broken connection is free again after two seconds.
    let configuration = Configuration { lease: TimeDelta::seconds(2), ..configuration };
    let (settings, selection) = (FitSettings::new(configuration), Selection::default());
    let summary = make_forecasts(&store, &settings, &selection, progress).await.unwrap().unwrap();
    assert_eq!((summary.boxes, summary.failures.len()), (60, 0));
    let after = leased.users().await;
    assert!(before.is_disjoint(&after) && !after.is_empty(), "{before:?} {after:?}");
    // The same as without it, box by box.
    let undisturbed = TestStore::sqlite().await;
    fill(&undisturbed.store, &LEVELS, 160).await;
    let summary =
        make_forecasts(&undisturbed.store, &settings, &selection, Arc::new(Silent)).await.unwrap().unwrap();
    assert_eq!(summary.boxes, 60);
    for n in 0..LEVELS.len() {
        let ours = store.stored_box(&box_id(n)).await.unwrap().unwrap();
        let theirs = undisturbed.store.stored_box(&box_id(n)).await.unwrap().unwrap();
        assert!(ours.maximum.is_some());
        let shown =
            |stored: &StoredBox| format!("{:?} {:?}", (&stored.minimum, &stored.maximum), stored.weeks);
        assert_eq!(shown(&ours), shown(&theirs));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_update_goes_on_when_what_was_leased_for_its_source_is_taken_back() {
    let Some(leased) = LeasedCredentials::prepared("1h", "2h").await else { return };
    let mut operator = PgConnection::connect(&leased.url).await.unwrap();
    operator
        .execute(
            "CREATE TABLE measurements AS SELECT 'A' AS boxid, \
             'register://electricity/0/activepower/sumli?avg=15'::TEXT AS channelid, n::FLOAT8 AS waarde, \
             TIMESTAMPTZ '2024-11-24 23:00Z' + n * INTERVAL '15 minutes' AS datumtijd FROM generate_series(0, 1343) n; \
             GRANT SELECT ON measurements TO owner_of_all",
        )
        .await
        .unwrap();
    let source_url = leased.url.replace("postgres@", "");
    let more = format!("[source]\nkind = 'postgres'\n[source.postgres]\nurl = '{source_url}'\n");
    let (configuration, credentials) = leased.configured(&more).await;
    let store = Store::open_at(&store_address(&credentials.database)).await.unwrap();
    let from = ConfiguredSource::of(&configuration, &credentials).unwrap();
    let source = from.open().await.unwrap();
    // Neither the source's connection nor the store's outlives this.
    leased.revoke();
    assert!(leased.users().await.is_empty());
    let request = Request {
        calendar: calendar(),
        now: "2024-12-20T12:00:00Z".parse().unwrap(),
        overlap_weeks: 2,
        rebuild: false,
        boxes: BTreeSet::new(),
        gate: Default::default(),
        runs: Default::default(),
    };
    let (_, ingested) = update(&store, source, &from, &request).await.unwrap();
    assert_eq!(ingested.counts.changed_weeks, 2);
    assert_eq!(leased.users().await.len(), 1, "of the store; the source's connection has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_leased_is_reported_with_its_remedy() {
    let Some(leased) = LeasedCredentials::prepared("1h", "2h").await else { return };
    let (good, _) = leased.configured("").await;
    let refusal = async |change: fn(&mut Configuration)| {
        let mut configuration = good.clone();
        change(&mut configuration);
        secrets::obtain(&configuration).await.unwrap_err().to_string()
    };
    let role = |configuration: &mut Configuration| {
        let engine = configuration.vault.as_mut().unwrap().database.as_mut().unwrap();
        engine.store_role = Some("absent".to_owned());
    };
    let file = |configuration: &mut Configuration| configuration.database = "sqlite://x.db".to_owned();
    for (said, told) in [
        (refusal(role).await, "store_role and source_role of [vault] database"),
        (refusal(file).await, "it lends credentials of PostgreSQL"),
    ] {
        assert!(said.contains(told), "{said}");
    }
}
