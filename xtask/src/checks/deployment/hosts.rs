//! What runs on a host without containers: units of systemd, scripts, and the pipelines of hosted
//! CI.

use std::fs;

use anyhow::{Context as _, ensure};

use crate::machine;
use crate::tools::{Absent, LINTERS};
use crate::workspace::{Workspace, capture};

const PAGE: &str = "docs/operator/install.md";
const UNITS: &str = "deploy/systemd";
/// What every service says of the store, so that all of them use the same, whether it is a file or
/// a server.
const STORE: [&str; 4] =
    ["WorkingDirectory=/var/lib/gridspark", "StateDirectory=gridspark", "User=gridspark", "DynamicUser=yes"];

/// Every shell script of the repository, by shellcheck, and the pipelines, by their schemas.
pub(super) fn scripts(workspace: &Workspace) -> anyhow::Result<String> {
    // By their first line, wherever they lie and whatever they are called.
    let interpreter = ["grep", "-I", "--files-with-matches", "-E", "^#!/.*sh( |$)"];
    let listed = capture(workspace.program("git").args(interpreter))?;
    let scripts: Vec<&str> = listed.lines().filter(|file| *file != "justfile").collect();
    ensure!(!scripts.is_empty(), "there are no scripts");
    capture(LINTERS.command(workspace, "shellcheck")?.args(&scripts))?;
    for (schema, file) in [("github-workflows", ".github/workflows/ci.yml"), ("gitlab-ci", ".gitlab-ci.yml")]
    {
        let mut check = LINTERS.command(workspace, "check-jsonschema")?;
        capture(check.args(["--builtin-schema", &format!("vendor.{schema}"), file]))?;
    }
    Ok(format!("shellcheck has nothing to say of {}; the pipelines are valid", scripts.join(", ")))
}

/// The units: the handbook's commands install them on a folder that stands for a clean host, and
/// systemd judges them there.
pub(super) fn units(workspace: &Workspace) -> anyhow::Result<String> {
    let Some(systemd) = machine::on_path("systemd-analyze") else {
        return Err(Absent("systemd-analyze is missing; Debian's package systemd brings it".into()).into());
    };
    let place = workspace.path("target/deployment/installation");
    let (host, checkout) = (place.join("host"), place.join("checkout"));
    let _ = fs::remove_dir_all(&place);
    let systems = host.join("usr/lib/systemd/system");
    for folder in ["etc/systemd/system", "usr/lib/systemd/system", "usr/local/bin", "usr/share"] {
        fs::create_dir_all(host.join(folder))?;
    }
    let copy = "cp --no-dereference /usr/lib/systemd/system/*.target /usr/lib/systemd/system/*.slice \"$1\"";
    capture(workspace.program("sh").args(["-euc", copy, "sh"]).arg(systems))?;
    for folder in ["target/release", "site", UNITS] {
        fs::create_dir_all(checkout.join(folder))?;
    }
    fs::write(checkout.join("target/release/gridspark"), "#!/bin/sh\n")?;
    fs::write(checkout.join("site/page"), "")?;
    for entry in fs::read_dir(workspace.path(UNITS))? {
        let entry = entry?;
        fs::copy(entry.path(), checkout.join(UNITS).join(entry.file_name()))?;
    }
    let page = fs::read_to_string(workspace.path(PAGE))?;
    let script = commands(&page).with_context(|| format!("{PAGE} has no commands for systemd"))?;
    let script = ["/etc/", "/usr/"].iter().fold(script.to_owned(), |script, folder| {
        script.replace(&format!(" {folder}"), &format!(" {}{folder}", host.display()))
    });
    capture(workspace.program("sh").args(["-eu", "-c", &script]).current_dir(&checkout))
        .with_context(|| format!("the commands of {PAGE}"))?;
    let mut services = 0;
    for entry in fs::read_dir(host.join("etc/systemd/system"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "service") {
            let unit = fs::read_to_string(&path)?;
            keeps_promises(&unit).with_context(|| path.display().to_string())?;
            for (name, within) in [("Environment=GRIDSPARK_SITE=", "/page"), ("EnvironmentFile=", "")] {
                for file in unit.lines().filter_map(|line| line.strip_prefix(name)) {
                    let there = host.join(format!("{}{within}", file.trim_start_matches(['-', '/'])));
                    ensure!(there.exists(), "the commands of {PAGE} make no {file}{within}");
                }
            }
            // 0 is the best, 10 the worst; a service without any protection has 9.6.
            let mut security = workspace.program(&systemd);
            security.args(["security", "--offline=true", "--threshold=20", "--no-pager"]).arg(&path);
            capture(&mut security).with_context(|| format!("{} is too open", path.display()))?;
            services += 1;
        }
    }
    ensure!(services > 2, "{services} services were installed");
    // Each program has to be there. What is only warned of does not make it fail.
    let mut verify = workspace.program(&systemd);
    verify.args(["verify", "--man=no"]).arg(format!("--root={}", host.display()));
    let units = fs::read_dir(host.join("etc/systemd/system"))?.map(|entry| Ok(entry?.file_name()));
    let output = verify.args(units.collect::<anyhow::Result<Vec<_>>>()?).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let is_fine = output.status.success() && !said.lines().any(|line| line.contains("gridspark"));
    ensure!(is_fine, "systemd-analyze verify says:\n{said}");
    Ok(format!("{services} services, installed as the handbook has it, are valid and well protected"))
}

/// The first commands of the section on systemd.
fn commands(page: &str) -> Option<&str> {
    let section = page.split("\n## ").find_map(|section| section.strip_prefix("systemd\n"))?;
    section.split_once("```sh\n")?.1.split("```").next()
}

fn keeps_promises(unit: &str) -> anyhow::Result<()> {
    for line in STORE {
        ensure!(unit.lines().any(|found| found == line), "without `{line}` it has a store of its own");
    }
    ensure!(!unit.contains("GRIDSPARK_DATABASE"), "a variable wins over the settings that all units share");
    let checks = unit.lines().any(|line| line.starts_with("Exec") && line.ends_with("gridspark check"));
    ensure!(!checks, "`check` would stop it without a notice: its commands check the same, and send one");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_with_a_store_of_its_own_or_a_silent_check_is_found() {
        let unit = format!("[Service]\n{}\nExecStart=/bin/gridspark update-extremes\n", STORE.join("\n"));
        assert!(keeps_promises(&unit).is_ok());
        assert!(keeps_promises(&unit.replace("User=gridspark\n", "")).is_err());
        assert!(keeps_promises(&format!("{unit}Environment=GRIDSPARK_DATABASE=sqlite://a\n")).is_err());
        assert!(keeps_promises(&format!("{unit}ExecStartPre=/bin/gridspark check\n")).is_err());
    }
}
