//! PgBouncer in front of a test database.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::postgres::wait_until_ready;

/// A pooler of its own; gone when dropped.
pub(crate) struct Pooler {
    process: Child,
    folder: tempfile::TempDir,
}

impl Pooler {
    /// In front of the server of `url`, in a `pool_mode`, with so many connections to it.
    pub(crate) fn start(url: &str, pool_mode: &str, pool_size: u16) -> Self {
        let folder = tempfile::Builder::new().prefix("gridspark-pooler-").tempdir_in("/tmp").unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let (_, server) = url.split_once("?host=").unwrap();
        let settings = folder.path().join("pooler.ini");
        let socket = folder.path().display();
        std::fs::write(
            &settings,
            format!(
                "[databases]\n* = host={server} user=postgres\n[pgbouncer]\nunix_socket_dir = {socket}\nlisten_addr =\n\
                 listen_port = 5432\nauth_type = any\npool_mode = {pool_mode}\ndefault_pool_size = {pool_size}\n\
                 logfile = {socket}/log\n"
            ),
        )
        .unwrap();
        // It refuses to run as root.
        let mut command = Command::new("/usr/sbin/pgbouncer");
        if Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n") {
            command.args(["-u", "postgres"]);
        }
        let process = command
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PgBouncer is not installed: apt-get install pgbouncer");
        wait_until_ready(folder.path());
        Self { process, folder }
    }

    /// The address of the database of `url` behind it.
    pub(crate) fn address(&self, url: &str) -> String {
        let (database, _) = url.split_once("?host=").unwrap();
        format!("{database}?host={}", Path::display(self.folder.path()))
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
