//! What a model learns of a fleet before it looks at single boxes.

use std::sync::Arc;

use model::{Capacity, Extreme, Gridspark, Member, Population, WeekExtremes};
use rayon::prelude::*;

use super::ModelName;
use crate::Window;

/// So many groups of boxes; each is judged by what was learned from the other groups.
const FOLDS: usize = 5;

/// One series of a fleet at an origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Student<'a> {
    /// The box's place in its data set.
    pub(crate) place: usize,
    pub(crate) extreme: Extreme,
    pub(crate) window: &'a Window,
    /// All weeks of the box, to find switchings in those that may be seen; nothing to let them count.
    pub(crate) weeks: Option<&'a [WeekExtremes]>,
    pub(crate) capacity: Option<Capacity>,
}

/// What was learned; nothing by models that know single boxes only.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    /// The model that learned, and that forecasts with it.
    gridspark: Gridspark,
    /// By group of boxes (one group if boxes may learn from themselves), then by extreme.
    populations: Vec<[Arc<Population>; 2]>,
}

impl Fleet {
    /// Learns from whole training windows, which hold nothing of any hold-out.
    ///
    /// With `across_boxes` no box is judged by what was learned from itself: a window that is cut short for the model
    /// would come back through what its whole length taught.
    pub(crate) fn learn(
        model: ModelName,
        gridspark: &Gridspark,
        students: &[Student<'_>],
        across_boxes: bool,
    ) -> Self {
        if model != ModelName::Gridspark {
            return Self::default();
        }
        let folds = if across_boxes { FOLDS } else { 1 };
        let population = |fold: usize, extreme: Extreme| {
            let is_taught_by = |student: &&Student<'_>| {
                student.extreme == extreme && (!across_boxes || student.place % FOLDS != fold)
            };
            let members: Vec<Member<'_>> = students
                .iter()
                .filter(is_taught_by)
                .map(|student| Member { series: &student.window.training, capacity: student.capacity })
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

    /// Whether there was anything to learn.
    pub(crate) fn has_learned(&self) -> bool {
        !self.populations.is_empty()
    }

    /// `gridspark` for the box at that place, with what the others know.
    pub(crate) fn gridspark(&self, place: usize, extreme: Extreme, horizon_weeks: usize) -> Gridspark {
        Gridspark { horizon_weeks, population: self.population(place, extreme), ..self.gridspark.clone() }
    }

    fn population(&self, place: usize, extreme: Extreme) -> Option<Arc<Population>> {
        let fold = place.checked_rem(self.populations.len())?;
        Some(Arc::clone(&self.populations.get(fold)?[extreme as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task_limits::TaskLimits;
    use crate::{WindowSettings, forecaster::predict};
    use model::{IsoWeek, WeekExtremes};

    /// A load whose season is `season`; `swapped` turns the year before last around, which leaves its range as it is.
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
    fn a_box_with_a_short_history_learns_nothing_from_its_own_past() {
        let forecast = |swapped_place: usize| {
            let windows: Vec<Window> =
                (0..12).map(|place| window(10.0 + place as f64, place == swapped_place)).collect();
            let students: Vec<Student<'_>> = windows
                .iter()
                .enumerate()
                .map(|(place, window)| Student {
                    place,
                    extreme: Extreme::Max,
                    window,
                    weeks: None,
                    capacity: None,
                })
                .collect();
            let fleet = Fleet::learn(ModelName::Gridspark, &Gridspark::default(), &students, true);
            predict(ModelName::Gridspark, &fleet, &students[0], &TaskLimits::default()).unwrap().quantiles_kw
        };
        let untouched = forecast(usize::MAX);
        assert_eq!(untouched, forecast(0), "its own past");
        assert_eq!(untouched, forecast(5), "the past of a box of its group");
        assert_ne!(untouched, forecast(1), "the past of a box of another group");
    }

    #[test]
    fn models_that_know_single_boxes_learn_nothing() {
        assert!(!Fleet::learn(ModelName::Spark, &Gridspark::default(), &[], false).has_learned());
        assert!(Fleet::default().population(3, Extreme::Min).is_none());
    }
}
