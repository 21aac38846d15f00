//! Runs a backtest: every series of every data set at every origin, by every model, on all cores.
//!
//! Results are combined in the order of data sets, origins, boxes and extremes, so that a report
//! doesn't depend on the number of threads; only its times differ.

mod groups;
mod summary;

use std::collections::BTreeMap;
use std::time::Instant;

use model::{Capacity, Extreme, IsoWeek, Limits, gridspark::Gridspark};
use rayon::prelude::*;

use crate::calibration::{MeanTally, Tally, series_means};
use crate::forecaster::{Fleet, ForecastInput, predict};
use crate::report::{EvaluatedData, EvaluatedOrigin, Refused, RefusedSeries, Report, SeriesScores};
use crate::scores::{SeriesOutcome, score};
use crate::task_limits::{OneWayLimit, TaskLimits};
use crate::{
    BoxHistory, DataSet, ForecastError, GrowthClass, GrowthCourse, ModelName, Settings, Window,
    WindowSettings, measured_growth,
};
use groups::ScoredSeries;

/// A data set and the origins at which it is evaluated.
#[derive(Clone, PartialEq, Debug)]
pub struct Job {
    /// The data.
    pub data: DataSet,
    /// The last hold-out week of each origin.
    pub origins: Vec<IsoWeek>,
    /// The settings of the windows.
    pub windows: WindowSettings,
}

/// Why a backtest could not be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// No model was requested.
    #[error("a backtest needs at least one model")]
    NoModels,
    /// A threshold is not a positive number.
    #[error("an overload threshold must be a finite fraction above zero, not {0}")]
    Threshold(f64),
    /// The threads can't be started.
    #[error("the threads cannot be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Series per batch: enough to occupy all cores, few enough to bound memory.
const SERIES_PER_BATCH: usize = 4_096;

/// Runs the jobs; `progress` is called with the number of completed series and the total.
///
/// # Errors
/// [`RunError`]; a failing series doesn't stop the run but is listed in the report.
pub fn run(
    jobs: &[Job],
    settings: &Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report, RunError> {
    if settings.models.is_empty() {
        return Err(RunError::NoModels);
    }
    let thresholds = [settings.import_threshold, settings.feed_in_threshold];
    let mut thresholds = thresholds.iter().chain(&settings.one_way_thresholds);
    if let Some(&wrong) = thresholds.find(|threshold| !(threshold.is_finite() && **threshold > 0.0)) {
        return Err(RunError::Threshold(wrong));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.threads.unwrap_or(0)).build()?;
    Ok(pool.install(|| Backtest::new(jobs, settings).run(progress)))
}

/// The outcome of a model on a series, and its time in seconds.
type ModelOutcome = (Result<SeriesOutcome, ForecastError>, f64);

/// The state of a run.
struct Backtest<'a> {
    jobs: &'a [Job],
    settings: &'a Settings,
    /// Sums by model, data set and extreme.
    tallies: Vec<Vec<[Tally; 2]>>,
    /// Sums by data set, box and model.
    boxes: Vec<BTreeMap<usize, Vec<MeanTally>>>,
    /// Each series at each origin, by model and data set.
    scored: Vec<Vec<Vec<ScoredSeries>>>,
    data: Vec<EvaluatedData>,
    refused: Refused,
    seconds_of_learning: Vec<Option<f64>>,
    each_series: Vec<SeriesScores>,
}

/// A series to be evaluated at an origin.
struct Task<'a> {
    index: usize,
    history: &'a BoxHistory,
    extreme: Extreme,
    limits: TaskLimits,
    window: Window,
    /// The change per year towards stress, as a fraction of the capacity.
    growth: Option<f64>,
    /// For simulated loads only.
    course: Option<GrowthCourse>,
}

impl Task<'_> {
    fn input(&self, settings: &Settings) -> ForecastInput<'_> {
        let Self { index, extreme, ref window, history, .. } = *self;
        let weeks = settings.leave_out_switchings.then_some(history.weeks.as_slice());
        ForecastInput { index, extreme, window, weeks, capacity: history.capacity }
    }
}

