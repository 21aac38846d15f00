//! Results on stdout: JSON for software, a few lines for people.

use std::io::Write;

use serde::Serialize;

use super::CommandError;

/// Prints the result as JSON if `json` is set, else as `text`.
pub(super) fn print(json: bool, result: &impl Serialize, text: &str) -> Result<(), CommandError> {
    let mut stdout = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut stdout, result).map_err(|error| CommandError::Output(error.into()))?;
        stdout.write_all(b"\n").map_err(CommandError::Output)
    } else {
        stdout.write_all(text.as_bytes()).map_err(CommandError::Output)
    }
}
