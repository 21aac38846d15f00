//! All that shapes a result.

use std::sync::Arc;

use model::{Extreme, Gridspark, Model, ModelName, Spark};
use store::{FleetPopulation, RunSettings};

use crate::configuration::Configuration;

/// All that shapes a result besides the readings.
#[derive(Debug, Clone)]
pub struct FitSettings {
    /// Model, thresholds, checks, power factor.
    pub configuration: Configuration,
    /// What the fleet has in common, once a run has learned it.
    pub population: Option<Arc<FleetPopulation>>,
}

impl FitSettings {
    /// The settings that follow from a configuration.
    pub fn new(configuration: Configuration) -> Self {
        Self { configuration, population: None }
    }

    /// The model by its name.
    pub fn model_name(&self) -> ModelName {
        self.configuration.model
    }

    /// The model for one extreme, with what the fleet has in common.
    pub fn model(&self, extreme: Extreme) -> Model {
        let horizon_weeks = self.configuration.horizon_weeks;
        match self.configuration.model {
            ModelName::Spark => Model::Spark(Spark { horizon_weeks }),
            ModelName::Gridspark => Model::Gridspark(self.gridspark(extreme)),
        }
    }

    /// The `gridspark` model for one extreme, whatever the configuration asks for.
    pub(super) fn gridspark(&self, extreme: Extreme) -> Gridspark {
        Gridspark {
            horizon_weeks: self.configuration.horizon_weeks,
            training_weeks: self.configuration.training_weeks,
            population: self.population.as_ref().map(|population| Arc::clone(population.of(extreme))),
            ..Gridspark::default()
        }
    }

    /// What a run with these settings is planned with.
    pub fn as_of_run(&self) -> RunSettings {
        RunSettings {
            model: self.model_name().as_str().to_owned(),
            model_version: self.model_name().version().to_string(),
            code_version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: self.fingerprint(),
        }
    }

    /// Everything that changes a result, as one text: a box assessed with another text is due again. The population
    /// is not in it: it moves a little with every run, and is kept with the run.
    pub fn fingerprint(&self) -> String {
        let Configuration {
            model,
            training_weeks,
            mask_switchings,
            power_factor,
            import_threshold,
            feed_in_threshold,
            near_threshold,
            horizon_weeks,
            minimum_completeness,
            too_short_weeks,
            too_small_fraction,
            idling_fraction,
            database: _,
            schedule: _,
            notification: _,
            telemetry: _,
            vault: _,
            time_zone: _,
            keep_runs: _,
            lease_seconds: _,
            source: _,
            data_tests: _,
            runs: _,
            database_lease: _,
        } = &self.configuration;
        format!(
            "{model} {} training={training_weeks} mask-switchings={mask_switchings} horizon={horizon_weeks} \
             power-factor={power_factor} import={import_threshold} feed-in={feed_in_threshold} near={near_threshold} \
             completeness={minimum_completeness} short={too_short_weeks} small={too_small_fraction} \
             idling={idling_fraction}",
            model.version(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any other text would make every box of every installation due.
    #[test]
    fn the_fingerprint_of_some_settings_never_changes() {
        let version = ModelName::Gridspark.version();
        assert_eq!(
            FitSettings::new(Configuration::default()).fingerprint(),
            format!(
                "gridspark {version} training=208 mask-switchings=true horizon=27 power-factor=1 import=1 feed-in=1 near=0.8 \
                 completeness=0.5 short=104 small=0.5 idling=0.01"
            )
        );
        let version = ModelName::Spark.version();
        let changed = Configuration {
            model: ModelName::Spark,
            training_weeks: 100,
            mask_switchings: false,
            horizon_weeks: 13,
            power_factor: 0.95,
            import_threshold: 1.2,
            feed_in_threshold: 0.9,
            near_threshold: 0.75,
            minimum_completeness: 0.625,
            too_short_weeks: 52,
            too_small_fraction: 0.25,
            idling_fraction: 0.02,
            ..Configuration::default()
        };
        assert_eq!(
            FitSettings::new(changed).fingerprint(),
            format!(
                "spark {version} training=100 mask-switchings=false horizon=13 power-factor=0.95 import=1.2 feed-in=0.9 \
                 near=0.75 completeness=0.625 short=52 small=0.25 idling=0.02"
            )
        );
    }
}
