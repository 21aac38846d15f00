//! The browser tests, and the handbook's pictures that they take.

use std::path::Path;
use std::process::Command;

use crate::flavour::Flavour;
use crate::workspace::{Workspace, run};
use crate::{machine, server, site};

/// A program of npm's packages.
pub(crate) fn npx(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = workspace.program("npx");
    command.arg("--no-install").args(arguments);
    command
}

/// The browser tests, of this server and the site as it is built.
pub(crate) fn playwright(workspace: &Workspace, server: &Path) -> Command {
    let mut command = npx(workspace, &["playwright", "test", "--config", "end2end/playwright.config.ts"]);
    command.env("GRIDSPARK_PROGRAM", server).env("GRIDSPARK_SITE", site::folder(workspace));
    command
}

/// Takes the handbook's pictures anew.
///
/// # Errors
/// Where the site or the server can't be built, or a picture doesn't find its subject.
pub(crate) fn take_pictures(workspace: &Workspace) -> anyhow::Result<()> {
    machine::prepare_building(workspace)?;
    machine::prepare_testing(workspace)?;
    site::install_npm_packages(workspace)?;
    site::build(workspace, Flavour::Debug, site::Output::Shown)?;
    let server = server::build(workspace, Flavour::Debug)?;
    let mut playwright = playwright(workspace, &server);
    run(playwright.args(["--project=desktop", "pictures"]).env("GRIDSPARK_TAKE_PICTURES", "1"))
}
