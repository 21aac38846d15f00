//! The ranked list: summary of the fleet, filters, and a table of which only the rows in view are in the document.
//!
//! `rows` holds what has been fetched, by chunks; `window` says which rows are in view; `list` brings the
//! two together with the address; `table`, `head` and `row` draw.

mod columns;
mod filter_form;
mod fleet_chips;
mod head;
mod keyboard;
mod list;
mod loading_bar;
mod more_filters;
mod pane;
mod renewal;
mod row;
mod rows;
mod status_mark;
mod table;
mod window;

pub(crate) use pane::RankingPane;
pub(crate) use renewal::ListRenewal;
pub(crate) use status_mark::StatusMark;
