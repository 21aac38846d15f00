//! All settings that affect a result.

use std::sync::Arc;

use model::{Extreme, IsoWeek, Model, ModelName, gridspark::Gridspark, spark::Spark};
use store::{FleetPopulation, RunSettings};

use crate::configuration::Configuration;

/// Everything besides the readings that affects a result.
#[derive(Debug, Clone)]
pub struct FitSettings {
    /// What a forecast depends on, and how runs are processed.
    pub configuration: Configuration,
    /// The population, once a run has learned it.
    pub population: Option<Arc<FleetPopulation>>,
}

impl FitSettings {
    /// The settings that follow from a configuration.
    pub fn new(configuration: Configuration) -> Self {
        Self { configuration, population: None }
    }

    /// The model's name.
    pub fn model_name(&self) -> ModelName {
        self.configuration.forecast.model
    }

    /// The model for one extreme, with the population; trusted weeks are not winsorised.
    pub fn model(&self, extreme: Extreme, trusted_weeks: &[IsoWeek]) -> Model {
        let horizon_weeks = self.configuration.forecast.horizon_weeks;
        match self.configuration.forecast.model {
            ModelName::Spark => Model::Spark(Spark { horizon_weeks }),
            ModelName::Gridspark => Model::Gridspark(Gridspark {
                trusted_weeks: trusted_weeks.to_vec(),
                ..self.gridspark(extreme)
            }),
        }
    }

    /// The `gridspark` model for one extreme, whatever the configuration says.
    pub(super) fn gridspark(&self, extreme: Extreme) -> Gridspark {
        Gridspark {
            horizon_weeks: self.configuration.forecast.horizon_weeks,
            training_weeks: self.configuration.forecast.training_weeks,
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
            ratings: self.ratings(),
        }
    }

    /// The ratings that transformers are ordered in, as one text: boxes that are short of room depend on them, and on no
    /// price.
    pub fn ratings(&self) -> String {
        self.configuration.ratings.capacities_text()
    }

    /// See [`ForecastSettings::fingerprint`](crate::configuration::ForecastSettings::fingerprint).
    pub fn fingerprint(&self) -> String {
        self.configuration.forecast.fingerprint()
    }
}
