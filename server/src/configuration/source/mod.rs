//! The section `[source]`: where readings and metadata come from.

mod names;
mod snowflake;

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigurationError;
use crate::secret::Secret;
pub use readings::{BOX_COLUMNS, MEASUREMENT_COLUMNS};
use readings::{DecimalMark, Notation, Stamps, TimePattern};

pub use names::{ColumnNames, Identifier, IdentifierError, TableName};
pub use snowflake::SnowflakeSettings;

/// Where `update-extremes` finds what is new.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// Which of the sections below applies.
    pub kind: SourceKind,
    /// Whole weeks before the newest reading that are queried again, for late readings and
    /// corrections.
    #[serde(default = "two")]
    #[schemars(range(max = 520), extend("unit" = "weeks"))]
    pub overlap_weeks: u16,
    /// A PostgreSQL database.
    #[serde(default)]
    pub postgres: PostgresSettings,
    /// An account of Snowflake.
    #[serde(default)]
    pub snowflake: SnowflakeSettings,
    /// Folders and files.
    #[serde(default)]
    pub files: FilesSettings,
}

/// The kinds of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Tables in PostgreSQL, aggregated there.
    Postgres,
    /// Tables in Snowflake, aggregated there.
    Snowflake,
    /// Files of Parquet or CSV.
    Files,
}

/// The section `[source.postgres]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PostgresSettings {
    /// `postgres://user:password@host:5432/database`; better in the variable GRIDSPARK_SOURCE_URL.
    #[schemars(with = "Option<String>", extend("variable" = "GRIDSPARK_SOURCE_URL"))]
    pub url: Option<Secret>,
    /// The table or view of readings.
    #[schemars(with = "String", extend("default" = "measurements"))]
    pub measurements: TableName,
    /// The table or view of box metadata; without one, no metadata are read.
    #[schemars(with = "Option<String>")]
    pub boxes: Option<TableName>,
    /// Columns of readings whose names differ from the source system's: `{ datumtijd =
    /// "measured_at" }`.
    #[schemars(with = "BTreeMap<String, String>")]
    pub measurement_columns: ColumnNames,
    /// Columns of metadata whose names differ from the source system's: `{ vestiging = "area" }`.
    #[schemars(with = "BTreeMap<String, String>")]
    pub box_columns: ColumnNames,
    /// The time limit of the aggregation.
    #[schemars(range(min = 1, max = 86_400), extend("unit" = "seconds"))]
    pub statement_timeout_seconds: u32,
    /// The memory that the server may use for the aggregation before it spills to disk.
    #[schemars(range(min = 1, max = 1_000_000), extend("unit" = "MB"))]
    pub work_memory_mb: u32,
}

/// The section `[source.files]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FilesSettings {
    /// Files, folders and patterns such as `readings/2024-*/*.parquet`.
    pub measurements: Vec<PathBuf>,
    /// The file of box metadata; without one, no metadata are read.
    pub boxes: Option<PathBuf>,
    /// `point` or `comma`: what stands before decimals in text, in readings and metadata. Unless set, each file's own
    /// numbers tell it.
    #[schemars(with = "Option<String>")]
    pub decimal_mark: Option<DecimalMark>,
    /// The form of times in text, such as `%d-%m-%Y %H:%M`; unless set, the year comes first.
    #[schemars(with = "Option<String>")]
    pub time_pattern: Option<TimePattern>,
    /// `starts` or `ends`: whether times are the starts or the ends of quarter-hours. Unless set, they are starts, and a
    /// file with the time 24:00 is refused.
    #[schemars(with = "Option<String>")]
    pub stamps: Option<Stamps>,
}

impl FilesSettings {
    /// How numbers and times are written, where it was set.
    pub fn notation(&self) -> Notation {
        Notation {
            decimal_mark: self.decimal_mark,
            time_pattern: self.time_pattern.clone(),
            stamps: self.stamps,
        }
    }
}

fn two() -> u16 {
    2
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self {
            url: None,
            measurements: TableName::of_table("measurements"),
            boxes: None,
            measurement_columns: ColumnNames::default(),
            box_columns: ColumnNames::default(),
            statement_timeout_seconds: 1800,
            work_memory_mb: 256,
        }
    }
}

impl SourceSettings {
    /// A source of this kind with defaults.
    pub fn of_kind(kind: SourceKind) -> Self {
        Self {
            kind,
            overlap_weeks: two(),
            postgres: PostgresSettings::default(),
            snowflake: SnowflakeSettings::default(),
            files: FilesSettings::default(),
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, value: String, expected| Err(ConfigurationError::Value { name, value, expected });
        if self.overlap_weeks > 520 {
            return refuse("source.overlap_weeks", self.overlap_weeks.to_string(), "from 0 to 520 weeks");
        }
        let work_memory_mb = self.postgres.work_memory_mb;
        if !(1..=1_000_000).contains(&work_memory_mb) {
            let value = work_memory_mb.to_string();
            return refuse("source.postgres.work_memory_mb", value, "from 1 to 1000000 megabytes");
        }
        for (name, seconds) in [
            ("source.postgres.statement_timeout_seconds", self.postgres.statement_timeout_seconds),
            ("source.snowflake.statement_timeout_seconds", self.snowflake.statement_timeout_seconds),
        ] {
            if !(1..=86_400).contains(&seconds) {
                return refuse(name, seconds.to_string(), "from 1 to 86400 seconds");
            }
        }
        let measurements = "names of columns by the words boxid, channelid, waarde and datumtijd";
        let boxes = "names of columns by the source system's words, such as boxid and vermogen_nominaal";
        for (name, columns, words, expected) in [
            (
                "source.postgres.measurement_columns",
                &self.postgres.measurement_columns,
                &MEASUREMENT_COLUMNS[..],
                measurements,
            ),
            ("source.postgres.box_columns", &self.postgres.box_columns, &BOX_COLUMNS, boxes),
            (
                "source.snowflake.measurement_columns",
                &self.snowflake.measurement_columns,
                &MEASUREMENT_COLUMNS,
                measurements,
            ),
            ("source.snowflake.box_columns", &self.snowflake.box_columns, &BOX_COLUMNS, boxes),
        ] {
            if let Some(word) = columns.unknown(words) {
                return refuse(name, word.to_owned(), expected);
            }
        }
        self.snowflake.check()
    }
}
