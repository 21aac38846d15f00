//! The dependencies' licences, sources, bans and advisories, by cargo-deny and the rules of
//! `deny.toml`.

use super::outcome::Done;
use crate::console;
use crate::tools::DENY;
use crate::workspace::{Workspace, capture, run};

/// Checks all rules; the advisories only where their database can be fetched.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<Done> {
    let program = DENY.program(workspace)?;
    let deny = |arguments: &[&str]| {
        let mut deny = workspace.program(&program);
        deny.args(["--log-level", "error"]).args(arguments);
        deny
    };
    run(&mut deny(&["check", "licenses", "bans", "sources"]))?;
    if let Err(error) = capture(&mut deny(&["fetch", "db"])) {
        console::line(&format!("{error:#}"));
        return Ok(Done::Except("security advisories (their database cannot be fetched from here)".into()));
    }
    run(&mut deny(&["check", "advisories"]))?;
    Ok(Done::Whole)
}
