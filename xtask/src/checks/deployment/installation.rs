//! What the handbook has people type on a host with systemd, and what the units promise each other.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::workspace::{Workspace, capture};

const PAGE: &str = "docs/operator/install.md";
const UNITS: &str = "deploy/systemd";
/// What a clean host has of the places that are written to.
const HOST: [&str; 3] = ["etc/systemd/system", "usr/local/bin", "usr/share"];
/// What every service says of the store, so that all of them use the same, whether it is a file or a server.
const STORE: [&str; 4] =
    ["WorkingDirectory=/var/lib/gridspark", "StateDirectory=gridspark", "User=gridspark", "DynamicUser=yes"];

/// Carries the handbook's commands out on a folder that stands for a clean host; then each unit has to find what it names.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let place = workspace.path("target/deployment/installation");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    let (host, checkout) = (place.join("host"), place.join("checkout"));
    for folder in HOST {
        fs::create_dir_all(host.join(folder))?;
    }
    for folder in ["target/release", "site", UNITS] {
        fs::create_dir_all(checkout.join(folder))?;
    }
    fs::write(checkout.join("target/release/gridspark"), "")?;
    fs::write(checkout.join("site/page"), "")?;
    for entry in fs::read_dir(workspace.path(UNITS))? {
        let entry = entry?;
        fs::copy(entry.path(), checkout.join(UNITS).join(entry.file_name()))?;
    }
    let page = fs::read_to_string(workspace.path(PAGE))?;
    let mut script =
        commands(&page).with_context(|| format!("{PAGE} has no commands for systemd"))?.to_owned();
    for folder in [" /etc/", " /usr/"] {
        script = script.replace(folder, &format!(" {}{}", host.display(), folder.trim_start()));
    }
    capture(workspace.program("sh").args(["-eu", "-c", &script]).current_dir(&checkout))
        .with_context(|| format!("the commands of {PAGE}"))?;
    let mut services = 0;
    for entry in fs::read_dir(host.join("etc/systemd/system"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "service") {
            let unit = fs::read_to_string(&path)?;
            keeps_promises(&unit).and_then(|()| finds_its_files(&unit, &host)).with_context(|| {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            })?;
            services += 1;
        }
    }
    ensure!(services > 2, "{services} services were installed");
    Ok(())
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
    ensure!(!checks, "`check` would stop it with nobody told: its commands prove the same, and tell");
    Ok(())
}

fn finds_its_files(unit: &str, host: &Path) -> anyhow::Result<()> {
    let there = |path: &str| host.join(path.trim_start_matches('/')).exists();
    for line in unit.lines() {
        if let Some(site) = line.strip_prefix("Environment=GRIDSPARK_SITE=") {
            ensure!(there(&format!("{site}/page")), "the commands of {PAGE} put no pages into {site}");
        } else if let Some(file) = line.strip_prefix("EnvironmentFile=") {
            ensure!(there(file.trim_start_matches('-')), "the commands of {PAGE} make no {file}");
        } else if let Some(command) = line.strip_prefix("ExecStart=") {
            let program = command.split(' ').next().unwrap_or_default();
            ensure!(there(program), "the commands of {PAGE} install no {program}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_commands_of_systemd_are_taken() {
        let page =
            "# A\n\n## Before\n\n```sh\nno\n```\n\n## systemd\n\n```sh\nyes\n```\n\nand\n\n```sh\nno\n```\n";
        assert_eq!(commands(page), Some("yes\n"));
        assert_eq!(commands("# A\n\n## systemd\n\nnothing\n"), None);
    }

    #[test]
    fn a_unit_with_a_store_of_its_own_or_a_silent_check_is_found() {
        let unit = format!("[Service]\n{}\nExecStart=/bin/gridspark update-extremes\n", STORE.join("\n"));
        assert!(keeps_promises(&unit).is_ok());
        assert!(keeps_promises(&unit.replace("User=gridspark\n", "")).is_err());
        assert!(keeps_promises(&format!("{unit}Environment=GRIDSPARK_DATABASE=sqlite://a\n")).is_err());
        assert!(keeps_promises(&format!("{unit}ExecStartPre=/bin/gridspark check\n")).is_err());
    }
}
