//! The arguments of `cargo xtask`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::checks::Selection;

/// The daily commands of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set everything up, simulate a small network, forecast it and serve the dashboard
    Demo(Demonstration),
    /// Set everything up and run every check and test
    Test(Selection),
    /// Build the site and the server
    Build {
        /// For production: small page, fast server, precompressed files
        #[arg(long)]
        release: bool,
        /// The site alone
        #[arg(long, conflicts_with = "server")]
        site: bool,
        /// The server alone
        #[arg(long)]
        server: bool,
    },
    /// Build the image with buildah, compiling in it, and run it with podman, as root (20 minutes)
    Image,
    /// List the parts that server and page are built from (CycloneDX)
    Sbom {
        /// The folder to write into
        #[arg(long, default_value = "target/sbom")]
        out: PathBuf,
    },
}

/// What to demonstrate.
#[derive(Debug, clap::Args)]
pub(crate) struct Demonstration {
    /// Where to serve
    #[arg(long, default_value = "127.0.0.1:8000")]
    pub(crate) listen: SocketAddr,
    /// How many transformers
    #[arg(long, default_value_t = 120)]
    pub(crate) boxes: u32,
    /// How many years of readings
    #[arg(long, default_value_t = 4)]
    pub(crate) years: u32,
    /// Simulate anew instead of using the data of the last time
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Stop when the data is ready
    #[arg(long)]
    pub(crate) no_serve: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_reach_their_command_and_unknown_ones_are_refused() {
        let read = |words: &str| Arguments::try_parse_from(words.split(' ')).map(|it| it.command);
        let Ok(Command::Demo(demonstration)) =
            read("xtask demo --listen 127.0.0.1:9000 --boxes=7 --no-serve")
        else {
            panic!("not read as the demonstration");
        };
        assert_eq!((demonstration.listen.port(), demonstration.boxes), (9000, 7));
        assert!(demonstration.no_serve);
        for words in ["xtask dance", "xtask build --site --server", "xtask demo --listen here"] {
            assert!(read(words).is_err(), "{words} was accepted");
        }
    }
}
