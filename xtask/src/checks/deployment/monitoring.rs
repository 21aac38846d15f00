//! The alert rules, by Prometheus' own checker, and the dashboard for Grafana.

use std::fs;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::tools::promtool;
use crate::workspace::{Workspace, capture};

const DASHBOARD: &str = "deploy/monitoring/grafana.json";
/// What lets a panel show the chosen environments only.
const CHOSEN: &str = "namespace=~\"$namespace\"";
/// Metrics that somebody has to look at before they become an alert.
const SHOWN: [&str; 3] = ["gridspark_boxes", "gridspark_undelivered_notices", "gridspark_given_up_notices"];

/// Checks the rules and runs their tests, then checks the dashboard.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    let dashboard = serde_json::from_str(&fs::read_to_string(workspace.path(DASHBOARD))?)?;
    shows_environments_apart(&dashboard).with_context(|| DASHBOARD.to_owned())?;
    let promtool = promtool(workspace)?;
    for (does, file) in [("check", "alerts.yml"), ("test", "alerts.test.yml")] {
        let mut promtool = workspace.program(&promtool);
        capture(promtool.args([does, "rules"]).arg(workspace.path("deploy/monitoring").join(file)))?;
    }
    Ok("promtool reads the alert rules, and they are raised when they should be; the dashboard shows each namespace apart".into())
}

/// No panel mixes environments.
fn shows_environments_apart(dashboard: &Value) -> anyhow::Result<()> {
    let variables = dashboard["templating"]["list"].as_array().context("it has no variables")?;
    ensure!(variables.iter().any(|variable| variable["name"] == "namespace"), "no namespace can be chosen");
    let panels = dashboard["panels"].as_array().context("it has no panels")?;
    let mut asked = String::new();
    for panel in panels {
        let title = &panel["title"];
        for target in panel["targets"].as_array().into_iter().flatten() {
            let question = target["expr"].as_str().with_context(|| format!("{title} asks nothing"))?;
            let (figures, chosen) =
                (question.matches("gridspark_").count(), question.matches(CHOSEN).count());
            ensure!(figures == chosen, "{title} asks for environments that were not chosen: {question}");
            ensure!(question.contains("by (namespace"), "{title} puts environments together: {question}");
            asked.push_str(question);
        }
    }
    for figure in SHOWN {
        ensure!(asked.contains(figure), "no panel shows {figure}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_panel_that_mixes_environments_is_found() {
        let asks = |question: &str| {
            let all: String =
                SHOWN.iter().map(|figure| format!("max by (namespace) ({figure}{{{CHOSEN}}}) ")).collect();
            let targets = json!([{"expr": all}, {"expr": question}]);
            let dashboard = json!({
                "templating": {"list": [{"name": "namespace"}]},
                "panels": [{"title": "A", "targets": targets}],
            });
            shows_environments_apart(&dashboard)
        };
        assert!(asks("max by (namespace) (gridspark_open_boxes{namespace=~\"$namespace\"})").is_ok());
        assert!(asks("max(gridspark_open_boxes{namespace=~\"$namespace\"})").is_err());
        assert!(asks("max by (namespace) (gridspark_open_boxes)").is_err());
        assert!(shows_environments_apart(&json!({"templating": {"list": []}, "panels": []})).is_err());
    }
}
