//! The clock on the wall of those who read the pages: that of the configured time zone.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};

/// The name of the document's element that carries the time zone to the browser.
pub(crate) const ELEMENT: &str = "time-zone";

/// The clock of a time zone, in the context of every page.
#[derive(Clone)]
pub struct WallClock {
    zone: Arc<str>,
    shown: Arc<dyn Fn(DateTime<Utc>) -> NaiveDateTime + Send + Sync>,
}

impl WallClock {
    /// The clock of a zone, by its name in the IANA database, that shows this at a moment.
    #[cfg(feature = "ssr")]
    pub fn new(
        zone: impl Into<Arc<str>>,
        shown: impl Fn(DateTime<Utc>) -> NaiveDateTime + Send + Sync + 'static,
    ) -> Self {
        Self { zone: zone.into(), shown: Arc::new(shown) }
    }

    /// The name of the zone.
    #[cfg(feature = "ssr")]
    pub(crate) fn zone(&self) -> &str {
        &self.zone
    }

    /// The clock of the zone that the document names; nothing where the browser doesn't know it.
    #[cfg(not(feature = "ssr"))]
    pub(crate) fn of_document() -> Option<Self> {
        let element =
            leptos::prelude::document().query_selector(&format!("meta[name='{ELEMENT}']")).ok()??;
        let zone: Arc<str> = element.get_attribute("content")?.into();
        browser_shows(&zone, DateTime::UNIX_EPOCH)?;
        let of_browser = Arc::clone(&zone);
        let shown = move |at: DateTime<Utc>| browser_shows(&of_browser, at).unwrap_or(at.naive_utc());
        Some(Self { zone, shown: Arc::new(shown) })
    }

    /// What it shows at a moment.
    pub(crate) fn shows(&self, moment: DateTime<Utc>) -> NaiveDateTime {
        (self.shown)(moment)
    }
}

impl std::fmt::Debug for WallClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("WallClock").field(&self.zone).finish()
    }
}

/// What a clock of the zone shows, as the browser's calendar knows it.
#[cfg(not(feature = "ssr"))]
fn browser_shows(zone: &str, moment: DateTime<Utc>) -> Option<NaiveDateTime> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    let date = js_sys::Date::new(&(moment.timestamp_millis() as f64).into());
    let written = js_sys::Function::from(js_sys::Reflect::get(&date, &"toLocaleString".into()).ok()?);
    // Sweden writes `2026-11-22 09:40:00`. A zone that the browser doesn't know is an exception.
    let written = written.call2(&date, &"sv-SE".into(), &options).ok()?.as_string()?;
    let read = format!("{}Z", written.replace(' ', "T")).parse::<DateTime<Utc>>().ok()?;
    Some(read.naive_utc())
}
