//! compose.yaml: its form by the published schema, its safety by a linter, its services by
//! podman-compose.

use std::fs;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::containers::{Containers, free_port};
use crate::flavour::Flavour;
use crate::server;
use crate::tools::{LINTERS, OPENBAO};
use crate::workspace::{Workspace, capture};

const FILE: &str = "compose.yaml";

/// The file, by the compose specification and compose-lint.
pub(super) fn lint(workspace: &Workspace) -> anyhow::Result<String> {
    let schema = ["--builtin-schema", "vendor.compose-spec", FILE];
    capture(LINTERS.command(workspace, "check-jsonschema")?.args(schema))?;
    let mut lint = LINTERS.command(workspace, "compose-lint")?;
    lint.args(["check", "--quiet", "--skip-suppressed", "--fail-on", "low"]);
    capture(lint.args(["--config", "deploy/compose/lint.yml", FILE]))?;
    Ok("valid by the schema, and compose-lint has nothing to say".into())
}

/// Starts the services and runs the jobs in a folder as an operator has it, from simulated readings
/// to the page.
pub(super) fn run(workspace: &Workspace, containers: &Containers<'_>) -> anyhow::Result<String> {
    let openbao = OPENBAO.folder(workspace)?.display().to_string();
    containers.make_images(&["services", &openbao])?;
    let folder = workspace.path("target/deployment/compose");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("deploy/compose"))?;
    for file in [FILE, "deploy/compose/gridspark.toml"] {
        fs::copy(workspace.path(file), folder.join(file))?;
    }
    let mut simulate = workspace.program(server::binary(workspace, Flavour::Debug));
    simulate.args(["simulate", "--boxes", "3", "--years", "3", "--phase", "sumli", "--seed", "5"]);
    capture(simulate.args(["--growth", "exponential", "--out"]).arg(folder.join("data/readings")))?;
    let port = free_port()?;
    let compose = |arguments: &[&str]| {
        let mut compose = containers.compose(&folder, arguments)?;
        compose.env("GRIDSPARK_PASSWORD", "chosen0by0the0test").env("GRIDSPARK_PORT", port.to_string());
        capture(&mut compose).with_context(|| format!("podman-compose {}", arguments.join(" ")))
    };
    // podman before 4.6 can't wait for a service's health: each group is started once the one
    // before is healthy.
    for services in [["database", "vault"], ["dashboard", "worker"]] {
        compose(&[&["up", "--detach", "--no-build", "--no-deps"], &services[..]].concat())?;
        for service in services {
            let container = format!("gridspark_{service}_1");
            containers.wait_until_healthy(&container)?;
            is_confined(containers, &container).with_context(|| format!("service {service}"))?;
        }
        if services[0] == "database" {
            compose(&["run", "--rm", "--no-deps", "vault_entry"])?;
        }
    }
    for job in ["update_extremes", "make_forecasts"] {
        compose(&["--profile", "jobs", "run", "--rm", "--no-deps", job])?;
    }
    let page = containers.first_page(port)?;
    let shown = page.contains("3 transformers") && page.contains("forecast of ");
    ensure!(shown, "the dashboard does not show the three boxes and when they were forecast:\n{page}");
    Ok(format!("the services of {FILE} run by podman-compose, from PostgreSQL to the page"))
}

/// What podman says of a running container: no rights, nothing to write to, limits.
fn is_confined(containers: &Containers<'_>, container: &str) -> anyhow::Result<()> {
    let inspected: Value = serde_json::from_str(&capture(&mut containers.podman(&["inspect", container]))?)?;
    let (state, host) = (&inspected[0], &inspected[0]["HostConfig"]);
    ensure!(host["ReadonlyRootfs"] == true, "its root can be written to");
    let capabilities = state["EffectiveCaps"].as_array().map_or(0, Vec::len);
    ensure!(capabilities == 0, "it has capabilities: {}", state["EffectiveCaps"]);
    let options = host["SecurityOpt"].to_string();
    ensure!(options.contains("no-new-privileges"), "it can gain privileges: {options}");
    let user = state["Config"]["User"].as_str().unwrap_or_default();
    ensure!(!matches!(user.split(':').next(), None | Some("" | "0" | "root")), "it runs as root");
    ensure!(host["Memory"].as_u64().is_some_and(|bytes| bytes > 0), "nothing limits its memory");
    Ok(())
}
