//! Cookies: their names and attributes.

use axum::http::header;
use axum::http::request::Parts;

use super::token;

/// The session of a person on the dashboard's own site.
pub(super) const SESSION: &str = "__Host-gridspark";
/// The embed token inside another site's page.
pub(super) const EMBED: &str = "__Host-gridspark-embed";
/// What a sign-in under way begins with.
const SIGN_IN: &str = "__Host-gridspark-sign-in-";

/// The sign-in under way of a state: each tab has its own.
pub(super) fn sign_in(state: &str) -> String {
    let hash = token::hash(state);
    format!("{SIGN_IN}{}", hash.get(..16).unwrap_or_default())
}

/// The value of a request's cookie.
pub(super) fn value<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    cookies.flat_map(|cookies| cookies.split(';')).find_map(|cookie| {
        let (found, value) = cookie.trim().split_once('=')?;
        (found == name && !value.is_empty()).then_some(value)
    })
}

/// A cookie of the own site, for as many seconds.
pub(super) fn own(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

/// A cookie that is sent inside another site's page, and there alone.
pub(super) fn embedded(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age={seconds}")
}

/// A cookie that takes one of the own site away.
pub(super) fn removed(name: &str) -> String {
    own(name, "", 0)
}

/// A cookie that takes the embed token away: browsers remove what has the same attributes alone.
pub(super) fn embedding_removed() -> String {
    embedded(EMBED, "", 0)
}

/// Whether a request has a cookie by which somebody could be known.
pub(super) fn name_somebody(parts: &Parts) -> bool {
    value(parts, SESSION).is_some() || value(parts, EMBED).is_some()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let request = Request::builder().header(
            header::COOKIE,
            "a=1; __Host-gridspark-embed=e; x__Host-gridspark=no; __Host-gridspark=s",
        );
        let (parts, ()) = request.body(()).unwrap().into_parts();
        assert_eq!((value(&parts, SESSION), value(&parts, EMBED)), (Some("s"), Some("e")));
        assert_eq!(value(&parts, &sign_in("e")), None);
    }

    #[test]
    fn each_sign_in_has_its_cookie_and_an_embed_token_is_taken_away_as_it_was_given() {
        assert_ne!(sign_in("one"), sign_in("other"));
        let (given, removed) = (embedded(EMBED, "gse_a", 60), embedding_removed());
        let attributes =
            |cookie: &str| cookie.split("; ").skip(1).take(5).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(attributes(&given), attributes(&removed));
        assert!(removed.contains("Partitioned") && removed.ends_with("Max-Age=0"), "{removed}");
    }
}
