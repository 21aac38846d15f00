//! The card's figures.

mod frame;
mod horizon;
mod pinball;
mod reliability;

pub(super) use horizon::horizon;
pub(super) use pinball::pinball;
pub(super) use reliability::reliability;
