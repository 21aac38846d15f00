//! Tables and views, described by a result without rows: existence, columns, privileges.

use std::sync::Arc;

use readings::UNIT_COLUMNS;

use super::client::Client;
use super::failure::Failure;
use super::running;
use crate::configuration::source::{ColumnNames, Identifier, TableName};
use crate::sources::{CHANNEL, SourceError, TIME, VALUE};

/// A table with its wanted columns.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: TableName,
    /// The wanted columns that exist, by the source system's words.
    columns: Vec<(&'static str, Column)>,
    /// Columns that name the unit of each row, as in files.
    units: Vec<Identifier>,
}

#[derive(Debug, Clone)]
struct Column {
    name: Identifier,
    is_text: bool,
}

/// What to look up.
pub(super) struct Wanted<'a> {
    pub(super) names: &'a ColumnNames,
    pub(super) words: &'a [&'static str],
    /// Words whose columns are optional.
    pub(super) optional: &'a [&'static str],
    /// The setting that names the table.
    pub(super) setting: &'static str,
    /// The section that names its columns.
    pub(super) section: &'static str,
}

impl Wanted<'_> {
    /// Looks up a table.
    ///
    /// # Errors
    /// [`SourceError`]: no such table or column, an unsuitable type, or a missing privilege.
    pub(super) async fn at(&self, client: &Arc<Client>, name: &TableName) -> Result<Table, SourceError> {
        let look = format!("SELECT * FROM {} LIMIT 0", name.quoted());
        let (result, _) = running::run(client, &look, &[])
            .await
            .map_err(|failure| self.source_error(client, name, failure))?;
        let found = result.result_set_meta_data.map(|found| found.row_type).unwrap_or_default();
        let mut columns = Vec::new();
        for &word in self.words {
            let column = self.names.in_capitals(word);
            match found.iter().find(|known| known.name == column.as_str()) {
                Some(known) => {
                    require_type(name, word, &column, &known.kind)?;
                    columns.push((word, Column { name: column, is_text: known.kind == "text" }));
                }
                None if self.optional.contains(&word) && !self.names.names(word) => {}
                None => {
                    return Err(SourceError::MissingColumn {
                        table: name.to_string(),
                        column: column.to_string(),
                        found: found.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", "),
                        setting: self.section,
                    });
                }
            }
        }
        let names_unit = |column: &&str| {
            UNIT_COLUMNS.iter().any(|unit| unit.eq_ignore_ascii_case(column))
                && columns.iter().all(|(_, known)| known.name.as_str() != *column)
        };
        let units = found.iter().map(|column| column.name.as_str()).filter(names_unit);
        let units = units.filter_map(|column| Identifier::try_from(column.to_owned()).ok()).collect();
        Ok(Table { name: name.clone(), columns, units })
    }

    fn source_error(&self, client: &Client, name: &TableName, failure: Failure) -> SourceError {
        let access = client.access();
        let schema = name.schema().map_or(access.schema.clone(), ToString::to_string);
        let whole = match name.schema() {
            Some(_) => format!("{}.{name}", access.database),
            None => format!("{}.{schema}.{name}", access.database),
        };
        let role = access.role();
        let grant = format!("GRANT SELECT ON {whole} TO ROLE {role}");
        match failure {
            Failure::NotSeen(_) => SourceError::NotSeen {
                place: access.place.clone(),
                table: whole,
                role,
                setting: self.setting,
                grant,
            },
            Failure::NoRights(reason) => SourceError::NotAllowed {
                place: access.place.clone(),
                what: format!("the role {role} to read {whole}"),
                reason,
                remedy: format!("its owner allows it with: {grant}"),
            },
            other => client.source_error(other),
        }
    }
}

/// Requires a suitable type for a column of readings; metadata are all read as text.
fn require_type(table: &TableName, word: &str, column: &Identifier, kind: &str) -> Result<(), SourceError> {
    let (fits, wanted) = match word {
        VALUE => (matches!(kind, "real" | "fixed"), "a number"),
        TIME => (
            matches!(kind, "timestamp_tz" | "timestamp_ltz"),
            "timestamp_tz or timestamp_ltz: a time with its zone",
        ),
        CHANNEL => (kind == "text", "text"),
        _ => (true, ""),
    };
    if fits {
        return Ok(());
    }
    Err(SourceError::WrongType {
        table: table.to_string(),
        column: column.to_string(),
        found: kind.to_owned(),
        wanted,
    })
}

impl Table {
    /// The columns by the words they stand for, in the words' order.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&'static str, &Identifier)> {
        self.columns.iter().map(|(word, column)| (*word, &column.name))
    }

    /// The columns that name units.
    pub(super) fn units(&self) -> impl Iterator<Item = &Identifier> {
        self.units.iter()
    }

    /// Whether the cells of the column of a word are text, written by whoever filled the table.
    pub(super) fn is_written(&self, word: &str) -> bool {
        self.columns.iter().any(|(known, column)| *known == word && column.is_text)
    }

    /// The quoted name of the column of a required word.
    pub(super) fn quoted(&self, word: &str) -> String {
        let column = self.columns.iter().find(|(known, _)| *known == word);
        column.map(|(_, column)| column.name.quoted()).unwrap_or_default()
    }
}
