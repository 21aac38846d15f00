//! The steps of `cargo xtask test`.

use std::process::Command;

use super::{Done, Selection, Step, dependencies, deployment};
use crate::flavour::Flavour;
use crate::workspace::{Workspace, run};
use crate::{browser, console, handbook, machine, server, site};

/// All steps, the quick ones first.
pub(super) const STEPS: [Step; 10] = [
    Step { name: "format", about: "the code is formatted", run: format },
    Step {
        name: "dependencies",
        about: "licences, sources and banned crates (deny.toml)",
        run: dependencies::check,
    },
    Step { name: "lint", about: "no warning from clippy, native and WebAssembly", run: lint },
    Step { name: "docs", about: "no warning from rustdoc", run: docs },
    Step { name: "tests", about: "unit, property and integration tests", run: tests },
    Step { name: "examples", about: "the examples in the documentation", run: examples },
    Step { name: "book", about: "the handbook builds, its links and pictures are there", run: book },
    Step { name: "site", about: "the page builds", run: build_site },
    Step {
        name: "deployment",
        about: "image, compose.yaml, Kubernetes, systemd, Airflow, alerts",
        run: deployment::check,
    },
    Step { name: "browser", about: "the dashboard in Chromium, as people use it", run: test_in_browser },
];

/// All but the crates that make no sense natively, or whose dependencies bring features that the server must not have.
const NATIVE: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "book"];

/// The handbook's program.
const BOOK: [&str; 2] = ["--package", "book"];

/// The page's crates.
const PAGE: [&str; 4] = ["--package", "frontend", "--target", "wasm32-unknown-unknown"];

/// Sees to what the selected steps need on the machine.
pub(super) fn prepare(workspace: &Workspace, selection: &Selection) -> anyhow::Result<()> {
    machine::prepare_building(workspace)?;
    if selection.includes("tests") || selection.includes("browser") {
        machine::prepare_testing(workspace)?;
    }
    if selection.includes("deployment") {
        machine::prepare_deploying(workspace);
    }
    if selection.includes("site") || selection.includes("browser") {
        site::install_npm_packages(workspace)?;
    }
    Ok(())
}

fn format(workspace: &Workspace) -> anyhow::Result<Done> {
    run(workspace.cargo().args(["fmt", "--all", "--check"]))?;
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
    // This program and the handbook's have dependencies of their own; tested apart, they are not compiled a second
    // time with the features that the server asks of the dependencies they share.
    run(&mut command(&["--package", "xtask"]))?;
    run(&mut command(&BOOK))?;
    run(&mut command(&[&NATIVE[..], &["--exclude", "xtask"]].concat()))?;
    Ok(if nextest {
        Done::Whole
    } else {
        Done::Except("cargo-nextest is not installed, cargo test ran them".into())
    })
}

fn examples(workspace: &Workspace) -> anyhow::Result<Done> {
    let mut cargo = workspace.cargo();
    run(cargo.args(["test", "--locked", "--doc"]).args(NATIVE).args(["--exclude", "xtask"]))?;
    Ok(Done::Whole)
}

fn book(workspace: &Workspace) -> anyhow::Result<Done> {
    handbook::check(workspace)?;
    Ok(Done::Whole)
}

fn build_site(workspace: &Workspace) -> anyhow::Result<Done> {
    site::build(workspace, Flavour::Debug, site::Output::Shown)?;
    Ok(Done::Whole)
}

fn test_in_browser(workspace: &Workspace) -> anyhow::Result<Done> {
    let binary = server::build(workspace, Flavour::Debug)?;
    run(&mut browser::npx(workspace, &["tsc", "--project", "end2end"]))?;
    run(&mut browser::playwright(workspace, &binary))?;
    console::line("    the screenshots are in artefacts/");
    Ok(Done::Whole)
}
