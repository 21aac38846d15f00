//! The settings, from the schema of [`ConfigurationFile`]: its doc comments are the texts.

use std::fmt::Write as _;

use schemars::{Schema, schema_for};
use serde_json::{Map, Value};

use super::cell;
use crate::configuration::ConfigurationFile;

const HEAD: &str = "# Settings

<!-- Made by `gridspark reference configuration`; `just reference` makes it anew. -->

A TOML file, named by `--config FILE` or `GRIDSPARK_CONFIG`. Every setting may be left out but those that say *required*, and
those only where their section is used. The variable, where there is one, wins over the file. An unknown setting is refused
with its line, so that no typing mistake goes unseen; `gridspark check` proves the whole. `gridspark reference schema` prints
the same as a JSON schema, for editors that know one.
";

/// The settings as a JSON schema.
pub(super) fn schema() -> String {
    format!("{:#}\n", whole().as_value())
}

fn whole() -> Schema {
    schema_for!(ConfigurationFile)
}

/// The settings as a page.
pub(super) fn page() -> String {
    let schema = whole();
    let mut page = Writer { definitions: object(schema.as_value(), "$defs"), text: HEAD.to_owned() };
    page.section("", schema.as_value());
    page.text
}

struct Writer {
    definitions: Map<String, Value>,
    text: String,
}

fn object(value: &Value, key: &str) -> Map<String, Value> {
    value.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Writer {
    /// Resolves a reference in the schema, ignoring null.
    fn resolved(&self, value: &Value) -> Value {
        let named = text(value, "$ref").strip_prefix("#/$defs/").and_then(|name| self.definitions.get(name));
        if let Some(named) = named {
            return named.clone();
        }
        let choices = value.get("anyOf").and_then(Value::as_array);
        let choice = choices.and_then(|choices| choices.iter().find(|choice| text(choice, "type") != "null"));
        choice.map_or_else(|| value.clone(), |choice| self.resolved(choice))
    }

    /// A table of the plain settings, then the sections.
    fn section(&mut self, path: &str, schema: &Value) {
        let name = if path.is_empty() { "At the top".to_owned() } else { format!("`[{path}]`") };
        let _ = writeln!(self.text, "\n## {name}\n");
        self.table(path, schema);
    }

    fn table(&mut self, path: &str, schema: &Value) {
        let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut sections = Vec::new();
        let mut rows = String::new();
        for (name, property) in object(schema, "properties") {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let resolved = self.resolved(&property);
            let item = resolved.get("items").map(|items| self.resolved(items));
            if let Some(item) = item.filter(|item| item.get("properties").is_some()) {
                sections.push((format!("[{path}]"), property, item));
            } else if resolved.get("properties").is_some() || is_choice_of_tables(&resolved) {
                sections.push((path, property, resolved));
            } else {
                let required = required.iter().any(|required| required == name.as_str());
                rows.push_str(&self.row(&path, &property, &resolved, required));
            }
        }
        if !rows.is_empty() {
            let _ = write!(self.text, "| setting | type | default | meaning |\n|---|---|---|---|\n{rows}");
        }
        for (path, property, resolved) in sections {
            if is_choice_of_tables(&resolved) {
                self.choice(&path, &property, &resolved);
            } else {
                let _ = writeln!(self.text, "\n## `[{path}]`\n\n{}\n", cell(text(&property, "description")));
                // A list of tables has a second pair of brackets.
                self.table(path.trim_matches(['[', ']']), &resolved);
            }
        }
    }

    /// A table with several kinds, each with its own settings.
    fn choice(&mut self, path: &str, property: &Value, resolved: &Value) {
        let _ = writeln!(self.text, "\n## `{path}`\n\n{}", cell(text(property, "description")));
        for kind in resolved.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default() {
            let properties = object(&kind, "properties");
            let tag = properties.iter().find_map(|(name, value)| Some((name, value.get("const")?.as_str()?)));
            let (name, tag) = tag.map_or(("", ""), |(name, tag)| (name.as_str(), tag));
            let _ = writeln!(
                self.text,
                "\n### `{path} = {{ {name} = \"{tag}\", … }}`\n\n{}\n",
                cell(text(&kind, "description"))
            );
            let mut plain = kind.clone();
            if let Some(properties) = plain.get_mut("properties").and_then(Value::as_object_mut) {
                properties.remove(name);
            }
            self.table(path, &plain);
        }
    }

    fn row(&self, path: &str, property: &Value, resolved: &Value, required: bool) -> String {
        let variable = match text(property, "variable") {
            "" => String::new(),
            variable => format!("<br>`{variable}`"),
        };
        let unit = match text(property, "unit") {
            "" => String::new(),
            unit => format!("; {unit}"),
        };
        let default = match property.get("default") {
            _ if required => "*required*".to_owned(),
            None | Some(Value::Null) => "–".to_owned(),
            Some(Value::Object(map)) if map.is_empty() => "–".to_owned(),
            Some(Value::Array(list)) if list.is_empty() => "–".to_owned(),
            Some(Value::Number(number)) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => {
                format!("`{}`", number.as_f64().unwrap_or_default())
            }
            Some(value) => format!("`{}`", toml_of(value)),
        };
        let kind = cell(&kind(property, resolved));
        let meaning = cell(text(property, "description"));
        format!("| `{path}`{variable} | {kind}{unit} | {default} | {meaning} |\n")
    }
}

fn toml_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("\"{text}\""))
}

