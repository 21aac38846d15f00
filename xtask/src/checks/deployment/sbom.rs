//! The list of parts, against the published schema of its form.

use serde_json::Value;

use crate::sbom;
use crate::tools::LINTERS;
use crate::workspace::{Workspace, capture};

/// Prints nothing where the file is right, else why not.
const VALIDATE: &str = "import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(fault) if fault else 0)";

/// Writes the list and has it validated.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    let file = workspace.path("target/gridspark.cdx.json");
    sbom::write(workspace, &file)?;
    capture(LINTERS.command(workspace, "python")?.args(["-c", VALIDATE]).arg(&file))?;
    let list: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let parts = list["components"].as_array().map_or(&[][..], Vec::as_slice);
    for name in ["axum", "leptos", "echarts"] {
        anyhow::ensure!(parts.iter().any(|part| part["name"] == name), "{name} is not in the list of parts");
    }
    anyhow::ensure!(parts.iter().all(|part| part["name"] != "proptest"), "parts of the tests are listed");
    Ok(format!("{} parts, valid CycloneDX 1.6", parts.len()))
}
