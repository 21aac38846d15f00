//! YAML files as JSON, with anchors and merged maps put in.

use anyhow::Context as _;
use serde_json::Value;

use crate::tools::LINTERS;
use crate::workspace::{Workspace, capture};

/// Reads a stream of documents and prints them as one JSON list.
const PROGRAM: &str = "import json, sys, yaml; \
    print(json.dumps([each for each in yaml.safe_load_all(open(sys.argv[1])) if each], default=str))";

/// The documents of a file.
///
/// # Errors
/// Where the file is no YAML, or the reader cannot be had.
pub(super) fn documents(workspace: &Workspace, file: &std::path::Path) -> anyhow::Result<Vec<Value>> {
    let text = capture(LINTERS.command(workspace, "python")?.args(["-c", PROGRAM]).arg(file))?;
    serde_json::from_str(&text).with_context(|| format!("{} became no JSON", file.display()))
}
