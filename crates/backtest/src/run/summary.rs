//! Turns the sums of a run into its report.

use std::collections::BTreeMap;

use model::Extreme;

use super::groups::{ScoredSet, by_growth};
use super::{Backtest, Job};
use crate::bootstrap::{BoxSums, uncertainty};
use crate::calibration::{MeanTally, Tally};
use crate::report::{ModelReport, Report};
use crate::{ModelName, Settings};

impl Backtest<'_> {
    /// The report of the run.
    pub(super) fn report(self) -> Report {
        let models = (0..self.settings.models.len()).map(|index| self.model_report(index)).collect();
        Report {
            code_version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: self.settings.clone(),
            data: self.data,
            models,
            refused: self.refused,
            each_series: self.each_series,
            refused_rows: Vec::new(),
        }
    }

    fn model_report(&self, index: usize) -> ModelReport {
        let model = self.settings.models[index];
        let tallies = &self.tallies[index];
        let merged = |some: &mut dyn Iterator<Item = &Tally>| {
            let mut sum = Tally::default();
            some.for_each(|tally| sum.merge(tally));
            sum
        };
        let named = || self.jobs.iter().map(|job| job.data.name.clone()).zip(tallies);
        let all = merged(&mut tallies.iter().flatten());
        let of_extreme = |extreme: Extreme| {
            let tally = merged(&mut tallies.iter().map(|set| &set[extreme as usize]));
            tally.scores().map(|scores| (extreme, scores))
        };
        let by_extreme = |set: &[Tally; 2]| {
            let scores = |extreme: Extreme| Some((extreme, set[extreme as usize].scores()?));
            Extreme::ALL.into_iter().filter_map(scores).collect::<BTreeMap<_, _>>()
        };
        let sums: Vec<Vec<BoxSums>> = self.boxes.iter().map(|set| self.box_sums(set, index)).collect();
        let Settings { bootstrap_draws: draws, seed, .. } = *self.settings;
        let of_set = |(job, sums): (&Job, &Vec<BoxSums>)| {
            Some((job.data.name.clone(), uncertainty(std::slice::from_ref(sums), draws, seed)?))
        };
        let scored_sets = self.jobs.iter().zip(&self.scored[index]);
        let scored: Vec<ScoredSet<'_>> =
            scored_sets.map(|(job, scored)| (job.data.name.as_str(), scored.as_slice())).collect();
        ModelReport {
            model,
            version: model.version(),
            all: all.scores(),
            per_set: named()
                .filter_map(|(name, set)| Some((name, merged(&mut set.iter()).scores()?)))
                .collect(),
            per_extreme: Extreme::ALL.into_iter().filter_map(of_extreme).collect(),
            per_set_and_extreme: named().map(|(name, set)| (name, by_extreme(set))).collect(),
            by_horizon: all.by_horizon(),
            by_horizon_per_set: named()
                .map(|(name, set)| (name, merged(&mut set.iter()).by_horizon()))
                .collect(),
            uncertainty: uncertainty(&sums, draws, seed),
            uncertainty_per_set: self.jobs.iter().zip(&sums).filter_map(of_set).collect(),
            by_growth: by_growth(&scored, self.settings),
            seconds_of_learning: self.seconds_of_learning[index],
        }
    }

    /// Each box's sums of a model, with those of `spark` as reference if that was run as well.
    fn box_sums(&self, set: &BTreeMap<usize, Vec<MeanTally>>, index: usize) -> Vec<BoxSums> {
        let other = self.settings.models.iter().position(|&model| model == ModelName::Spark);
        let other = other.filter(|&other| other != index);
        set.values()
            .map(|models| BoxSums {
                own: models[index],
                other: other.map(|other| models[other]).unwrap_or_default(),
            })
            .collect()
    }
}
