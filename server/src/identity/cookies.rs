//! Cookies: their names and attributes.

use axum::http::header;
use axum::http::request::Parts;

/// The session of a person on the dashboard's own site.
pub(super) const SESSION: &str = "__Host-gridspark";
/// The embed token inside another site's page.
pub(super) const EMBED: &str = "__Host-gridspark-embed";
/// The sign-in that is under way.
pub(super) const SIGN_IN: &str = "__Host-gridspark-sign-in";

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

/// A cookie that takes one away.
pub(super) fn removed(name: &str) -> String {
    own(name, "", 0)
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
        assert_eq!(value(&parts, SIGN_IN), None);
    }
}
