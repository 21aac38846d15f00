//! The section `[source]`: where readings and metadata come from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

use super::ConfigurationError;
use super::secret::Secret;

/// The columns of readings, in the words of the source system.
pub const MEASUREMENT_COLUMNS: [&str; 4] = ["BOXID", "CHANNELID", "WAARDE", "DATUMTIJD"];

/// The columns of metadata, in the words of the source system; the first two must be there.
pub const BOX_COLUMNS: [&str; 17] = [
    "BOXID",
    "VERMOGEN_NOMINAAL",
    "VESTIGING",
    "REGIO_NETAUTOMATISERING",
    "STATIONSNUMMER",
    "STATIONSNAAM",
    "STATIONSFUNCTIE",
    "PLAATS",
    "STRAAT",
    "HUISNUMMER",
    "POSTCODE",
    "GEMEENTE",
    "LAT",
    "LONG",
    "TRAPSTAND_INGESTELD",
    "STATION_BEDRIJFSSTATUS",
    "BOX_BEDRIJFSSTATUS",
];

/// Where `update-extremes` finds what is new.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// Which of the sections below counts.
    pub kind: SourceKind,
    /// Whole weeks before the one of the newest reading that are looked at again, for late readings and corrections.
    #[serde(default = "two")]
    pub overlap_weeks: u16,
    /// A PostgreSQL database.
    #[serde(default)]
    pub postgres: PostgresSettings,
    /// Folders and files.
    #[serde(default)]
    pub files: FilesSettings,
}

/// The kinds of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Tables in PostgreSQL, aggregated there.
    Postgres,
    /// Files of Parquet or CSV.
    Files,
}

/// The section `[source.postgres]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PostgresSettings {
    /// `postgres://user:password@host:5432/database`; better in the variable GRIDSPARK_SOURCE_URL.
    pub url: Option<Secret>,
    /// The table or view of readings.
    pub measurements: TableName,
    /// The table or view of box metadata; without one, metadata aren't read.
    pub boxes: Option<TableName>,
    /// Columns of readings that are named otherwise than in the source system.
    pub measurement_columns: ColumnNames,
    /// The same for metadata.
    pub box_columns: ColumnNames,
    /// How long the aggregation may take, in seconds.
    pub statement_timeout_seconds: u32,
    /// The memory that the server may use for the aggregation before it turns to its disk, in megabytes.
    pub work_memory_mb: u32,
}

/// The section `[source.files]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesSettings {
    /// Files, folders and patterns such as `readings/2024-*/*.parquet`.
    pub measurements: Vec<PathBuf>,
    /// The file of box metadata; without one, metadata aren't read.
    pub boxes: Option<PathBuf>,
}

fn two() -> u16 {
    2
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self {
            url: None,
            measurements: TableName { schema: None, table: Identifier("measurements".to_owned()) },
            boxes: None,
            measurement_columns: ColumnNames::default(),
            box_columns: ColumnNames::default(),
            statement_timeout_seconds: 1800,
            work_memory_mb: 256,
        }
    }
}

impl SourceSettings {
    /// A source of this kind, all else by default.
    pub fn of_kind(kind: SourceKind) -> Self {
        Self {
            kind,
            overlap_weeks: two(),
            postgres: PostgresSettings::default(),
            files: FilesSettings::default(),
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, value: String, expected| Err(ConfigurationError::Value { name, value, expected });
        if self.overlap_weeks > 520 {
            return refuse("source.overlap_weeks", self.overlap_weeks.to_string(), "from 0 to 520 weeks");
        }
        let PostgresSettings {
            measurement_columns,
            box_columns,
            statement_timeout_seconds,
            work_memory_mb,
            ..
        } = &self.postgres;
        if !(1..=1_000_000).contains(work_memory_mb) {
            let value = work_memory_mb.to_string();
            return refuse("source.postgres.work_memory_mb", value, "from 1 to 1000000 megabytes");
        }
        if !(1..=86_400).contains(statement_timeout_seconds) {
            let value = statement_timeout_seconds.to_string();
            return refuse("source.postgres.statement_timeout_seconds", value, "from 1 to 86400 seconds");
        }
        if let Some(word) = measurement_columns.unknown(&MEASUREMENT_COLUMNS) {
            return refuse(
                "source.postgres.measurement_columns",
                word.to_owned(),
                "names of columns by the words boxid, channelid, waarde and datumtijd",
            );
        }
        if let Some(word) = box_columns.unknown(&BOX_COLUMNS) {
            return refuse(
                "source.postgres.box_columns",
                word.to_owned(),
                "names of columns by the source system's words, such as boxid and vermogen_nominaal",
            );
        }
        Ok(())
    }
}

/// A name in a database: ASCII letters, digits and underscores, at most 63, no digit first. Taken as it is spelled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Identifier(String);

/// A text that is no such name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no name of a table or column: letters, digits and underscores, at most 63, no digit first")]
pub struct IdentifierError(String);

impl TryFrom<String> for Identifier {
    type Error = IdentifierError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let starts_right = text.bytes().next().is_some_and(|byte| is_part(byte) && !byte.is_ascii_digit());
        if starts_right && text.len() <= 63 && text.bytes().all(is_part) {
            Ok(Self(text))
        } else {
            Err(IdentifierError(text))
        }
    }
}

