//! What a model learns of a fleet before it looks at single boxes.

use std::sync::Arc;

use model::{Capacity, Extreme, Gridspark, Member, Population};
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
    pub(crate) capacity: Option<Capacity>,
}

/// What was learned; nothing by models that know single boxes only.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    /// By group of boxes (one group if boxes may learn from themselves), then by extreme.
    populations: Vec<[Arc<Population>; 2]>,
}

impl Fleet {
    /// Learns from whole training windows, which hold nothing of any hold-out.
    ///
    /// With `across_boxes` no box is judged by what was learned from itself: a window that is cut short for the model
    /// would come back through what its whole length taught.
    pub(crate) fn learn(model: ModelName, students: &[Student<'_>], across_boxes: bool) -> Self {
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
            Arc::new(Population::learn(&members, &Gridspark::default()))
        };
        let both = |fold| {
            let (min, max) =
                rayon::join(|| population(fold, Extreme::Min), || population(fold, Extreme::Max));
            [min, max]
        };
        Self { populations: (0..folds).into_par_iter().map(both).collect() }
    }

    /// Whether there was anything to learn.
    pub(crate) fn has_learned(&self) -> bool {
        !self.populations.is_empty()
    }

    /// What the others know, for the box at that place.
    pub(crate) fn population(&self, place: usize, extreme: Extreme) -> Option<Arc<Population>> {
        let fold = place.checked_rem(self.populations.len())?;
        Some(Arc::clone(&self.populations.get(fold)?[extreme as usize]))
    }
}
