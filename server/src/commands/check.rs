//! `gridspark check`: checks a configuration before a rollout, without changing anything.

use std::net::SocketAddr;
use std::path::Path;

use chrono::{TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use store::{MaxConnections, Probe, Store, Tables};

use super::{CommandError, report};
use crate::Ending;
use crate::command_line::{Check, Shared};
use crate::configuration::Configuration;
use crate::configuration::identity::WayInSettings;
use crate::credentials::{Credentials, DatabaseAddress};
use crate::http::Site;
use crate::identity::{IdentityError, probe};
use crate::notification::Notifier;
use crate::secrets;
use crate::sources::ConfiguredSource;
use crate::store_address::store_address;
use crate::telemetry::Metrics;

/// A larger difference between clocks makes leases and ages wrong.
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::seconds(2);
/// The size of a store of 35,000 boxes, extrapolated from 120 simulated ones: four years of four
/// phases, and the forecasts of seven runs (three, the one under way, and one of each of the last
/// three quarters).
const NEEDED_GIGABYTES: f64 = 15.0;

/// The state of a checked item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Good,
    /// It works, but somebody should look at it.
    Doubtful,
    Wrong,
}

/// One checked item.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    text: String,
}

impl Finding {
    fn new(what: &'static str, state: State, text: impl Into<String>) -> Self {
        Self { what, state, text: text.into() }
    }
}

pub(super) async fn run(options: Check, shared: Shared) -> Result<Ending, CommandError> {
    let mut findings = Vec::new();
    match Configuration::load(shared.config.as_deref(), shared.database.as_deref()) {
        Ok(configuration) => {
            let from =
                shared.config.as_deref().map_or("the defaults".to_owned(), |path| path.display().to_string());
            let text = format!(
                "{from}; weeks of {}, model {}",
                configuration.time_zone, configuration.forecast.model
            );
            findings.push(Finding::new("configuration", State::Good, text));
            if let Some(schedule) = &configuration.schedule {
                let next = schedule.cron.next(Utc::now(), configuration.time_zone);
                let text = next.map_or("it never comes".to_owned(), |next| {
                    format!("next at {}", next.format("%F %R UTC"))
                });
                findings.push(Finding::new("schedule", State::Good, text));
            }
            let address = configuration.vault.as_ref().map(|vault| vault.address.clone());
            match (secrets::obtain(&configuration).await, address) {
                (Ok(credentials), address) => {
                    let leased = if matches!(credentials.database, DatabaseAddress::Leased(_)) {
                        "credentials are leased by"
                    } else {
                        "address comes from"
                    };
                    let from = |address| format!("the database's {leased} {address}");
                    findings
                        .extend(address.map(|address| Finding::new("secrets", State::Good, from(address))));
                    findings.extend(look_at_identity(&configuration, &credentials, options.listen).await);
                    let wanted = configuration.database_connections;
                    let address = store_address(&credentials.database).current();
                    look_at_database(&address, wanted, &mut findings).await;
                    let source = ConfiguredSource::of(&configuration, &credentials);
                    if let Some(source) = source.filter(|_| !options.without_source) {
                        findings.push(look_at_source(&source).await);
                    }
                    look_at_notifications(&configuration, &credentials, options.notify, &mut findings).await;
                }
                // Without secrets neither the database nor the source is known.
                (Err(error), _) => findings.push(Finding::new("secrets", State::Wrong, error.to_string())),
            }
        }
        Err(error) => findings.push(Finding::new("configuration", State::Wrong, error.to_string())),
    }
    findings.push(pages(&options.site));
    let width = findings.iter().map(|finding| finding.what.len()).max().unwrap_or_default();
    let line = |finding: &Finding| {
        let mark = match finding.state {
            State::Good => "✓",
            State::Doubtful => "!",
            State::Wrong => "✗",
        };
        format!("{mark} {:width$}  {}\n", finding.what, finding.text)
    };
    report::print(shared.json, &findings, &findings.iter().map(line).collect::<String>())?;
    let wrong = findings.iter().filter(|finding| finding.state == State::Wrong).count();
    if wrong > 0 { Err(CommandError::NotReady(wrong)) } else { Ok(Ending::Complete) }
}

/// Who may come in: nobody from elsewhere without a way in, and the provider has to be there.
async fn look_at_identity(
    configuration: &Configuration,
    credentials: &Credentials,
    listen: SocketAddr,
) -> Vec<Finding> {
    let settings = &configuration.identity;
    let mut findings = Vec::new();
    let text = match &settings.way_in {
        WayInSettings::None {} => {
            "nobody is asked who they are; whoever is on this host may do everything".to_owned()
        }
        WayInSettings::ReverseProxy(_) => {
            let proxies: Vec<String> = settings.proxies.iter().map(ToString::to_string).collect();
            format!("the proxies at {} name the person", proxies.join(", "))
        }
        WayInSettings::OpenidConnect(provider) => format!("people sign in at {}", provider.issuer),
    };
    findings.push(match settings.may_listen_on(listen) {
        Ok(()) => Finding::new("identity", State::Good, text),
        Err(error) => Finding::new("identity", State::Wrong, error.to_string()),
    });
    if !settings.way_in.is_none() && settings.grant.is_empty() {
        let text = "there is no [[identity.grant]]: everyone reads, nobody decides or operates";
        findings.push(Finding::new("identity", State::Doubtful, text));
    }
    match probe(configuration, credentials).await {
        Ok(()) => {}
        // A dashboard starts without its provider: whoever has a session goes on.
        Err(error @ IdentityError::Provider(_)) => {
            findings.push(Finding::new("identity", State::Doubtful, error.to_string()));
        }
        Err(error) => findings.push(Finding::new("identity", State::Wrong, error.to_string())),
    }
    findings
}

