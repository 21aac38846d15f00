//! The log of a Delta table, as far as it is kept as JSON.
//!
//! Each version of the table is a file of actions, `00000000000000000000.json` and so on; the files
//! that were added and not removed hold its rows (Delta transaction log protocol). Whatever isn't
//! understood refuses the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::partition::{percent_decoded, written_partition_value};
use crate::columns::MEASUREMENT_COLUMNS;
use crate::unit::UNIT_COLUMNS;

pub(super) const LOG_FOLDER: &str = "_delta_log";
/// The version of the protocol that files are to be read by, of which more is not understood.
const READER_VERSION: u64 = 1;

/// The other columns of ours that folders may give, to files of weekly extremes.
const COLUMNS_OF_EXTREMES: [&str; 4] = ["BOX_ID", "BOX", "PHASE", "CHANNEL"];

/// A line of a log file; other actions don't matter to readers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    add: Option<FileAction>,
    remove: Option<FileAction>,
    protocol: Option<Protocol>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileAction {
    path: String,
    deletion_vector: Option<IgnoredAny>,
    /// The values of columns that its rows don't have themselves.
    #[serde(default)]
    partition_values: Option<BTreeMap<String, Option<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Protocol {
    min_reader_version: u64,
}

/// The files that hold the table's current rows, canonical.
///
/// # Errors
/// Why the log can't be followed.
pub(super) fn current_files(table: &Path, log: &Path) -> Result<Vec<PathBuf>, String> {
    let mut current = BTreeSet::new();
    for (number, version) in versions(log)?.into_iter().enumerate() {
        if version != number as u64 {
            return Err("the start of its log was replaced by a checkpoint, which isn't read".to_owned());
        }
        let file = log.join(format!("{version:020}.json"));
        let text = fs::read_to_string(&file).map_err(|error| format!("version {version}: {error}"))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let action: Action =
                serde_json::from_str(line).map_err(|error| format!("version {version}: {error}"))?;
            apply(action, &mut current)?;
        }
    }
    let resolve = |path: String| {
        let decoded = percent_decoded(&path).filter(|path| !path.contains("://"));
        let file = table.join(decoded.ok_or_else(|| format!("its file {path} lies elsewhere"))?);
        let file = file.canonicalize().map_err(|error| format!("its file {path}: {error}"))?;
        // A search of the folder would not come by it.
        match file.starts_with(table) {
            true => Ok(file),
            false => Err(format!("its file {path} lies elsewhere")),
        }
    };
    current.into_iter().map(resolve).collect()
}

fn apply(action: Action, current: &mut BTreeSet<String>) -> Result<(), String> {
    if action.protocol.is_some_and(|protocol| protocol.min_reader_version > READER_VERSION) {
        return Err("its protocol has features that aren't read".to_owned());
    }
    if let Some(removed) = action.remove {
        current.remove(&removed.path);
    }
    if let Some(added) = action.add {
        if added.deletion_vector.is_some() {
            return Err("rows of its files were deleted".to_owned());
        }
        require_folders(&added)?;
        current.insert(added.path);
    }
    Ok(())
}

/// Requires that the folders of a file say what the log says of its columns: only these are read.
fn require_folders(added: &FileAction) -> Result<(), String> {
    let ours = MEASUREMENT_COLUMNS.into_iter().chain(UNIT_COLUMNS).chain(COLUMNS_OF_EXTREMES);
    for (column, value) in added.partition_values.iter().flatten() {
        let Some(ours) = ours.clone().find(|ours| ours.eq_ignore_ascii_case(column)) else { continue };
        let path = percent_decoded(&added.path).unwrap_or_default();
        let of_folders = written_partition_value(Path::new(&path), ours).ok().flatten();
        if of_folders.as_deref() != Some(value.as_deref().unwrap_or_default()) {
            return Err(format!("its log alone says {column} of {}", added.path));
        }
    }
    Ok(())
}

