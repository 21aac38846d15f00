//! A folder that is the root of another system, and programs run in it.
//!
//! Whatever is mounted for a program is mounted in a namespace of its own, which ends with the program: nothing has to be
//! cleaned up, whatever happens.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

/// How a program runs in the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode<'a> {
    /// As a step of the build: root's rights, all may be written, names are resolved as on this machine.
    Build,
    /// As a container with a read-only root: nothing may be written but what is mounted so, no rights can be gained.
    Container {
        /// Files and folders of this machine.
        mounts: &'a [Mount],
        /// Numbers of user and group, `10001:10001`.
        user: &'a str,
    },
}

/// A file or folder of this machine that a container sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) here: PathBuf,
    pub(crate) there: String,
    pub(crate) writable: bool,
}

/// The root, and what its programs find in their environment.
#[derive(Debug)]
pub(crate) struct Root {
    folder: PathBuf,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) working_folder: String,
}

/// Mounts what a step of the build needs, then becomes the program: $1 the root, $2 its working folder, the rest as typed.
const BUILD: &str = r#"
mount --rbind /dev "$1/dev"
mount -t proc proc "$1/proc"
touch "$1/etc/resolv.conf"
mount --bind /etc/resolv.conf "$1/etc/resolv.conf"
root=$1 folder=$2
shift 2
exec chroot "$root" /bin/sh -ec 'cd "$0" && exec "$@"' "$folder" "$@"
"#;

/// The same for a container: $1 the root, $2 its working folder, $3 the user, $4 how many mounts follow, three words each.
const CONTAINER: &str = r#"
root=$1 folder=$2 user=$3 count=$4
shift 4
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
while [ "$count" -gt 0 ]; do
    mount --bind "$1" "$root$2"
    mount -o "remount,$3,bind" "$root$2"
    shift 3
    count=$((count - 1))
done
mount -o remount,ro,bind "$root"
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" /bin/sh -ec 'cd "$0" && exec "$@"' "$folder" "$@"
"#;

impl Root {
    /// A root in a folder that holds a system.
    pub(crate) fn new(folder: PathBuf) -> Self {
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        let variables = BTreeMap::from([("PATH".to_owned(), path.to_owned())]);
        Self { folder, variables, working_folder: "/".into() }
    }

    /// A path of the root as this machine sees it.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.folder.join(inside.trim_start_matches('/'))
    }

    /// A program in the root, to be started; killing what is started kills all that it started.
    pub(crate) fn command(&self, mode: Mode<'_>, program: &[String]) -> Command {
        let mut command = Command::new("unshare");
        command.args([
            "--mount",
            "--propagation",
            "private",
            "--pid",
            "--fork",
            "--kill-child",
            "sh",
            "-euc",
        ]);
        let start: Vec<OsString> = match mode {
            Mode::Build => vec![BUILD.into(), "sh".into(), self.folder.clone().into()],
            Mode::Container { .. } => vec![CONTAINER.into(), "sh".into(), self.folder.clone().into()],
        };
        command.args(start).arg(&self.working_folder);
        if let Mode::Container { mounts, user } = mode {
            command.args([user, &mounts.len().to_string()]);
            for Mount { here, there, writable } in mounts {
                command.arg(here).args([there.as_str(), if *writable { "rw" } else { "ro" }]);
            }
        }
        command.args(program).env_clear().envs(&self.variables).stdin(Stdio::null());
        command
    }

    /// Copies files into the root, as `COPY` does: the content of a folder, a file into a folder or under a new name.
    ///
    /// # Errors
    /// Where something is not there or cannot be copied.
    pub(crate) fn take_in(&self, source: &Path, target: &str) -> anyhow::Result<()> {
        let into_folder = target.ends_with('/') || source.is_dir();
        let target = self.path(target);
        let folder = if into_folder { Some(target.as_path()) } else { target.parent() };
        fs::create_dir_all(folder.context("a target without a folder")?)?;
        let from = if source.is_dir() { source.join(".") } else { source.to_owned() };
        let mut copy = Command::new("cp");
        copy.args(["--recursive", "--no-preserve=ownership", "--preserve=mode,links"]).arg(from).arg(target);
        crate::workspace::capture(&mut copy).map(drop)
    }
}
