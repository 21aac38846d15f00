//! The configuration: a TOML file, over which environment variables and options win.

pub mod source;

mod data_tests;
mod notification;
mod runs;
mod schedule;
mod telemetry;
mod vault;

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::calendar::Calendar;
use model::{Capacity, CheckSettings, Limits, ModelName, PowerFactor, WeekExtremes};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::leased_address::LeasedAddress;
use crate::secret::{Secret, without_passwords};
pub use data_tests::DataTestSettings;
pub use notification::{MessageLanguage, NotificationSettings, WebhookKind, WebhookName, WebhookSettings};
pub use runs::RunWatchSettings;
pub use schedule::{CronExpression, CronExpressionError, ScheduleSettings};
use source::{SourceKind, SourceSettings};
pub use telemetry::TelemetrySettings;
pub use vault::{DatabaseEngine, EngineVersion, VaultLogin, VaultSettings};

/// Why a configuration can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The file can't be read.
    #[error("the configuration {path} cannot be read: {source}; check --config")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file isn't what it should be.
    #[error("the configuration {path} is not right: {}", told(source))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The cause, with its line.
        source: Box<toml::de::Error>,
    },
    /// A value that can't be.
    #[error("{name} = {value} is not right: {expected}")]
    Value {
        /// The setting's name.
        name: &'static str,
        /// What was given.
        value: String,
        /// What is expected.
        expected: &'static str,
    },
}

/// Where a text is wrong and why; not the line itself, which may hold a secret.
fn told(error: &toml::de::Error) -> String {
    let whole = error.to_string();
    let place = whole.lines().next().and_then(|head| head.split_once(" at ")).map_or("", |(_, place)| place);
    without_passwords(&format!("{place}: {}", error.message()))
}

/// What every command can be told. The texts here are those of the handbook's reference; `variable` names the
/// environment variable that wins over the file, `unit` the unit.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// Where results are kept: `sqlite://FILE` or `postgres://…`.
    #[schemars(extend("variable" = "GRIDSPARK_DATABASE"))]
    pub database: String,
    /// The same address where its credentials are lent and change.
    #[serde(skip)]
    pub database_lease: Option<LeasedAddress>,
    /// When a server renews extremes and forecasts by itself.
    pub schedule: Option<ScheduleSettings>,
    /// What must hold of the data before a run may change anything.
    pub data_tests: DataTestSettings,
    /// How far a run may be from the one before.
    pub runs: RunWatchSettings,
    /// Who is told of what goes wrong, and of the week's changes.
    pub notification: NotificationSettings,
    /// Where traces and figures go.
    pub telemetry: TelemetrySettings,
    /// The Vault server that holds the addresses of database and source, with their passwords.
    pub vault: Option<VaultSettings>,
    /// The zone whose weeks are counted.
    #[schemars(extend("variable" = "GRIDSPARK_TIME_ZONE"))]
    pub time_zone: String,
    /// Active power that a transformer may carry for each kVA of its capacity.
    #[schemars(range(max = 1), extend("variable" = "GRIDSPARK_POWER_FACTOR", "unit" = "kW/kVA"))]
    pub power_factor: f64,
    /// The share of the capacity at which a transformer counts as overloaded by import.
    #[schemars(range(max = 10), extend("variable" = "GRIDSPARK_IMPORT_THRESHOLD", "unit" = "share of the capacity"))]
    pub import_threshold: f64,
    /// The share of the capacity at which a transformer counts as overloaded by feed-in.
    #[schemars(range(max = 10), extend("variable" = "GRIDSPARK_FEED_IN_THRESHOLD", "unit" = "share of the capacity"))]
    pub feed_in_threshold: f64,
    /// The peak loading from which a transformer counts as near its limit: a share of the capacity, not of the two thresholds above.
    #[schemars(range(max = 10), extend("variable" = "GRIDSPARK_NEAR_THRESHOLD", "unit" = "share of the capacity"))]
    pub near_threshold: f64,
    /// The model that forecasts: ours, or `spark`, that of the source system.
    #[schemars(with = "String", extend("enum" = ["gridspark", "spark"], "variable" = "GRIDSPARK_MODEL"))]
    pub model: ModelName,
    /// How many of the last weeks the model is fitted to; older ones are shown only.
    #[schemars(range(min = 26, max = 1040), extend("unit" = "weeks"))]
    pub training_weeks: usize,
    /// Whether weeks of bypass switching are left out of the fit unless a planner lets them count.
    pub mask_switchings: bool,
    /// For how many weeks ahead forecasts are made.
    #[schemars(range(min = 1, max = 104), extend("unit" = "weeks"))]
    pub horizon_weeks: usize,
    /// For how many runs older forecasts, no longer valid, are kept.
    #[schemars(extend("unit" = "runs"))]
    pub keep_runs: u32,
    /// For how long claimed boxes belong to a worker that shows no sign of life.
    #[schemars(range(min = 0.1, max = 3600), extend("unit" = "seconds"))]
    pub lease_seconds: f64,
    /// Weeks with a smaller share of their readings are taken as gaps.
    #[schemars(range(min = 0, max = 1), extend("variable" = "GRIDSPARK_MINIMUM_COMPLETENESS", "unit" = "share of the readings"))]
    pub minimum_completeness: f64,
    /// A history of this many weeks or fewer is flagged as too short; `spark` makes no forecast of it.
    #[schemars(extend("unit" = "weeks"))]
    pub too_short_weeks: usize,
    /// A peak below this share of the capacity is flagged as too small; `spark` makes no forecast of it.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share of the capacity"))]
    pub too_small_fraction: f64,
    /// Weeks at the start that stay below this share of the capacity are set aside as idling.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share of the capacity"))]
    pub idling_fraction: f64,
    /// Where `update-extremes` and the schedule find readings and metadata.
    pub source: Option<SourceSettings>,
}

