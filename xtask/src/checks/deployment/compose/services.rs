//! The services of compose.yaml, run without an engine: their commands, variables, mounts, health checks and dependencies are
//! read from the file; a network namespace stands for their network, the image's root for ours, and this machine's
//! PostgreSQL and OpenBao for those of the other images.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::network::Network;
use crate::image::{Made, Mount};
use crate::machine;
use crate::tools::Absent;
use crate::workspace::{Workspace, capture};

/// So long may a service take until it is healthy, or a job until it is done.
const PATIENCE: Duration = Duration::from_secs(90);
const PASSWORD: &str = "chosen0by0the0test";

/// The started services; they end with this value.
pub(super) struct Services<'a> {
    workspace: &'a Workspace,
    made: &'a Made,
    compose: &'a Value,
    network: Network,
    /// What the named volumes, and the folders that users fill, are here.
    folder: PathBuf,
    started: BTreeMap<String, Child>,
}

impl<'a> Services<'a> {
    /// Nothing is started yet. PostgreSQL's own user has to reach the folder.
    ///
    /// # Errors
    /// [`Absent`] where the network cannot be made.
    pub(super) fn new(
        workspace: &'a Workspace,
        made: &'a Made,
        compose: &'a Value,
        folder: PathBuf,
    ) -> anyhow::Result<Self> {
        let services = compose["services"].as_object().context("compose.yaml has no services")?;
        let names: Vec<&str> = services.keys().map(String::as_str).collect();
        let network = Network::new(workspace, &names, &folder)?;
        fs::copy(folder.join("hosts"), made.path("/etc/hosts"))?;
        Ok(Self { workspace, made, compose, network, folder, started: BTreeMap::new() })
    }

