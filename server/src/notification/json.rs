//! The generic format: JSON, signed according to the Standard Webhooks specification.
//!
//! `webhook-signature` is `v1,` and the base64 of the HMAC-SHA256 over `webhook-id`,
//! `webhook-timestamp` (seconds since 1970, of this attempt) and the body, joined by dots.
//! Receivers refuse old timestamps and identifiers they have seen.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::message::Message;

/// The body of the request.
pub(super) fn body(
    message: &Message,
    kind: &str,
    identity: &str,
    announced_at: DateTime<Utc>,
    notice: &Value,
    language: &str,
) -> Value {
    json!({
        "type": format!("gridspark.{kind}"),
        "timestamp": announced_at,
        "data": {
            "identity": identity,
            "notice": notice,
            "language": language,
            "title": message.title,
            "text": message.as_text(),
            "link": message.link.as_ref().map(|link| &link.url),
        },
    })
}

/// The header `webhook-signature`.
pub(super) fn signature(key: &[u8], identifier: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("{identifier}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::signature;
    use crate::notification::webhook::key_bytes;

    #[test]
    fn the_handbook_s_example_is_signed_as_messages_are() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operator/notices.md");
        let page = std::fs::read_to_string(page).unwrap();
        let value = |name: &str| {
            let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.and_then(|line| line.split_whitespace().next()).unwrap().trim_matches('\'')
        };
        let key = key_bytes(value("key")).unwrap();
        assert_eq!(key, b"an example, and no key for use: ", "what follows whsec_ is decoded");
        let signed =
            signature(&key, value("id"), value("timestamp").parse().unwrap(), value("body").as_bytes())
                .unwrap();
        assert!(page.contains(&format!("# {}", signed.strip_prefix("v1,").unwrap())), "{signed}");
    }
}
