//! The packages that the workspace is built from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Context as _;
use serde::Deserialize;

use crate::workspace::{Workspace, capture};

/// A package, as `cargo metadata` describes it.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    id: String,
    pub(super) name: String,
    version: String,
    /// An SPDX expression.
    pub(super) license: Option<String>,
    /// Where it comes from; nothing for a local path.
    pub(super) source: Option<String>,
    #[serde(skip)]
    is_ours: bool,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
}

/// Everything that is built for the machines the project runs on.
///
/// # Errors
/// Where cargo cannot read the workspace.
pub(super) fn of(workspace: &Workspace) -> anyhow::Result<Vec<Package>> {
    let mut cargo = workspace.cargo();
    cargo.args(["metadata", "--locked", "--format-version", "1"]);
    for platform in ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "wasm32-unknown-unknown"] {
        cargo.args(["--filter-platform", platform]);
    }
    read(&capture(&mut cargo)?)
}

fn read(text: &str) -> anyhow::Result<Vec<Package>> {
    let Metadata { mut packages, workspace_members } =
        serde_json::from_str(text).context("cannot understand cargo metadata")?;
    for package in &mut packages {
        package.is_ours = workspace_members.contains(&package.id);
    }
    Ok(packages)
}

/// The names that occur in more than one version.
pub(super) fn several_versions(packages: &[Package]) -> Vec<&str> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for package in packages {
        *counts.entry(&package.name).or_default() += 1;
    }
    counts.into_iter().filter(|&(_, count)| count > 1).map(|(name, _)| name).collect()
}

impl Package {
    /// Whether it is a member of this workspace.
    pub(super) const fn is_ours(&self) -> bool {
        self.is_ours
    }

    /// A package made up for a test.
    #[cfg(test)]
    pub(super) fn example(name: &str, license: &str) -> Self {
        Self {
            id: name.into(),
            name: name.into(),
            version: "1.0.0".into(),
            license: Some(license.into()),
            source: None,
            is_ours: false,
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_told_from_dependencies() {
        let packages = read(
            r#"{"packages": [
                {"id": "a", "name": "ours", "version": "0.1.0", "license": "MIT", "source": null},
                {"id": "b", "name": "theirs", "version": "1.0.0", "license": null, "source": "registry+x"},
                {"id": "c", "name": "theirs", "version": "2.0.0", "license": null, "source": "registry+x"}
            ], "workspace_members": ["a"]}"#,
        )
        .unwrap();
        assert_eq!(packages.iter().map(Package::is_ours).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(several_versions(&packages), ["theirs"]);
    }
}
