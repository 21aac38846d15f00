//! Charts as SVG, made in Rust: for rows of the list, for the page before and without scripts, and for paper.
//!
//! `plane` maps weeks and kilowatts to a picture's units and writes paths; the other files are pictures.

mod plane;
mod sparkline;

pub(crate) use sparkline::{Sparkline, SparklineInput, sparkline};
