//! The daily commands of this repository: `cargo xtask build`, `demo`, `test` and the like.
//!
//! Everything that a fresh machine needs between a clone and a dashboard (or a passed test) is
//! done or named here; the `justfile` only gives these commands short names.

mod arguments;
mod checks;
mod console;
mod containers;
mod demo;
mod flavour;
mod handbook;
mod machine;
mod sbom;
mod server;
mod site;
mod tools;
mod workspace;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser as _;
use flavour::Flavour;
use workspace::{Output, Workspace};

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            console::line(&format!("\nStopped: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Carries the command out; `false` where it finished and something in it had failed.
fn run(command: Command) -> anyhow::Result<bool> {
    let workspace = &Workspace::find()?;
    match command {
        Command::Demo(demonstration) => demo::demonstrate(workspace, &demonstration)?,
        Command::Test(selection) => return checks::run(workspace, &selection),
        Command::Build { release, site, server } => {
            let flavour = if release { Flavour::Release } else { Flavour::Debug };
            if !server {
                machine::prepare_building(workspace)?;
                site::install_npm_packages(workspace)?;
                console::step("Building the page (from nothing: 2 to 4 minutes)", || {
                    site::build(workspace, flavour, Output::Shown)
                })?;
            }
            if !site {
                let build = || server::build(workspace, flavour);
                let binary = console::step("Building the server (from nothing: 3 to 8 minutes)", build)?;
                console::line(&format!("    {}", binary.display()));
            }
        }
        Command::Image => checks::build_image(workspace)?,
        Command::Sbom { out } => sbom::write(workspace, &out)?,
    }
    Ok(true)
}
