//! The gridspark command.
fn main() {}