impl<'a> Backtest<'a> {
    fn new(jobs: &'a [Job], settings: &'a Settings) -> Self {
        let data = jobs.iter().map(|job| EvaluatedData {
            description: job.data.description(),
            windows: job.windows,
            origins: Vec::new(),
        });
        Self {
            jobs,
            settings,
            tallies: settings.models.iter().map(|_| vec![Default::default(); jobs.len()]).collect(),
            boxes: vec![BTreeMap::new(); jobs.len()],
            scored: settings.models.iter().map(|_| vec![Vec::new(); jobs.len()]).collect(),
            data: data.collect(),
            refused: Refused::default(),
            each_series: Vec::new(),
            seconds_of_learning: vec![None; settings.models.len()],
        }
    }

    fn run(mut self, progress: &(dyn Fn(usize, usize) + Sync)) -> Report {
        let all: usize = self.jobs.iter().map(|job| job.origins.len() * job.data.boxes.len() * 2).sum();
        let mut done = 0;
        progress(done, all);
        for (set, job) in self.jobs.iter().enumerate() {
            for &origin in &job.origins {
                let tasks = self.tasks(set, job, origin);
                done += 2 * job.data.boxes.len() - tasks.len();
                self.data[set]
                    .origins
                    .push(EvaluatedOrigin { last_week: origin.monday(), series: tasks.len() });
                let fleets = self.fleets(job, &tasks);
                for some in tasks.chunks(SERIES_PER_BATCH) {
                    let outcomes: Vec<Vec<ModelOutcome>> = some
                        .par_iter()
                        .map(|task| {
                            let models = self.settings.models.iter().zip(&fleets);
                            models
                                .map(|(model, fleet)| evaluate(*model, fleet, task, self.settings))
                                .collect()
                        })
                        .collect();
                    for (task, outcomes) in some.iter().zip(outcomes) {
                        self.record(set, origin, task, outcomes);
                    }
                    done += some.len();
                    progress(done, all);
                }
            }
        }
        self.report()
    }

