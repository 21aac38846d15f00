//! Charts as SVG, made in Rust: for rows of the list, for the page before and without scripts, and for paper.
//!
//! `plane` maps weeks and kilowatts to a picture's units and writes paths; the other files are pictures.

mod history;
mod history_picture;
mod past;
mod plane;
mod sparkline;
mod strip;
mod waterfall;
mod week_columns;

pub(crate) use history::{HistoryPaths, PictureSize, history_paths};
pub(crate) use history_picture::HistoryPicture;
pub(crate) use past::{PastPicture, past_paths};
pub(crate) use sparkline::{Sparkline, SparklineInput, sparkline};
pub(crate) use strip::{CompletenessLegend, CompletenessStrip, StripWeek};
pub(crate) use waterfall::{WaterfallPicture, waterfall};
pub(crate) use week_columns::WeekColumns;
