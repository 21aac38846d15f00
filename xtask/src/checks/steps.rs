//! The steps of `cargo xtask test`.

use std::process::Command;

use super::outcome::Done;
use super::{dependencies, deployment};
use crate::flavour::Flavour;
use crate::tools::{self, AIRFLOW, LINTERS, OPENBAO, POLICIES, SNOWFLAKE, WRITING};
use crate::workspace::{Output, Workspace, capture, run};
use crate::{console, handbook, machine, server, site};

/// A check: a short name to select it by, what it proves in a few words, and how.
pub(super) type Step = (&'static str, &'static str, fn(&Workspace) -> anyhow::Result<Done>);

/// All steps, the quick ones first.
pub(super) const STEPS: [Step; 12] = [
    ("format", "the code is formatted", format),
    ("spelling", "the spelling of code and texts (typos.toml)", spelling),
    ("dependencies", "licences, sources, bans and advisories (deny.toml)", dependencies::check),
    ("lint", "no warning from clippy, native and WebAssembly", lint),
    ("docs", "no warning from rustdoc", docs),
    ("tests", "unit, property and integration tests", tests),
    ("examples", "the examples in the documentation", examples),
    ("book", "the handbook builds, every link in it and beside it leads somewhere", book),
    ("site", "the page builds", build_site),
    ("server", "the server builds", build_server),
    ("deployment", "image, compose.yaml, Kubernetes, systemd, Airflow, alerts", deployment::check),
    ("browser", "the dashboard in Chromium, as people use it", test_in_browser),
];

/// All but the crates that make no sense natively, or whose dependencies bring features that the
/// server must not have.
const NATIVE: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "book"];

/// The handbook's program.
const BOOK: [&str; 2] = ["--package", "book"];

/// The page's crates.
const PAGE: [&str; 4] = ["--package", "frontend", "--target", "wasm32-unknown-unknown"];

/// Sees to what the selected steps need on the machine.
pub(super) fn prepare(workspace: &Workspace, includes: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    machine::prepare_building(workspace)?;
    if includes("tests") || includes("browser") {
        machine::prepare_testing(workspace)?;
        // Where one can't be had, the tests that need it say that they are left out.
        tools::fetch(workspace, &[OPENBAO, SNOWFLAKE]);
    }
    if includes("deployment") {
        machine::prepare_deploying(workspace);
        tools::fetch_meanwhile(workspace, &[LINTERS, POLICIES, AIRFLOW]);
    }
    if includes("site") || includes("browser") {
        site::install_npm_packages(workspace)?;
    }
    if includes("browser") && !includes("server") {
        server::build(workspace, Flavour::Debug)?;
    }
    Ok(())
}

fn format(workspace: &Workspace) -> anyhow::Result<Done> {
    run(workspace.cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Done::Whole)
}

fn spelling(workspace: &Workspace) -> anyhow::Result<Done> {
    run(WRITING.command(workspace, "typos")?.arg("--quiet"))?;
    Ok(Done::Whole)
}

fn lint(workspace: &Workspace) -> anyhow::Result<Done> {
    let clippy = |selection: &[&str], targets: &[&str]| {
        let mut cargo = workspace.cargo();
        cargo.args(["clippy", "--locked"]).args(selection).args(targets).args(["--", "-D", "warnings"]);
        run(&mut cargo)
    };
    clippy(&NATIVE, &["--all-targets"])?;
    clippy(&BOOK, &["--all-targets"])?;
    clippy(&PAGE, &[])?;
    Ok(Done::Whole)
}

fn docs(workspace: &Workspace) -> anyhow::Result<Done> {
    for selection in [&NATIVE[..], &PAGE] {
        let mut cargo = workspace.cargo();
        cargo.args(["doc", "--locked", "--no-deps", "--document-private-items"]).args(selection);
        run(cargo.env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(Done::Whole)
}

fn tests(workspace: &Workspace) -> anyhow::Result<Done> {
    let nextest = machine::on_path("cargo-nextest").is_some();
    let command = |selection: &[&str]| -> Command {
        let mut cargo = workspace.cargo();
        if nextest {
            // Of those that pass, only the slow ones are named.
            cargo.args(["nextest", "run", "--locked", "--no-fail-fast", "--status-level", "slow"]);
        } else {
            // The documentation's examples are a step of their own.
            cargo.args(["test", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]);
        }
        cargo.args(selection);
        cargo
    };
    // This program and the handbook's have dependencies of their own; tested apart, they are not
    // compiled a second time with the features that the server asks of the dependencies they share.
    run(&mut command(&["--package", "xtask"]))?;
    run(&mut command(&BOOK))?;
    // Clippy compiles the example programs; to link them as well proves nothing more.
    let targets: &[&str] =
        if nextest { &["--exclude", "xtask", "--lib", "--bins", "--tests"] } else { &["--exclude", "xtask"] };
    run(&mut command(&[&NATIVE[..], targets].concat()))?;
    let without = || Done::Except("cargo-nextest is not installed, cargo test ran them".into());
    Ok(if nextest { Done::Whole } else { without() })
}

fn examples(workspace: &Workspace) -> anyhow::Result<Done> {
    let mut cargo = workspace.cargo();
    run(cargo.args(["test", "--locked", "--doc"]).args(NATIVE).args(["--exclude", "xtask"]))?;
    Ok(Done::Whole)
}

fn book(workspace: &Workspace) -> anyhow::Result<Done> {
    let folder = handbook::build(workspace)?;
    let pages = capture(workspace.program("git").args(["ls-files", "*.md"]))?;
    // Every link and anchor within; nobody is asked whether an address elsewhere answers.
    let mut lychee = WRITING.command(workspace, "lychee")?;
    lychee.args(["--offline", "--include-fragments", "--no-progress", "--root-dir"]).arg(&folder);
    run(lychee.arg(folder.join("**/*.html")).args(pages.lines()))?;
    Ok(Done::Whole)
}

fn build_site(workspace: &Workspace) -> anyhow::Result<Done> {
    site::build(workspace, Flavour::Debug, Output::Shown)?;
    Ok(Done::Whole)
}

fn build_server(workspace: &Workspace) -> anyhow::Result<Done> {
    server::build(workspace, Flavour::Debug)?;
    Ok(Done::Whole)
}

/// Nothing is compiled here: steps that compile may run beside it.
fn test_in_browser(workspace: &Workspace) -> anyhow::Result<Done> {
    let binary = server::binary(workspace, Flavour::Debug);
    let npx = |arguments: &str| {
        let mut npx = workspace.program("npx");
        npx.arg("--no-install").args(arguments.split(' '));
        npx
    };
    run(&mut npx("tsc --project end2end"))?;
    let mut playwright = npx("playwright test --config end2end/playwright.config.ts");
    run(playwright.env("GRIDSPARK_PROGRAM", binary).env("GRIDSPARK_SITE", site::folder(workspace)))?;
    console::line("    the screenshots are in artefacts/");
    Ok(Done::Whole)
}