/// The numbers of the versions that are kept as JSON, in order.
fn versions(log: &Path) -> Result<Vec<u64>, String> {
    let mut versions = Vec::new();
    for entry in fs::read_dir(log).map_err(|error| error.to_string())? {
        let name = entry.map_err(|error| error.to_string())?.file_name();
        let name = name.to_string_lossy();
        let number = name.strip_suffix(".json").filter(|number| number.len() == 20);
        versions.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    versions.sort_unstable();
    match versions.is_empty() {
        true => Err("its log has no version as JSON".to_owned()),
        false => Ok(versions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(versions: &[(u64, &str)]) -> Result<usize, String> {
        let table = tempfile::tempdir().unwrap();
        let log = table.path().join(LOG_FOLDER);
        fs::create_dir(&log).unwrap();
        fs::write(table.path().join("a.parquet"), "").unwrap();
        for (version, text) in versions {
            fs::write(log.join(format!("{version:020}.json")), text).unwrap();
        }
        current_files(table.path(), &log).map(|files| files.len())
    }

    fn partitioned(path: &str, column: &str, value: &str) -> String {
        format!("{{\"add\":{{\"path\":\"{path}\",\"partitionValues\":{{\"{column}\":{value}}}}}}}")
    }

    #[test]
    fn what_folders_say_as_well_or_what_is_not_ours_may_be_in_the_log() {
        for (path, column, value) in [
            ("day=1/a.parquet", "day", "\"1\""),
            ("k3/a.parquet", "day", "\"1\""),
            ("boxid=A%2520B/a.parquet", "BOXID", "\"A B\""),
            ("UNIT=__HIVE_DEFAULT_PARTITION__/a.parquet", "UNIT", "null"),
        ] {
            let action: Action = serde_json::from_str(&partitioned(path, column, value)).unwrap();
            assert_eq!(apply(action, &mut BTreeSet::new()), Ok(()), "{path}");
        }
    }

    const ADD: &str = "{\"commitInfo\":{}}\n{\"add\":{\"path\":\"a.parquet\",\"size\":1}}\n";

    #[test]
    fn the_log_is_followed_or_the_table_refused() {
        assert_eq!(files(&[(0, ADD)]), Ok(1));
        assert_eq!(files(&[(0, ADD), (1, "{\"remove\":{\"path\":\"a.parquet\"}}")]), Ok(0));
        let protocol = |version: u64| format!("{{\"protocol\":{{\"minReaderVersion\":{version}}}}}\n{ADD}");
        assert_eq!(files(&[(0, &protocol(1))]), Ok(1));
        for (versions, reason) in [
            (vec![(0, protocol(3))], "features"),
            (vec![(1, ADD.to_owned())], "checkpoint"),
            (vec![(0, ADD.to_owned()), (2, ADD.to_owned())], "checkpoint"),
            (vec![], "no version"),
            (vec![(0, "{\"add\":".to_owned())], "version 0"),
            (vec![(0, "{\"add\":{\"path\":\"b.parquet\"}}".to_owned())], "b.parquet"),
            (vec![(0, "{\"add\":{\"path\":\"s3://b/a.parquet\"}}".to_owned())], "elsewhere"),
            (vec![(0, "{\"add\":{\"path\":\"../a.parquet\"}}".to_owned())], "a.parquet"),
            (vec![(0, "{\"add\":{\"path\":\"/bin/sh\"}}".to_owned())], "elsewhere"),
            (vec![(0, partitioned("k3/a.parquet", "UNIT", "\"MW\""))], "UNIT of k3/a.parquet"),
            (vec![(0, partitioned("a.parquet", "BoxId", "null"))], "BoxId of a.parquet"),
            (vec![(0, partitioned("unit=kW/a.parquet", "unit", "\"MW\""))], "unit of unit=kW"),
            (
                vec![(0, "{\"add\":{\"path\":\"a.parquet\",\"deletionVector\":{\"x\":1}}}".to_owned())],
                "deleted",
            ),
        ] {
            let versions: Vec<_> = versions.iter().map(|(number, text)| (*number, text.as_str())).collect();
            let error = files(&versions).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
