//! The pages of Gridspark: components and server functions. The plain types that travel between the server and the
//! browser are those of `domain`.
//!
//! The crate is compiled twice: with the feature `ssr` into the server, which implements
//! [`api::GridData`] over its store, and with `hydrate` into the page's WebAssembly.
//!
//! The way through it: [`shell()`] is the HTML document around [`App`], which puts the words of the page's
//! language and the state in its address (`address`) into the context of `pages`. The dashboard is the
//! ranked list (`ranking`) beside the detail of one box (`detail`), which draws `charts`; `plan` is what to replace first.

#![expect(
    unreachable_pub,
    reason = "components are written with `pub` parts by their macro, whatever their own visibility"
)]

mod account;
mod address;
pub mod api;
mod app;
#[cfg(feature = "ssr")]
mod assets;
mod browser_storage;
mod charts;
mod chrome;
mod detail;
mod early_input;
mod erased_view;
#[cfg(not(feature = "ssr"))]
mod on_demand;
mod pages;
mod plan;
mod preferences;
mod ranking;
#[cfg(feature = "ssr")]
mod shell;
mod typed_number;
mod unanswered;
mod wall_clock;
mod words;

pub use address::MarkUnknown;
#[cfg(feature = "ssr")]
pub use address::asks_for_unknown;
pub use app::App;
#[cfg(feature = "ssr")]
pub use assets::Assets;
pub use early_input::collect_early_input;
#[cfg(feature = "ssr")]
pub use pages::{
    AuditDocument, CompletenessDocument, FailureDocument, ModelCardDocument, PrintDocument, PrintRequest,
    RefusalDocument, RefusalKind, RunsDocument, Sheet, SignedOutDocument,
};
#[cfg(feature = "ssr")]
pub use preferences::{choices_to_remember, start_view_of};
#[cfg(feature = "ssr")]
pub use shell::shell;
#[cfg(feature = "ssr")]
pub use wall_clock::WallClock;
#[cfg(feature = "ssr")]
pub use words::RunSentences;
