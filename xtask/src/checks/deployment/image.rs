//! The Dockerfile: linted, built by buildah, run by podman.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::compose;
use crate::containers::{Containers, free_port};
use crate::flavour::Flavour;
use crate::tools::LINTERS;
use crate::workspace::{Workspace, capture, run};
use crate::{console, handbook, sbom, server, site};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The name that `compose.yaml` has for it.
const IMAGE: &str = concat!("gridspark:", env!("CARGO_PKG_VERSION"));

/// Wherever podman puts the gateway.
const ANY_GATEWAY: &str = r#"["10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]"#;

/// hadolint.
pub(super) fn lint(workspace: &Workspace) -> anyhow::Result<String> {
    capture(LINTERS.command(workspace, "hadolint")?.args(["--no-color", "Dockerfile"]))?;
    Ok("hadolint has nothing to say".into())
}

/// Builds the image's last stage around what the steps before built here, runs it, and the services
/// of `compose.yaml`.
pub(super) fn build_and_run(workspace: &Workspace) -> anyhow::Result<String> {
    let containers = Containers::new(workspace)?;
    let context = finds_its_files(workspace, &containers)?;
    build(workspace, &containers, Some(&artefacts(workspace)?))?;
    let proven = [context, prove(&containers)?, compose::run(workspace, &containers)?];
    Ok(proven.join("; "))
}

/// Builds the image as its users do, compiling in the builder's stage, and runs it.
///
/// # Errors
/// The step that failed.
pub(crate) fn build_image(workspace: &Workspace) -> anyhow::Result<()> {
    let containers = Containers::new(workspace)?;
    containers.make_images(&["compilers"])?;
    build(workspace, &containers, None)?;
    console::line(&prove(&containers)?);
    Ok(())
}

/// `.dockerignore` leaves in what cargo and the handbook need: what is missing shows here, not
/// after minutes in the builder.
fn finds_its_files(workspace: &Workspace, containers: &Containers<'_>) -> anyhow::Result<String> {
    let folder = emptied(workspace.path("target/deployment/context"))?;
    let dockerfile = folder.with_extension("Dockerfile");
    fs::write(&dockerfile, "FROM scratch\nCOPY . /\n")?;
    let mut copy = containers.build(&dockerfile, &workspace.path(""));
    capture(copy.arg("--output").arg(&folder))?;
    let mut cargo = workspace.cargo();
    cargo.current_dir(&folder).args(["metadata", "--locked", "--no-deps", "--format-version", "1"]);
    capture(&mut cargo).context(".dockerignore leaves out what cargo needs")?;
    capture(&mut handbook::book(workspace, &folder, &folder.join("handbook")))
        .context(".dockerignore leaves out what the handbook needs")?;
    Ok("the builder gets all its files".into())
}

/// Lays out what the builder's stage leaves in `/out`: compiling in the image would take a quarter
/// of an hour.
fn artefacts(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let binary = server::build(workspace, Flavour::Debug)?;
    let site = site::folder(workspace);
    ensure!(site.join("pkg/assets.json").is_file(), "there are no pages: `cargo xtask build --site` first");
    let folder = emptied(workspace.path("target/deployment/artefacts"))?;
    let (programs, share) = (folder.join("out/usr/local/bin"), folder.join("out/usr/share/gridspark"));
    fs::create_dir_all(&programs)?;
    fs::create_dir_all(&share)?;
    let mut strip = workspace.program("strip");
    capture(strip.args(["--strip-debug", "-o"]).arg(programs.join("gridspark")).arg(binary))?;
    capture(workspace.program("cp").arg("-R").arg(site).arg(share.join("site")))?;
    sbom::write(workspace, &share.join("sbom"))?;
    let dockerfile = fs::read_to_string(workspace.path("Dockerfile"))?;
    for path in dockerfile.split_whitespace().filter(|word| word.starts_with("/out/")) {
        ensure!(
            folder.join(&path[1..]).exists(),
            "the builder's stage makes {path}, which is not among the artefacts"
        );
    }
    Ok(folder)
}

