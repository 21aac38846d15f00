//! Reports of reading a table or file: counts of rows and refused rows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use model::BoxId;
use readings::{BoxFile, FileError, FileNote, FileReport, Reason, Refusals, ShownPath};
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
            Self::File(path) => ShownPath(path).fmt(formatter),
            Self::Table(name) => formatter.pad(name),
        }
    }
}

/// The report on one table or file. `rows = accepted + ignored + unfinished + refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartReport {
    /// The table or file.
    #[serde(flatten)]
    pub place: Place,
    /// Whether it holds metadata.
    pub holds_boxes: bool,
    /// Whether its rows are weeks.
    #[serde(skip)]
    pub(crate) holds_weeks: bool,
    /// Rows read.
    pub rows: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows of other channels.
    pub ignored: u64,
    /// Rows of weeks that are not over, where rows are weeks.
    pub unfinished: u64,
    /// Rows refused.
    pub refused: u64,
    /// Refused rows by reason.
    pub refused_by_reason: BTreeMap<&'static str, u64>,
    /// The first refused rows of each reason.
    pub refusals: Vec<Refused>,
    /// Rows that were accepted without one of their cells.
    pub warnings: Vec<Refused>,
    /// What the reasons mean, where rows are quoted.
    #[serde(skip)]
    pub(crate) sentences: BTreeMap<&'static str, String>,
    /// How it was read, where it could have been meant otherwise.
    pub notes: Vec<String>,
    /// Boxes whose capacity could not be read.
    pub capacities_refused: u64,
    /// Boxes with a capacity, of metadata.
    pub boxes_with_capacity: Option<u64>,
    /// Why it was refused as a whole; then it changed nothing.
    pub error: Option<String>,
}

/// A refused row, or several of the same kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The row's number in its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The box, if rows are reported by box.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub box_id: Option<String>,
    /// The time of the first such row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_at: Option<DateTime<Utc>>,
    /// How many rows of this box are refused for this reason; 1 if rows are reported one by one.
    pub rows: u64,
    /// The reason.
    pub reason: &'static str,
    /// The contents of the row, or the number of rows.
    pub text: String,
}

impl Refused {
    /// A row by its number; `sentence` says why.
    pub(crate) fn of_row(row: u64, reason: Reason, sentence: &str) -> Self {
        let (reason, text) = (reason.as_str(), sentence.to_owned());
        Self { row: Some(row), box_id: None, first_at: None, rows: 1, reason, text }
    }
}

impl PartReport {
    /// An empty report.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            holds_boxes: false,
            holds_weeks: false,
            rows: 0,
            accepted: 0,
            ignored: 0,
            unfinished: 0,
            refused: 0,
            refused_by_reason: BTreeMap::new(),
            refusals: Vec::new(),
            warnings: Vec::new(),
            sentences: BTreeMap::new(),
            notes: Vec::new(),
            capacities_refused: 0,
            boxes_with_capacity: None,
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
            notes: said(&report.notes),
            ..Self::with_refusals(Place::File(report.file.clone()), &report.refusals)
        }
    }

    pub(crate) fn of_boxes(place: Place, file: &BoxFile) -> Self {
        Self {
            holds_boxes: true,
            rows: file.rows,
            accepted: file.boxes.len() as u64,
            warnings: named(&file.warnings),
            sentences: sentences([&file.refusals, &file.warnings]),
            notes: said(&file.notes),
            capacities_refused: file.warnings.count(Reason::BadCapacity),
            boxes_with_capacity: Some(
                file.boxes.iter().filter(|found| found.capacity.is_some()).count() as u64
            ),
            ..Self::with_refusals(place, &file.refusals)
        }
    }

    fn with_refusals(place: Place, refusals: &Refusals) -> Self {
        Self {
            refused: refusals.total(),
            refused_by_reason: refusals.counts().map(|(reason, rows)| (reason.as_str(), rows)).collect(),
            refusals: named(refusals),
            sentences: sentences([refusals]),
            ..Self::new(place)
        }
    }

    /// The counts as one line; `done` is the verb for accepted rows.
    pub(crate) fn as_line(&self, done: &str) -> String {
        let Self { place, rows, accepted, ignored, refused, .. } = self;
        match &self.error {
            Some(error) => format!("{place}: refused, nothing of it was {done}: {error}"),
            None if self.holds_boxes => format!("{place}: {rows} rows, {accepted} used, {refused} refused"),
            None => {
                let unfinished = match self.unfinished {
                    0 => String::new(),
                    weeks => format!(", {weeks} of weeks that are not over"),
                };
                format!(
                    "{place}: {rows} rows, {accepted} used, {ignored} of other channels{unfinished}, \
                     {refused} refused"
                )
            }
        }
    }

    /// Whether something of it was left out: rows, capacities that couldn't be read, or those of all boxes.
    pub(crate) fn has_left_out(&self) -> bool {
        let without_capacities = self.boxes_with_capacity == Some(0);
        self.refused > 0 || self.capacities_refused > 0 || self.error.is_some() || without_capacities
    }

    /// Why nothing of it was used where no row was refused.
    pub(crate) fn nothing_used(&self) -> Option<&'static str> {
        match self {
            Self { error: Some(_), .. } => None,
            Self { rows: 0, .. } => Some("it has no rows below its header"),
            Self { holds_weeks: true, accepted: 0, refused: 0, unfinished: 0, .. } => {
                Some("none of its rows is of the sum of the phases, sumli")
            }
            Self { accepted: 0, refused: 0, unfinished: 0, .. } => {
                Some("none of its rows is of the active power of a quarter-hour: sumli, l1, l2 or l3")
            }
            _ => None,
        }
    }

    /// The notes and refused rows for people, a line each; then for each reason how many more there are, and
    /// what it means.
    pub(crate) fn refusal_lines(&self) -> String {
        let mut text = String::new();
        let place = &self.place;
        for note in &self.notes {
            text.push_str(&format!("{place}: {note}\n"));
        }
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
        for (reason, sentence) in &self.sentences {
            text.push_str(&format!("{place}: {reason} means: {sentence}\n"));
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

fn said(notes: &[FileNote]) -> Vec<String> {
    notes.iter().map(FileNote::to_string).collect()
}

fn sentences<const N: usize>(refusals: [&Refusals; N]) -> BTreeMap<&'static str, String> {
    let reasons = refusals.into_iter().flat_map(Refusals::counts);
    reasons.map(|(reason, _)| (reason.as_str(), reason.to_string())).collect()
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
