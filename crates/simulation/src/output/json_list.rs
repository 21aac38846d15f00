//! Writes JSON lists, one line per box.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::atomic_file;
use crate::{Settings, SimulationError};

/// The ground truth: a list of [`crate::Truth`].
pub(crate) const TRUTH: &str = "truth.json";
/// The weeks after the history: a list of [`crate::Future`].
pub(crate) const FUTURE: &str = "future.json";

/// Writes items as a JSON list.
pub(crate) fn write<'t, T: Serialize + 't>(
    settings: &Settings,
    name: &str,
    items: impl Iterator<Item = &'t T>,
) -> Result<PathBuf, SimulationError> {
    let path = settings.output.join(name);
    atomic_file::write(&path, |file| {
        let failed = |source| SimulationError::File { path: path.clone(), source };
        let mut file = BufWriter::new(file);
        for (at, item) in items.enumerate() {
            file.write_all(if at == 0 { b"[\n" } else { b",\n" }).map_err(failed)?;
            serde_json::to_writer(&mut file, item)
                .map_err(|source| SimulationError::Json { path: path.clone(), source })?;
        }
        file.write_all(b"\n]\n").map_err(failed)?;
        file.flush().map_err(failed)
    })
}
