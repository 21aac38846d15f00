#![doc = include_str!("../README.md")]

//! Backtesting: forecasts from past origins, scored against what was observed afterwards.
//!
//! 1. [`WeeklyFile`] and [`CapacitiesFile`] read weekly extremes, or the caller builds a
//!    [`DataSet`];
//! 2. [`origins`] lists forecast origins; a [`Window`] splits a series into training and hold-out
//!    weeks;
//! 3. a [`Job`] is a data set with its origins, a [`Plan`] a file of several of them;
//! 4. [`run`](run()) forecasts every series with every model ([`ModelName`]) on all cores and
//!    returns a [`Report`]: scores, calibration and their [`Uncertainty`];
//! 5. [`GroupScores`] are scores by growth class ([`GrowthClass`]), with overload probabilities by
//!    direction;
//! 6. [`card`] renders reports as a model card: Markdown and figures.
//!
//! The crate depends on `model` only. It reads files and, for the times in a report, the clock.

mod bootstrap;
mod calibration;
mod capacities_file;
pub mod card;
mod data_set;
mod file_error;
mod forecaster;
mod group_scores;
mod growth;
mod known_growth;
pub mod origins;
mod plan;
mod reliability;
mod report;
mod run;
mod scores;
mod settings;
pub mod targets;
mod task_limits;
mod weekly_file;
mod window;

pub use bootstrap::{Interval, Uncertainty};
pub use calibration::{DistanceScores, HorizonScores, Scores};
pub use capacities_file::CapacitiesFile;
pub use data_set::{BoxHistory, DataDescription, DataSet, DataSource};
pub use file_error::{FileError, RefusedRow, RefusedRows};
pub use forecaster::{ForecastError, ModelName, OverloadPrediction, ParseModelNameError, Prediction};
pub use group_scores::{GroupScores, OverloadScores, WARNING_PROBABILITY};
pub use growth::{GrowthClass, measured_growth};
pub use known_growth::{GrowthCourse, KnownGrowth};
pub use origins::OriginsError;
pub use plan::{Plan, PlanError, PlannedData, RefusedInFile};
pub use reliability::{BINS, EventScores, ReliabilityBin, Warnings};
pub use report::{EvaluatedData, EvaluatedOrigin, ModelReport, Refused, RefusedSeries, Report, SeriesScores};
pub use run::{Job, RunError, run};
pub use scores::pinball;
pub use settings::Settings;
pub use weekly_file::{Judgement, WeeklyFile};
pub use window::{Exclusion, Window, WindowSettings};
