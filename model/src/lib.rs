//! The pure mathematics of Gridspark.
