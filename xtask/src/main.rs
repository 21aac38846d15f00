//! The daily commands of this repository: `cargo xtask build`, `demo`, `test` and the like.
//!
//! Everything that a fresh machine needs between a clone and a dashboard (or a passed test) is
//! done or named here; the `justfile` only gives these commands short names.

mod arguments;
mod browser;
mod checks;
mod console;
mod demo;
mod flavour;
mod handbook;
mod image;
mod machine;
mod sbom;
#[cfg(test)]
mod scratch;
mod server;
mod site;
mod tools;
mod workspace;

use std::process::ExitCode;

use arguments::Command;
use workspace::Workspace;

fn main() -> ExitCode {
    let command = match Command::from_environment() {
        Ok(command) => command,
        Err(error) => {
            console::line(&format!("{error:#}\n\n{}", arguments::USAGE));
            return ExitCode::from(2);
        }
    };
    match run(command) {
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
    let workspace = Workspace::find()?;
    match command {
        Command::Help => console::line(arguments::USAGE),
        Command::Build { flavour, what } => arguments::Part::build(what, &workspace, flavour)?,
        Command::Demo(demonstration) => demo::demonstrate(&workspace, &demonstration)?,
        Command::Pictures => browser::take_pictures(&workspace)?,
        Command::Image { with_build } => checks::build_image(&workspace, with_build)?,
        Command::Sbom { out } => {
            let count = sbom::write(&workspace, &out)?;
            console::line(&format!("{} lists {count} parts", out.display()));
        }
        Command::Test(selection) => return checks::run(&workspace, &selection),
    }
    Ok(true)
}
