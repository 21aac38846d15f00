//! A stand-in for a Snowflake account: its SQL API before an emulator. Stops with the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

pub(crate) struct Account {
    folder: tempfile::TempDir,
    pub(crate) address: String,
    http: reqwest::Client,
    /// The emulator stops when its standard input closes.
    server: Child,
}

impl Drop for Account {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Account {
    /// An account with a user GRIDSPARK, roles READER (who may read) and STRANGER (who may not), a
    /// warehouse SMALL, and a database METEN with an empty table of readings. Nothing where the
    /// emulator is absent, which is said.
    pub(crate) fn start() -> Option<Self> {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/snowflake/bin/python");
        if !python.is_file() {
            assert!(
                std::env::var_os("GRIDSPARK_REQUIRE_SNOWFLAKE").is_none(),
                "the emulator of Snowflake is absent: `cargo xtask test` brings it"
            );
            eprintln!("SKIPPED: the emulator of Snowflake is absent; `cargo xtask test` brings it");
            return None;
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snowflake/sql_api.py");
        let mut server = Command::new(python);
        server.arg(script).arg(folder.path()).stdin(Stdio::piped());
        let server = server.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut account = Self { folder, address: String::new(), http, server };
        let deadline = Instant::now() + Duration::from_secs(60);
        let port = loop {
            if let Ok(port) = std::fs::read_to_string(account.file("port")) {
                break port;
            }
            assert!(
                Instant::now() < deadline && account.server.try_wait().unwrap().is_none(),
                "{}",
                account.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        account.address = format!("http://127.0.0.1:{port}");
        Some(account)
    }

    /// A file that it made: `key.p8`, the user's key, or `strange.p8`, which nobody knows.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.file("log")).unwrap_or_default()
    }

    async fn request(&self, what: &str, body: String) -> Value {
        let response =
            self.http.post(format!("{}/test/{what}", self.address)).body(body).send().await.unwrap();
        assert!(response.status().is_success(), "{what}: {}", self.log());
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    /// Runs a statement as its owner.
    pub(crate) async fn execute(&self, statement: &str) {
        self.request("execute", statement.to_owned()).await;
    }

    /// Puts the rows of a Parquet file into the table of readings.
    pub(crate) async fn take_file(&self, file: &Path) {
        self.request("take-file", file.display().to_string()).await;
    }

    /// Injects faults.
    pub(crate) async fn faults(&self, faults: Value) {
        self.request("faults", faults.to_string()).await;
    }

    /// The requests so far.
    pub(crate) async fn seen(&self) -> Value {
        self.request("seen", String::new()).await
    }
}