/// Whether the alternatives are tables rather than words.
fn is_choice_of_tables(schema: &Value) -> bool {
    let kinds = schema.get("oneOf").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind.get("properties").is_some()))
}

/// The type in TOML's terms.
fn kind(property: &Value, resolved: &Value) -> String {
    let words: Vec<String> =
        match (property.get("enum").or_else(|| resolved.get("enum")), resolved.get("oneOf")) {
            (Some(Value::Array(words)), _) => {
                words.iter().map(|word| format!("`{}`", toml_of(word))).collect()
            }
            (_, Some(Value::Array(words))) => words
                .iter()
                .filter_map(|word| word.get("const"))
                .map(|word| format!("`{}`", toml_of(word)))
                .collect(),
            _ => Vec::new(),
        };
    if !words.is_empty() {
        return match words.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
            _ => words.concat(),
        };
    }
    let name = match resolved.get("type") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        other => other.and_then(Value::as_str),
    };
    let item = resolved.get("items").and_then(|items| items.get("type")).and_then(Value::as_str);
    let is_list_of_numbers = item == Some("number");
    let name = match name.unwrap_or("string") {
        "integer" => "whole number",
        "boolean" => "`true` or `false`",
        "array" if is_list_of_numbers => "list of numbers",
        "array" => "list of strings",
        "object" => "table of strings",
        "string" => "string",
        other => other,
    };
    let bound = |key: &str| property.get(key).and_then(Value::as_f64);
    // Counts begin at 0 by their type.
    match (bound("minimum").filter(|least| *least != 0.0 || name == "number"), bound("maximum")) {
        (Some(least), Some(most)) => format!("{name} from {least} to {most}"),
        (None, Some(most)) if name == "number" => format!("{name} above 0 up to {most}"),
        (None, Some(most)) => format!("{name} up to {most}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Configuration;

    /// The top-level settings with bounds: key, one value below, one above.
    fn bounded() -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        for (name, property) in object(whole().as_value(), "properties") {
            let bound = |key: &str| property.get(key).and_then(Value::as_f64);
            let whole = text(&property, "type") == "integer";
            let written = |value: f64| if whole { format!("{value:.0}") } else { format!("{value:?}") };
            wrong.extend(bound("maximum").map(|most| (name.clone(), written(most + 1.0))));
            wrong.extend(
                bound("minimum")
                    .filter(|least| *least > 0.0)
                    .map(|least| (name.clone(), written(if whole { least - 1.0 } else { least / 2.0 }))),
            );
        }
        wrong
    }

    #[test]
    fn what_the_reference_says_of_bounds_is_what_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gridspark.toml");
        let wrong = bounded();
        assert!(wrong.len() > 9, "{wrong:?}");
        for (name, value) in wrong {
            std::fs::write(&path, format!("{name} = {value}\n")).unwrap();
            let refused = Configuration::load(Some(&path), None).map(drop);
            assert!(refused.is_err_and(|error| error.to_string().contains(&name)), "{name} = {value}");
        }
    }

    #[test]
    fn sections_kinds_defaults_and_variables_are_reported() {
        let page = page();
        for line in [
            "| `power_factor`<br>`GRIDSPARK_POWER_FACTOR` | number above 0 up to 1; kW/kVA | `1` |",
            "| `model`<br>`GRIDSPARK_MODEL` | `\"gridspark\"` or `\"spark\"` | `\"gridspark\"` |",
            "| `source.kind` | `\"postgres\"`, `\"snowflake\"` or `\"files\"` | *required* |",
            "| `source.overlap_weeks` | whole number up to 520; weeks | `2` |",
            "| `vault.version` | `1` or `2` | `2` |",
            "## `[source.postgres]`",
            "## `[[notification.webhook]]`",
            "| `notification.webhook.name` | string | *required* |",
            "### `vault.login = { method = \"approle\", … }`",
            "| `vault.login.role_id` | string | *required* |",
        ] {
            assert!(page.contains(line), "{line} is not in\n{page}");
        }
    }

    #[test]
    fn every_setting_has_its_text() {
        for line in page().lines().filter(|line| line.starts_with("| `")) {
            assert!(!line.ends_with("|  |"), "{line}");
        }
    }
}
