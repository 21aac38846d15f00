//! The manifests of the three environments, rendered by kustomize, against the API's schemas and our own promises.

use std::fs;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::yaml;
use crate::machine;
use crate::tools::{Absent, LINTERS};
use crate::workspace::{Workspace, capture, passes};

const ENVIRONMENTS: [&str; 3] = ["test", "acceptance", "production"];

/// Renders and checks all environments.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    if machine::on_path("kubectl").is_none() {
        let why = "kubectl, which renders the manifests, is not on the path; put it there";
        return Err(Absent(why.into()).into());
    }
    let folder = workspace.path("target/deployment/kubernetes");
    fs::create_dir_all(&folder)?;
    let mut count = 0;
    let mut settings = Vec::new();
    for environment in ENVIRONMENTS {
        let mut kustomize = workspace.program("kubectl");
        let rendered = capture(kustomize.args(["kustomize", &format!("deploy/kubernetes/{environment}")]))?;
        let file = folder.join(format!("{environment}.yaml"));
        fs::write(&file, rendered)?;
        let mut validate = LINTERS.command(workspace, "kubernetes-validate")?;
        passes(validate.args(["--strict", "--quiet"]).arg(&file)).with_context(|| environment.to_owned())?;
        let objects = yaml::documents(workspace, &file)?;
        keep_promises(&objects).with_context(|| format!("{environment}, see {}", file.display()))?;
        count += objects.len();
        settings.push(find(&objects, "ConfigMap", None)?["data"]["gridspark.toml"].clone());
    }
    ensure!(
        settings[0] != settings[1] && settings[1] != settings[2] && settings[0] != settings[2],
        "two environments have the same settings"
    );
    Ok(format!(
        "{count} objects of {} are valid, strictly, and keep what is promised",
        ENVIRONMENTS.join(", ")
    ))
}

fn find<'a>(objects: &'a [Value], kind: &str, name: Option<&str>) -> anyhow::Result<&'a Value> {
    let fits = |object: &&Value| {
        object["kind"] == kind && name.is_none_or(|name| object["metadata"]["name"] == name)
    };
    objects.iter().find(fits).with_context(|| format!("there is no {kind} {}", name.unwrap_or_default()))
}

/// What holds in every environment.
fn keep_promises(objects: &[Value]) -> anyhow::Result<()> {
    for object in objects {
        let name = format!("{} {}", object["kind"], object["metadata"]["name"]);
        let pod = match object["kind"].as_str() {
            Some("Deployment") => {
                runs_on(object, objects).with_context(|| name.clone())?;
                let pod = &object["spec"]["template"];
                starts_without_the_source(pod).with_context(|| name.clone())?;
                pod
            }
            Some("CronJob") => {
                ensure!(object["spec"]["concurrencyPolicy"] == "Forbid", "{name}: two could run at once");
                ensure!(object["spec"]["timeZone"].is_string(), "{name}: in which time zone?");
                let pod = &object["spec"]["jobTemplate"]["spec"]["template"];
                tells_what_stops_it(pod).with_context(|| name.clone())?;
                pod
            }
            _ => continue,
        };
        is_confined(pod).with_context(|| name.clone())?;
        is_fenced(pod, objects).with_context(|| name.clone())?;
    }
    find(objects, "ServiceAccount", Some("gridspark")).map(drop)
}

