//! What is around the content: the bar at the top with its switches, failures, and light or dark.

mod account;
mod appearance;
mod failure;
mod language_switch;
mod skip_link;
mod theme_switch;
mod top_bar;

use account::AccountBox;
pub(crate) use appearance::Appearance;
pub(crate) use failure::Failure;
use language_switch::LanguageSwitch;
pub(crate) use skip_link::SkipLink;
use theme_switch::ThemeSwitch;
pub(crate) use top_bar::TopBar;
