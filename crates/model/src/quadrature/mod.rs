//! Numerical integration over one dimension.

mod gauss_legendre;
mod gauss_rule;

pub(crate) use gauss_legendre::{PANEL_NODES, panel};
pub(crate) use gauss_rule::{Node, gauss_rule};
