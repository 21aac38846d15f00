//! Light or dark.

use domain::UnknownWord;

/// The choice of the person; without one the system's preference counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub(crate) enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The word in links, in the cookie and in the style sheet.
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}
