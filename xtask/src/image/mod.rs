//! The image, made without an engine: the Dockerfile's own steps, in a root made by debootstrap.
//!
//! What this cannot show is what only an engine does: layers, the registry, namespaces of network and users, cgroups.

mod builder;
pub(crate) mod context;
pub(crate) mod dockerfile;
mod root;
mod stage;
mod standin;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context as _, bail};

use crate::machine;
use crate::tools::{Absent, DEBOOTSTRAP};
use crate::workspace::{Workspace, capture};
use dockerfile::Stage;
pub(crate) use root::Mount;
use root::{Mode, Root};
pub(crate) use stage::Image;

/// An image and the root that holds its files.
#[derive(Debug)]
pub(crate) struct Made {
    root: Root,
    pub(crate) image: Image,
    mounts: Vec<Mount>,
}

/// The stages of the Dockerfile.
///
/// # Errors
/// Where it cannot be read or understood.
pub(crate) fn stages(workspace: &Workspace) -> anyhow::Result<Vec<Stage>> {
    let text = fs::read_to_string(workspace.path("Dockerfile")).context("cannot read the Dockerfile")?;
    dockerfile::parse(&text).context("cannot understand the Dockerfile")
}

/// Where the builder's artefacts come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Artefacts<'a> {
    /// What was built on this machine stands for them.
    Here {
        /// The program.
        binary: &'a Path,
        /// The folder with the pages.
        site: &'a Path,
    },
    /// The builder's stage is carried out.
    Built,
}

/// Makes the last stage, with what the builder's stage leaves in `/out`.
///
/// # Errors
/// [`Absent`] without the rights or tools that it takes; else the step that failed.
pub(crate) fn make(workspace: &Workspace, artefacts: Artefacts<'_>) -> anyhow::Result<Made> {
    check_rights(workspace)?;
    let stages = stages(workspace)?;
    let (last, earlier) = stages.split_last().context("the Dockerfile has no stage")?;
    let folder = workspace.path(match artefacts {
        Artefacts::Here { .. } => "target/deployment/image",
        Artefacts::Built => "target/deployment/image-built",
    });
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    let base = base_system(workspace, &last.base)?;
    let artefacts = match artefacts {
        Artefacts::Here { binary, site } => {
            standin::of_builder(workspace, earlier, &folder.join("artefacts"), binary, site)?
        }
        Artefacts::Built => {
            let system = unpacked(workspace, &base, folder.join("builder"))?;
            builder::run(workspace, earlier, &system, &folder)?
        }
    };
    let system = unpacked(workspace, &base, folder.join("root"))?;
    let mut root = Root::new(system);
    let image = stage::build(last, &mut root, |from, path| match from {
        Some("builder") => Ok(artefacts.join(path.trim_start_matches('/'))),
        _ => bail!("nothing stands for {path} of {}", from.unwrap_or("the context")),
    })?;
    let volume = folder.join("volume");
    stage::new_volume(&root, &image, &volume)?;
    let mounts = vec![Mount { here: volume, there: image.volume.clone(), writable: true }];
    Ok(Made { root, image, mounts })
}

fn unpacked(workspace: &Workspace, tar: &Path, folder: PathBuf) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(&folder)?;
    let mut unpack = workspace.program("tar");
    capture(unpack.arg("--extract").arg("--file").arg(tar).arg("--directory").arg(&folder))?;
    Ok(folder)
}

/// Mounts and chroot take root's rights, which a container on a build server may lack.
fn check_rights(workspace: &Workspace) -> anyhow::Result<()> {
    let script = "test \"$(id -u)\" = 0 && mount -t proc proc /proc";
    let mut try_it = workspace.program("unshare");
    try_it.args(["--mount", "--propagation", "private", "--pid", "--fork", "sh", "-c", script]);
    if capture(&mut try_it).is_err() {
        return Err(Absent("it takes root's rights to mount and chroot".into()).into());
    }
    Ok(())
}

