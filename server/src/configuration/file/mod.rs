//! The configuration as written: a TOML file, overridden by environment variables. Validating it
//! yields the [`Configuration`].

use std::path::Path;

use chrono::TimeDelta;
use domain::ranking::RankingOrder;
use domain::urgency::ClassThresholds;
use model::{CheckSettings, ModelName, PowerFactor, Risk};
use schemars::JsonSchema;
use serde::Deserialize;
use store::MaxConnections;

use super::advice::AdviceSettings;
use super::identity::IdentitySettings;
use super::source::{SourceKind, SourceSettings};
use super::{
    Configuration, ConfigurationError, DataTestSettings, ForecastSettings, NotificationSettings,
    RunWatchSettings, ScheduleSettings, TelemetrySettings, Threshold, VaultSettings,
};
use crate::secret::Secret;

/// The settings of every command. Their doc comments are the texts of the handbook's reference;
/// `variable` names the environment variable that overrides the file, `unit` the unit.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Configuration")]
pub(crate) struct ConfigurationFile {
    /// Where results are kept: `sqlite://FILE` or `postgres://…`.
    #[schemars(extend("variable" = "GRIDSPARK_DATABASE"))]
    pub(crate) database: String,
    /// How many connections each process opens to a PostgreSQL database at most; no more than the
    /// server grants its user, and at most 8 to a SQLite file.
    #[schemars(range(min = 1, max = 1000), extend("variable" = "GRIDSPARK_DATABASE_CONNECTIONS", "unit" = "connections"))]
    pub(crate) database_connections: u16,
    /// When a server updates extremes and forecasts by itself.
    pub(crate) schedule: Option<ScheduleSettings>,
    /// The tests of the data before a run may change anything.
    pub(crate) data_tests: DataTestSettings,
    /// When a run counts as suspicious compared with the one before.
    pub(crate) runs: RunWatchSettings,
    /// Which rating is advised where a transformer is too small.
    pub(crate) advice: AdviceSettings,
    /// Who is notified of failures and of the weekly changes.
    pub(crate) notification: NotificationSettings,
    /// Who may come in, and what they may do.
    pub(crate) identity: IdentitySettings,
    /// Where traces and metrics are sent.
    pub(crate) telemetry: TelemetrySettings,
    /// The Vault server that holds the addresses of database and source, with their passwords.
    pub(crate) vault: Option<VaultSettings>,
    /// The time zone of the weeks.
    #[schemars(extend("variable" = "GRIDSPARK_TIME_ZONE"))]
    pub(crate) time_zone: String,
    /// Active power that a transformer may carry for each kVA of its capacity.
    #[schemars(range(max = 1), extend("variable" = "GRIDSPARK_POWER_FACTOR", "unit" = "kW/kVA"))]
    pub(crate) power_factor: f64,
    /// The share of the capacity at which a transformer counts as overloaded by import.
    #[schemars(range(max = 10), extend("variable" = "GRIDSPARK_IMPORT_THRESHOLD", "unit" = "share of the capacity"))]
    pub(crate) import_threshold: f64,
    /// The share of the capacity at which a transformer counts as overloaded by feed-in.
    #[schemars(range(max = 10), extend("variable" = "GRIDSPARK_FEED_IN_THRESHOLD", "unit" = "share of the capacity"))]
    pub(crate) feed_in_threshold: f64,
    /// The chance of an overload that planners accept: the page tells by which week it is passed, and
    /// how many kW are short at it.
    #[schemars(range(max = 0.5), extend("variable" = "GRIDSPARK_RISK", "unit" = "probability"))]
    pub(crate) risk: f64,
    /// From this chance of an overload within the half-year on a transformer is in the class
    /// *overload risk*.
    #[schemars(range(max = 0.5), extend("variable" = "GRIDSPARK_OVERLOAD_CHANCE", "unit" = "probability"))]
    pub(crate) overload_chance: f64,
    /// From this chance on it is in the class *near limit*; below it has ample room. At least 0.001, and
    /// not above `overload_chance`.
    #[schemars(range(min = 0.001, max = 0.5), extend("variable" = "GRIDSPARK_NEAR_CHANCE", "unit" = "probability"))]
    pub(crate) near_chance: f64,
    /// What the rank goes by: `first-overload` (the week by which an overload is more probable than
    /// not, then its chance), or `bands` (the first week in which a band reaches the limit, then the peak
    /// loading), the order of the source system. Ranks follow with the next run.
    #[schemars(with = "String", extend("enum" = ["first-overload", "bands"]))]
    pub(crate) ranking_order: RankingOrder,
    /// The model that forecasts: ours, or `spark`, that of the source system.
    #[schemars(with = "String", extend("enum" = ["gridspark", "spark"], "variable" = "GRIDSPARK_MODEL"))]
    pub(crate) model: ModelName,
    /// How many of the last weeks the model is fitted to; older ones are only shown.
    #[schemars(range(min = 26, max = 1040), extend("unit" = "weeks"))]
    pub(crate) training_weeks: usize,
    /// Whether weeks of bypass switching are left out of the fit unless a planner keeps them.
    pub(crate) mask_switchings: bool,
    /// For how many weeks ahead forecasts are made. Verdict, class and rank go by the first 27 of them,
    /// the half-year; later ones are indicative.
    #[schemars(range(min = 1, max = 104), extend("unit" = "weeks"))]
    pub(crate) horizon_weeks: usize,
    /// How many runs older, no longer valid forecasts are kept.
    #[schemars(extend("unit" = "runs"))]
    pub(crate) keep_runs: u32,
    /// The lease of a worker on the boxes it has claimed; it is extended while the worker lives.
    #[schemars(range(min = 0.1, max = 3600), extend("unit" = "seconds"))]
    pub(crate) lease_seconds: f64,
    /// Weeks with a smaller share of their readings count as gaps.
    #[schemars(range(min = 0, max = 1), extend("variable" = "GRIDSPARK_MINIMUM_COMPLETENESS", "unit" = "share of the readings"))]
    pub(crate) minimum_completeness: f64,
    /// A history of this many weeks or fewer is flagged as too short; `spark` makes no forecast of
    /// it.
    #[schemars(extend("unit" = "weeks"))]
    pub(crate) too_short_weeks: usize,
    /// A peak below this share of the capacity is flagged as too small; `spark` makes no forecast
    /// of it.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share of the capacity"))]
    pub(crate) too_small_fraction: f64,
    /// Weeks at the start below this share of the capacity count as idling and are left out.
    #[schemars(range(min = 0, max = 1), extend("unit" = "share of the capacity"))]
    pub(crate) idling_fraction: f64,
    /// Where `update-extremes` and the schedule find readings and metadata.
    pub(crate) source: Option<SourceSettings>,
}

