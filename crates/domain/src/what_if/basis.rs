//! What an inquiry is made of: it travels to the page, where the same model answers.

use std::sync::Arc;

use model::gridspark::{Gridspark, Population};
use model::question::{ExtraLoad, Inquiry, Models, QuestionError, Transformer};
use model::{IsoWeek, Series};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A transformer with the series that its forecast is fitted to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InquiryBasis {
    /// The weekly minima.
    pub minimum: Series,
    /// The weekly maxima.
    pub maximum: Series,
    /// How they are fitted.
    pub model: ModelBasis,
    /// The transformer as it is.
    pub transformer: Transformer,
    /// Loads of accepted proposals, which the forecast counts on already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted_loads: Vec<ExtraLoad>,
}

/// The settings of the fits and what is known of the fleet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelBasis {
    /// The number of future weeks.
    pub horizon_weeks: usize,
    /// How many of the last weeks are fitted.
    pub training_weeks: usize,
    /// Weeks whose values are taken as they are.
    pub trusted_weeks: Vec<IsoWeek>,
    /// What the fleet's weekly minima have in common.
    #[serde(serialize_with = "write_shared", deserialize_with = "read_shared")]
    pub minimum: Option<Arc<Population>>,
    /// What its weekly maxima have in common.
    #[serde(serialize_with = "write_shared", deserialize_with = "read_shared")]
    pub maximum: Option<Arc<Population>>,
}

impl ModelBasis {
    fn of(&self, population: Option<&Arc<Population>>) -> Gridspark {
        Gridspark {
            horizon_weeks: self.horizon_weeks,
            training_weeks: self.training_weeks,
            trusted_weeks: self.trusted_weeks.clone(),
            population: population.cloned(),
            ..Gridspark::default()
        }
    }
}

impl InquiryBasis {
    /// Fits both series.
    ///
    /// # Errors
    /// [`QuestionError`] if one of them has no fit.
    pub fn inquiry(self) -> Result<Inquiry, QuestionError> {
        let Self { minimum, maximum, model, transformer, accepted_loads } = self;
        let models =
            Models { minimum: model.of(model.minimum.as_ref()), maximum: model.of(model.maximum.as_ref()) };
        let inquiry = Inquiry::new(minimum, maximum, models, transformer)?;
        if accepted_loads.is_empty() { Ok(inquiry) } else { inquiry.with_standing_loads(accepted_loads) }
    }
}

#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
fn write_shared<S: Serializer>(shared: &Option<Arc<Population>>, to: S) -> Result<S::Ok, S::Error> {
    shared.as_deref().serialize(to)
}

fn read_shared<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Arc<Population>>, D::Error> {
    Ok(Option::<Population>::deserialize(from)?.map(Arc::new))
}
