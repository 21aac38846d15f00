//! Real loads and golden posteriors beside the checkout.

use std::path::PathBuf;

/// A file or folder of the shared data, or `None` (said once) where they are absent. With
/// `GRIDSPARK_REQUIRE_SHARED=1` their absence is a failure.
pub(crate) fn path(relative: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(relative);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var_os("GRIDSPARK_REQUIRE_SHARED").is_some_and(|value| value == "1");
    assert!(!required, "{} is required but absent", path.display());
    eprintln!("skipped: {} is absent", path.display());
    None
}
