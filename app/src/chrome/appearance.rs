//! Whether the page is dark now: the choice in the address, else the system's.

use leptos::prelude::*;

use crate::address::{Address, Theme};
use crate::preferences;

/// For what cannot be said in the style sheet: the colours of the charts.
#[derive(Clone, Copy)]
pub(crate) struct Appearance {
    dark: Memo<bool>,
}

impl Appearance {
    pub(crate) fn new(address: Memo<Address>) -> Self {
        let system = preferences::system_is_dark();
        let dark = Memo::new(move |_| {
            address.with(|address| address.theme).map_or_else(|| system.get(), |theme| theme == Theme::Dark)
        });
        Self { dark }
    }

    pub(crate) fn is_dark(self) -> bool {
        self.dark.get()
    }
}
