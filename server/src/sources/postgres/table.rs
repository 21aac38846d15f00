//! Tables and views in the server's catalog: existence, columns, privileges.

use readings::UNIT_COLUMNS;
use sqlx::PgConnection;

use super::{SourceError, failure};
use crate::configuration::source::{ColumnNames, Identifier, PostgresSettings, TableName};
use crate::sources::{TIME, VALUE};

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
    kind: String,
    is_text: bool,
}

#[derive(sqlx::FromRow)]
struct Found {
    name: String,
    kind: String,
    is_text: bool,
    is_readable: bool,
}

/// What to look up.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) place: &'a str,
    /// The user.
    pub(super) user: &'a str,
    pub(super) settings: &'a PostgresSettings,
    /// Words whose columns are optional.
    pub(super) optional: &'a [&'static str],
}

/// Types that can be converted to doubles.
const NUMBERS: [&str; 6] = ["double precision", "real", "numeric", "bigint", "integer", "smallint"];

impl Wanted<'_> {
    /// Looks up the table configured as `setting`, and its columns for `words`.
    pub(super) async fn at(
        &self,
        connection: &mut PgConnection,
        name: &TableName,
        setting: &'static str,
        words: &[&'static str],
    ) -> Result<Table, SourceError> {
        let (names, section) = if self.optional.is_empty() {
            (&self.settings.measurement_columns, "source.postgres.measurement_columns")
        } else {
            (&self.settings.box_columns, "source.postgres.box_columns")
        };
        let found = self.catalog(connection, name).await?;
        if found.is_empty() {
            let (place, table) = (self.place.to_owned(), name.to_string());
            return Err(SourceError::NoTable { place, table, setting });
        }
        let mut columns = Vec::new();
        for &word in words {
            match self.column(names, word, &found) {
                Some(column) if !column.is_readable => return Err(self.no_rights(name, "")),
                Some(column) => columns.push((
                    word,
                    Column { name: names.of(word), kind: column.kind.clone(), is_text: column.is_text },
                )),
                None if self.optional.contains(&word) && !names.names(word) => {}
                None => {
                    return Err(SourceError::MissingColumn {
                        table: name.to_string(),
                        column: names.of(word).to_string(),
                        found: found.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", "),
                        setting: section,
                    });
                }
            }
        }
        let names_unit = |column: &&Found| {
            UNIT_COLUMNS.iter().any(|unit| unit.eq_ignore_ascii_case(&column.name))
                && columns.iter().all(|(_, known)| known.name.as_str() != column.name)
        };
        let mut units = Vec::new();
        for column in found.iter().filter(names_unit) {
            if !column.is_readable {
                return Err(self.no_rights(name, ""));
            }
            units.extend(Identifier::try_from(column.name.clone()));
        }
        Ok(Table { name: name.clone(), columns, units })
    }

    fn column<'f>(&self, names: &ColumnNames, word: &str, found: &'f [Found]) -> Option<&'f Found> {
        let name = names.of(word);
        found.iter().find(|column| column.name == name.as_str())
    }

    async fn catalog(
        &self,
        connection: &mut PgConnection,
        name: &TableName,
    ) -> Result<Vec<Found>, SourceError> {
        let columns = sqlx::query_as(
            "SELECT a.attname::TEXT AS name, \
                    format_type(COALESCE(NULLIF(t.typbasetype, 0), a.atttypid), NULL) AS kind, \
                    t.typcategory = 'S' AS is_text, \
                    has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS is_readable \
             FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
             WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        )
        .bind(name.quoted())
        .fetch_all(&mut *connection)
        .await;
        columns.map_err(|error| {
            let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
            if code == "42501" {
                let schema = name.schema().map(ToString::to_string).unwrap_or_default();
                return self.no_rights(name, &format!("GRANT USAGE ON SCHEMA {schema} TO {}; ", self.user));
            }
            failure(&error, self.settings)
        })
    }

    fn no_rights(&self, table: &TableName, before: &str) -> SourceError {
        SourceError::NoRights {
            user: self.user.to_owned(),
            what: table.to_string(),
            remedy: format!("{before}GRANT SELECT ON {table} TO {}", self.user),
        }
    }
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

    /// Requires suitable types for the columns of readings.
    pub(super) fn require_types(&self) -> Result<(), SourceError> {
        for (word, column) in &self.columns {
            let (fits, wanted) = match *word {
                VALUE => (NUMBERS.contains(&column.kind.as_str()), "a number"),
                TIME => (column.kind == "timestamp with time zone", "timestamp with time zone"),
                _ => (column.is_text, "text"),
            };
            if !fits {
                return Err(SourceError::WrongType {
                    table: self.name.to_string(),
                    column: column.name.to_string(),
                    found: column.kind.clone(),
                    wanted,
                });
            }
        }
        Ok(())
    }
}
