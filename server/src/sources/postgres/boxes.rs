//! The metadata table, parsed like metadata files.

use std::path::Path;

use futures_util::TryStreamExt;
use readings::{BoxRows, FileError, TableColumn};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::table::Table;
use crate::sources::{BoxReadOutcome, PartReport, Place};

/// Reads every row, each cell as text.
pub(super) async fn read(
    connection: &mut PgConnection,
    table: &Table,
) -> Result<Result<BoxReadOutcome, FileError>, sqlx::Error> {
    let of_words =
        table.columns().map(|(word, column)| (TableColumn::new(word, table.is_written(word)), column));
    // By the names of units the capacities are judged as those of files.
    let of_units = table.units().map(|column| (TableColumn::new(column.as_str(), true), column));
    let (columns, cells): (Vec<TableColumn>, Vec<String>) =
        of_words.chain(of_units).map(|(known, column)| (known, format!("{}::TEXT", column.quoted()))).unzip();
    let name = table.name.to_string();
    let mut boxes = match BoxRows::new(Path::new(&name), columns) {
        Ok(boxes) => boxes,
        Err(error) => return Ok(Err(error)),
    };
    let statement = format!("SELECT {} FROM {} ORDER BY 1", cells.join(", "), table.name.quoted());
    let mut rows = sqlx::query(AssertSqlSafe(statement)).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        boxes.push(cells_of(&row)?);
    }
    let file = boxes.finish();
    let report = PartReport::of_boxes(Place::Table(name), &file);
    Ok(Ok(BoxReadOutcome { boxes: file.boxes, report: Some(report) }))
}

fn cells_of(row: &PgRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    (0..row.len()).map(|column| row.try_get(column)).collect()
}
