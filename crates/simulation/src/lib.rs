#![doc = include_str!("../README.md")]

//! Simulates a realistic distribution network of any size: 15-minute readings or weekly extremes,
//! and the register of its stations. Equal settings give byte-identical files.
//!
//! [`simulate()`] writes files; [`Network`] yields single boxes in memory, for benchmarks and
//! tests. [`Truth`] is the ground truth (bypasses, outliers, growth, coming overloads), [`Future`]
//! the half-year after the history. [`Growth`] selects the laws by which loads grow.
//!
//! The pipeline of a box: draw its components (`components`), evaluate them under calendar and
//! weather (`load`), scale them so that the peak of the 26 weeks after the history meets a drawn
//! loading, add noise (`network`), in a mixed network apply batteries (`battery`) and inverter
//! limits (`curtailment`), switch load between neighbours (`bypass`), and report with `faults`.

mod adoption;
mod battery;
mod bypass;
mod calendar;
mod components;
mod critical_quarters;
mod curtailment;
mod customers;
mod error;
mod faults;
mod growth;
mod heat_pumps;
mod holidays;
mod load;
mod network;
mod output;
mod random;
mod settings;
mod simulate;
mod stations;
mod truth;
mod vehicles;
mod weather;

pub use components::Stress;
pub use customers::Customers;
pub use error::SimulationError;
pub use growth::{GrowingShare, Growth, Law, ShareError, Step};
pub use network::{Network, Reading, weekly_extremes};
pub use settings::Settings;
pub use simulate::{Summary, simulate};
pub use stations::{Area, Metadata};
pub use truth::{
    BatteryTruth, Bypassed, FirstOverload, Future, GrowthTruth, Installed, Outlier, Role, Span,
    TechnologyTruth, Truth,
};
