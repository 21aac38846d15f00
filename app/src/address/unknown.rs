//! What a link asks for and does not exist.

use std::sync::Arc;

use super::Address;

/// The fields whose words are a fixed vocabulary, or numbers, or names of boxes.
const FIELDS: [&str; 18] = [
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
    "budget",
];

/// The fields of an address whose words say nothing to this page; those that are empty ask for nothing.
pub(crate) fn unknown_fields(query: &str) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    pairs
        .filter(|(key, value)| FIELDS.contains(&&**key) && !value.trim().is_empty())
        .filter(|(key, value)| {
            let alone = form_urlencoded::Serializer::new(String::new()).append_pair(key, value).finish();
            // The word for what is so anyway.
            let is_default = [("dir", "asc"), ("sort", "urgency"), ("tab", "forecast")];
            Address::parse(&alone) == Address::default() && !is_default.contains(&(&**key, value.trim()))
        })
        .map(|(key, value)| (key.into_owned(), value.trim().to_owned()))
        .collect()
}

/// Whether a link asks for something that does not exist, so that its page is not found as it was asked for.
#[cfg(feature = "ssr")]
pub fn asks_for_unknown(query: &str) -> bool {
    !unknown_fields(query).is_empty()
}

/// What a page does on the server whose link names something that is not there: the server sets the status.
#[derive(Clone)]
pub struct MarkUnknown(pub Arc<dyn Fn() + Send + Sync>);

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown_words(query: &str) -> Vec<String> {
        unknown_fields(query).into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn what_is_known_or_empty_is_not_told() {
        for known in [
            "",
            "?",
            "q=anything&area=Breda",
            "sort=urgency&dir=asc&tab=forecast",
            "urgency=near&flag=&x=y",
            "only=A",
            "budget=0&area=",
            "budget=250000",
            "budget=250.000",
        ] {
            assert_eq!(unknown_words(known), [""; 0], "{known}");
        }
        assert_eq!(
            unknown_words("?urgency=purple&within=soon&q=x&sort=colour&progress=late&import-room=many"),
            ["purple", "soon", "colour", "late", "many"]
        );
        for refused in ["-5", "1e6", "250.00", "NaN", "all", "1000000000001", "99999999999999999999"] {
            let budget = ("budget".to_owned(), refused.to_owned());
            assert_eq!(unknown_fields(&format!("budget={refused}")), [budget]);
        }
    }
}
