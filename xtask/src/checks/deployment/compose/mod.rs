//! compose.yaml: its form by the published schema, its safety by a linter, and the promises that we make of it.

mod network;
mod services;

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::yaml;
use crate::flavour::Flavour;
use crate::image::Made;
use crate::server;
use crate::tools::LINTERS;
use crate::workspace::{Workspace, capture, passes};
use services::Services;

/// The commands that the source system had, by their old names.
const ENTRY_POINTS: [(&str, &str); 3] =
    [("update_extremes", "update-extremes"), ("make_forecasts", "make-forecasts"), ("dashboard", "serve")];

/// Checks the file.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    let file = "compose.yaml";
    passes(LINTERS.command(workspace, "check-jsonschema")?.args([
        "--builtin-schema",
        "vendor.compose-spec",
        file,
    ]))?;
    // Digests belong to a registry; name yours.
    passes(LINTERS.command(workspace, "compose-lint")?.args([
        "check",
        "--quiet",
        "--skip-suppressed",
        "--fail-on",
        "low",
        "--config",
        "deploy/compose/lint.yml",
        file,
    ]))?;
    let documents = yaml::documents(workspace, &workspace.path(file))?;
    let compose = documents.first().context("compose.yaml is empty")?;
    let services = compose["services"].as_object().context("compose.yaml has no services")?;
    for (name, service) in services {
        keeps_promises(service, services).with_context(|| format!("service {name}"))?;
    }
    for (name, command) in ENTRY_POINTS {
        ensure!(services[name]["command"][0] == command, "{name} does not run `gridspark {command}`");
    }
    Ok(format!("{} services, by the schema, compose-lint and what is promised of them", services.len()))
}

/// Runs the services by their own commands, as somebody does who tries Gridspark out.
pub(super) fn run(workspace: &Workspace, made: &Made) -> anyhow::Result<String> {
    let documents = yaml::documents(workspace, &workspace.path("compose.yaml"))?;
    let compose = documents.first().context("compose.yaml is empty")?;
    let folder = Folder(services::folder());
    services::make(workspace, &folder.0)?;
    let simulate = ["simulate", "--boxes", "3", "--years", "3", "--phase", "sumli", "--seed", "5"];
    let binary = server::binary(workspace, Flavour::Debug);
    let growth = ["--growth", "exponential", "--out"];
    capture(workspace.program(binary).args(simulate).args(growth).arg(folder.0.join("readings")))?;
    let mut services = Services::new(workspace, made, compose, folder.0.clone())?;
    for service in ["dashboard", "worker"] {
        services.up(service)?;
    }
    for job in ["update_extremes", "make_forecasts"] {
        services.run(job)?;
    }
    let ask =
        "import urllib.request; print(urllib.request.urlopen('http://dashboard:8000/').read().decode())";
    let page = capture(&mut services.inside(LINTERS.command(workspace, "python")?.args(["-c", ask])))?;
    let shown = page.contains("3 transformers") && page.contains("forecast of ");
    ensure!(shown, "the dashboard does not show the three boxes and when they were forecast:\n{page}");
    Ok("the services of compose.yaml run by their own commands, from PostgreSQL to the page".into())
}

/// A folder that goes with this value.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn keeps_promises(service: &Value, all: &serde_json::Map<String, Value>) -> anyhow::Result<()> {
    ensure!(service["read_only"] == true, "its root can be written to");
    let options = service["security_opt"].as_array().context("no security_opt")?;
    ensure!(options.iter().any(|option| option == "no-new-privileges:true"), "it can gain privileges");
    ensure!(service["cap_drop"][0] == "ALL", "it keeps capabilities");
    let stays = service.get("restart").is_some_and(|restart| restart == "unless-stopped");
    let asks = service["healthcheck"].get("test").is_some();
    let is_ours = service["build"].is_string() || service["build"].is_object();
    ensure!(!stays || asks, "it is to stay up, and nothing asks whether it is well");
    // The image's health check asks a dashboard, which a job is not.
    ensure!(
        stays || !is_ours || service["healthcheck"]["disable"] == true,
        "a job has nothing to ask for its health"
    );
    for (needed, how) in service["depends_on"].as_object().into_iter().flatten() {
        let needed =
            all.get(needed).with_context(|| format!("it depends on {needed}, which is not there"))?;
        let fits = match how["condition"].as_str() {
            Some("service_healthy") => needed["healthcheck"].get("test").is_some(),
            Some("service_completed_successfully") => needed.get("restart").is_none(),
            _ => false,
        };
        ensure!(fits, "it waits for nothing that can come true: {how}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn services() -> Value {
        json!({
            "vault": {"read_only": true, "security_opt": ["no-new-privileges:true"], "cap_drop": ["ALL"],
                "restart": "unless-stopped", "healthcheck": {"test": ["CMD", "bao", "status"]}},
            "job": {"read_only": true, "security_opt": ["no-new-privileges:true"], "cap_drop": ["ALL"],
                "build": ".", "healthcheck": {"disable": true},
                "depends_on": {"vault": {"condition": "service_healthy"}}},
        })
    }

    #[test]
    fn a_service_that_breaks_a_promise_is_found() {
        let kept = |services: &Value| {
            let services = services.as_object().unwrap();
            services.values().all(|service| keeps_promises(service, services).is_ok())
        };
        assert!(kept(&services()));
        for (place, value) in [
            ("/vault/read_only", json!(false)),
            ("/vault/cap_drop", json!([])),
            ("/vault/healthcheck", json!({})),
            ("/job/healthcheck", json!({})),
            ("/job/security_opt", json!(["label:disable"])),
            ("/job/depends_on/vault/condition", json!("service_started")),
            ("/job/depends_on/vault/condition", json!("service_completed_successfully")),
        ] {
            let mut services = services();
            *services.pointer_mut(place).unwrap() = value.clone();
            assert!(!kept(&services), "{place}: {value}");
        }
    }
}
