//! A folder for one test, gone when the test is over.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

/// The folder. (The usual crate for this would have this program's dependencies compiled twice.)
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes a new, empty folder for the test of this name.
    pub(crate) fn new(test: &str) -> Self {
        let folder = env::temp_dir().join(format!("xtask-{}-{test}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
