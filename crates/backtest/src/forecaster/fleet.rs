//! Populations that a model learns from a fleet before it forecasts single boxes.

use std::sync::Arc;

use model::{
    Capacity, Extreme, WeekExtremes,
    gridspark::{Gridspark, Member, Population},
};
use rayon::prelude::*;

use super::ModelName;
use crate::Window;

/// Folds of boxes for cross-fitting: each is evaluated with a population learned from the others.
const FOLDS: usize = 5;

/// The input of a forecast: one series of a fleet at an origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ForecastInput<'a> {
    /// The index of the box in its data set.
    pub(crate) index: usize,
    pub(crate) extreme: Extreme,
    pub(crate) window: &'a Window,
    /// All weeks of the box, for detecting switchings in the training weeks; None to keep
    /// switchings.
    pub(crate) weeks: Option<&'a [WeekExtremes]>,
    pub(crate) capacity: Option<Capacity>,
}

/// The learned populations; empty for models that use single boxes only.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    /// The model that learns and forecasts.
    gridspark: Gridspark,
    /// By fold (a single one without cross-fitting), then by extreme.
    populations: Vec<[Arc<Population>; 2]>,
}

impl Fleet {
    /// Learns from whole training windows, which exclude all hold-outs.
    ///
    /// With `across_boxes` no box is evaluated with a population that it contributed to: the weeks
    /// hidden from a truncated window would otherwise leak through the population.
    pub(crate) fn learn(
        model: ModelName,
        gridspark: &Gridspark,
        inputs: &[ForecastInput<'_>],
        across_boxes: bool,
    ) -> Self {
        if model != ModelName::Gridspark {
            return Self::default();
        }
        let folds = if across_boxes { FOLDS } else { 1 };
        let population = |fold: usize, extreme: Extreme| {
            let belongs_to_fold = |input: &&ForecastInput<'_>| {
                input.extreme == extreme && (!across_boxes || input.index % FOLDS != fold)
            };
            let members: Vec<Member<'_>> = inputs
                .iter()
                .filter(belongs_to_fold)
                .map(|input| Member { series: &input.window.training, capacity: input.capacity })
                .collect();
            Arc::new(Population::learn(&members, gridspark))
        };
        let both = |fold| {
            let (min, max) =
                rayon::join(|| population(fold, Extreme::Min), || population(fold, Extreme::Max));
            [min, max]
        };
        let populations = (0..folds).into_par_iter().map(both).collect();
        Self { gridspark: gridspark.clone(), populations }
    }

    /// Whether there is a population.
    pub(crate) fn has_learned(&self) -> bool {
        !self.populations.is_empty()
    }

    /// `gridspark` with the population for the box at that index.
    pub(crate) fn gridspark(&self, index: usize, extreme: Extreme, horizon_weeks: usize) -> Gridspark {
        Gridspark { horizon_weeks, population: self.population(index, extreme), ..self.gridspark.clone() }
    }

    fn population(&self, index: usize, extreme: Extreme) -> Option<Arc<Population>> {
        let fold = index.checked_rem(self.populations.len())?;
        Some(Arc::clone(&self.populations.get(fold)?[extreme as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task_limits::TaskLimits;
    use crate::{WindowSettings, forecaster::predict};
    use model::{IsoWeek, WeekExtremes};

    /// A load with this seasonal amplitude; `swapped` reverses its first 110 weeks, which keeps its
    /// range.
    fn window(season: f64, swapped: bool) -> Window {
        let value = |index: i32| 100.0 + season * (f64::from(index % 52) / 8.0).cos() + f64::from(index % 5);
        let week = |index: i32| {
            let source = if swapped && index < 2_600 { 2_490 + 2_599 - index } else { index };
            let max_kw = value(source);
            WeekExtremes { week: IsoWeek::from_index(index), min_kw: 0.0, max_kw, readings: 672 }
        };
        let weeks: Vec<WeekExtremes> = (2_490..=2_750).map(week).collect();
        let settings = WindowSettings { keep_last: Some(30), ..WindowSettings::default() };
        Window::cut(&weeks, Extreme::Max, None, IsoWeek::from_index(2_750), &settings).unwrap()
    }

    #[test]
    fn the_hidden_past_of_a_truncated_history_does_not_affect_its_forecast() {
        let forecast = |swapped_place: usize| {
            let windows: Vec<Window> =
                (0..12).map(|index| window(10.0 + index as f64, index == swapped_place)).collect();
            let inputs: Vec<ForecastInput<'_>> = windows
                .iter()
                .enumerate()
                .map(|(index, window)| ForecastInput {
                    index,
                    extreme: Extreme::Max,
                    window,
                    weeks: None,
                    capacity: None,
                })
                .collect();
            let fleet = Fleet::learn(ModelName::Gridspark, &Gridspark::default(), &inputs, true);
            predict(ModelName::Gridspark, &fleet, &inputs[0], &TaskLimits::default()).unwrap().quantiles_kw
        };
        let untouched = forecast(usize::MAX);
        assert_eq!(untouched, forecast(0), "its own past");
        assert_eq!(untouched, forecast(5), "the past of a box of its fold");
        assert_ne!(untouched, forecast(1), "the past of a box of another fold");
    }

    #[test]
    fn models_of_single_boxes_learn_no_population() {
        assert!(!Fleet::learn(ModelName::Spark, &Gridspark::default(), &[], false).has_learned());
        assert!(Fleet::default().population(3, Extreme::Min).is_none());
    }
}
