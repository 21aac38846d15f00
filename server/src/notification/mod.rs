//! Telling people who are not looking: failed, late and suspicious runs and the weekly digest, to webhooks.
//!
//! A notice is laid down in the store (`store/notices.rs`) and delivered by whoever runs: a server, a worker, or a command at
//! its end. It arrives at least once; who gets it twice knows it by its identity.

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
