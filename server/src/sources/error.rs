//! Errors of a source, in one sentence with the remedy. The store is unchanged then.

use std::path::PathBuf;

/// An error of the source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The configuration names no source.
    #[error(
        "no source is configured: add a section [source] to the configuration (--config), or set GRIDSPARK_SOURCE_URL"
    )]
    Unconfigured,
    /// A required setting of this kind of source is missing.
    #[error("the source needs a setting that is missing: {0}")]
    MissingSetting(&'static str),
    /// The address is invalid.
    #[error(
        "the address of the source is not right: {reason}; it looks like postgres://user@host:5432/database, set it in \
         GRIDSPARK_SOURCE_URL or as [source.postgres] url"
    )]
    Address {
        /// The reason.
        reason: String,
    },
    /// The source can't be reached, or refuses the login.
    #[error("the source {place} cannot be reached: {reason}; check that the server runs, and {remedy}")]
    Unreachable {
        /// The address without its password.
        place: String,
        /// The error.
        reason: String,
        /// The settings of its address.
        remedy: &'static str,
    },
    /// The key or token can't be used.
    #[error("{what} cannot be used: {reason}")]
    Auth {
        /// Which key or token.
        what: String,
        /// The reason and the remedy.
        reason: String,
    },
    /// The source rejects the key or token.
    #[error("{place} does not let the user {user} in: {reason}; {remedy}")]
    NotLetIn {
        /// The account.
        place: String,
        /// The user.
        user: String,
        /// The source's message.
        reason: String,
        /// The remedy.
        remedy: String,
    },
    /// The role, warehouse or database doesn't exist, or isn't granted.
    #[error("{place} does not allow {what}: {reason}; {remedy}")]
    NotAllowed {
        /// The account.
        place: String,
        /// What was requested.
        what: String,
        /// The source's message.
        reason: String,
        /// The remedy.
        remedy: String,
    },
    /// The table doesn't exist or the role can't see it: the engine does not distinguish these.
    #[error(
        "{place} has no table or view {table} that the role {role} may see; name the right one as {setting}, or let its \
         owner allow it with: {grant}"
    )]
    NotSeen {
        /// The account.
        place: String,
        /// The table.
        table: String,
        /// The role.
        role: String,
        /// The setting that names the table.
        setting: &'static str,
        /// The statement that grants access.
        grant: String,
    },
    /// The table doesn't exist.
    #[error("the source {place} has no table or view {table}; name the right one as {setting}")]
    NoTable {
        /// The address without its password.
        place: String,
        /// The table.
        table: String,
        /// The setting that names it.
        setting: &'static str,
    },
    /// The table lacks a column.
    #[error(
        "{table} in the source has no column {column}, only {found}; name the right one under [{setting}]"
    )]
    MissingColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its columns.
        found: String,
        /// The section that names columns.
        setting: &'static str,
    },
    /// The type of a column is unsuitable.
    #[error(
        "the column {column} of {table} in the source is of type {found}, wanted is {wanted}; name another column, or a \
         view that converts it"
    )]
    WrongType {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// Suitable types.
        wanted: &'static str,
    },
    /// The user may not read.
    #[error("the user {user} may not read {what} in the source; its owner allows it with: {remedy}")]
    NoRights {
        /// The user.
        user: String,
        /// The table or schema.
        what: String,
        /// The statement that grants access.
        remedy: String,
    },
    /// The engine stopped the query, usually because of its time limit.
    #[error(
        "the source stopped the aggregation: {reason}; the limit is {seconds} seconds: raise {setting}; \
         nothing was changed"
    )]
    TimedOut {
        /// The engine's message.
        reason: String,
        /// The limit.
        seconds: u32,
        /// The setting that holds it.
        setting: &'static str,
    },
    /// The connection broke.
    #[error("the connection to the source broke off: {reason}; nothing was changed, run the command again")]
    Lost {
        /// The error.
        reason: String,
    },
    /// The engine refused a query for another reason.
    #[error("the source refused a query: {reason}; nothing was changed")]
    Refused {
        /// The engine's message.
        reason: String,
    },
    /// There is nothing to ingest.
    #[error(
        "the source holds no usable readings {since}, in {rows} rows; check that [source] names the right table or files, and \
         --rebuild if older readings came late; nothing was changed"
    )]
    Nothing {
        /// The beginning of the window.
        since: String,
        /// Rows read.
        rows: u64,
    },
    /// All that could be ingested lies beyond the capacities.
    #[error(
        "none of the readings {since} was taken: {beyond} of {rows} rows lie beyond five times the capacity of their \
         transformer; are the capacities in MVA, or the readings in W? correct one of them; nothing was changed"
    )]
    AllBeyondCapacity {
        /// The beginning of the window.
        since: String,
        /// Rows beyond their capacity.
        beyond: u64,
        /// Rows read.
        rows: u64,
    },
    /// An invalid file pattern.
    #[error("the pattern {pattern} of [source.files] is not right: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// The reason.
        reason: String,
    },
    /// A pattern matches nothing.
    #[error("no file matches {pattern}; check [source.files] measurements")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A path matches no files.
    #[error(transparent)]
    Path(#[from] readings::PathError),
    /// A file can't be used.
    #[error(transparent)]
    File(#[from] readings::FileError),
    /// A file can't be written or listed.
    #[error("{path} cannot be listed: {source}")]
    Unlisted {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The time of a week lies outside of the calendar.
    #[error("the weeks to query cannot be determined: {0}")]
    Calendar(#[from] domain::calendar::OutOfCalendar),
    /// The receiver of the batches is gone; its error is the cause.
    #[error("the weeks are not taken any more")]
    ReceiverGone,
    /// A thread ended.
    #[error("a part of the program stopped unexpectedly: {0}")]
    Stopped(String),
}