/// A small Debian of the release that the base image's tag names, as a tar file: made once.
fn base_system(workspace: &Workspace, base: &str) -> anyhow::Result<PathBuf> {
    let release = base.strip_prefix("debian:").and_then(|tag| tag.split('-').next());
    let release = release.with_context(|| format!("the base image {base} is no Debian"))?;
    let place = workspace.path("target/tools/debootstrap");
    let tar = place.join(format!("{release}.tar"));
    if tar.is_file() {
        return Ok(tar);
    }
    let program = DEBOOTSTRAP.program(workspace)?;
    let folder = place.join(format!("{release}.making"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut command: Command = workspace.program(program);
    command.env("DEBOOTSTRAP_DIR", place.join("usr/share/debootstrap"));
    command.args(["--variant=minbase", release]).arg(&folder).args(mirror(workspace));
    capture(&mut command).map_err(|error| Absent(format!("debootstrap cannot make {release}: {error}")))?;
    let making = tar.with_extension("making.tar");
    let mut pack = workspace.program("tar");
    pack.args(["--create", "--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*_*"]);
    capture(pack.arg("--file").arg(&making).arg("--directory").arg(&folder).arg("."))?;
    fs::remove_dir_all(&folder)?;
    fs::rename(&making, &tar)?;
    Ok(tar)
}

/// Where this machine has its Debian packages from; nothing leaves the choice to debootstrap.
fn mirror(workspace: &Workspace) -> Option<String> {
    machine::on_path("apt-get")?;
    let mut apt = workspace.program("apt-get");
    let sites = capture(apt.args(["indextargets", "--format", "$(SITE) $(CREATED_BY)"])).ok()?;
    let packages = |line: &str| Some(line.strip_suffix(" Packages")?.to_owned());
    sites.lines().filter_map(packages).find(|site| site.trim_end_matches('/').ends_with("/debian"))
}

impl Made {
    fn mode(&self) -> Mode<'_> {
        Mode::Container { mounts: &self.mounts, user: &self.image.user }
    }

    /// A program in a container of the image: its user, its root read-only, its volume writable.
    pub(crate) fn program(&self, words: &[&str]) -> Command {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        self.root.command(self.mode(), &words)
    }

    /// Starts the image as an engine does.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub(crate) fn start(&self, variables: &[(&str, &str)]) -> anyhow::Result<Running> {
        let words = [&self.image.entrypoint[..], &self.image.arguments].concat();
        let mut command = self.root.command(self.mode(), &words);
        let log = self.volume("").with_extension("log");
        let file = fs::File::create(&log)?;
        command.envs(variables.iter().copied()).stdout(file.try_clone()?).stderr(file);
        Ok(Running { child: command.spawn().context("cannot start the image")?, log })
    }

    /// The question of the health check.
    pub(crate) fn health(&self, variables: &[(&str, &str)]) -> Command {
        let mut command = self.root.command(self.mode(), &self.image.healthcheck);
        command.envs(variables.iter().copied());
        command
    }

    /// The entry point with other arguments, in a container with more mounts, whose places are made where there are none.
    ///
    /// # Errors
    /// Where a place cannot be made.
    pub(crate) fn service(&self, arguments: &[String], mounts: &[Mount]) -> anyhow::Result<Command> {
        for mount in mounts {
            let place = self.root.path(&mount.there);
            if mount.here.is_dir() {
                fs::create_dir_all(&place)?;
            } else if !place.exists() {
                fs::create_dir_all(place.parent().context("a mount without a folder")?)?;
                fs::write(&place, "")?;
            }
        }
        let words = [&self.image.entrypoint[..], arguments].concat();
        Ok(self.root.command(Mode::Container { mounts, user: &self.image.user }, &words))
    }

    /// A program of the image in a container with more mounts.
    pub(crate) fn program_with(&self, words: &[String], mounts: &[Mount]) -> Command {
        self.root.command(Mode::Container { mounts, user: &self.image.user }, words)
    }

    /// A path of the volume as this machine sees it.
    pub(crate) fn volume(&self, inside: &str) -> PathBuf {
        self.mounts.iter().map(|mount| mount.here.join(inside)).next().unwrap_or_default()
    }

    /// A path of the image as this machine sees it.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.path(inside)
    }
}

/// A started image; it ends with this value.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)) | Err(_))
    }

    /// What it has said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
