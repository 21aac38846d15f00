//! What stands for the builder's stage, which would compile for a quarter of an hour: the files that the steps before built
//! here, without optimisation.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::dockerfile::{Instruction, Stage};
use crate::sbom;
use crate::workspace::{Workspace, capture};

/// Lays the files out as the builder does. Each path below `/out` that its steps name has to be there, and no other.
pub(super) fn of_builder(
    workspace: &Workspace,
    stages: &[Stage],
    folder: &Path,
    binary: &Path,
    site: &Path,
) -> anyhow::Result<PathBuf> {
    let builder = stages.iter().find(|stage| stage.name == "builder").context("there is no builder stage")?;
    let out = folder.join("out");
    let program = out.join("usr/local/bin/gridspark");
    let share = out.join("usr/share/gridspark");
    for parent in [program.parent().unwrap_or(&out), &share] {
        fs::create_dir_all(parent)?;
    }
    capture(workspace.program("strip").args(["--strip-debug", "-o"]).arg(&program).arg(binary))?;
    capture(workspace.program("cp").arg("-R").arg(site).arg(share.join("site")))?;
    sbom::write(workspace, &share.join("gridspark.cdx.json"))?;
    let mut named = Vec::new();
    for instruction in &builder.instructions {
        if let Instruction::Run(script) = instruction {
            named.extend(script.split_whitespace().filter(|word| word.starts_with("/out/")));
        }
    }
    for path in &named {
        ensure!(
            folder.join(path.trim_start_matches('/')).exists(),
            "the builder makes {path}, nothing stands for it"
        );
    }
    for path in ["/out/usr/local/bin/gridspark", "/out/usr/share/gridspark/site"] {
        ensure!(named.contains(&path), "the builder does not make {path}");
    }
    Ok(folder.to_owned())
}
