//! A PostgreSQL server for one test program: started on first use, gone with the program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A server of its own.
pub(crate) struct Cluster {
    /// Its data, and the socket to reach it by.
    pub(crate) folder: PathBuf,
    /// The server stops and its folder is removed when its standard input closes.
    _renewer: Child,
}

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The address of a new, empty database.
pub(crate) async fn new_database() -> String {
    CLUSTER.new_database().await
}

fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.retain(|folder| folder.join("initdb").exists());
    versions.sort();
    versions.pop().expect("PostgreSQL is not installed: apt-get install postgresql")
}

/// PostgreSQL refuses to run as root: then its own user runs it.
fn command(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Cluster {
    /// The address of a new, empty database.
    pub(crate) async fn new_database(&self) -> String {
        let socket = self.folder.display();
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let address = |name: &str| format!("postgres://postgres@localhost/{name}?host={socket}");
        let mut connection = PgConnection::connect(&address("postgres")).await.unwrap();
        let name = format!("test_{number}");
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
        address(&name)
    }

    /// A new server.
    pub(crate) fn start() -> Self {
        let programs = programs();
        let folder =
            tempfile::Builder::new().prefix("gridspark-postgres-").tempdir_in("/tmp").unwrap().keep();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(&folder, open).unwrap();
        let data = folder.join("data");
        let made = command(&programs.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "-D",
            ])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        // Tests need not survive a power failure; benchmarks pay for durability like everybody
        // else.
        let fsync = if cfg!(test) { "off" } else { "on" };
        // A killed server is restarted as soon as its last children have noticed.
        let script = format!(
            "(until {postgres} -D {data} -k {folder} -h '' -c fsync={fsync} -c max_connections=200 >>{folder}/log 2>&1; \
             do sleep 0.05; done) & cat >/dev/null; kill -INT $(head -n 1 {data}/postmaster.pid); wait; rm -rf {folder}",
            postgres = programs.join("postgres").display(),
            data = data.display(),
            folder = folder.display(),
        );
        let mut keeper = command(Path::new("/bin/sh"))
            .arg("-c")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        keeper.stdin.as_mut().unwrap().flush().unwrap();
        wait_until_ready(&folder);
        Self { folder, _renewer: keeper }
    }
}

/// Waits until a server answers on the socket in a folder.
pub(crate) fn wait_until_ready(folder: &Path) {
    let programs = programs();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let ready = Command::new(programs.join("pg_isready")).arg("-h").arg(folder).arg("-q").status();
        if ready.is_ok_and(|status| status.success()) {
            return;
        }
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(Instant::now() < deadline, "PostgreSQL did not start: {log}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
