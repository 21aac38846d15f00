//! Whether a package's licence is among the allowed ones.

use anyhow::Context as _;
use spdx::{Expression, LicenseReq, ParseMode};

use super::packages::Package;
use super::rules::Rules;

/// Whether the package's SPDX expression can be satisfied with allowed licences alone.
///
/// # Errors
/// Where the expression cannot be read.
pub(super) fn is_allowed(package: &Package, rules: &Rules) -> anyhow::Result<bool> {
    let Some(text) = rules.clarification_of(&package.name).or(package.license.as_deref()) else {
        return Ok(false);
    };
    // `MIT/Apache-2.0` is what older packages write for `MIT OR Apache-2.0`.
    let expression = Expression::parse_mode(text, ParseMode::LAX).with_context(|| format!("`{text}`"))?;
    Ok(expression.evaluate(|requirement| allows(requirement, &package.name, rules)))
}

fn allows(requirement: &LicenseReq, package: &str, rules: &Rules) -> bool {
    let wanted = requirement.to_string();
    rules.allowed_licences_for(package).any(|allowed| allowed == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(license: &str) -> bool {
        let rules = Rules::parse(
            r#"
            [licenses]
            allow = ["MIT", "Apache-2.0"]
            exceptions = [{ allow = ["Zlib"], crate = "small" }]
            [sources]
            allow-registry = []
            "#,
        )
        .unwrap();
        let package = Package::example("small", license);
        is_allowed(&package, &rules).unwrap()
    }

    #[test]
    fn one_allowed_alternative_is_enough_and_all_of_a_conjunction_are_needed() {
        assert!(verdict("GPL-3.0-only OR MIT"));
        assert!(verdict("GPL-3.0/MIT"));
        assert!(verdict("MIT AND Zlib"));
        assert!(!verdict("MIT AND GPL-3.0-only"));
        assert!(!verdict("GPL-3.0-only"));
    }
}
