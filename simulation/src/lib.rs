#![doc = include_str!("../README.md")]

//! A realistic distribution network of any size: raw quarter-hours, or weekly extremes, and the register of
//! its stations. Equal settings give files that are equal to the byte.
//!
//! [`simulate()`] writes files; [`Network`] yields single boxes in memory, for benchmarks and tests. What was
//! put into the data on purpose (bypasses, false readings, growth, coming overloads) is told by [`Truth`], and what
//! happens in the half-year after the history by [`Future`]. [`Growth`] chooses the laws by which loads grow.
//!
//! The way of a box: its parts are drawn (`components`), laid over calendar and weather (`load`), scaled so
//! that the peak of the 26 weeks after the history meets a drawn loading, given noise (`network`), in a mixed
//! network dampened by batteries (`battery`) and the limits of inverters (`curtailment`), switched over to its neighbour (`bypass`), and reported with `faults`.

mod adoption;
mod battery;
mod bypass;
mod calendar;
mod components;
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
mod telltale;
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
