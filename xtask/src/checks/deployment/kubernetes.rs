//! The manifests of the three environments: rendered by kustomize, checked against the API's
//! schemas, by checkov's policies, and by rules of our own.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::yaml;
use crate::machine;
use crate::tools::{Absent, LINTERS, POLICIES};
use crate::workspace::{Workspace, capture};

const ENVIRONMENTS: [&str; 3] = ["test", "acceptance", "production"];

/// Renders and checks all environments.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    if machine::on_path("kubectl").is_none() {
        return Err(Absent("kubectl, which renders the manifests, is not on the path".into()).into());
    }
    let folder = workspace.path("target/deployment/kubernetes");
    fs::create_dir_all(&folder)?;
    let mut settings = BTreeSet::new();
    for environment in ENVIRONMENTS {
        let mut kustomize = workspace.program("kubectl");
        let rendered = capture(kustomize.args(["kustomize", &format!("deploy/kubernetes/{environment}")]))?;
        let file = folder.join(format!("{environment}.yaml"));
        fs::write(&file, rendered)?;
        let mut validate = LINTERS.command(workspace, "kubernetes-validate")?;
        capture(validate.args(["--strict", "--quiet"]).arg(&file)).with_context(|| environment.to_owned())?;
        let objects = yaml::documents(workspace, &file)?;
        for object in &objects {
            keeps_promises(object, &objects).with_context(|| {
                format!("{environment}: {} {}", object["kind"], object["metadata"]["name"])
            })?;
        }
        let map = objects.iter().find(|object| object["kind"] == "ConfigMap");
        settings.insert(map.context("there are no settings")?["data"]["gridspark.toml"].to_string());
    }
    let mut checkov = POLICIES.command(workspace, "checkov")?;
    checkov.args(["--framework", "kubernetes", "--compact", "--quiet", "--skip-download"]);
    capture(
        checkov.arg("--config-file").arg("deploy/kubernetes/checkov.yaml").arg("--directory").arg(folder),
    )?;
    ensure!(settings.len() == ENVIRONMENTS.len(), "two environments have the same settings");
    Ok(format!("{} are valid, strictly, and checkov has nothing to say", ENVIRONMENTS.join(", ")))
}

/// Rules that no general policy has.
fn keeps_promises(object: &Value, all: &[Value]) -> anyhow::Result<()> {
    match object["kind"].as_str() {
        Some("Deployment") => {
            let pod = &object["spec"]["template"];
            ensure!(all.iter().any(|other| is_budget_of(other, pod)), "no disruption budget names it");
            starts_without_the_source(pod)
        }
        Some("CronJob") => {
            ensure!(object["spec"]["concurrencyPolicy"] == "Forbid", "two could run at once");
            ensure!(object["spec"]["timeZone"].is_string(), "in which time zone?");
            tells_what_stops_it(&object["spec"]["jobTemplate"]["spec"]["template"])
        }
        _ => Ok(()),
    }
}

/// Whether it keeps a drain of nodes from taking all pods of this kind.
fn is_budget_of(object: &Value, pod: &Value) -> bool {
    let labels = object["spec"]["selector"]["matchLabels"].as_object();
    let all_there = |labels: &serde_json::Map<String, Value>| {
        labels.iter().all(|(name, value)| &pod["metadata"]["labels"][name] == value)
    };
    object["kind"] == "PodDisruptionBudget" && labels.is_some_and(all_there)
}

/// The containers that run first or as such, and what each is given to do, by a shell or without
/// one.
fn containers(pod: &Value) -> impl Iterator<Item = (&Value, Vec<&str>)> {
    let kinds = ["initContainers", "containers"].into_iter().filter_map(|kind| pod["spec"][kind].as_array());
    kinds.flatten().map(|container| {
        let lists = ["command", "args"].into_iter().filter_map(|list| container[list].as_array());
        let words = lists.flatten().filter_map(Value::as_str).flat_map(str::split_whitespace);
        (&container["name"], words.collect())
    })
}

/// Nothing stops a weekly run except the commands that report it.
fn tells_what_stops_it(pod: &Value) -> anyhow::Result<()> {
    for (name, words) in containers(pod) {
        ensure!(!words.contains(&"check"), "{name}: `check` sends no notices");
    }
    Ok(())
}

/// Checks before a dashboard starts cover only what it needs: with its source unreachable it still
/// shows what it has.
fn starts_without_the_source(pod: &Value) -> anyhow::Result<()> {
    for (name, words) in containers(pod) {
        let asks = words.contains(&"check") && !words.contains(&"--without-source");
        ensure!(!asks, "{name}: without `--without-source` an outage of the source keeps it down");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_check_that_stops_a_run_in_silence_or_a_dashboard_for_its_source_is_found() {
        let pod = |words: Value| json!({"spec": {"initContainers": [{"name": "first", "args": words}]}});
        assert!(tells_what_stops_it(&pod(json!(["update-extremes"]))).is_ok());
        assert!(tells_what_stops_it(&pod(json!(["check"]))).is_err());
        let by_shell = json!(["-c", "gridspark check && gridspark update-extremes"]);
        assert!(tells_what_stops_it(&pod(by_shell)).is_err());
        assert!(starts_without_the_source(&pod(json!(["check", "--without-source"]))).is_ok());
        assert!(starts_without_the_source(&pod(json!(["check"]))).is_err());
    }
}
