//! Writes files that appear under their names only once they are complete.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::SimulationError;

/// Writes to a temporary file next to `path` and renames it once `write` has succeeded.
pub(super) fn write(
    path: &Path,
    write: impl FnOnce(File) -> Result<(), SimulationError>,
) -> Result<PathBuf, SimulationError> {
    let failed = |source| SimulationError::File { path: path.to_owned(), source };
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    write(File::create(&partial).map_err(failed)?)?;
    std::fs::rename(&partial, path).map_err(failed)?;
    Ok(path.to_owned())
}
