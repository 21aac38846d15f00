//! Telling people who are not looking: notices of failed, late and suspicious runs and the weekly digest, to webhooks.

pub use crate::store::{ChangedBoxes, Digest, DigestBox, Notice, NoticeKind, Task};
