//! Names of tables and columns that can be quoted safely.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// A name in a database: ASCII letters, digits and underscores, at most 63, no digit first. Taken
/// as it is spelled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Identifier(String);

/// A text that isn't such a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a valid name of a table or column: letters, digits and underscores, at most 63, no digit first"
)]
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
    /// A table in the default schema.
    pub(super) fn of_table(table: &str) -> Self {
        Self { schema: None, table: Identifier(table.to_owned()) }
    }

    /// The schema, if one is named.
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

/// Names of columns by the source system's words, in any case; words without a name stand for
/// themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ColumnNames(BTreeMap<String, Identifier>);

impl ColumnNames {
    /// The column of a word, by default in lower case, as PostgreSQL folds names.
    pub fn of(&self, word: &str) -> Identifier {
        self.named(word).cloned().unwrap_or_else(|| Identifier(word.to_ascii_lowercase()))
    }

    /// The same in upper case, as Snowflake folds names.
    pub fn in_capitals(&self, word: &str) -> Identifier {
        self.named(word).cloned().unwrap_or_else(|| Identifier(word.to_ascii_uppercase()))
    }

    /// Whether the configuration names the column: then it must exist.
    pub fn names(&self, word: &str) -> bool {
        self.named(word).is_some()
    }

    fn named(&self, word: &str) -> Option<&Identifier> {
        self.0.iter().find(|(named, _)| named.eq_ignore_ascii_case(word)).map(|(_, column)| column)
    }

    pub(super) fn unknown(&self, words: &[&str]) -> Option<&str> {
        let is_known = |named: &str| words.iter().any(|word| word.eq_ignore_ascii_case(named));
        self.0.keys().map(String::as_str).find(|named| !is_known(named))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BOX_COLUMNS, MEASUREMENT_COLUMNS};
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
        assert_eq!(columns.in_capitals("waarde").as_str(), "WAARDE");
        assert_eq!(columns.in_capitals("datumtijd").as_str(), "MeasuredAt");
        assert_eq!(columns.unknown(&MEASUREMENT_COLUMNS), None);
        assert_eq!(columns.unknown(&BOX_COLUMNS), Some("datumtijd"));
    }
}
