//! The hydrate entry.
