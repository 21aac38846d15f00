//! The frame in a portal's page: how it begins to show what an embed token is for.

use axum::http::header::ORIGIN;
use axum::http::request::Parts;

use super::Refusal;
use crate::configuration::identity::IdentitySettings;

/// Where another site's page may post to: a portal posts its token into a frame.
pub(super) const ROUTE: &str = "/embed/session";

/// Refuses what a listed portal's page has not posted into a frame. From a window of its own, another site
/// would give a person who is signed in a token instead of their session.
pub(super) fn check_origin(parts: &Parts, settings: &IdentitySettings) -> Result<(), Refusal> {
    let origin = parts.headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let mut listed = settings.frame_ancestors.iter().chain(&settings.public_url);
    let is_listed = origin.is_some_and(|origin| listed.any(|listed| listed.to_string() == origin));
    // Browsers that don't say it are older than partitioned cookies.
    let destination = parts.headers.get("sec-fetch-dest");
    let is_frame = destination.is_none_or(|kind| kind == "iframe" || kind == "frame");
    if is_listed && is_frame { Ok(()) } else { Err(Refusal::CrossSite) }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_token_is_taken_from_a_listed_portal_s_frame_alone() {
        let settings: IdentitySettings =
            toml::from_str("frame_ancestors = ['https://portal.example.org']").unwrap();
        let check = |headers: &[(&str, &str)]| {
            let request = headers.iter().fold(Request::builder(), |request, (k, v)| request.header(*k, *v));
            check_origin(&request.body(()).unwrap().into_parts().0, &settings).is_ok()
        };
        let portal = ("origin", "https://portal.example.org");
        assert!(check(&[portal, ("sec-fetch-dest", "iframe")]) && check(&[portal]));
        assert!(
            !check(&[portal, ("sec-fetch-dest", "document")])
                && !check(&[portal, ("sec-fetch-dest", "empty")])
        );
        assert!(
            !check(&[]) && !check(&[("origin", "null")]) && !check(&[("origin", "https://evil.example")])
        );
    }
}
