//! CycloneDX 1.6 as JSON, as far as it is needed.

use serde::Serialize;

use super::Part;

/// The whole list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    version: u32,
    metadata: Metadata<'a>,
    components: Vec<Component<'a>>,
    dependencies: Vec<Dependency<'a>>,
}

#[derive(Debug, Serialize)]
struct Metadata<'a> {
    component: Component<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    r#type: &'static str,
    #[serde(rename = "bom-ref")]
    reference: &'a str,
    name: &'a str,
    version: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash<'a>>,
    licenses: Vec<Licence<'a>>,
    purl: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_references: Vec<Reference<'a>>,
}

#[derive(Debug, Serialize)]
struct Hash<'a> {
    alg: &'a str,
    content: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Licence<'a> {
    Expression(&'a str),
    License { name: &'a str },
}

#[derive(Debug, Serialize)]
struct Reference<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency<'a> {
    r#ref: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    depends_on: &'a [String],
}

impl<'a> Document<'a> {
    /// The product and what it is built from.
    pub(super) fn new(product: &'a Part, parts: &'a [Part]) -> Self {
        Self {
            schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
            bom_format: "CycloneDX",
            spec_version: "1.6",
            version: 1,
            metadata: Metadata { component: Component::new("application", product) },
            components: parts.iter().map(|part| Component::new("library", part)).collect(),
            dependencies: std::iter::once(product)
                .chain(parts)
                .map(|part| Dependency { r#ref: &part.purl, depends_on: &part.needs })
                .collect(),
        }
    }
}

impl<'a> Component<'a> {
    fn new(kind: &'static str, part: &'a Part) -> Self {
        let licence = match &part.licence {
            Some(expression) => Licence::Expression(expression),
            None => Licence::License { name: "told in the package itself" },
        };
        Self {
            r#type: kind,
            reference: &part.purl,
            name: &part.name,
            version: &part.version,
            hashes: part.hash.iter().map(|(alg, content)| Hash { alg, content }).collect(),
            licenses: vec![licence],
            purl: &part.purl,
            external_references: part.repository.iter().map(|url| Reference { r#type: "vcs", url }).collect(),
        }
    }
}
