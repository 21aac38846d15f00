//! The ranked list: summary of the fleet, filters, and a table of which only the rows in view are in the document.
//!
//! `rows` holds what has been fetched, by chunks; `window` says which rows are in view; `list` brings the
//! two together with the address; `table`, `head` and `row` draw. Around the rows: `selection`, `column_choice`,
//! `saved_views`, `key_list`, and `stale_note` where they could not be renewed.

mod column_choice;
mod columns;
mod dropdown;
mod filter_form;
mod fleet_chips;
mod head;
mod key_list;
mod keyboard;
mod list;
mod loading_bar;
mod more_filters;
mod pane;
mod place_line;
mod renewal;
mod row;
mod rows;
mod saved_views;
mod selection;
mod selection_bar;
mod set_progress;
mod stale_note;
mod status_mark;
mod table;
mod unknown_note;
mod weeks_picture;
mod window;

pub(crate) use pane::RankingPane;
pub(crate) use renewal::ListRenewal;
pub(crate) use status_mark::StatusMark;
pub(crate) use unknown_note::UnknownNote;
