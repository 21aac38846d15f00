//! Growth of solar power, vehicle charging and heat pumps in the network.

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
    /// A share of the boxes grows, each technology by its own [`Law`]; solar power is installed
    /// roof by roof, some boxes have batteries or curtailment. Weekly extremes are exactly those of
    /// the quarter-hours.
    Mixed(GrowingShare),
    /// Every technology of every box grows at a constant rate. Weekly extremes are drawn by a fast
    /// approximate model.
    Exponential,
}

impl Default for Growth {
    /// Mixed, with the default share of growing boxes.
    fn default() -> Self {
        Self::Mixed(GrowingShare::default())
    }
}
