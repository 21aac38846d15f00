//! The languages of pages and messages.

use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// A language of pages and messages.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of, ascii_case_insensitive)]
pub enum Language {
    /// English, the default.
    #[default]
    #[serde(rename = "en")]
    #[strum(serialize = "en")]
    English,
    /// Dutch.
    #[serde(rename = "nl")]
    #[strum(serialize = "nl")]
    Dutch,
}

impl Language {
    /// All languages in their order on the page.
    pub const ALL: [Self; 2] = [Self::English, Self::Dutch];

    /// The code of ISO 639-1, for `lang` attributes, links and settings.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The language's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Dutch => "Nederlands",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_one_code_in_links_and_settings() {
        for language in Language::ALL {
            assert_eq!(serde_json::to_value(language).unwrap(), language.code());
            assert_eq!(language.code().to_uppercase().parse(), Ok(language));
        }
        assert_eq!("de".parse::<Language>(), Err(UnknownWord("de".to_owned())));
    }
}