impl Default for ConfigurationFile {
    fn default() -> Self {
        let Configuration {
            database,
            database_connections,
            time_zone,
            forecast,
            ranking_order,
            keep_runs,
            lease,
            schedule,
            data_tests,
            runs,
            ratings: _,
            neighbour_metres: _,
            notification,
            identity,
            telemetry,
            vault,
            source,
        } = Configuration::default();
        Self {
            database,
            database_connections: database_connections.get(),
            schedule,
            data_tests,
            runs,
            advice: AdviceSettings::default(),
            notification,
            identity,
            telemetry,
            vault,
            time_zone: time_zone.name().to_owned(),
            power_factor: forecast.power_factor.value(),
            import_threshold: forecast.import_threshold.share(),
            feed_in_threshold: forecast.feed_in_threshold.share(),
            risk: forecast.risk.probability(),
            overload_chance: forecast.classes.overload,
            near_chance: forecast.classes.near,
            ranking_order,
            model: forecast.model,
            training_weeks: forecast.training_weeks,
            mask_switchings: forecast.mask_switchings,
            horizon_weeks: forecast.horizon_weeks,
            keep_runs,
            lease_seconds: lease.as_seconds_f64(),
            minimum_completeness: forecast.minimum_completeness,
            too_short_weeks: forecast.checks.too_short_weeks,
            too_small_fraction: forecast.checks.too_small_fraction,
            idling_fraction: forecast.checks.idling_fraction,
            source,
        }
    }
}