    /// The series to be evaluated at an origin; the others are added to the excluded ones.
    fn tasks(&mut self, set: usize, job: &'a Job, origin: IsoWeek) -> Vec<Task<'a>> {
        let mut tasks = Vec::new();
        let known = job.data.known_growth.get(&origin);
        for (index, history) in job.data.boxes.iter().enumerate() {
            for extreme in Extreme::ALL {
                match Window::cut(&history.weeks, extreme, history.capacity, origin, &job.windows) {
                    Ok(window) => {
                        let limits = history.capacity.map(|capacity| self.limits(capacity, extreme));
                        let limits = limits.unwrap_or_default();
                        let known = known.and_then(|known| known.get(&history.box_id));
                        let known = known.map(|known| known[extreme as usize]);
                        let growth = match known {
                            Some(known) => Some(known.change_per_year),
                            None => measured_growth(window.seen(), extreme, history.capacity),
                        };
                        let course = known.map(|known| known.course);
                        tasks.push(Task { index, history, extreme, limits, window, growth, course });
                    }
                    Err(left_out) => {
                        let reason = (left_out.name(), left_out.to_string());
                        self.refuse(set, origin, history, extreme, None, reason);
                    }
                }
            }
        }
        tasks
    }

    fn limits(&self, capacity: Capacity, extreme: Extreme) -> TaskLimits {
        let Settings { power_factor, import_threshold, feed_in_threshold, .. } = *self.settings;
        let one_way = self.settings.one_way_thresholds(extreme).into_iter();
        TaskLimits {
            both: Limits::of(capacity, power_factor, import_threshold, feed_in_threshold).ok(),
            one_way: one_way
                .filter_map(|threshold| OneWayLimit::of(extreme, capacity, power_factor, threshold))
                .collect(),
        }
    }

    /// The populations that each model learns at an origin.
    fn fleets(&mut self, job: &Job, tasks: &[Task<'_>]) -> Vec<Fleet> {
        let inputs: Vec<ForecastInput<'_>> = tasks.iter().map(|task| task.input(self.settings)).collect();
        let across_boxes = job.windows.keep_last.is_some();
        let gridspark = Gridspark { training_weeks: self.settings.training_weeks, ..Gridspark::default() };
        let mut fleets = Vec::new();
        for (model, seconds) in self.settings.models.iter().zip(&mut self.seconds_of_learning) {
            let start = Instant::now();
            let fleet = Fleet::learn(*model, &gridspark, &inputs, across_boxes);
            if fleet.has_learned() {
                *seconds = Some(seconds.unwrap_or(0.0) + start.elapsed().as_secs_f64());
            }
            fleets.push(fleet);
        }
        fleets
    }

    fn record(&mut self, set: usize, origin: IsoWeek, task: &Task<'_>, outcomes: Vec<ModelOutcome>) {
        let naive = self.settings.models.iter().position(|&model| model == ModelName::SeasonalNaive);
        let naive = naive.and_then(|index| outcomes.get(index)?.0.as_ref().ok());
        let naive_pinball = naive.map(|outcome| series_means(outcome).pinball);
        for (index, (outcome, seconds)) in outcomes.into_iter().enumerate() {
            match outcome {
                Ok(outcome) => {
                    let means = series_means(&outcome);
                    self.tallies[index][set][task.extreme as usize].add(&outcome, &means, seconds);
                    if self.settings.each_series {
                        let scores = self.series_scores(set, origin, task, index, &means, seconds);
                        self.each_series.push(scores);
                    }
                    self.scored[index][set].push(ScoredSeries {
                        index: task.index,
                        extreme: task.extreme,
                        class: task.growth.map(GrowthClass::of),
                        course: task.course,
                        last_week: origin.monday(),
                        pinball: means.pinball,
                        within: means.within,
                        naive_pinball,
                        one_way: outcome.one_way,
                    });
                    let models = self.settings.models.len();
                    let sums = self.boxes[set].entry(task.index);
                    sums.or_insert_with(|| vec![MeanTally::default(); models])[index].merge(&means);
                }
                Err(error) => {
                    let model = self.settings.models[index];
                    let reason = ("failed", error.to_string());
                    self.refuse(set, origin, task.history, task.extreme, Some(model), reason);
                }
            }
        }
    }

    fn series_scores(
        &self,
        set: usize,
        origin: IsoWeek,
        task: &Task<'_>,
        index: usize,
        means: &MeanTally,
        seconds: f64,
    ) -> SeriesScores {
        SeriesScores {
            set: self.jobs[set].data.name.clone(),
            box_id: task.history.box_id.to_string(),
            extreme: task.extreme,
            last_week: origin.monday(),
            model: self.settings.models[index],
            growth: task.growth,
            pinball: means.pinball,
            mae: means.absolute_error,
            coverage_90: means.within[0],
            coverage_70: means.within[1],
            seconds,
        }
    }

    fn refuse(
        &mut self,
        set: usize,
        origin: IsoWeek,
        history: &BoxHistory,
        extreme: Extreme,
        model: Option<ModelName>,
        (reason, detail): (&str, String),
    ) {
        *self.refused.counts.entry(reason.to_owned()).or_default() += 1;
        self.refused.series.push(RefusedSeries {
            set: self.jobs[set].data.name.clone(),
            box_id: history.box_id.to_string(),
            extreme,
            last_week: origin.monday(),
            model,
            reason: reason.to_owned(),
            detail,
        });
    }
}

/// Evaluates a model on a series.
fn evaluate(model: ModelName, fleet: &Fleet, task: &Task<'_>, settings: &Settings) -> ModelOutcome {
    let start = Instant::now();
    let limits = &task.limits;
    let prediction = predict(model, fleet, &task.input(settings), limits);
    let seconds = start.elapsed().as_secs_f64();
    (prediction.map(|prediction| score(&task.window, &prediction, limits)), seconds)
}
