//! What runs on a host without containers: units of systemd, and scripts.

use std::fs;

use anyhow::Context as _;

use super::installation;
use crate::machine;
use crate::tools::{Absent, LINTERS};
use crate::workspace::{Workspace, capture, passes};

/// Every shell script of the repository, by shellcheck.
pub(super) fn scripts(workspace: &Workspace) -> anyhow::Result<String> {
    // By their first line, wherever they lie and whatever they are called.
    let interpreter = ["grep", "-I", "--files-with-matches", "-E", "^#!/.*sh$"];
    let listed = capture(workspace.program("git").args(interpreter))?;
    let scripts: Vec<&str> = listed.lines().collect();
    anyhow::ensure!(!scripts.is_empty(), "there are no scripts");
    passes(LINTERS.command(workspace, "shellcheck")?.args(&scripts))?;
    Ok(format!("shellcheck has nothing to say of {}", scripts.join(", ")))
}

/// The units: installed as the handbook has it, and by systemd itself; the program that they start stands for the installed one.
pub(super) fn units(workspace: &Workspace) -> anyhow::Result<String> {
    installation::check(workspace)?;
    let Some(systemd) = machine::on_path("systemd-analyze") else {
        return Err(
            Absent("systemd-analyze is not on the path; Debian's package systemd brings it".into()).into()
        );
    };
    let folder = workspace.path("target/deployment/systemd");
    fs::create_dir_all(&folder)?;
    let stand_in = machine::on_path("true").context("there is no program `true`")?.display().to_string();
    let mut units = Vec::new();
    for entry in fs::read_dir(workspace.path("deploy/systemd"))? {
        let path = entry?.path();
        let name = path.file_name().context("a unit without a name")?;
        let text = fs::read_to_string(&path)?.replace("/usr/local/bin/gridspark", &stand_in);
        fs::write(folder.join(name), text)?;
        units.push(folder.join(name));
    }
    // What it warns of does not make it fail.
    let mut analyze = workspace.program(&systemd);
    let output = analyze.arg("verify").args(["--man=no"]).args(&units).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("gridspark")).collect();
    anyhow::ensure!(output.status.success() && ours.is_empty(), "systemd-analyze verify says:\n{said}");
    // 0 is the best, 10 the worst; a service without any protection has 9.6.
    for unit in units.iter().filter(|unit| unit.extension().is_some_and(|kind| kind == "service")) {
        let mut analyze = workspace.program(&systemd);
        passes(analyze.args(["security", "--offline=true", "--threshold=20", "--no-pager"]).arg(unit))
            .with_context(|| format!("{} is too open", unit.display()))?;
    }
    Ok(format!(
        "installed as the handbook has it; systemd takes {} units, and finds the services well protected",
        units.len()
    ))
}