impl Default for Configuration {
    fn default() -> Self {
        let checks = CheckSettings::default();
        Self {
            database: "sqlite://data/gridspark.db".to_owned(),
            database_lease: None,
            schedule: None,
            data_tests: DataTestSettings::default(),
            runs: RunWatchSettings::default(),
            notification: NotificationSettings::default(),
            telemetry: TelemetrySettings::default(),
            vault: None,
            time_zone: "Europe/Amsterdam".to_owned(),
            power_factor: 1.0,
            import_threshold: 1.0,
            feed_in_threshold: 1.0,
            near_threshold: 0.8,
            model: ModelName::default(),
            training_weeks: model::Gridspark::default().training_weeks,
            mask_switchings: true,
            horizon_weeks: 27,
            keep_runs: 3,
            lease_seconds: 20.0,
            minimum_completeness: 0.5,
            too_short_weeks: checks.too_short_weeks,
            too_small_fraction: checks.too_small_fraction,
            idling_fraction: checks.idling_fraction,
            source: None,
        }
    }
}

impl Configuration {
    /// Reads the file, if one is given, lets `GRIDSPARK_*` variables and then `database` win, and checks the values.
    ///
    /// # Errors
    /// [`ConfigurationError`], naming the file and line or the setting.
    pub fn load(path: Option<&Path>, database: Option<&str>) -> Result<Self, ConfigurationError> {
        let mut configuration = match path {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| ConfigurationError::Unreadable { path: path.to_owned(), source })?;
                toml::from_str(&text).map_err(|source| ConfigurationError::Malformed {
                    path: path.to_owned(),
                    source: Box::new(source),
                })?
            }
            None => Self::default(),
        };
        configuration.apply(|name| std::env::var(name).ok())?;
        if let Some(database) = database {
            database.clone_into(&mut configuration.database);
        }
        configuration.check()?;
        Ok(configuration)
    }

    fn apply(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), ConfigurationError> {
        let mut texts =
            [("GRIDSPARK_DATABASE", &mut self.database), ("GRIDSPARK_TIME_ZONE", &mut self.time_zone)];
        for (name, target) in &mut texts {
            if let Some(value) = variable(name) {
                value.clone_into(target);
            }
        }
        if let Some(url) = variable("GRIDSPARK_SOURCE_URL") {
            let source = self.source.get_or_insert_with(|| SourceSettings::of_kind(SourceKind::Postgres));
            source.postgres.url = Some(Secret::new(url));
        }
        self.notification.apply(&variable);
        if let Some(source) = &mut self.source {
            source.snowflake.apply(&variable);
        }
        if let Some(value) = variable("GRIDSPARK_MODEL") {
            self.model = value.parse().map_err(|_| ConfigurationError::Value {
                name: "GRIDSPARK_MODEL",
                value,
                expected: "gridspark or spark",
            })?;
        }
        let mut numbers = [
            ("GRIDSPARK_POWER_FACTOR", &mut self.power_factor),
            ("GRIDSPARK_IMPORT_THRESHOLD", &mut self.import_threshold),
            ("GRIDSPARK_FEED_IN_THRESHOLD", &mut self.feed_in_threshold),
            ("GRIDSPARK_NEAR_THRESHOLD", &mut self.near_threshold),
            ("GRIDSPARK_MINIMUM_COMPLETENESS", &mut self.minimum_completeness),
        ];
        for (name, target) in &mut numbers {
            if let Some(value) = variable(name) {
                let number = value.parse();
                **target =
                    number.map_err(|_| ConfigurationError::Value { name, value, expected: "a number" })?;
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), ConfigurationError> {
        self.zone()?;
        self.checked_power_factor()?;
        if let Some(source) = &self.source {
            source.check()?;
        }
        self.data_tests.check()?;
        self.runs.check()?;
        self.notification.check()?;
        self.telemetry.check()?;
        let refuse = |name, value: f64, expected| {
            Err(ConfigurationError::Value { name, value: value.to_string(), expected })
        };
        for (name, value) in [
            ("import_threshold", self.import_threshold),
            ("feed_in_threshold", self.feed_in_threshold),
            ("near_threshold", self.near_threshold),
        ] {
            if !(value > 0.0 && value <= 10.0) {
                return refuse(name, value, "a share of the capacity above 0 and at most 10");
            }
        }
        for (name, value) in [
            ("minimum_completeness", self.minimum_completeness),
            ("too_small_fraction", self.too_small_fraction),
            ("idling_fraction", self.idling_fraction),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return refuse(name, value, "a share from 0 to 1");
            }
        }
        if !(26..=1040).contains(&self.training_weeks) {
            return refuse("training_weeks", self.training_weeks as f64, "from 26 to 1040 weeks");
        }
        if !(0.1..=3_600.0).contains(&self.lease_seconds) {
            return refuse("lease_seconds", self.lease_seconds, "from 0.1 to 3600 seconds");
        }
        if !(1..=104).contains(&self.horizon_weeks) {
            return refuse("horizon_weeks", self.horizon_weeks as f64, "from 1 to 104 weeks");
        }
        Ok(())
    }

    /// The zone whose weeks are counted.
    ///
    /// # Errors
    /// [`ConfigurationError::Value`] for a name that isn't a zone's.
    pub fn zone(&self) -> Result<Tz, ConfigurationError> {
        self.time_zone.parse().map_err(|_| ConfigurationError::Value {
            name: "time_zone",
            value: self.time_zone.clone(),
            expected: "a name of the time zone database such as Europe/Amsterdam",
        })
    }

    /// The power factor.
    ///
    /// # Errors
    /// [`ConfigurationError::Value`] outside of 0 (excluded) to 1.
    pub fn checked_power_factor(&self) -> Result<PowerFactor, ConfigurationError> {
        PowerFactor::new(self.power_factor).map_err(|_| ConfigurationError::Value {
            name: "power_factor",
            value: self.power_factor.to_string(),
            expected: "above 0 and at most 1",
        })
    }

    /// The limits of a transformer of this capacity.
    ///
    /// # Errors
    /// [`ConfigurationError::Value`] if the configuration was never checked.
    pub fn limits(&self, capacity: Capacity) -> Result<Limits, ConfigurationError> {
        Limits::of(capacity, self.checked_power_factor()?, self.import_threshold, self.feed_in_threshold)
            .map_err(|error| ConfigurationError::Value {
                name: "import_threshold, feed_in_threshold",
                value: error.to_string(),
                expected: "shares of the capacity above 0",
            })
    }

    /// Whether a week has enough of its readings to show its extremes.
    pub fn is_filled(&self, week: &WeekExtremes, calendar: &Calendar) -> bool {
        let expected = calendar.quarters_in(week.week).unwrap_or(672);
        f64::from(week.readings) >= self.minimum_completeness * f64::from(expected)
    }

    /// For how long claimed boxes belong to a worker that shows no sign of life.
    pub fn lease(&self) -> TimeDelta {
        TimeDelta::milliseconds((self.lease_seconds * 1_000.0) as i64)
    }

    /// The settings of the checks before a fit.
    pub fn checks(&self) -> CheckSettings {
        CheckSettings {
            too_short_weeks: self.too_short_weeks,
            too_small_fraction: self.too_small_fraction,
            idling_fraction: self.idling_fraction,
        }
    }
}

#[cfg(test)]
mod tests;
