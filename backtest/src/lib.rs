#![doc = include_str!("../README.md")]

//! The proof that forecasts are right: they are made as if at earlier dates, and judged by what then happened.
//!
//! 1. [`WeeklyFile`] and [`CapacitiesFile`] read weekly extremes, or the caller brings a [`DataSet`] of its own;
//! 2. [`origins`] are the dates, a [`Window`] what a forecast may see there and what it is judged on;
//! 3. a [`Job`] is a data set with its origins, a [`Plan`] several of them in a file;
//! 4. [`run`](run()) forecasts every series by every model ([`ModelName`]) on all cores and yields a [`Report`]:
//!    scores, calibration and their [`Uncertainty`];
//! 5. [`GroupScores`] tell the same by class of growth ([`GrowthClass`]), with the probabilities of overloads by direction;
//! 6. [`card`] makes the model card of reports: Markdown and figures.
//!
//! The crate knows `model` only. It reads files and the clock (for the times in a report), and nothing else.

mod bootstrap;
mod calibration;
mod capacities_file;
pub mod card;
mod columns;
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
pub use calibration::{HorizonScores, Scores};
pub use capacities_file::CapacitiesFile;
pub use data_set::{BoxHistory, DataDescription, DataSet, DataSource};
pub use file_error::{FileError, RefusedRow, RefusedRows};
pub use forecaster::{ForecastError, ModelName, OverloadPrediction, ParseModelNameError, Prediction};
pub use group_scores::{GroupScores, OverloadScores, WARNED_FROM};
pub use growth::{GrowthClass, measured_growth};
pub use known_growth::{GrowthCourse, KnownGrowth};
pub use origins::OriginsError;
pub use plan::{Plan, PlanError, PlannedData, RefusedInFile};
pub use reliability::{BINS, EventScores, ReliabilityBin, Warnings};
pub use report::{JudgedData, JudgedOrigin, ModelReport, Refused, RefusedSeries, Report, SeriesScores};
pub use run::{Job, RunError, run};
pub use scores::pinball;
pub use settings::Settings;
pub use weekly_file::WeeklyFile;
pub use window::{LeftOut, Window, WindowSettings};
