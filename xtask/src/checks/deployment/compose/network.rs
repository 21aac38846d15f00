//! A network of its own for the services: their names, and loopback. It ends with this value, and with it all that runs in it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::machine;
use crate::tools::Absent;
use crate::workspace::Workspace;

/// Keeps the namespaces of network, mounts and processes alive; killed, it takes their processes along.
#[derive(Debug)]
pub(super) struct Network {
    keeper: Child,
}

impl Network {
    /// Makes the network; each name is this machine.
    ///
    /// # Errors
    /// [`Absent`] where it cannot be made.
    pub(super) fn new(workspace: &Workspace, names: &[&str], folder: &Path) -> anyhow::Result<Self> {
        if machine::on_path("ip").is_none() {
            return Err(
                Absent("a network of its own takes the program `ip` (Debian's iproute2)".into()).into()
            );
        }
        let hosts = folder.join("hosts");
        fs::write(&hosts, format!("127.0.0.1 localhost {}\n", names.join(" ")))?;
        let ready = folder.join("network-is-up");
        let script =
            "mount --bind \"$1\" /etc/hosts && ip link set lo up && touch \"$2\" && exec sleep infinity";
        let mut keeper = workspace.program("unshare");
        keeper.args(["--net", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]);
        keeper.args(["sh", "-euc", script, "sh"]).args([&hosts, &ready]).stdout(Stdio::null());
        let network = Self { keeper: keeper.spawn().context("cannot start unshare")? };
        let start = Instant::now();
        while !ready.exists() {
            ensure!(
                start.elapsed() < Duration::from_secs(10),
                Absent("no network of its own can be made".into())
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(network)
    }

    /// The same program, in this network, with the variables that it was given and no others.
    pub(super) fn inside(&self, command: &Command) -> Command {
        let mut entered = Command::new("nsenter");
        // What unshare started is in the namespaces, not unshare.
        let keeper = self.keeper.id();
        let child = fs::read_to_string(format!("/proc/{keeper}/task/{keeper}/children")).unwrap_or_default();
        entered.args(["--target", child.trim(), "--net", "--mount", "--pid", "--"]);
        entered.arg(command.get_program()).args(command.get_args()).env_clear().stdin(Stdio::null());
        entered.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        entered
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}