impl ConfigurationFile {
    /// Reads the file; without one, the defaults.
    pub(super) fn read(path: Option<&Path>) -> Result<Self, ConfigurationError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigurationError::Unreadable { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|source| ConfigurationError::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// Overrides values by environment variables.
    pub(super) fn apply(
        &mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(), ConfigurationError> {
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
        self.identity.apply(&variable);
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
        let name = "GRIDSPARK_DATABASE_CONNECTIONS";
        if let Some(value) = variable(name) {
            let number = value.parse();
            self.database_connections =
                number.map_err(|_| ConfigurationError::Value { name, value, expected: "a whole number" })?;
        }
        let mut numbers = [
            ("GRIDSPARK_POWER_FACTOR", &mut self.power_factor),
            ("GRIDSPARK_IMPORT_THRESHOLD", &mut self.import_threshold),
            ("GRIDSPARK_FEED_IN_THRESHOLD", &mut self.feed_in_threshold),
            ("GRIDSPARK_RISK", &mut self.risk),
            ("GRIDSPARK_OVERLOAD_CHANCE", &mut self.overload_chance),
            ("GRIDSPARK_NEAR_CHANCE", &mut self.near_chance),
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

    /// Validates the settings.
    pub(super) fn checked(self) -> Result<Configuration, ConfigurationError> {
        let Ok(time_zone) = self.time_zone.parse() else {
            return Err(ConfigurationError::Value {
                name: "time_zone",
                value: self.time_zone,
                expected: "a name of the time zone database such as Europe/Amsterdam",
            });
        };
        let refused = |name, value: f64, expected| ConfigurationError::Value {
            name,
            value: value.to_string(),
            expected,
        };
        let threshold = |name, value| {
            Threshold::new(value)
                .ok_or_else(|| refused(name, value, "a share of the capacity above 0 and at most 10"))
        };
        let power_factor = PowerFactor::new(self.power_factor)
            .map_err(|error| refused("power_factor", error.value, "above 0 and at most 1"))?;
        if let Some(source) = &self.source {
            source.check()?;
        }
        self.data_tests.check()?;
        self.runs.check()?;
        let ratings = self.advice.checked()?;
        let neighbour_metres = self.advice.checked_metres()?;
        self.notification.check()?;
        self.identity.check()?;
        self.telemetry.check()?;
        let import_threshold = threshold("import_threshold", self.import_threshold)?;
        let feed_in_threshold = threshold("feed_in_threshold", self.feed_in_threshold)?;
        let risk = Risk::new(self.risk)
            .map_err(|error| refused("risk", error.value, "a probability above 0 and at most 0.5"))?;
        // From 1/2 on boxes are ordered by week, which would mix the classes.
        if !(0.001..=0.5).contains(&self.overload_chance) {
            return Err(refused("overload_chance", self.overload_chance, "a probability from 0.001 to 0.5"));
        }
        if !(0.001..=self.overload_chance).contains(&self.near_chance) {
            let expected = "a probability from 0.001 to overload_chance";
            return Err(refused("near_chance", self.near_chance, expected));
        }
        for (name, value) in [
            ("minimum_completeness", self.minimum_completeness),
            ("too_small_fraction", self.too_small_fraction),
            ("idling_fraction", self.idling_fraction),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return Err(refused(name, value, "a share from 0 to 1"));
            }
        }
        if !(26..=1040).contains(&self.training_weeks) {
            return Err(refused("training_weeks", self.training_weeks as f64, "from 26 to 1040 weeks"));
        }
        if !(0.1..=3_600.0).contains(&self.lease_seconds) {
            return Err(refused("lease_seconds", self.lease_seconds, "from 0.1 to 3600 seconds"));
        }
        if !(1..=104).contains(&self.horizon_weeks) {
            return Err(refused("horizon_weeks", self.horizon_weeks as f64, "from 1 to 104 weeks"));
        }
        let database_connections = MaxConnections::new(self.database_connections).ok_or_else(|| {
            refused("database_connections", self.database_connections.into(), "from 1 to 1000 connections")
        })?;
        Ok(Configuration {
            database: self.database,
            database_connections,
            time_zone,
            forecast: ForecastSettings {
                model: self.model,
                training_weeks: self.training_weeks,
                mask_switchings: self.mask_switchings,
                horizon_weeks: self.horizon_weeks,
                power_factor,
                import_threshold,
                feed_in_threshold,
                risk,
                classes: ClassThresholds { overload: self.overload_chance, near: self.near_chance },
                minimum_completeness: self.minimum_completeness,
                checks: CheckSettings {
                    too_short_weeks: self.too_short_weeks,
                    too_small_fraction: self.too_small_fraction,
                    idling_fraction: self.idling_fraction,
                },
            },
            ranking_order: self.ranking_order,
            keep_runs: self.keep_runs,
            lease: TimeDelta::milliseconds((self.lease_seconds * 1_000.0) as i64),
            schedule: self.schedule,
            data_tests: self.data_tests,
            runs: self.runs,
            ratings,
            neighbour_metres,
            notification: self.notification,
            identity: self.identity,
            telemetry: self.telemetry,
            vault: self.vault,
            source: self.source,
        })
    }
}

#[cfg(test)]
mod tests;
