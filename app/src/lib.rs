//! The pages of Gridspark: components, server functions and the plain types that travel between
//! the server and the browser.
//!
//! The crate is compiled twice: with the feature `ssr` into the server, which implements
//! [`api::GridData`] over its store, and with `hydrate` into the page's WebAssembly.

pub mod api;
#[cfg(feature = "ssr")]
mod assets;

#[cfg(feature = "ssr")]
pub use assets::Assets;