/// The Dockerfile with artefacts in place of its builder's stage.
fn build(workspace: &Workspace, containers: &Containers<'_>, artefacts: Option<&Path>) -> anyhow::Result<()> {
    let mut build = containers.build(&workspace.path("Dockerfile"), &workspace.path(""));
    build.args(["--tag", IMAGE]);
    match artefacts {
        Some(folder) => {
            capture(build.args(["--build-context", &format!("builder={}", folder.display())])).map(drop)
        }
        None => run(&mut build),
    }
}

/// Runs the image as its user, with nothing writable but its volume.
fn prove(containers: &Containers<'_>) -> anyhow::Result<String> {
    let gridspark = |options: &[&str], words: &[&str]| {
        let confined = ["run", "--rm", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL"];
        let mut podman = containers.podman(&confined);
        capture(podman.args(options).arg(IMAGE).args(words))
    };
    let image: Value = serde_json::from_str(&capture(&mut containers.podman(&["image", "inspect", IMAGE]))?)?;
    let label = |name: &str| image[0]["Labels"][name].as_str().unwrap_or_default();
    ensure!(label("org.opencontainers.image.version") == VERSION, "mend ARG VERSION: {}", image[0]["Labels"]);
    ensure!(label("org.opencontainers.image.licenses") == "Apache-2.0", "the label of the licence is wrong");
    let parts =
        gridspark(&["--entrypoint", "cat"], &[&format!("{}/server.cdx.json", label("gridspark.sbom"))])?;
    ensure!(
        parts.contains("pkg:cargo/axum@") && !parts.contains("pkg:cargo/proptest@"),
        "not the server's parts"
    );
    let version = gridspark(&[], &["--version"])?;
    ensure!(version.contains(VERSION), "`gridspark --version` says {version}");
    let open = gridspark(&[], &["check"]);
    ensure!(open.is_err(), "without a way in the image would serve everyone");
    let settings = settings(containers.workspace())?;
    gridspark(&settings.each_ref().map(String::as_str), &["check"])?;
    let places = "id -u; touch /data/here || exit 9; for place in /usr/local/bin /usr/share/gridspark /etc /tmp /var/tmp; do \
        if touch \"$place/here\" 2>/dev/null; then echo \"$place\"; fi; done";
    let said = gridspark(&["--entrypoint", "/bin/sh"], &["-c", places])?;
    ensure!(said.trim() == "10001", "user and places that can be written to: {said}");
    serves(containers)?;
    Ok(format!(
        "built by buildah; `{}`, `check` and `serve` run as user 10001 with a read-only root",
        version.trim()
    ))
}

/// Gives a container the settings of a way in: the proxy of compose.yaml's.
fn settings(workspace: &Workspace) -> anyhow::Result<[String; 4]> {
    let all = fs::read_to_string(workspace.path("deploy/compose/gridspark.toml"))?;
    let place = all.find("[identity]").context("deploy/compose/gridspark.toml has no [identity]")?;
    let end = all.find("# Put readings").context("deploy/compose/gridspark.toml has no source")?;
    let file = workspace.path("target/deployment/identity.toml");
    // The image alone runs in another network than compose.yaml's, with a gateway of its own.
    let settings: String = all[place..end]
        .lines()
        .map(|line| {
            if line.starts_with("proxies") {
                format!("proxies = {ANY_GATEWAY}\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    fs::write(&file, settings)?;
    let volume = format!("{}:/etc/gridspark/gridspark.toml:ro", file.display());
    Ok(["--volume".into(), volume, "--env".into(), "GRIDSPARK_CONFIG=/etc/gridspark/gridspark.toml".into()])
}

/// The image, with a way in, serves the page, its health check asks it, and the store lies in the volume.
fn serves(containers: &Containers<'_>) -> anyhow::Result<()> {
    let port = free_port()?;
    let mut podman = containers.podman(&["run", "--detach", "--read-only", "--name", "served"]);
    podman.args(settings(containers.workspace())?);
    capture(podman.args(["--publish", &format!("127.0.0.1:{port}:8000"), IMAGE]))?;
    containers.wait_until_healthy("served")?;
    let page = containers.first_page(port)?;
    ensure!(page.contains("Gridspark"), "the page is:\n{page}");
    capture(&mut containers.podman(&["exec", "served", "test", "-s", "/data/gridspark.db"]))
        .context("the store does not lie in the volume")?;
    capture(&mut containers.podman(&["rm", "--force", "--time", "0", "served"])).map(drop)
}

fn emptied(folder: PathBuf) -> anyhow::Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
