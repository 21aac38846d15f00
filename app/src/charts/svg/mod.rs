//! Charts as SVG, made in Rust: for rows of the list, for the page before and without scripts, and for paper.
//!
//! `plane` maps weeks and kilowatts to a picture's units and writes paths; the other files are pictures.

mod history;
mod past;
mod plane;
mod sparkline;
mod strip;
mod waterfall;

pub(crate) use history::{HistoryPaths, HistoryPicture, PictureSize, history_paths};
pub(crate) use past::{PastPicture, past_paths};
pub(crate) use sparkline::{Sparkline, SparklineInput, sparkline};
pub(crate) use strip::{CompletenessStrip, StripWeek};
pub(crate) use waterfall::{WaterfallPicture, waterfall};
