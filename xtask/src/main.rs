//! The daily commands.
fn main() {}
