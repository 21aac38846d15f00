//! The `gridspark` command.

use std::process::ExitCode;

use clap::Parser;
use gridspark::{CommandLine, run};

fn main() -> ExitCode {
    run(CommandLine::parse())
}
