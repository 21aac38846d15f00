//! The dependencies' licences, sources and bans, by the rules of `deny.toml`.
//!
//! Where cargo-deny is installed it does the whole check, advisories included. It takes many minutes to
//! compile, so without it the rules that need nothing from outside are checked here, from what
//! `cargo metadata` says, and the summary names what was left out.

mod licences;
mod packages;
mod rules;

use anyhow::{Context as _, bail};

use super::Done;
use crate::workspace::{Workspace, capture, run};
use crate::{console, machine};
use packages::Package;
use rules::Rules;

/// Checks the dependencies.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Done> {
    if machine::on_path("cargo-deny").is_some() {
        return with_cargo_deny(workspace);
    }
    let rules = Rules::read(&workspace.path("deny.toml"))?;
    let packages = packages::of(workspace)?;
    let mut faults = Vec::new();
    for package in packages.iter().filter(|package| !package.is_ours()) {
        faults.extend(faults_of(package, &rules));
    }
    if !faults.is_empty() {
        bail!("deny.toml forbids:\n  {}", faults.join("\n  "));
    }
    let doubles = packages::several_versions(&packages);
    console::line(&format!(
        "    {} packages: licences, sources and bans are in order; {} of them in several versions",
        packages.len(),
        doubles.len()
    ));
    Ok(Done::Except("security advisories (they need cargo-deny and the RustSec database)".into()))
}

/// All rules; the advisories only where their database can be fetched.
fn with_cargo_deny(workspace: &Workspace) -> anyhow::Result<Done> {
    run(workspace.cargo().args(["deny", "check", "licenses", "bans", "sources"]))?;
    if let Err(error) = capture(workspace.cargo().args(["deny", "fetch", "db"])) {
        console::line(&format!("{error:#}"));
        return Ok(Done::Except("security advisories (their database cannot be fetched from here)".into()));
    }
    run(workspace.cargo().args(["deny", "check", "--disable-fetch", "advisories"]))?;
    Ok(Done::Whole)
}

/// What is wrong with a package, each in one line.
fn faults_of(package: &Package, rules: &Rules) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(ban) = rules.ban_of(&package.name) {
        faults.push(format!(
            "{package}: banned{}",
            ban.reason.as_deref().map(|why| format!(", {why}")).unwrap_or_default()
        ));
    }
    match &package.source {
        Some(source) if rules.allows_source(source) => {}
        source => {
            faults.push(format!("{package}: comes from {}", source.as_deref().unwrap_or("a local path")))
        }
    }
    match licences::is_allowed(package, rules).context("unreadable licence") {
        Ok(true) => {}
        Ok(false) => faults.push(format!(
            "{package}: the licence {} is not allowed",
            package.license.as_deref().unwrap_or("(none given)")
        )),
        Err(error) => faults.push(format!("{package}: {error:#}")),
    }
    faults
}
