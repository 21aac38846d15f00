//! Resources: what a page asks of the server while it is made, and later again.

use codee::{Decoder, Encoder};
use leptos::prelude::Resource;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A resource that travels with the page as JSON.
pub(crate) type Asked<T> = Resource<T, Json>;

/// Asks whenever what `source` tells changes.
pub(crate) fn ask<T, S, Answer>(
    source: impl Fn() -> S + Send + Sync + 'static,
    asking: impl Fn(S) -> Answer + Send + Sync + 'static,
) -> Asked<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    S: PartialEq + Clone + Send + Sync + 'static,
    Answer: Future<Output = T> + Send + 'static,
{
    Asked::new_with_options(source, asking, false)
}

/// JSON that is read from bytes, as the answers of server functions are. Read from text, as by leptos' own codec, each
/// type would have a second reader in the page's WebAssembly.
pub(crate) struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}