impl Identifier {
    /// The name as it is spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in the quotes of SQL.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

/// The name of a table or view, with or without its schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TableName {
    schema: Option<Identifier>,
    table: Identifier,
}

impl TryFrom<String> for TableName {
    type Error = IdentifierError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Ok(match text.split_once('.') {
            Some((schema, table)) => {
                Self { schema: Some(schema.to_owned().try_into()?), table: table.to_owned().try_into()? }
            }
            None => Self { schema: None, table: text.try_into()? },
        })
    }
}

impl TableName {
    /// The schema, where one is named.
    pub fn schema(&self) -> Option<&Identifier> {
        self.schema.as_ref()
    }

    /// The name in the quotes of SQL.
    pub fn quoted(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{}", schema.quoted(), self.table.quoted()),
            None => self.table.quoted(),
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(formatter, "{schema}.{}", self.table),
            None => formatter.pad(self.table.as_str()),
        }
    }
}

/// Names of columns by the source system's words, in any case; words that aren't named stand for themselves in lower
/// case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ColumnNames(BTreeMap<String, Identifier>);

impl ColumnNames {
    /// The column that a word stands for.
    pub fn of(&self, word: &str) -> Identifier {
        match self.named(word) {
            Some(column) => column.clone(),
            None => Identifier(word.to_ascii_lowercase()),
        }
    }

    /// Whether the configuration names the column: then it must be there.
    pub fn names(&self, word: &str) -> bool {
        self.named(word).is_some()
    }

    fn named(&self, word: &str) -> Option<&Identifier> {
        self.0.iter().find(|(named, _)| named.eq_ignore_ascii_case(word)).map(|(_, column)| column)
    }

    fn unknown(&self, words: &[&str]) -> Option<&str> {
        let is_known = |named: &str| words.iter().any(|word| word.eq_ignore_ascii_case(named));
        self.0.keys().map(String::as_str).find(|named| !is_known(named))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_break_out_of_their_quotes_are_refused() {
        for text in ["", "a\"b", "a b", "a;b", "a.b.c", "1a", "é", ".a", "a.", "a-b", &"x".repeat(64)] {
            assert!(TableName::try_from(text.to_owned()).is_err(), "{text}");
        }
        let name = TableName::try_from("Meet.Waarden_2".to_owned()).unwrap();
        assert_eq!(
            (name.quoted().as_str(), name.to_string().as_str()),
            ("\"Meet\".\"Waarden_2\"", "Meet.Waarden_2")
        );
    }

    #[test]
    fn a_column_is_the_word_in_lower_case_unless_it_is_named() {
        let columns: ColumnNames = toml::from_str("datumtijd = \"MeasuredAt\"").unwrap();
        assert_eq!(columns.of("DATUMTIJD").as_str(), "MeasuredAt");
        assert_eq!(columns.of("WAARDE").as_str(), "waarde");
        assert_eq!(columns.unknown(&MEASUREMENT_COLUMNS), None);
        assert_eq!(columns.unknown(&BOX_COLUMNS), Some("datumtijd"));
    }
}
