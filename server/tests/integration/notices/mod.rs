//! Notices to real receivers: contents, number, and what happens while receivers are unreachable.

mod commands;
mod delivery;
mod digest;
mod formats;

use chrono::{DateTime, Utc};
use domain::notices::{Notice, Task};
use gridspark::configuration::Configuration;
use gridspark::credentials::webhook_credentials;
use gridspark::notification::Notifier;
use gridspark::telemetry::Metrics;
use store::Store;

use crate::support::settings;

/// The signing key of the tests.
const KEY: &str = "a key that nobody can guess";
/// The secret part of a webhook's address.
const SECRET: &str = "T0000/B0000/very-secret-part";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The configuration with these lines in its section `[notification]`.
fn configuration(lines: &str) -> Configuration {
    Configuration { notification: toml::from_str(lines).unwrap(), ..settings().configuration }
}

/// A notifier over a store with these lines in `[notification]`.
fn notifier(store: &Store, lines: &str) -> Notifier {
    // The program does so at its start.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let configuration = configuration(lines);
    let credentials = webhook_credentials(&configuration.notification);
    Notifier::new(Some(store.clone()), &configuration, &credentials, &Metrics::default()).unwrap()
}

/// One webhook of this kind.
fn webhook(name: &str, kind: &str, address: &str) -> String {
    let key = if kind == "json" { format!("key = '{KEY}'\n") } else { String::new() };
    format!("[[webhook]]\nname = '{name}'\nkind = '{kind}'\nurl = '{address}/{SECRET}'\n{key}")
}

fn failure(run: i64) -> Notice {
    let reason = "the database refused a query: disk full".to_owned();
    Notice::RunFailed { task: Task::MakeForecasts, run: Some(run), reason }
}
