//! Light or dark: the choice in the address, else the remembered one, else the system's.

use leptos::prelude::*;

use crate::address::{Address, Theme};
use crate::preferences::{self, THEME_COOKIE};

/// The appearance of the page.
#[derive(Clone, Copy)]
pub(crate) struct Appearance {
    address: Memo<Address>,
    remembered: RwSignal<Option<Theme>>,
    system_is_dark: ReadSignal<bool>,
}

impl Appearance {
    pub(crate) fn new(address: Memo<Address>) -> Self {
        let remembered = RwSignal::new(preferences::theme());
        Self { address, remembered, system_is_dark: preferences::system_is_dark() }
    }

    /// The person's choice; nothing where the system's preference counts.
    pub(crate) fn chosen(self) -> Option<Theme> {
        self.address.with(|address| address.theme).or_else(|| self.remembered.get())
    }

    /// Remembers a choice; one in the address has to be taken out of it.
    pub(crate) fn choose(self, theme: Option<Theme>) {
        preferences::remember(THEME_COOKIE, theme.map(Theme::as_str));
        self.remembered.set(theme);
    }

    /// For what cannot be said in the style sheet: the colours of the charts.
    pub(crate) fn is_dark(self) -> bool {
        self.chosen().map_or_else(|| self.system_is_dark.get(), |theme| theme == Theme::Dark)
    }
}
