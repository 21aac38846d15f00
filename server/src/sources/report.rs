//! What is said of the rows of a table or file: how many there were, and which could not be used.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use model::BoxId;
use readings::{BoxFile, FileError, FileReport, Reason, Refusals};
use serde::Serialize;

/// Where rows were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A table or view.
    Table(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::Table(name) => formatter.pad(name),
        }
    }
}

/// What reading one table or file came to. `rows = accepted + ignored + refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartReport {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Whether it holds metadata.
    pub holds_boxes: bool,
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows that count.
    pub accepted: u64,
    /// Rows of other channels.
    pub ignored: u64,
    /// Rows that can't be used.
    pub refused: u64,
    /// The same by reason.
    pub refused_by_reason: BTreeMap<&'static str, u64>,
    /// The first refused rows of each reason.
    pub refusals: Vec<Refused>,
    /// Rows that were taken although one of their cells could not be.
    pub warnings: Vec<Refused>,
    /// Why it was refused as a whole; then it changed nothing.
    pub error: Option<String>,
}

/// A refused row, or several alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The row's number in its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The box, where rows are told by box.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub box_id: Option<String>,
    /// The time of the first such row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_at: Option<DateTime<Utc>>,
    /// How many rows of this box are refused for this reason; 1 where rows are named one by one.
    pub rows: u64,
    /// Why.
    pub reason: &'static str,
    /// What the row says, or how many there are.
    pub text: String,
}

impl Refused {
    /// A row by its number.
    pub(crate) fn of_row(row: u64, reason: &str) -> Self {
        let text = reason.to_owned();
        Self { row: Some(row), box_id: None, first_at: None, rows: 1, reason: "row", text }
    }
}

impl PartReport {
    /// Nothing was read yet.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            holds_boxes: false,
            rows: 0,
            accepted: 0,
            ignored: 0,
            refused: 0,
            refused_by_reason: BTreeMap::new(),
            refusals: Vec::new(),
            warnings: Vec::new(),
            error: None,
        }
    }

    pub(crate) fn of_file(file: PathBuf) -> Self {
        Self::new(Place::File(file))
    }

    pub(crate) fn refused_whole(file: PathBuf, error: &FileError) -> Self {
        Self { error: Some(error.to_string()), ..Self::new(Place::File(file)) }
    }

    pub(crate) fn of_measurements(report: &FileReport) -> Self {
        Self {
            rows: report.rows,
            accepted: report.accepted,
            ignored: report.ignored,
            ..Self::with_refusals(Place::File(report.file.clone()), &report.refusals)
        }
    }

    pub(crate) fn of_boxes(place: Place, file: &BoxFile) -> Self {
        Self {
            holds_boxes: true,
            rows: file.rows,
            accepted: file.boxes.len() as u64,
            warnings: named(&file.warnings),
            ..Self::with_refusals(place, &file.refusals)
        }
    }

    fn with_refusals(place: Place, refusals: &Refusals) -> Self {
        Self {
            refused: refusals.total(),
            refused_by_reason: refusals.counts().map(|(reason, rows)| (reason.as_str(), rows)).collect(),
            refusals: named(refusals),
            ..Self::new(place)
        }
    }

    /// The counts for people, without an end of line; `done` is what would have become of the rows.
    pub(crate) fn as_line(&self, done: &str) -> String {
        let Self { place, rows, accepted, ignored, refused, .. } = self;
        match &self.error {
            Some(error) => format!("{place}: refused, nothing of it was {done}: {error}"),
            None if self.holds_boxes => format!("{place}: {rows} rows, {accepted} used, {refused} refused"),
            None => {
                format!(
                    "{place}: {rows} rows, {accepted} used, {ignored} of other channels, {refused} refused"
                )
            }
        }
    }

    /// The refused rows for people, a line each; then for each reason how many more there are.
    pub(crate) fn refusal_lines(&self) -> String {
        let mut text = String::new();
        let place = &self.place;
        for refusal in self.refusals.iter().chain(&self.warnings) {
            let row = refusal.row.map(|row| format!(", row {row}")).unwrap_or_default();
            let box_id = refusal.box_id.as_ref().map(|id| format!(", box {id}")).unwrap_or_default();
            let at = refusal.first_at.map(|at| format!(" at {}", at.format("%FT%TZ"))).unwrap_or_default();
            text.push_str(&format!("{place}{row}{box_id}{at}: {}: {}\n", refusal.reason, refusal.text));
        }
        for (reason, &rows) in &self.refused_by_reason {
            let named: u64 =
                self.refusals.iter().filter(|named| named.reason == *reason).map(|named| named.rows).sum();
            if rows > named {
                text.push_str(&format!("{place}: {reason}: and {} more rows\n", rows - named));
            }
        }
        text
    }
}

impl Refused {
    /// `rows` rows of a box, the first of them at an instant.
    pub(crate) fn of_box(box_id: Option<&str>, at: Option<DateTime<Utc>>, reason: Reason, rows: u64) -> Self {
        let plain = |text: &str| -> String {
            let shown = text.trim().chars().take(BoxId::MAX_CHARACTERS);
            shown.map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
        };
        Self {
            row: None,
            box_id: box_id.map(plain),
            first_at: at,
            rows,
            reason: reason.as_str(),
            text: format!("{reason}, {rows} {}", if rows == 1 { "row" } else { "rows" }),
        }
    }
}

fn named(refusals: &Refusals) -> Vec<Refused> {
    let name = |refusal: &readings::Refusal| Refused {
        row: Some(refusal.row),
        box_id: None,
        first_at: None,
        rows: 1,
        reason: refusal.reason.as_str(),
        text: refusal.text.clone(),
    };
    refusals.named().iter().map(name).collect()
}
