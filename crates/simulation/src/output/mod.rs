//! Writes the files of a simulation.

pub(crate) mod extremes;
pub(crate) mod json_list;
pub(crate) mod measurements;
pub(crate) mod register;

mod atomic_file;
mod table;

use std::path::PathBuf;

use crate::{Future, Metadata, Settings, SimulationError, Truth};

/// The written files, with the boxes in order of their numbers.
pub(crate) struct WrittenFiles {
    pub(crate) boxes: Vec<(Metadata, Truth, Future)>,
    pub(crate) rows: u64,
    pub(crate) files: Vec<PathBuf>,
}

/// Creates the folder; refuses one with measurements that this simulation wouldn't overwrite, as an
/// import of the folder would mix two networks.
pub(crate) fn prepare(settings: &Settings) -> Result<(), SimulationError> {
    let folder = &settings.output;
    let failed = |source| SimulationError::File { path: folder.clone(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let ours = if settings.weekly { vec![extremes::FILE.to_owned()] } else { measurements::names(settings) };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let measured = name == extremes::FILE || measurements::is_measurement_file(name);
        if measured && !ours.iter().any(|our| our == name) {
            return Err(SimulationError::LeftOver(path));
        }
    }
    Ok(())
}
