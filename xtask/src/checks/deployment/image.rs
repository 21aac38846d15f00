//! The Dockerfile: linted, and its last stage built and run in a clean root.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::compose;
use crate::flavour::Flavour;
use crate::image::{self, Artefacts, Made, context};
use crate::sbom;
use crate::tools::LINTERS;
use crate::workspace::{Workspace, capture, passes};
use crate::{console, handbook, server, site};

/// So long may the server take until it is healthy.
const HEALTHY_WITHIN: Duration = Duration::from_secs(60);

/// hadolint, and whether the build gets all the files that cargo and the handbook ask for.
pub(super) fn lint(workspace: &Workspace) -> anyhow::Result<String> {
    passes(LINTERS.command(workspace, "hadolint")?.args(["--no-color", "Dockerfile"]))?;
    image::stages(workspace)?;
    let folder = workspace.path("target/deployment/context");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    context::copy(workspace, &folder)?;
    let mut cargo = workspace.cargo();
    cargo.current_dir(&folder).args(["metadata", "--locked", "--no-deps", "--format-version", "1"]);
    capture(&mut cargo).context(".dockerignore leaves out what cargo needs")?;
    // Every page that the site is built with: what is left out shows here, not after minutes in the builder's stage.
    let mut book = handbook::book(workspace, &folder, &folder.join("handbook"));
    capture(&mut book).context(".dockerignore leaves out what the handbook needs")?;
    Ok("hadolint has nothing to say, and .dockerignore leaves out nothing that cargo and the handbook need"
        .into())
}

/// Builds the last stage in a clean root, with what the steps before built here, and runs it.
pub(super) fn build_and_run(workspace: &Workspace) -> anyhow::Result<String> {
    let binary = server::build(workspace, Flavour::Debug)?;
    let site = site::folder(workspace);
    ensure!(site.join("pkg/assets.json").is_file(), "there are no pages: `cargo xtask build --site` first");
    let made = image::make(workspace, Artefacts::Here { binary: &binary, site: &site })?;
    Ok(format!("{}; {}", prove(workspace, &made)?, compose::run(workspace, &made)?))
}

/// Builds and runs the image, the builder's stage too where that is asked for.
///
/// # Errors
/// The step that failed.
pub(crate) fn build_image(workspace: &Workspace, with_build: bool) -> anyhow::Result<()> {
    let proven = if with_build {
        prove(workspace, &image::make(workspace, Artefacts::Built)?)?
    } else {
        build_and_run(workspace)?
    };
    console::line(&proven);
    Ok(())
}

/// Runs the image as its user, with nothing writable but its volume.
fn prove(workspace: &Workspace, made: &Made) -> anyhow::Result<String> {
    describes_itself(workspace, made)?;
    let version = run(made, &["gridspark", "--version"])?;
    ensure!(version.contains(env!("CARGO_PKG_VERSION")), "`gridspark --version` says {version}");
    run(made, &["gridspark", "check"])?;
    writes_only_to_its_volume(made)?;
    serves(made)?;
    Ok(format!(
        "built in a clean Debian; {}, `check` and `serve` run as {} with a read-only root",
        version.trim(),
        made.image.user
    ))
}

fn run(made: &Made, words: &[&str]) -> anyhow::Result<String> {
    capture(&mut made.program(words)).with_context(|| format!("`{}` in the image", words.join(" ")))
}

fn describes_itself(workspace: &Workspace, made: &Made) -> anyhow::Result<()> {
    let labels = &made.image.labels;
    let label = |name: &str| labels.get(name).with_context(|| format!("there is no label {name}"));
    let version = label("org.opencontainers.image.version")?;
    ensure!(version == env!("CARGO_PKG_VERSION"), "the label says version {version}; mend ARG VERSION");
    ensure!(label("org.opencontainers.image.licenses")? == "Apache-2.0", "the label of the licence is wrong");
    let list = made.path(label("gridspark.sbom")?);
    let ours = fs::read(&list).with_context(|| format!("the label names {}", list.display()))?;
    let expected = workspace.path("target/deployment/gridspark.cdx.json");
    sbom::write(workspace, &expected)?;
    ensure!(ours == fs::read(expected)?, "the list of parts is another");
    Ok(())
}

/// A root that is read-only, and a user that could not write to it anyway.
fn writes_only_to_its_volume(made: &Made) -> anyhow::Result<()> {
    let script = "id -u; touch /data/here && rm /data/here || exit 9; \
        for place in /usr/local/bin /usr/share/gridspark /etc /tmp /var/tmp; do \
            if touch \"$place/here\" 2>/dev/null; then echo \"$place\"; fi; \
        done";
    let said = run(made, &["/bin/sh", "-c", script])?;
    let user = made.image.user.split(':').next().unwrap_or_default();
    ensure!(said.trim() == user && user != "0", "user and places that can be written to: {said}");
    Ok(())
}

/// The entry point serves the page, the health check asks it, and the store lies in the volume.
fn serves(made: &Made) -> anyhow::Result<()> {
    // Any free port: this machine may be serving something at the image's own.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let address = format!("0.0.0.0:{port}");
    let variables = [("GRIDSPARK_LISTEN", address.as_str())];
    ensure!(capture(&mut made.health(&variables)).is_err(), "it is healthy before it was started");
    let mut running = made.start(&variables)?;
    let start = Instant::now();
    while let Err(error) = capture(&mut made.health(&variables)) {
        ensure!(!running.has_ended(), "the image ended by itself:\n{}", running.log());
        ensure!(start.elapsed() < HEALTHY_WITHIN, "not healthy: {error:#}\n{}", running.log());
        thread::sleep(Duration::from_millis(100));
    }
    let page = page(SocketAddr::from(([127, 0, 0, 1], port)))?;
    ensure!(page.starts_with("HTTP/1.1 200") && page.contains("Gridspark"), "the page is:\n{page}");
    ensure!(made.volume("gridspark.db").is_file(), "the store does not lie in the volume");
    Ok(())
}

fn page(address: SocketAddr) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
