//! What was typed after `cargo xtask`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use crate::checks::Selection;
use crate::demo::Demonstration;
use crate::flavour::Flavour;
use crate::machine;
use crate::workspace::Workspace;
use crate::{console, server, site};

pub(crate) const USAGE: &str = "\
Usage: cargo xtask <command>

  demo    sets everything up, simulates a small network, forecasts it and serves the dashboard
          --listen ADDRESS   where to serve (127.0.0.1:8000)
          --boxes N          how many transformers (120)
          --years N          how many years of readings (4)
          --fresh            simulate anew instead of using the data of the last time
          --no-serve         stop when the data is ready
  test    sets everything up and runs every check and test
          --only NAME        just this step (may be repeated)
          --skip NAME        all but this step (may be repeated)
          --list             name the steps
  build   builds the site and the server
          --release          for production: small page, fast server, precompressed files
          --site | --server  only this part
  image   builds the image's last stage in a clean Debian, as root, and runs it
          --with-build       carry the builder's stage out too (15 minutes) instead of using what was built here
  sbom    lists the parts that server and page are built from (CycloneDX 1.6)
          --out FILE         where to write it (target/gridspark.cdx.json)
  pictures  takes the handbook's pictures anew, in Chromium
  help    this text";

/// The commands.
#[derive(Debug)]
pub(crate) enum Command {
    /// The usage.
    Help,
    /// Build, no more.
    Build {
        /// How much to optimise.
        flavour: Flavour,
        /// Which parts.
        what: Part,
    },
    /// The demonstration.
    Demo(Demonstration),
    /// The image, in a clean root.
    Image {
        /// Carry the builder's stage out too.
        with_build: bool,
    },
    /// The list of parts.
    Sbom {
        /// The file to write.
        out: PathBuf,
    },
    /// The tests.
    Test(Selection),
    /// The handbook's pictures.
    Pictures,
}

/// What `build` builds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// The site and the server.
    Everything,
    /// The site alone.
    Site,
    /// The server alone.
    Server,
}

impl Part {
    /// Builds the part, saying what is being done.
    ///
    /// # Errors
    /// Where one of the tools fails; it has said why.
    pub(crate) fn build(self, workspace: &Workspace, flavour: Flavour) -> anyhow::Result<()> {
        if matches!(self, Self::Everything | Self::Site) {
            machine::prepare_building(workspace)?;
            site::install_npm_packages(workspace)?;
            console::step("Building the page (from nothing: 2 to 4 minutes)", || {
                site::build(workspace, flavour, site::Output::Shown)
            })?;
        }
        if matches!(self, Self::Everything | Self::Server) {
            let binary = console::step("Building the server (from nothing: 3 to 8 minutes)", || {
                server::build(workspace, flavour)
            })?;
            console::line(&format!("    {}", binary.display()));
        }
        Ok(())
    }
}

impl Command {
    /// Reads the program's own arguments.
    ///
    /// # Errors
    /// Where a word is unknown or a value is missing or wrong.
    pub(crate) fn from_environment() -> anyhow::Result<Self> {
        Self::read(lexopt::Parser::from_env())
    }

    fn read(mut parser: lexopt::Parser) -> anyhow::Result<Self> {
        let command = match parser.next()? {
            None | Some(Long("help") | Short('h')) => return Ok(Self::Help),
            Some(Value(word)) => word.string()?,
            Some(other) => return Err(other.unexpected().into()),
        };
        match command.as_str() {
            "help" => Ok(Self::Help),
            "build" => build(parser),
            "demo" => demo(parser),
            "image" => image(parser),
            "sbom" => sbom(parser),
            "test" => test(parser),
            "pictures" => pictures(parser),
            _ => bail!("there is no command `{command}`"),
        }
    }
}

fn build(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let (mut flavour, mut what) = (Flavour::Debug, Part::Everything);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("release") => flavour = Flavour::Release,
            Long("site") => what = Part::Site,
            Long("server") => what = Part::Server,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Build { flavour, what })
}

fn demo(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut demonstration = Demonstration::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => {
                let value = parser.value()?.string()?;
                demonstration.listen = value
                    .parse::<SocketAddr>()
                    .with_context(|| format!("`{value}` is no address like 127.0.0.1:8000"))?;
            }
            Long("boxes") => demonstration.boxes = parser.value()?.parse()?,
            Long("years") => demonstration.years = parser.value()?.parse()?,
            Long("fresh") => demonstration.fresh = true,
            Long("no-serve") => demonstration.serve = false,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Demo(demonstration))
}

fn image(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut with_build = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("with-build") => with_build = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Image { with_build })
}

fn sbom(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut out = PathBuf::from("target/gridspark.cdx.json");
    while let Some(argument) = parser.next()? {
        match argument {
            Long("out") => out = parser.value()?.into(),
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Sbom { out })
}

fn test(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    let mut selection = Selection::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("only") => selection.only.push(parser.value()?.string()?),
            Long("skip") => selection.skip.push(parser.value()?.string()?),
            Long("list") => selection.list = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    selection.check()?;
    Ok(Command::Test(selection))
}

fn pictures(mut parser: lexopt::Parser) -> anyhow::Result<Command> {
    match parser.next()? {
        None => Ok(Command::Pictures),
        Some(Long("help") | Short('h')) => Ok(Command::Help),
        Some(other) => Err(other.unexpected().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> anyhow::Result<Command> {
        Command::read(lexopt::Parser::from_args(words))
    }

    #[test]
    fn options_reach_their_command() {
        let Command::Demo(demonstration) =
            read(&["demo", "--listen", "127.0.0.1:9000", "--boxes=7", "--no-serve"]).unwrap()
        else {
            panic!("not read as the demonstration");
        };
        assert_eq!((demonstration.listen.port(), demonstration.boxes, demonstration.serve), (9000, 7, false));
    }

    #[test]
    fn unknown_words_are_refused() {
        for words in [
            &["dance"][..],
            &["build", "--fast"],
            &["demo", "--listen", "here"],
            &["test", "--only", "x"],
            &["pictures", "x"],
        ] {
            assert!(read(words).is_err(), "{words:?} was accepted");
        }
    }
}
