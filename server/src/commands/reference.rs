//! `gridspark reference`: the reference pages of this version, as in the handbook.

use crate::Ending;
use crate::command_line::Reference;

use super::{CommandError, report};

pub(super) fn run(options: &Reference) -> Result<Ending, CommandError> {
    let text = options.page.text();
    report::print(false, &text, &text)?;
    Ok(Ending::Complete)
}
