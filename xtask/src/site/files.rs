//! Files: their hashes, written whole, found below a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

/// The first 16 hexadecimal digits of the content's SHA-256.
pub(super) fn content_hash(content: &[u8]) -> String {
    hex::encode(&Sha256::digest(content)[..8])
}

/// Writes a file whole: a reader sees the old one or the new one, never a half. A file that holds
/// the same already is left alone.
///
/// # Errors
/// Where it, or the folder it lies in, cannot be written.
pub(super) fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    let failed = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut half = path.as_os_str().to_owned();
    half.push(".half");
    fs::write(&half, content).with_context(failed)?;
    fs::rename(&half, path).with_context(failed)
}

/// All files below a folder; none where it is missing.
///
/// # Errors
/// Where a folder cannot be read.
pub(super) fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = if folder.is_dir() { vec![folder.to_owned()] } else { Vec::new() };
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
