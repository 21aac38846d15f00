//! Images and containers, by buildah, podman and podman-compose, in a storage of their own below
//! the target folder.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::machine;
use crate::tools::{Absent, LINTERS};
use crate::workspace::{Workspace, capture};

/// So long may a service take until it is healthy.
const HEALTHY_WITHIN: Duration = Duration::from_secs(60);

/// A build server may refuse higher limits than these.
const SETTINGS: &str = "[containers]
default_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]
[engine]
cgroup_manager = \"cgroupfs\"
runtime = \"runc\"
events_logger = \"file\"
";

/// buildah, podman and podman-compose. Containers and volumes go when it is dropped; images stay
/// for the next time.
#[derive(Debug)]
pub(crate) struct Containers<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
}

impl<'a> Containers<'a> {
    /// Finds a storage driver that works here, and makes the base image where it is not there yet.
    ///
    /// # Errors
    /// [`Absent`] without the tools, or without root's rights, which the base image takes.
    pub(crate) fn new(workspace: &'a Workspace) -> anyhow::Result<Self> {
        if !machine::is_root(workspace) {
            return Err(Absent("making a base image takes root's rights".into()).into());
        }
        let containers = Self { workspace, folder: workspace.path("target/tools/containers") };
        fs::create_dir_all(&containers.folder).context("cannot make a folder for containers")?;
        fs::write(containers.folder.join("containers.conf"), SETTINGS)?;
        // Layers that are mounted take no time; where the kernel refuses, as within a container,
        // they are copied.
        let mut outcome = Ok(());
        for driver in ["overlay", "vfs"] {
            let [storage, run] = ["storage", "run"].map(|name| containers.folder.join(driver).join(name));
            let settings =
                format!("[storage]\ndriver = \"{driver}\"\ngraphroot = {storage:?}\nrunroot = {run:?}\n");
            fs::write(containers.folder.join("storage.conf"), settings)?;
            outcome = capture(&mut containers.podman(&["info"])).map(drop);
            if outcome.is_ok() {
                break;
            }
        }
        outcome.map_err(|error| Absent(format!("podman does not work here: {error}")))?;
        let base = containers.make_images(&["debian"]);
        base.map_err(|error| Absent(format!("the base image cannot be made: {error}")))?;
        Ok(containers)
    }

    /// A build of a Dockerfile: a context and options may follow.
    pub(crate) fn build(&self, dockerfile: &Path, context: &Path) -> Command {
        let mut buildah = self.program("buildah");
        // Docker's format of images has health checks. Isolation by chroot works within a
        // container, too.
        buildah.args(["bud", "--format", "docker", "--isolation", "chroot", "--pull-never", "--file"]);
        buildah.arg(dockerfile).current_dir(context);
        buildah
    }

    /// Makes images that tests take from elsewhere; `images/make.sh` says which.
    ///
    /// # Errors
    /// Where one cannot be made.
    pub(crate) fn make_images(&self, which: &[&str]) -> anyhow::Result<()> {
        let script = self.workspace.path("xtask/src/containers/images/make.sh");
        capture(self.program(script).args(which)).map(drop)
    }

    /// podman with these arguments.
    pub(crate) fn podman(&self, arguments: &[&str]) -> Command {
        let mut podman = self.program("podman");
        podman.args(arguments);
        podman
    }

    /// Waits until a container's health check passes. podman leaves asking to systemd, which may
    /// not run here.
    ///
    /// # Errors
    /// Where it does not within a minute, with what the container wrote.
    pub(crate) fn wait_until_healthy(&self, container: &str) -> anyhow::Result<()> {
        let start = Instant::now();
        while let Err(error) = capture(&mut self.podman(&["healthcheck", "run", container])) {
            if start.elapsed() > HEALTHY_WITHIN {
                let log = capture(&mut self.podman(&["logs", container])).unwrap_or_default();
                return Err(error.context(format!("{container} does not become healthy:\n{log}")));
            }
            thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    /// The checkout.
    pub(crate) fn workspace(&self) -> &Workspace {
        self.workspace
    }

    /// The first page of what is served at a port of this machine, asked for as a proxy does that has
    /// signed somebody in.
    ///
    /// # Errors
    /// Where nobody answers, or not well.
    pub(crate) fn first_page(&self, port: u16) -> anyhow::Result<String> {
        let address = format!("http://127.0.0.1:{port}/");
        let mut curl = self.workspace.program("curl");
        curl.args(["--silent", "--show-error", "--fail", "--header", "X-Forwarded-User: ada"]);
        capture(curl.arg(&address))
    }

    /// podman-compose with these arguments, for the `compose.yaml` of a folder.
    ///
    /// # Errors
    /// [`Absent`] where podman-compose cannot be fetched.
    pub(crate) fn compose(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut compose = self.program(LINTERS.folder(self.workspace)?.join("bin/podman-compose"));
        compose.args(arguments).current_dir(folder);
        Ok(compose)
    }

    fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.workspace.program(name);
        command.env("CONTAINERS_CONF", self.folder.join("containers.conf"));
        command.env("CONTAINERS_STORAGE_CONF", self.folder.join("storage.conf"));
        command
    }
}

impl Drop for Containers<'_> {
    fn drop(&mut self) {
        for arguments in [
            &["rm", "--force", "--all", "--volumes", "--time", "0"][..],
            &["volume", "prune", "--force"],
            &["network", "prune", "--force"],
            &["image", "prune", "--force"],
        ] {
            let _ = capture(&mut self.podman(arguments));
        }
    }
}

/// A port that nothing listens at: this machine may be serving something at the usual one.
///
/// # Errors
/// Where there is none.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
