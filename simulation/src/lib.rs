//! A realistic distribution network of any size: raw quarter-hours, or weekly extremes, and the register of
//! its stations. Equal settings give files that are equal to the byte.
//!
//! [`simulate()`] writes files; [`Network`] yields single boxes in memory, for benchmarks and tests. What was
//! put into the data on purpose (bypasses, false readings, coming overloads) is told by [`Truth`].
//!
//! The way of a box: its parts are drawn (`components`), laid over calendar and weather (`load`), scaled so
//! that the peak of the 26 weeks after the history meets a drawn loading, given noise (`network`), switched
//! over to its neighbour (`bypass`), and reported with `faults`.

mod adoption;
mod bypass;
mod calendar;
mod components;
mod customers;
mod error;
mod faults;
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
pub use network::{Network, Reading, weekly_extremes};
pub use settings::Settings;
pub use simulate::{Summary, simulate};
pub use stations::{Area, Metadata};
pub use truth::{Bypassed, Outlier, Role, Span, Truth};
