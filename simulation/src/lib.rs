//! A realistic distribution network.
