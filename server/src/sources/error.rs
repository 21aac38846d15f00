//! What can go wrong with a source, in one sentence with the remedy. Nothing has been changed then.

use std::path::PathBuf;

/// A failure of the source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The configuration names no source.
    #[error(
        "no source is configured: add a section [source] to the configuration (--config), or set GRIDSPARK_SOURCE_URL"
    )]
    Unconfigured,
    /// A setting that this kind of source needs is missing.
    #[error("the source needs a setting that is missing: {0}")]
    MissingSetting(&'static str),
    /// The address isn't one.
    #[error(
        "the address of the source is not right: {reason}; it looks like postgres://user@host:5432/database, set it in \
         GRIDSPARK_SOURCE_URL or as [source.postgres] url"
    )]
    Address {
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody answers, or they won't let us in.
    #[error("the source {place} cannot be reached: {reason}; check that the server runs, and {remedy}")]
    Unreachable {
        /// The address without its password.
        place: String,
        /// What came back.
        reason: String,
        /// The settings that say where it is.
        remedy: &'static str,
    },
    /// The key or token that should let us in can't be used as it is.
    #[error("{what} cannot be used: {reason}")]
    Auth {
        /// Which key or token.
        what: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// The source does not know our key or token.
    #[error("{place} does not let the user {user} in: {reason}; {remedy}")]
    NotLetIn {
        /// The account.
        place: String,
        /// Who we said we are.
        user: String,
        /// What it says.
        reason: String,
        /// What helps.
        remedy: String,
    },
    /// There is no such role, or it isn't ours; or the warehouse or database isn't the role's.
    #[error("{place} does not allow {what}: {reason}; {remedy}")]
    NotAllowed {
        /// The account.
        place: String,
        /// What was asked for.
        what: String,
        /// What it says.
        reason: String,
        /// What helps.
        remedy: String,
    },
    /// There is no such table, or the role does not see it: the engine does not tell which.
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
        /// The statement that helps.
        grant: String,
    },
    /// There is no such table.
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
        /// What is there.
        found: String,
        /// The section that names columns.
        setting: &'static str,
    },
    /// A column has a type that can't stand for what it means.
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
        /// What can be used.
        wanted: &'static str,
    },
    /// The user may not read.
    #[error("the user {user} may not read {what} in the source; its owner allows it with: {remedy}")]
    NoRights {
        /// Who we are there.
        user: String,
        /// The table or schema.
        what: String,
        /// The statement that helps.
        remedy: String,
    },
    /// The engine stopped the query, mostly as it took too long.
    #[error(
        "the source stopped the aggregation: {reason}; the limit is {seconds} seconds: raise {setting}; \
         nothing was changed"
    )]
    TimedOut {
        /// What the engine says.
        reason: String,
        /// The limit.
        seconds: u32,
        /// The setting that holds it.
        setting: &'static str,
    },
    /// The connection broke off.
    #[error("the connection to the source broke off: {reason}; nothing was changed, run the command again")]
    Lost {
        /// What was noticed of it.
        reason: String,
    },
    /// The engine refuses a query for another reason.
    #[error("the source refused a query: {reason}; nothing was changed")]
    Refused {
        /// What the engine says.
        reason: String,
    },
    /// There is nothing that could be landed.
    #[error(
        "the source holds no usable readings {since}, in {rows} rows; check that [source] names the right table or files, and \
         --rebuild if older readings came late; nothing was changed"
    )]
    Nothing {
        /// From when on it was asked.
        since: String,
        /// Rows that were looked at.
        rows: u64,
    },
    /// A pattern of files can't be understood.
    #[error("the pattern {pattern} of [source.files] is not right: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A pattern matches nothing.
    #[error("no file matches {pattern}; check [source.files] measurements")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A path stands for no files.
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
    #[error("the weeks to look at cannot be told: {0}")]
    Calendar(#[from] domain::calendar::OutOfCalendar),
    /// Whoever takes the portions went away; what they say is the cause.
    #[error("the weeks are not taken any more")]
    ReceiverGone,
    /// A part of the program ended.
    #[error("a part of the program stopped unexpectedly: {0}")]
    Stopped(String),
}
