//! The packages from npm that are bundled into the site: ECharts and what it needs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::Part;

/// What the site's scripts are bundled from; all else serves building and testing.
const BUNDLED: &str = "echarts";

#[derive(Debug, Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    version: Option<String>,
    license: Option<String>,
    integrity: Option<String>,
    #[serde(default)]
    dependencies: BTreeMap<String, String>,
}

/// The packages that reach a browser.
pub(super) fn shipped(lock: &Path) -> anyhow::Result<Vec<Part>> {
    let text = fs::read_to_string(lock).with_context(|| format!("cannot read {}", lock.display()))?;
    read(&text).with_context(|| format!("cannot understand {}", lock.display()))
}

fn read(text: &str) -> anyhow::Result<Vec<Part>> {
    let lock: Lock = serde_json::from_str(text)?;
    let package = |name: &str| {
        lock.packages.get(&format!("node_modules/{name}")).with_context(|| format!("it has no {name}"))
    };
    let mut open = vec![BUNDLED.to_owned()];
    let mut parts = BTreeMap::new();
    while let Some(name) = open.pop() {
        let found = package(&name)?;
        let needs: Vec<_> = found.dependencies.keys().cloned().collect();
        open.extend(needs.iter().filter(|need| !parts.contains_key(*need)).cloned());
        let needs = needs.iter().map(|need| Ok(purl(need, package(need)?))).collect::<anyhow::Result<_>>()?;
        let part = Part {
            version: found.version.clone().unwrap_or_default(),
            purl: purl(&name, found),
            licence: found.license.clone(),
            hash: found.integrity.as_deref().map(hash).transpose()?,
            repository: None,
            needs,
            name: name.clone(),
        };
        parts.insert(name, part);
    }
    Ok(parts.into_values().collect())
}

fn purl(name: &str, package: &Package) -> String {
    let version = package.version.as_deref().unwrap_or_default();
    format!("pkg:npm/{}@{version}", name.replace('@', "%40"))
}

/// npm writes `sha512-` and base 64.
fn hash(integrity: &str) -> anyhow::Result<(&'static str, String)> {
    let encoded =
        integrity.strip_prefix("sha512-").with_context(|| format!("`{integrity}` is no SHA-512"))?;
    let bytes = BASE64_STANDARD.decode(encoded).with_context(|| format!("`{encoded}` is not base 64"))?;
    Ok(("SHA-512", bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_bundled_is_listed_with_its_hash() {
        let parts = read(
            r#"{"packages": {
                "": {"version": "0.1.0"},
                "node_modules/echarts": {"version": "5.6.0", "license": "Apache-2.0", "integrity": "sha512-AQL/",
                    "dependencies": {"zrender": "5.6.1"}},
                "node_modules/zrender": {"version": "5.6.1", "license": "BSD-3-Clause", "integrity": "sha512-AA=="},
                "node_modules/esbuild": {"version": "0.28.2"}
            }}"#,
        )
        .unwrap();
        let names: Vec<_> = parts.iter().map(|part| part.purl.as_str()).collect();
        assert_eq!(names, ["pkg:npm/echarts@5.6.0", "pkg:npm/zrender@5.6.1"]);
        assert_eq!(parts[0].hash, Some(("SHA-512", "0102ff".to_owned())));
        assert_eq!(parts[0].needs, ["pkg:npm/zrender@5.6.1"]);
    }
}
