//! The crates that are compiled into the server and the page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::Context as _;
use serde::Deserialize;
use spdx::Expression;

use super::Part;
use crate::workspace::{Workspace, capture};

/// The members of the workspace that are shipped.
const SHIPPED: [&str; 2] = ["gridspark", "frontend"];
/// Crates whose files are shipped, though nothing is linked with them: scripts, styles and fonts of the handbook.
const COPIED_FROM: [&str; 1] = ["mdbook-html"];

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Graph,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Graph {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    /// Nothing for what is linked; `build` or `dev` otherwise.
    kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Debug, Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The checksums of the lock file, by name and version.
type Checksums<'a> = BTreeMap<(&'a str, &'a str), Option<&'a String>>;

/// Every crate that the server or the page is linked with, or that a macro of theirs comes from.
pub(super) fn shipped(workspace: &Workspace) -> anyhow::Result<Vec<Part>> {
    let mut cargo = workspace.cargo();
    cargo.args(["metadata", "--locked", "--format-version", "1"]);
    for platform in ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "wasm32-unknown-unknown"] {
        cargo.args(["--filter-platform", platform]);
    }
    let lock = fs::read_to_string(workspace.path("Cargo.lock")).context("cannot read Cargo.lock")?;
    read(&capture(&mut cargo)?, &lock)
}

fn read(metadata: &str, lock: &str) -> anyhow::Result<Vec<Part>> {
    let Metadata { packages, resolve } =
        serde_json::from_str(metadata).context("cannot understand cargo metadata")?;
    let lock: Lock = toml::from_str(lock).context("cannot understand Cargo.lock")?;
    let checksums: Checksums<'_> = lock
        .package
        .iter()
        .map(|locked| ((locked.name.as_str(), locked.version.as_str()), locked.checksum.as_ref()))
        .collect();
    let by_id: BTreeMap<_, _> = packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut open: Vec<&str> = packages
        .iter()
        .filter(|package| SHIPPED.contains(&package.name.as_str()))
        .map(|package| package.id.as_str())
        .collect();
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let package = by_id.get(id).with_context(|| format!("cargo metadata does not describe {id}"))?;
        let linked = nodes.get(id).map(|node| linked(node)).unwrap_or_default();
        open.extend(&linked);
        let needs: BTreeSet<_> =
            linked.iter().filter_map(|id| by_id.get(id)).map(|package| purl(package)).collect();
        parts.push(part(package, &checksums, needs.into_iter().collect())?);
    }
    let is_copied = |package: &&Package| COPIED_FROM.contains(&package.name.as_str());
    for package in packages.iter().filter(is_copied) {
        if !seen.contains(package.id.as_str()) {
            parts.push(part(package, &checksums, Vec::new())?);
        }
        if let Some(product) = parts.iter_mut().find(|part| part.name == SHIPPED[0]) {
            product.needs.push(purl(package));
        }
    }
    Ok(parts)
}

fn part(package: &Package, checksums: &Checksums<'_>, needs: Vec<String>) -> anyhow::Result<Part> {
    let checksum = checksums.get(&(package.name.as_str(), package.version.as_str())).copied().flatten();
    Ok(Part {
        name: package.name.clone(),
        version: package.version.clone(),
        purl: purl(package),
        licence: package.license.as_deref().map(expression).transpose()?,
        hash: checksum.map(|checksum| ("SHA-256", checksum.clone())),
        repository: package.repository.clone(),
        needs,
    })
}

/// What ends up in the program, or writes code of it.
fn linked(node: &Node) -> Vec<&str> {
    let linked = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
    node.deps.iter().filter(linked).map(|edge| edge.pkg.as_str()).collect()
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B"))
}

/// Older packages write `MIT/Apache-2.0` for `MIT OR Apache-2.0`.
fn expression(licence: &str) -> anyhow::Result<String> {
    let canonical = Expression::canonicalize(licence).with_context(|| format!("the licence `{licence}`"))?;
    Ok(canonical.unwrap_or_else(|| licence.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_or_copied_is_shipped_and_what_only_tests_and_build_scripts_use_is_not() {
        let metadata = r#"{"packages": [
            {"id": "s", "name": "gridspark", "version": "0.1.0", "license": "Apache-2.0"},
            {"id": "a", "name": "linked", "version": "1.0.0+old", "license": "MIT/Apache-2.0"},
            {"id": "b", "name": "beneath", "version": "2.0.0"},
            {"id": "t", "name": "tested-with", "version": "3.0.0", "license": "MIT"},
            {"id": "h", "name": "mdbook-html", "version": "0.5.0", "license": "MPL-2.0"}
        ], "resolve": {"nodes": [
            {"id": "h", "deps": [{"pkg": "t", "dep_kinds": [{"kind": null}]}]},
            {"id": "s", "deps": [{"pkg": "a", "dep_kinds": [{"kind": null}]},
                                 {"pkg": "t", "dep_kinds": [{"kind": "dev"}, {"kind": "build"}]}]},
            {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": "build"}, {"kind": null}]}]},
            {"id": "b", "deps": []}, {"id": "t", "deps": []}
        ]}}"#;
        let lock = "[[package]]\nname = \"linked\"\nversion = \"1.0.0+old\"\nchecksum = \"ab\"\n";
        let parts = read(metadata, lock).unwrap();
        let part = |name: &str| parts.iter().find(|part| part.name == name).unwrap();
        assert_eq!(parts.len(), 4);
        assert_eq!(part("gridspark").needs, ["pkg:cargo/linked@1.0.0%2Bold", "pkg:cargo/mdbook-html@0.5.0"]);
        // Its files are copied; what it is linked with is not.
        assert!(part("mdbook-html").needs.is_empty());
        assert_eq!(part("linked").licence.as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!(part("linked").hash, Some(("SHA-256", "ab".to_owned())));
        assert_eq!(part("beneath").licence, None);
    }
}
