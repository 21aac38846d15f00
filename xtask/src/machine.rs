//! What a machine needs besides the Rust toolchain, and how it is installed.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::console;
use crate::workspace::{Workspace, capture, run};

/// Programs from outside, and the Debian packages that bring them.
#[derive(Debug)]
struct Requirement {
    what: &'static str,
    /// Found on the path, or where they name a place.
    programs: &'static [&'static str],
    packages: &'static [&'static str],
}

const BUILDING: [Requirement; 2] = [
    Requirement { what: "a C compiler and linker", programs: &["cc"], packages: &["build-essential"] },
    Requirement { what: "Node and npm", programs: &["node", "npm"], packages: &["nodejs", "npm"] },
];

/// The browser without a window, which Debian has since 12.
const HEADLESS_BROWSER: Requirement = Requirement {
    what: "Chromium's headless shell",
    programs: &["chromium-headless-shell"],
    packages: &["chromium-headless-shell", "fonts-liberation"],
};

const BROWSER: Requirement =
    Requirement { what: "Chromium", programs: &["chromium"], packages: &["chromium", "fonts-liberation"] };

const TESTING: [Requirement; 2] = [
    Requirement { what: "PostgreSQL's server", programs: &["pg_ctlcluster"], packages: &["postgresql"] },
    Requirement { what: "PgBouncer", programs: &["/usr/sbin/pgbouncer"], packages: &["pgbouncer"] },
];

const DEPLOYING: [Requirement; 3] = [
    Requirement { what: "systemd-analyze", programs: &["systemd-analyze"], packages: &["systemd"] },
    Requirement {
        what: "buildah, podman and curl",
        programs: &["buildah", "podman", "runc", "iptables", "/usr/lib/podman/netavark", "curl"],
        packages: &["buildah", "podman", "runc", "iptables", "netavark", "aardvark-dns", "curl"],
    },
    Requirement { what: "debootstrap", programs: &["debootstrap"], packages: &["debootstrap"] },
];

/// Installs what the build needs: a C compiler, Node with npm, and the WebAssembly target.
///
/// # Errors
/// Where something is missing and cannot be installed; the message says what to install by hand.
pub(crate) fn prepare_building(workspace: &Workspace) -> anyhow::Result<()> {
    install(workspace, &BUILDING)?;
    add_wasm_target(workspace)
}

/// Installs what the tests need besides: Chromium, PostgreSQL's server and a pooler for it.
///
/// # Errors
/// As [`prepare_building`].
pub(crate) fn prepare_testing(workspace: &Workspace) -> anyhow::Result<()> {
    if let Err(error) = install(workspace, &[HEADLESS_BROWSER]) {
        console::line(&format!("    {error:#}"));
        install(workspace, &[BROWSER])?;
    }
    install(workspace, &TESTING)
}

/// Sees to what the checks of the deployment take from Debian's packages; what is missing
/// nevertheless, they name.
pub(crate) fn prepare_deploying(workspace: &Workspace) {
    if let Err(error) = install(workspace, &DEPLOYING) {
        console::line(&format!("    {error:#}"));
    }
}

/// The first program of this name on the path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.exists())
}

/// Whether this process has root's rights.
pub(crate) fn is_root(workspace: &Workspace) -> bool {
    capture(workspace.program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn install(workspace: &Workspace, requirements: &[Requirement]) -> anyhow::Result<()> {
    let is_there = |requirement: &&Requirement| requirement.programs.iter().all(|it| on_path(it).is_some());
    let missing: Vec<_> = requirements.iter().filter(|requirement| !is_there(requirement)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = missing.iter().map(|requirement| requirement.what).collect::<Vec<_>>().join(" and ");
    let packages: Vec<_> = missing.iter().flat_map(|requirement| requirement.packages).copied().collect();
    let by_hand = format!("missing: {what}; on Debian `apt-get install {}` brings it", packages.join(" "));
    // Without root's rights a password may be needed: that is left to the person.
    if on_path("apt-get").is_none() || !is_root(workspace) {
        bail!("{by_hand}");
    }
    console::step(&format!("Installing {what} (a minute or two)"), || {
        let apt = |arguments: &[&str]| {
            let mut command = workspace.program("apt-get");
            command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2").args(arguments);
            capture(&mut command).map(drop)
        };
        apt(&["update"])?;
        let install = [&["install", "--yes", "--no-install-recommends"], &packages[..]].concat();
        apt(&install).context(by_hand.clone())
    })
}

fn add_wasm_target(workspace: &Workspace) -> anyhow::Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = capture(workspace.program("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    console::step("Adding Rust's WebAssembly target (some seconds)", || {
        run(workspace.program("rustup").args(["target", "add", TARGET]))
    })
}
