//! The part of `deny.toml` that can be checked without anything from outside.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

/// The rules.
#[derive(Debug, Deserialize)]
pub(super) struct Rules {
    licenses: Licenses,
    #[serde(default)]
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
    #[serde(default)]
    clarify: Vec<Clarification>,
}

/// Licences allowed for one package only.
#[derive(Debug, Deserialize)]
struct Exception {
    allow: Vec<String>,
    #[serde(rename = "crate")]
    package: String,
}

/// What a package's licence is, where the package itself does not say it properly.
#[derive(Debug, Deserialize)]
struct Clarification {
    #[serde(rename = "crate")]
    package: String,
    expression: String,
}

#[derive(Debug, Default, Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Ban>,
}

/// A package that must not come in.
#[derive(Debug, Deserialize)]
pub(super) struct Ban {
    #[serde(rename = "crate")]
    package: String,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

impl Rules {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it cannot be read or understood.
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("cannot understand {}", file.display()))
    }

    /// Reads the rules from the file's text.
    ///
    /// # Errors
    /// Where a rule is missing or of the wrong kind.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// The ban on a package, if there is one.
    pub(super) fn ban_of(&self, package: &str) -> Option<&Ban> {
        self.bans.deny.iter().find(|ban| ban.package == package)
    }

    /// Whether packages may come from this source, written as in `Cargo.lock`.
    pub(super) fn allows_source(&self, source: &str) -> bool {
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        self.sources.allow_registry.iter().any(|allowed| allowed == registry)
    }

    /// The licences this package may have.
    pub(super) fn allowed_licences_for<'a>(&'a self, package: &'a str) -> impl Iterator<Item = &'a str> {
        let exceptions =
            self.licenses.exceptions.iter().filter(move |exception| exception.package == package);
        self.licenses
            .allow
            .iter()
            .chain(exceptions.flat_map(|exception| &exception.allow))
            .map(String::as_str)
    }

    /// The licence expression set for this package, if its own is not to be used.
    pub(super) fn clarification_of(&self, package: &str) -> Option<&str> {
        let clarification =
            self.licenses.clarify.iter().find(|clarification| clarification.package == package)?;
        Some(&clarification.expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bans_and_sources_are_found() {
        let rules = Rules::parse(
            r#"
            [licenses]
            allow = []
            [bans]
            deny = [{ crate = "heavy", reason = "too heavy" }]
            [sources]
            allow-registry = ["https://registry.example/index"]
            "#,
        )
        .unwrap();
        assert_eq!(rules.ban_of("heavy").unwrap().reason.as_deref(), Some("too heavy"));
        assert!(rules.ban_of("light").is_none());
        assert!(rules.allows_source("registry+https://registry.example/index"));
        assert!(!rules.allows_source("git+https://example.com/a.git"));
    }
}
