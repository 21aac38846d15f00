//! How solar power, charging of vehicles and heat pumps spread over the network.

mod draw;
mod installations;
mod law;
mod share;

pub(crate) use draw::{draw, install};
pub(crate) use installations::Installations;
pub use law::{Law, Step};
pub use share::{GrowingShare, ShareError};

/// The laws by which the technologies of the boxes grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Growth {
    /// A share of the boxes grows, each technology by a law of its own (see [`Law`]); solar power is installed
    /// roof by roof, some boxes have batteries, at some the inverters limit their feed-in. Weekly extremes are
    /// those of the quarter-hours, exactly.
    Mixed(GrowingShare),
    /// Every technology of every box grows by a constant rate. Weekly extremes are drawn by a quick model.
    Exponential,
}

impl Default for Growth {
    /// Mixed, with the default share of growing boxes.
    fn default() -> Self {
        Self::Mixed(GrowingShare::default())
    }
}
