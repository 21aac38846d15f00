//! The languages of the page and the choice among them.

use std::str::FromStr;

use domain::UnknownWord;

use super::Words;
use super::dutch::DUTCH;
use super::english::ENGLISH;

/// A language that the page speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// English, where nothing else is asked for.
    #[default]
    English,
    /// Dutch.
    Dutch,
}

impl Language {
    /// All languages in their order on the page.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Dutch];

    /// The code of ISO 639-1, for `lang` attributes and links.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dutch => "nl",
        }
    }

    /// The language's own name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Dutch => "Nederlands",
        }
    }

    /// The texts.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Dutch => &DUTCH,
        }
    }

    /// The preferred one of our languages in an `Accept-Language` header (RFC 9110, section 12.5.4).
    #[cfg_attr(
        not(any(test, feature = "ssr")),
        expect(dead_code, reason = "only the server reads the header")
    )]
    pub(crate) fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for entry in header.split(',') {
            let mut parts = entry.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q=")?.trim().parse::<f32>().ok())
                .unwrap_or(1.0);
            let Ok(language) = tag.split('-').next().unwrap_or_default().parse::<Self>() else { continue };
            if quality > 0.0 && best.is_none_or(|(highest, _)| quality > highest) {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

impl FromStr for Language {
    type Err = UnknownWord;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(code))
            .ok_or_else(|| UnknownWord(code.to_owned()))
    }
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
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }
}