    /// Starts a service after those that it depends on, and waits until it is healthy.
    ///
    /// # Errors
    /// Where one of them ends, fails or does not become healthy.
    pub(super) fn up(&mut self, name: &str) -> anyhow::Result<()> {
        if self.started.contains_key(name) {
            return Ok(());
        }
        self.bring_up_what_it_needs(name)?;
        let mut command = self.network.inside(&self.command(name, None)?);
        let log = fs::File::create(self.log(name))?;
        let child = command.stdout(log.try_clone()?).stderr(log).spawn()?;
        self.started.insert(name.to_owned(), child);
        let start = Instant::now();
        loop {
            let Err(error) = capture(&mut self.health(name)?) else { return Ok(()) };
            let ended =
                self.started.get_mut(name).is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))));
            if ended || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.log(name)).unwrap_or_default();
                bail!("{name} does not become healthy: {error:#}\n{log}");
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Runs a service that is a job to its end, after those that it depends on.
    ///
    /// # Errors
    /// Where it fails, with what it said.
    pub(super) fn run(&mut self, name: &str) -> anyhow::Result<String> {
        self.bring_up_what_it_needs(name)?;
        capture(&mut self.network.inside(&self.command(name, None)?))
            .with_context(|| format!("the job {name}"))
    }

    /// A program of this machine in the network of the services.
    pub(super) fn inside(&self, command: &Command) -> Command {
        self.network.inside(command)
    }

    fn bring_up_what_it_needs(&mut self, name: &str) -> anyhow::Result<()> {
        let needs = self.service(name)["depends_on"].as_object().into_iter().flatten();
        for (needed, how) in needs {
            match how["condition"].as_str() {
                Some("service_completed_successfully") => drop(self.run(needed)?),
                _ => self.up(needed)?,
            }
        }
        Ok(())
    }

    fn service(&self, name: &str) -> &'a Value {
        &self.compose["services"][name]
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }

    fn health(&self, name: &str) -> anyhow::Result<Command> {
        let words = words(&self.service(name)["healthcheck"]["test"]);
        let (kind, program) = words.split_first().context("it has no health check")?;
        ensure!(kind == "CMD", "a health check of the kind {kind} is not known here");
        Ok(self.network.inside(&self.command(name, Some(program))?))
    }

    /// What the service runs, or another program where it runs.
    fn command(&self, name: &str, program: Option<&[String]>) -> anyhow::Result<Command> {
        let service = self.service(name);
        let image = service["image"].as_str().unwrap_or_default();
        let arguments = words(&service["command"]);
        let mut command = match image.split([':', '/']).next() {
            Some("gridspark") => {
                let mounts = self.mounts(service)?;
                match program {
                    Some(words) => self.made.program_with(words, &mounts),
                    None => self.made.service(&arguments, &mounts)?,
                }
            }
            Some("postgres") => self.postgres(program)?,
            Some("openbao") => {
                let words = match program {
                    Some(words) => words.to_vec(),
                    None => [words(&service["entrypoint"]), arguments].concat(),
                };
                let mut bao = Command::new(self.bao()?);
                bao.args(words.get(1..).unwrap_or_default())
                    .env("HOME", "/nonexistent")
                    .env("PATH", "/usr/bin:/bin");
                bao
            }
            _ => bail!("nothing stands for the image {image}"),
        };
        for (name, value) in service["environment"].as_object().into_iter().flatten() {
            command.env(name, with_password(value.as_str().unwrap_or_default()));
        }
        Ok(command)
    }

    fn mounts(&self, service: &Value) -> anyhow::Result<Vec<Mount>> {
        let mut mounts = Vec::new();
        for volume in words(&service["volumes"]) {
            let mut parts = volume.split(':');
            let (from, there) =
                (parts.next().unwrap_or_default(), parts.next().context("a volume without a place")?);
            let here = match from.strip_prefix("./") {
                // The readings are the user's; the rest is the checkout's.
                Some("data/readings") => self.folder.join("readings"),
                Some(file) => self.workspace.path(file),
                None => self.made.volume(""),
            };
            mounts.push(Mount { here, there: there.to_owned(), writable: parts.next() != Some("ro") });
        }
        Ok(mounts)
    }

    /// PostgreSQL as its image starts it: made with the user, the database and the password of the variables.
    fn postgres(&self, program: Option<&[String]>) -> anyhow::Result<Command> {
        let programs =
            machine::postgresql().ok_or_else(|| Absent("PostgreSQL's server is not installed".into()))?;
        if let Some((program, arguments)) = program.and_then(<[String]>::split_first) {
            let mut command = Command::new(programs.join(program));
            command.args(arguments);
            return Ok(command);
        }
        let data = self.folder.join("database");
        let password = self.folder.join("password");
        fs::write(&password, PASSWORD)?;
        let script = "\"$1/initdb\" --pgdata \"$2\" --username gridspark --pwfile \"$3\" --auth-host scram-sha-256 >/dev/null \
            && echo 'CREATE DATABASE gridspark' | \"$1/postgres\" --single -D \"$2\" postgres >/dev/null \
            && exec \"$1/postgres\" -D \"$2\" -c listen_addresses='*' -c unix_socket_directories='' -c fsync=off";
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid",
            "postgres",
            "--regid",
            "postgres",
            "--init-groups",
            "--no-new-privs",
            "sh",
            "-c",
        ]);
        command
            .args([script, "sh"])
            .arg(programs)
            .args([data, password])
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C.UTF-8");
        Ok(command)
    }

    fn bao(&self) -> anyhow::Result<PathBuf> {
        Ok(machine::openbao(self.workspace).map_err(|error| Absent(format!("OpenBao is absent: {error}")))?)
    }
}

impl Drop for Services<'_> {
    fn drop(&mut self) {
        for child in self.started.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A list of words, the password put in.
fn words(value: &Value) -> Vec<String> {
    let words = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    words.map(with_password).collect()
}

/// `${GRIDSPARK_PASSWORD:?what to do where it is not set}`.
fn with_password(text: &str) -> String {
    let Some((head, rest)) = text.split_once("${GRIDSPARK_PASSWORD") else { return text.to_owned() };
    let tail = rest.split_once('}').map_or("", |(_, tail)| tail);
    format!("{head}{PASSWORD}{tail}")
}

/// A folder for the services that PostgreSQL's own user can reach.
pub(super) fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("gridspark-compose-{}", std::process::id()))
}

/// Makes it, open to that user.
pub(super) fn make(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    capture(workspace.program("chmod").arg("1777").arg(folder)).map(drop)
}
