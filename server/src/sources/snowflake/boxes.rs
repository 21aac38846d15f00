//! The metadata table, parsed like metadata files.

use std::path::Path;
use std::sync::Arc;

use readings::{BoxRows, TableColumn};

use super::Parts;
use super::client::Client;
use super::table::Table;
use crate::sources::{BoxReadOutcome, PartReport, Place, SourceError};

/// Reads every row, each cell as text.
///
/// # Errors
/// [`SourceError`].
pub(super) async fn read(client: &Arc<Client>, table: &Table) -> Result<BoxReadOutcome, SourceError> {
    let of_words =
        table.columns().map(|(word, column)| (TableColumn::new(word, table.is_written(word)), column));
    // By the names of units the capacities are judged as those of files.
    let of_units = table.units().map(|column| (TableColumn::new(column.as_str(), true), column));
    let (columns, cells): (Vec<TableColumn>, Vec<String>) = of_words
        .chain(of_units)
        .map(|(known, column)| (known, format!("{}::VARCHAR", column.quoted())))
        .unzip();
    let name = table.name.to_string();
    let mut boxes = BoxRows::new(Path::new(&name), columns)?;
    let statement = format!("SELECT {} FROM {} ORDER BY 1", cells.join(", "), table.name.quoted());
    let mut parts = Parts::of(client, &statement, &[]).await?;
    while let Some(rows) = parts.next().await? {
        for row in rows {
            boxes.push(row);
        }
    }
    let file = boxes.finish();
    let report = PartReport::of_boxes(Place::Table(name), &file);
    Ok(BoxReadOutcome { boxes: file.boxes, report: Some(report) })
}
