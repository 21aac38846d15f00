//! A document that the server makes alone, without scripts: the head, the bar at the top, and what
//! is in it, in the person's language.

use domain::language::Language;
use leptos::prelude::*;

use crate::Assets;
use crate::address::{Address, BesideList};
use crate::chrome::{Appearance, TopBar};
use crate::preferences;
use crate::words::Words;

/// What a document says of itself.
pub(super) struct Document {
    /// The address's query: language, appearance and, beside the list, the state of the list.
    pub(super) query: String,
    /// Its title.
    pub(super) title: Box<dyn Fn(&Words) -> &'static str>,
    /// The class of its content.
    pub(super) class: &'static str,
    /// Whether it is a page beside the list, which its address leads back to.
    pub(super) is_beside_list: bool,
}

/// The language of a page with this query.
fn language_of(address: &Address) -> Language {
    address.language.unwrap_or_else(preferences::language)
}

impl Document {
    /// The document around its content.
    pub(super) fn around(self, content: impl FnOnce(&'static Words) -> AnyView) -> AnyView {
        let address = Address::parse(&self.query);
        let language = language_of(&address);
        let words: &'static Words = Words::of(language);
        let theme = address.theme.or_else(preferences::theme).map(|theme| theme.as_str());
        let address = Memo::new(move |_| address.clone());
        provide_context(words);
        provide_context(address);
        provide_context(Appearance::new(address));
        if self.is_beside_list {
            provide_context(BesideList);
        }
        let stylesheet = use_context::<Assets>().map(|assets| assets.stylesheet);
        let title = (self.title)(words);
        view! {
            <!DOCTYPE html>
            <html lang=language.code() data-theme=theme>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{format!("{title} – {}", words.title)}</title>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                    <link rel="stylesheet" href=stylesheet />
                </head>
                <body>
                    <TopBar />
                    <main class=self.class tabindex="0">
                        <h1>{title}</h1>
                        {content(words)}
                    </main>
                </body>
            </html>
        }
        .into_any()
    }
}
