//! The list of parts, against the published schema of its form.

use serde_json::Value;

use crate::sbom;
use crate::tools::LINTERS;
use crate::workspace::{Workspace, passes};

/// Ends with 0 where the file keeps to the schema that the package of CycloneDX brings, else names what does not.
const VALIDATE: &str = r#"import json, sys, jsonschema_rs
from importlib.resources import files
schemas = files("cyclonedx.schema") / "_res"
read = lambda name: json.loads((schemas / f"{name}.SNAPSHOT.schema.json").read_text())
address = lambda name: f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json"
parts = [(address(name), read(name)) for name in ("spdx", "jsf-0.82", "cryptography-defs")]
validator = jsonschema_rs.validator_for(read("bom-1.6"), registry=jsonschema_rs.Registry(parts))
faults = validator.iter_errors(json.load(open(sys.argv[1])))
sys.exit("\n".join(f"{fault.instance_path}: {fault.message[:200]}" for fault in faults) or 0)"#;

/// Writes the list and has it validated.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<String> {
    let file = workspace.path("target/gridspark.cdx.json");
    sbom::write(workspace, &file)?;
    passes(LINTERS.command(workspace, "python")?.args(["-c", VALIDATE]).arg(&file))?;
    let list: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let parts = list["components"].as_array().map_or(&[][..], Vec::as_slice);
    for name in ["axum", "leptos", "echarts"] {
        anyhow::ensure!(parts.iter().any(|part| part["name"] == name), "{name} is not in the list of parts");
    }
    anyhow::ensure!(parts.iter().all(|part| part["name"] != "proptest"), "parts of the tests are listed");
    Ok(format!("{} parts, valid CycloneDX 1.6", parts.len()))
}
