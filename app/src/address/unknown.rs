//! What a link asks for and does not exist.

use std::sync::Arc;

use super::Address;

/// The fields whose words are a fixed vocabulary, or numbers, or names of boxes.
const FIELDS: [&str; 17] = [
    "urgency",
    "flag",
    "peak",
    "within",
    "chance",
    "loading",
    "import-room",
    "feed-in-room",
    "progress",
    "change",
    "show",
    "sort",
    "dir",
    "tab",
    "lang",
    "theme",
    "only",
];

/// The words of an address that say nothing to this page; fields that are empty ask for nothing.
pub(crate) fn unknown_words(query: &str) -> Vec<String> {
    let pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    pairs
        .filter(|(key, value)| FIELDS.contains(&&**key) && !value.trim().is_empty())
        .filter(|(key, value)| {
            let alone = form_urlencoded::Serializer::new(String::new()).append_pair(key, value).finish();
            // The word for what is so anyway.
            let is_default = [("dir", "asc"), ("sort", "urgency"), ("tab", "forecast")];
            Address::parse(&alone) == Address::default() && !is_default.contains(&(&**key, value.trim()))
        })
        .map(|(_, value)| value.trim().to_owned())
        .collect()
}

/// Whether a link asks for something that does not exist, so that its page is not found as it was asked for.
#[cfg(feature = "ssr")]
pub fn asks_for_unknown(query: &str) -> bool {
    !unknown_words(query).is_empty()
}

/// What a page does on the server whose link names something that is not there: the server sets the status.
#[derive(Clone)]
pub struct MarkUnknown(pub Arc<dyn Fn() + Send + Sync>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_or_empty_is_not_told() {
        for known in [
            "",
            "?",
            "q=anything&area=Breda",
            "sort=urgency&dir=asc&tab=forecast",
            "urgency=near&flag=&x=y",
            "only=A",
        ] {
            assert_eq!(unknown_words(known), [""; 0], "{known}");
        }
        assert_eq!(
            unknown_words("?urgency=purple&within=soon&q=x&sort=colour&progress=late&import-room=many"),
            ["purple", "soon", "colour", "late", "many"]
        );
    }
}
