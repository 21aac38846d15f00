//! The commands, from their definition.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::cell;
use crate::CommandLine;

const HEAD: &str = "# Commands

<!-- Made by `gridspark reference commands`; `just reference` makes it anew. -->

Each command ends with 0 on success, 1 on failure, 2 on wrong usage, and 3 when it finished but refused some boxes or rows, each
named with its reason. Results go to stdout, the log to stderr.
";

/// The commands as a page.
pub(super) fn page() -> String {
    let mut program = CommandLine::command();
    program.build();
    let mut page = HEAD.to_owned();
    let _ = writeln!(page, "\n## Options of every command\n");
    table(&mut page, program.get_arguments().filter(|argument| argument.is_global_set()));
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        describe(&mut page, command);
    }
    page
}

fn describe(page: &mut String, command: &Command) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(page, "\n## `gridspark {}`\n\n{about}.\n", command.get_name());
    table(page, command.get_arguments().filter(|argument| !argument.is_global_set()));
}

fn table<'a>(page: &mut String, arguments: impl Iterator<Item = &'a Arg>) {
    let shown = |argument: &&Arg| {
        !matches!(argument.get_id().as_str(), "help" | "version") && !argument.is_hide_set()
    };
    let arguments: Vec<&Arg> = arguments.filter(shown).collect();
    if arguments.is_empty() {
        return;
    }
    page.push_str("| option | default | meaning |\n|---|---|---|\n");
    for argument in arguments {
        let name = argument.get_long().map_or_else(String::new, |long| format!("--{long}"));
        let value = argument.get_value_names().and_then(<[_]>::first).map(ToString::to_string);
        let takes = argument.get_action().takes_values();
        let name = [Some(name).filter(|name| !name.is_empty()), value.filter(|_| takes)];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let variable = argument.get_env().map(|variable| format!("<br>`{}`", variable.to_string_lossy()));
        let defaults = argument.get_default_values();
        let default =
            defaults.first().filter(|_| takes).map(|value| format!("`{}`", value.to_string_lossy()));
        let many = matches!(argument.get_action(), ArgAction::Append);
        let required = if argument.is_required_set() { " *Required.*" } else { "" };
        let mut meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let choices: Vec<String> =
            argument.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
        if takes && !choices.is_empty() {
            let _ = write!(meaning, ": {}", choices.join(", "));
        }
        let name = if many { format!("{name}…") } else { name };
        let _ = writeln!(
            page,
            "| `{name}`{} | {} | {}{required} |",
            variable.unwrap_or_default(),
            default.unwrap_or_else(|| "–".to_owned()),
            cell(&meaning)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn options_come_with_values_defaults_and_variables() {
        let page = page();
        for line in [
            "| `--config FILE`<br>`GRIDSPARK_CONFIG` | – |",
            "| `--listen ADDRESS`<br>`GRIDSPARK_LISTEN` | `127.0.0.1:8000` |",
            "## `gridspark make-forecasts`",
            "| `--force` | – | Fit also boxes that are up to date |",
        ] {
            assert!(page.contains(line), "{line} is not in\n{page}");
        }
        assert_eq!(page.matches("`--config FILE`").count(), 1, "options of every command are listed once");
    }
}
