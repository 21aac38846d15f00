//! The alert rules, by Prometheus' own checker.

use crate::tools::PROMTOOL;
use crate::workspace::{Workspace, passes};

/// Checks the rules, and plays their tests: which figures raise which alert, and when.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    let promtool = || -> anyhow::Result<_> { Ok(workspace.program(PROMTOOL.program(workspace)?)) };
    passes(promtool()?.args(["check", "rules", "deploy/monitoring/alerts.yml"]))?;
    passes(promtool()?.args(["test", "rules", "deploy/monitoring/alerts.test.yml"]))?;
    Ok("promtool reads the alert rules, and they are raised when they should be".into())
}
