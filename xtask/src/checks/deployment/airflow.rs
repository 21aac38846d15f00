//! The DAG, in a real Airflow.

use anyhow::Context as _;

use crate::flavour::Flavour;
use crate::server;
use crate::tools::AIRFLOW;
use crate::workspace::{Workspace, capture};

/// Loads the DAG and has Airflow carry it out: the commands of the real program, on a small store.
const PROGRAM: &str = "xtask/src/checks/deployment/run_dag.py";

/// Loads and runs the DAG.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    let home = workspace.path("target/deployment/airflow");
    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    std::fs::create_dir_all(&home)?;
    let mut python = AIRFLOW.command(workspace, "python")?;
    let binary = server::build(workspace, Flavour::Debug)?;
    python
        .arg(workspace.path(PROGRAM))
        .arg(workspace.path("deploy/airflow"))
        .arg(&home)
        .arg(binary)
        .env("AIRFLOW_HOME", &home)
        .env("AIRFLOW__CORE__LOAD_EXAMPLES", "false")
        .env("AIRFLOW__CORE__DAGS_FOLDER", workspace.path("deploy/airflow"))
        .env("AIRFLOW__LOGGING__LOGGING_LEVEL", "WARNING");
    let said = capture(&mut python).context("the DAG in Airflow")?;
    Ok(said.lines().last().unwrap_or_default().to_owned())
}
