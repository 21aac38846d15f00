//! Everything about one box: how it stands, its forecast, why it is so, how good it was, and its data.

mod accuracy_tab;
mod action;
mod copy_id;
mod data_quality;
mod data_tab;
mod facts;
mod flag_list;
mod forecast_tab;
mod heading;
mod keep_last;
mod nothing_chosen;
mod pane;
mod provenance;
mod renewal;
mod special_weeks;
mod tab_data;
mod tabs;
mod this_week;
mod verdict;
mod week_strip;
mod what_if;
mod why_tab;

#[cfg(feature = "ssr")]
pub(crate) use heading::{place, title};
pub(crate) use pane::DetailPane;
#[cfg(feature = "ssr")]
pub(crate) use verdict::{Verdict, VerdictDetails};