/// No container has more rights or memory than it needs.
fn is_confined(pod: &Value) -> anyhow::Result<()> {
    let spec = &pod["spec"];
    ensure!(spec["securityContext"]["runAsNonRoot"] == true, "it may run as root");
    ensure!(
        spec["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault",
        "no system call is refused"
    );
    let containers =
        ["initContainers", "containers"].into_iter().filter_map(|kind| spec[kind].as_array()).flatten();
    for container in containers {
        let name = &container["name"];
        let context = &container["securityContext"];
        ensure!(context["readOnlyRootFilesystem"] == true, "{name}: its root can be written to");
        ensure!(context["allowPrivilegeEscalation"] == false, "{name}: it can gain privileges");
        ensure!(context["capabilities"]["drop"][0] == "ALL", "{name}: it keeps capabilities");
        let resources = &container["resources"];
        for what in ["cpu", "memory"] {
            ensure!(resources["requests"][what].is_string(), "{name}: it requests no {what}");
        }
        ensure!(resources["limits"]["memory"].is_string(), "{name}: nothing limits its memory");
        let image = container["image"].as_str().unwrap_or_default();
        ensure!(image.contains(':') && !image.ends_with(":latest"), "{name}: `{image}` may change under way");
    }
    Ok(())
}

/// What the container is given to do, by a shell or without one.
fn words(container: &Value) -> Vec<&str> {
    let lists = ["command", "args"].into_iter().filter_map(|list| container[list].as_array());
    lists.flatten().filter_map(Value::as_str).flat_map(str::split_whitespace).collect()
}

/// Nothing stops a weekly run but the commands that tell people what did.
fn tells_what_stops_it(pod: &Value) -> anyhow::Result<()> {
    let containers =
        ["initContainers", "containers"].into_iter().filter_map(|kind| pod["spec"][kind].as_array());
    for container in containers.flatten() {
        ensure!(!words(container).contains(&"check"), "{}: `check` tells nobody", container["name"]);
    }
    Ok(())
}

/// What is checked before a dashboard starts is what it needs: with its source away it can still show what there is.
fn starts_without_the_source(pod: &Value) -> anyhow::Result<()> {
    for container in pod["spec"]["initContainers"].as_array().into_iter().flatten() {
        let words = words(container);
        let asks = words.contains(&"check") && !words.contains(&"--without-source");
        ensure!(
            !asks,
            "{}: without `--without-source` an outage of the source keeps it down",
            container["name"]
        );
    }
    Ok(())
}

/// Some network policy says whom its pods may talk to.
fn is_fenced(pod: &Value, objects: &[Value]) -> anyhow::Result<()> {
    let both = |policy: &Value| {
        let kinds = policy["spec"]["policyTypes"].as_array().map_or(&[][..], Vec::as_slice);
        ["Ingress", "Egress"].iter().all(|kind| kinds.iter().any(|there| there == kind))
    };
    let fits = |object: &&Value| {
        object["kind"] == "NetworkPolicy"
            && both(object)
            && selects(&object["spec"]["podSelector"], &pod["metadata"]["labels"])
    };
    ensure!(objects.iter().any(|object| fits(&object)), "no network policy names it");
    Ok(())
}

/// Something asks whether it is well, and no drain of a node takes all of it.
fn runs_on(deployment: &Value, objects: &[Value]) -> anyhow::Result<()> {
    let template = &deployment["spec"]["template"];
    let container = &template["spec"]["containers"][0];
    for probe in ["livenessProbe", "readinessProbe"] {
        // What takes no requests, as a worker, has nobody who asks; another takes its boxes when it hangs.
        let asked = container.get(probe).is_some() || container.get("ports").is_none();
        ensure!(asked, "it has no {probe}");
    }
    let budget = |object: &&Value| {
        object["kind"] == "PodDisruptionBudget"
            && selects(&object["spec"]["selector"], &template["metadata"]["labels"])
    };
    ensure!(objects.iter().any(|object| budget(&object)), "no disruption budget names it");
    Ok(())
}

/// Whether a selector's labels are all there.
fn selects(selector: &Value, labels: &Value) -> bool {
    let wanted = selector["matchLabels"].as_object();
    wanted.is_none_or(|wanted| wanted.iter().all(|(name, value)| &labels[name.as_str()] == value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod() -> Value {
        json!({"metadata": {"labels": {"part": "worker"}}, "spec": {
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{"name": "gridspark", "image": "gridspark:1", "securityContext": {
                "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
                "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}}]}})
    }

    #[test]
    fn a_pod_with_one_right_too_many_is_found() {
        assert!(is_confined(&pod()).is_ok());
        for (place, value) in [
            ("/spec/securityContext/runAsNonRoot", json!(false)),
            ("/spec/containers/0/image", json!("gridspark:latest")),
            ("/spec/containers/0/resources/limits", json!({})),
            ("/spec/containers/0/securityContext/readOnlyRootFilesystem", json!(null)),
        ] {
            let mut pod = pod();
            *pod.pointer_mut(place).unwrap() = value;
            assert!(is_confined(&pod).is_err(), "{place}");
        }
    }

    #[test]
    fn a_check_that_stops_a_run_in_silence_or_a_dashboard_for_its_source_is_found() {
        let pod = |words: Value| json!({"spec": {"initContainers": [{"name": "first", "args": words}]}});
        assert!(tells_what_stops_it(&pod(json!(["update-extremes"]))).is_ok());
        assert!(tells_what_stops_it(&pod(json!(["check"]))).is_err());
        assert!(
            tells_what_stops_it(&pod(json!(["-c", "gridspark check && gridspark update-extremes"]))).is_err()
        );
        assert!(starts_without_the_source(&pod(json!(["check", "--without-source"]))).is_ok());
        assert!(starts_without_the_source(&pod(json!(["check"]))).is_err());
    }

    #[test]
    fn a_policy_for_other_pods_or_for_one_direction_is_no_fence() {
        let policy = |part: &str, kinds: Value| {
            json!([{"kind": "NetworkPolicy", "spec": {
                "podSelector": {"matchLabels": {"part": part}}, "policyTypes": kinds}}])
        };
        let fenced = |objects: Value| is_fenced(&pod(), objects.as_array().unwrap()).is_ok();
        assert!(fenced(policy("worker", json!(["Ingress", "Egress"]))));
        assert!(!fenced(policy("dashboard", json!(["Ingress", "Egress"]))));
        assert!(!fenced(policy("worker", json!(["Ingress"]))));
    }
}
