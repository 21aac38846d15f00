//! Notifications: failed, late and suspicious runs and the weekly digest, to webhooks.
//!
//! A notice is stored in an outbox (`store/notices.rs`) and delivered by whichever server, worker
//! or ending command comes first. Delivery is at least once; receivers recognise duplicates by the
//! identity.

mod error;
mod json;
mod message;
mod notifier;
mod send;
mod slack;
mod teams;
mod webhook;
mod words;

pub use error::NotificationError;
pub use notifier::{Delivered, Notifier};
pub use webhook::{Webhook, webhooks_of};
