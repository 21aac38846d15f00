//! The words of each language, and the choice among them.

use domain::language::Language;

use super::Words;
use super::dutch::DUTCH;
use super::english::ENGLISH;

impl Words {
    /// The texts of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }
}

/// The preferred one of our languages in an `Accept-Language` header (RFC 9110, section 12.5.4).
#[cfg_attr(not(any(test, feature = "ssr")), expect(dead_code, reason = "only the server reads the header"))]
pub(crate) fn accepted_language(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for entry in header.split(',') {
        let mut parts = entry.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let quality =
            parts.find_map(|part| part.trim().strip_prefix("q=")?.trim().parse::<f32>().ok()).unwrap_or(1.0);
        let Ok(language) = tag.split('-').next().unwrap_or_default().parse::<Language>() else { continue };
        if quality > 0.0 && best.is_none_or(|(highest, _)| quality > highest) {
            best = Some((quality, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_s_first_known_language_wins() {
        for (header, expected) in [
            ("nl-NL,nl;q=0.9,en;q=0.8", Some(Language::Dutch)),
            ("de, en-GB;q=0.7, nl;q=0.8", Some(Language::Dutch)),
            ("fr, en;q=0.1, nl;q=0", Some(Language::English)),
            ("fr-FR, de", None),
            ("", None),
            ("*;q=x", None),
        ] {
            assert_eq!(accepted_language(header), expected, "{header}");
        }
    }
}
