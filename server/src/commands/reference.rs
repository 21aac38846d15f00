//! `gridspark reference`: what this version can be told, as the handbook has it.

use crate::Ending;
use crate::command_line::Reference;

use super::{CommandError, report};

pub(super) fn run(options: &Reference) -> Result<Ending, CommandError> {
    let text = options.page.text();
    report::print(false, &text, &text)?;
    Ok(Ending::Complete)
}
