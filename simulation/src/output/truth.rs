//! `truth.json`: what was put into the data on purpose, one line a box.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use super::finished;
use crate::{Settings, SimulationError, Truth};

/// Writes the truths as a JSON list.
pub(crate) fn write<'t>(
    settings: &Settings,
    truths: impl Iterator<Item = &'t Truth>,
) -> Result<PathBuf, SimulationError> {
    let path = settings.output.join("truth.json");
    finished::write(&path, |file| {
        let failed = |source| SimulationError::File { path: path.clone(), source };
        let mut file = BufWriter::new(file);
        for (at, truth) in truths.enumerate() {
            file.write_all(if at == 0 { b"[\n" } else { b",\n" }).map_err(failed)?;
            serde_json::to_writer(&mut file, truth)
                .map_err(|source| SimulationError::Json { path: path.clone(), source })?;
        }
        file.write_all(b"\n]\n").map_err(failed)?;
        file.flush().map_err(failed)
    })
}
