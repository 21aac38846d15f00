//! The metadata table, parsed like metadata files.

use std::path::Path;

use futures_util::TryStreamExt;
use readings::{BoxRows, FileError};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::table::Table;
use crate::sources::{BoxReadOutcome, PartReport, Place};

/// Reads every row, each cell as text.
pub(super) async fn read(
    connection: &mut PgConnection,
    table: &Table,
) -> Result<Result<BoxReadOutcome, FileError>, sqlx::Error> {
    let (words, columns): (Vec<String>, Vec<String>) =
        table.columns().map(|(word, column)| (word.to_owned(), format!("{}::TEXT", column.quoted()))).unzip();
    let name = table.name.to_string();
    let mut boxes = match BoxRows::new(Path::new(&name), &words) {
        Ok(boxes) => boxes,
        Err(error) => return Ok(Err(error)),
    };
    let statement = format!("SELECT {} FROM {} ORDER BY 1", columns.join(", "), table.name.quoted());
    let mut rows = sqlx::query(AssertSqlSafe(statement)).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        boxes.push(&cells(&row)?);
    }
    let file = boxes.finish();
    let report = PartReport::of_boxes(Place::Table(name), &file);
    Ok(Ok(BoxReadOutcome { boxes: file.boxes, report: Some(report) }))
}

fn cells(row: &PgRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    (0..row.len()).map(|column| row.try_get(column)).collect()
}
