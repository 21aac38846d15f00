//! The HTML document.

use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::wall_clock::WallClock;
use crate::{App, Assets, account, wall_clock};

/// The document around [`App`], with the built files that [`Assets`] in the context names.
///
/// Nothing in it is inline but the hydration script, which carries the request's nonce. Light or dark is an
/// attribute of the root element, so that the first paint is right.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let assets = use_context::<Assets>();
    let stylesheet = assets.as_ref().map(|assets| assets.stylesheet.clone());
    let charts = assets.map(|assets| assets.charts);
    let time_zone = use_context::<WallClock>().map(|clock| clock.zone().to_owned());
    let account = account::account().and_then(|account| serde_json::to_string(&account).ok());
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href=stylesheet />
                <meta name="charts" content=charts />
                <meta name=account::ELEMENT content=account />
                <meta name=wall_clock::ELEMENT content=time_zone />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
