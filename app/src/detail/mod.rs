//! Everything about one box: how it stands, its data, its forecast in three views.

mod breakdown_tab;
mod data_quality;
mod facts;
mod flag_list;
mod forecast_tab;
mod heading;
mod nothing_chosen;
mod pane;
mod provenance;
mod renewal;
mod special_weeks;
mod tabs;
mod verdict;
mod week_strip;

pub(crate) use pane::DetailPane;
