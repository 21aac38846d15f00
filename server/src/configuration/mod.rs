//! The settings: read from a TOML file and the environment, validated once, and never changed after
//! that.
//!
//! Leases, connections and the contents of a Vault server do change, and are kept elsewhere
//! ([`credentials`](crate::credentials)).

pub mod source;

mod advice;
mod data_quality;
mod error;
mod file;
mod forecast;
pub mod identity;
mod notification;
mod runs;
mod schedule;
mod telemetry;
mod threshold;
mod vault;

use std::path::Path;

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::advice::StandardRatings;
use domain::ranking::RankingOrder;
use store::MaxConnections;

pub use advice::AdviceSettings;
pub use data_quality::DataTestSettings;
pub use error::ConfigurationError;
pub(crate) use file::ConfigurationFile;
pub use forecast::ForecastSettings;
use identity::IdentitySettings;
pub use notification::{NotificationSettings, WebhookKind, WebhookName, WebhookSettings};
pub use runs::RunWatchSettings;
pub use schedule::{CronExpression, CronExpressionError, ScheduleSettings};
use source::SourceSettings;
pub use telemetry::TelemetrySettings;
pub use threshold::Threshold;
pub use vault::{DatabaseEngine, EngineVersion, VaultLogin, VaultSettings};

/// The validated settings of a process.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration {
    /// Where results are kept: `sqlite://FILE` or `postgres://…`.
    pub database: String,
    /// How many connections a process opens to it at most.
    pub database_connections: MaxConnections,
    /// The time zone of the weeks.
    pub time_zone: Tz,
    /// What a forecast depends on.
    pub forecast: ForecastSettings,
    /// What ranks are given by.
    pub ranking_order: RankingOrder,
    /// How many runs older, no longer valid forecasts are kept.
    pub keep_runs: u32,
    /// The lease of a worker on the boxes it has claimed.
    pub lease: TimeDelta,
    /// When a server updates extremes and forecasts by itself.
    pub schedule: Option<ScheduleSettings>,
    /// The tests of the data before a run may change anything.
    pub data_tests: DataTestSettings,
    /// When a run counts as suspicious compared with the one before.
    pub runs: RunWatchSettings,
    /// In which ratings transformers are ordered.
    pub ratings: StandardRatings,
    /// How far from a transformer that is short others with room are named, m.
    pub neighbour_metres: f64,
    /// Who is notified of failures and of the weekly changes.
    pub notification: NotificationSettings,
    /// Who may come in, and what they may do.
    pub identity: IdentitySettings,
    /// Where traces and metrics are sent.
    pub telemetry: TelemetrySettings,
    /// The Vault server that holds the addresses of database and source, with their passwords.
    pub vault: Option<VaultSettings>,
    /// Where readings and metadata come from.
    pub source: Option<SourceSettings>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            database: "sqlite://data/gridspark.db".to_owned(),
            database_connections: MaxConnections::default(),
            time_zone: Tz::Europe__Amsterdam,
            forecast: ForecastSettings::default(),
            ranking_order: RankingOrder::default(),
            keep_runs: 3,
            lease: TimeDelta::seconds(20),
            schedule: None,
            data_tests: DataTestSettings::default(),
            runs: RunWatchSettings::default(),
            ratings: StandardRatings::default(),
            neighbour_metres: advice::NEIGHBOUR_METRES,
            notification: NotificationSettings::default(),
            identity: IdentitySettings::default(),
            telemetry: TelemetrySettings::default(),
            vault: None,
            source: None,
        }
    }
}

impl Configuration {
    /// What the clocks of the configured zone show.
    pub(crate) fn wall_clock(&self) -> app::WallClock {
        let zone = self.time_zone;
        app::WallClock::new(zone.name(), move |moment| moment.with_timezone(&zone).naive_local())
    }

    /// The day in the configured zone.
    pub(crate) fn today(&self) -> chrono::NaiveDate {
        chrono::Utc::now().with_timezone(&self.time_zone).date_naive()
    }

    /// Reads the file, if one is given, overrides it by `GRIDSPARK_*` variables and then by
    /// `database`, and validates the values.
    ///
    /// # Errors
    /// [`ConfigurationError`], naming the file and line or the setting.
    pub fn load(path: Option<&Path>, database: Option<&str>) -> Result<Self, ConfigurationError> {
        let mut file = ConfigurationFile::read(path)?;
        file.apply(|name| std::env::var(name).ok())?;
        if let Some(database) = database {
            database.clone_into(&mut file.database);
        }
        file.checked()
    }
}
