//! The metadata table, parsed like metadata files.

use std::path::Path;
use std::sync::Arc;

use readings::BoxRows;

use super::Parts;
use super::client::Client;
use super::table::Table;
use crate::sources::{BoxReadOutcome, PartReport, Place, SourceError};

/// Reads every row, each cell as text.
///
/// # Errors
/// [`SourceError`].
pub(super) async fn read(client: &Arc<Client>, table: &Table) -> Result<BoxReadOutcome, SourceError> {
    let (words, columns): (Vec<String>, Vec<String>) = table
        .columns()
        .map(|(word, column)| (word.to_owned(), format!("{}::VARCHAR", column.quoted())))
        .unzip();
    let name = table.name.to_string();
    let mut boxes = BoxRows::new(Path::new(&name), &words)?;
    let statement = format!("SELECT {} FROM {} ORDER BY 1", columns.join(", "), table.name.quoted());
    let mut parts = Parts::of(client, &statement, &[]).await?;
    while let Some(rows) = parts.next().await? {
        for row in rows {
            boxes.push(&row);
        }
    }
    let file = boxes.finish();
    let report = PartReport::of_boxes(Place::Table(name), &file);
    Ok(BoxReadOutcome { boxes: file.boxes, report: Some(report) })
}
