//! Responses of the SQL API.

use std::io::Read as _;

use serde::Deserialize;

/// One row; null or text, whatever its type.
pub(super) type Row = Vec<Option<String>>;

/// A result, or a part of one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultSet {
    #[serde(default)]
    pub(super) statement_handle: String,
    #[serde(default)]
    pub(super) data: Vec<Row>,
    /// In the first part only.
    pub(super) result_set_meta_data: Option<Description>,
}

/// The description of a result.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Description {
    pub(super) num_rows: u64,
    #[serde(default)]
    pub(super) row_type: Vec<Column>,
    #[serde(default)]
    pub(super) partition_info: Vec<Partition>,
}

/// A column of a result.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Column {
    pub(super) name: String,
    /// `fixed`, `real`, `text`, `timestamp_tz` …
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// A part of a result.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Partition {
    pub(super) row_count: u64,
}

/// The status of a statement that is running, failed or was refused.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Status {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) sql_state: String,
    pub(super) statement_handle: String,
}

/// The text of a response; later parts of a result are always compressed.
///
/// # Errors
/// If it is damaged.
pub(super) fn plain(body: Vec<u8>) -> std::io::Result<Vec<u8>> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(body.as_slice()).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn answers_are_read_compressed_or_not_and_damaged_ones_are_refused() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"{}").unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(plain(packed.clone()).unwrap(), b"{}");
        assert_eq!(plain(b"{}".to_vec()).unwrap(), b"{}");
        assert!(plain(packed[..packed.len() - 9].to_vec()).is_err());
    }
}