async fn look_at_source(source: &ConfiguredSource) -> Finding {
    match source.open().await {
        Ok(source) => Finding::new("source", State::Good, source.description()),
        Err(error) => Finding::new("source", State::Wrong, error.to_string()),
    }
}

async fn look_at_notifications(
    configuration: &Configuration,
    credentials: &Credentials,
    send_tests: bool,
    findings: &mut Vec<Finding>,
) {
    if configuration.notification.webhook.is_empty() {
        if send_tests {
            let text = "there is no [[notification.webhook]] to send a test message to";
            findings.push(Finding::new("notification", State::Wrong, text));
        }
        return;
    }
    let notifier = match Notifier::new(None, configuration, &credentials.webhooks, &Metrics::default()) {
        Ok(notifier) => notifier,
        Err(error) => {
            findings.push(Finding::new("notification", State::Wrong, error.to_string()));
            return;
        }
    };
    for webhook in notifier.webhooks() {
        let events: Vec<&str> = webhook.events().iter().map(|kind| kind.as_str()).collect();
        let text = format!("{} on {} receives {}", webhook.name(), webhook.host(), events.join(", "));
        findings.push(if webhook.is_open_to_eavesdroppers() {
            let text = format!("{text}; over http:// anybody on the way can read it, use https://");
            Finding::new("notification", State::Doubtful, text)
        } else {
            Finding::new("notification", State::Good, text)
        });
    }
    if send_tests {
        for (name, host, failure) in notifier.send_test_messages(Utc::now()).await {
            findings.push(match failure {
                None => Finding::new("notification", State::Good, format!("{name} has taken a test message")),
                Some(reason) => {
                    Finding::new("notification", State::Wrong, format!("{name} on {host}: {reason}"))
                }
            });
        }
    }
}

async fn look_at_database(address: &SecretString, wanted: MaxConnections, findings: &mut Vec<Finding>) {
    let probe = match Store::probe(address.expose_secret()).await {
        Ok(probe) => probe,
        Err(error) => {
            findings.push(Finding::new("database", State::Wrong, error.to_string()));
            return;
        }
    };
    findings.push(Finding::new("database", State::Good, &probe.server));
    findings.push(tables(&probe));
    if !probe.inaccessible_tables.is_empty() {
        let text = format!(
            "this user may not read and write {0}: GRANT SELECT, INSERT, UPDATE, DELETE ON {0} to it, or change the owner of a file",
            probe.inaccessible_tables.join(", ")
        );
        findings.push(Finding::new("rights", State::Wrong, text));
    }
    if probe.clock_ahead.abs() > MAX_CLOCK_SKEW {
        let seconds = probe.clock_ahead.num_milliseconds() as f64 / 1e3;
        let text = format!(
            "the database's is {seconds:+.1} s off this host's; synchronise both, leases depend on it"
        );
        findings.push(Finding::new("clock", State::Doubtful, text));
    }
    if let Some(granted) = probe.granted_connections
        && granted.get() < wanted.get()
    {
        let text = format!(
            "the server grants this user {}, `database_connections` asks for {}: each process opens no more than granted, \
             and several processes share them",
            granted.get(),
            wanted.get()
        );
        findings.push(Finding::new("connections", State::Doubtful, text));
    }
    if let Some(folder) = &probe.folder {
        findings.push(disk(folder));
    }
}

fn tables(probe: &Probe) -> Finding {
    let (state, text) = match (probe.tables, probe.may_create) {
        (Tables::Absent | Tables::Behind(_), Some(false)) => (
            State::Wrong,
            "they have to be made or changed, and this user may not: GRANT CREATE ON SCHEMA to it".into(),
        ),
        (Tables::Absent, _) => (State::Good, "none yet; the first command makes them".to_owned()),
        (Tables::Behind(changes), _) => (
            State::Good,
            format!("{changes} changes behind; the next command makes them, after which older programs stop"),
        ),
        (Tables::Fitting, _) => (State::Good, "up to date".to_owned()),
        (Tables::Newer, _) => {
            (State::Wrong, "a newer Gridspark has changed them; use that one, or another database".to_owned())
        }
    };
    Finding::new("tables", state, text)
}

fn disk(folder: &Path) -> Finding {
    // The first command creates the folder; check the nearest ancestor that exists.
    let Some(there) = folder.ancestors().find(|folder| folder.exists() || folder.as_os_str().is_empty())
    else {
        return Finding::new("disk", State::Wrong, format!("{} cannot be made", folder.display()));
    };
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let place = there.display();
    if rustix::fs::access(there, rustix::fs::Access::WRITE_OK).is_err() {
        return Finding::new(
            "disk",
            State::Wrong,
            format!("{place} may not be written; change its owner, or --database"),
        );
    }
    match rustix::fs::statvfs(there) {
        Ok(figures) => {
            let gigabytes = figures.f_bavail as f64 * figures.f_frsize as f64 / 1e9;
            let state = if gigabytes < NEEDED_GIGABYTES { State::Doubtful } else { State::Good };
            let text = format!(
                "{gigabytes:.0} GB free in {place}; 35,000 boxes take about {NEEDED_GIGABYTES:.0} GB"
            );
            Finding::new("disk", state, text)
        }
        Err(error) => {
            Finding::new("disk", State::Doubtful, format!("the space in {place} is not known: {error}"))
        }
    }
}

fn pages(site: &Path) -> Finding {
    match Site::open(site) {
        Ok(_) => Finding::new("pages", State::Good, format!("built in {}", site.display())),
        Err(error) => Finding::new("pages", State::Doubtful, format!("{error} (only `serve` needs them)")),
    }
}
