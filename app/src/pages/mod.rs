//! The pages.

#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
mod completeness;
mod dashboard;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod model_card;
mod not_found;
mod plan;
#[cfg(feature = "ssr")]
mod print;
#[cfg(feature = "ssr")]
mod refusal;
#[cfg(feature = "ssr")]
mod runs;
#[cfg(feature = "ssr")]
mod usage;

#[cfg(feature = "ssr")]
pub use audit::AuditDocument;
#[cfg(feature = "ssr")]
pub use completeness::CompletenessDocument;
pub(crate) use dashboard::Dashboard;
#[cfg(feature = "ssr")]
pub use model_card::ModelCardDocument;
pub(crate) use not_found::NotFound;
pub(crate) use plan::PlanPage;
#[cfg(feature = "ssr")]
pub use print::{PrintDocument, PrintRequest, Sheet};
#[cfg(feature = "ssr")]
pub use refusal::{FailureDocument, RefusalDocument, RefusalKind, SignedOutDocument};
#[cfg(feature = "ssr")]
pub use runs::RunsDocument;
