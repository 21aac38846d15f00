//! Failed requests, classified by Snowflake's code, its message, or the HTTP status.

use reqwest::StatusCode;

use super::answer::Status;
use super::auth::Auth;
use crate::secret::without_passwords;
use crate::sources::SourceError;

/// The account and the session's context.
#[derive(Debug, Clone)]
pub(super) struct Access {
    /// The account's address.
    pub(super) place: String,
    pub(super) user: String,
    pub(super) role: Option<String>,
    pub(super) warehouse: Option<String>,
    pub(super) database: String,
    pub(super) schema: String,
}

impl Access {
    /// The role, as named in a statement.
    pub(super) fn role(&self) -> String {
        self.role.clone().unwrap_or_else(|| format!("<default role of {}>", self.user))
    }
}

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// No response.
    Unreachable(String),
    /// There is no such account, or something else answers at its address.
    NoAccount(String),
    /// The account rejects the key or token.
    NotLetIn(String),
    /// The role doesn't exist or isn't granted to the user.
    Role(String),
    /// The warehouse doesn't exist or isn't granted to the role.
    Warehouse(String),
    /// The database or schema doesn't exist or isn't granted to the role.
    Database(String),
    /// The table or view doesn't exist, or the role can't see it.
    NotSeen(String),
    /// The role lacks the privilege to read it.
    NoRights(String),
    /// The statement timed out.
    TimedOut(String),
    /// The account was unreachable or too busy for longer than we retry.
    Lost(String),
    /// Another refusal.
    Refused(String),
    /// An unexpected response.
    Malformed(String),
}

impl Failure {
    /// Classifies a response that isn't a result.
    pub(super) fn of(status: StatusCode, answer: &[u8]) -> Self {
        let report: Status = serde_json::from_slice(answer).unwrap_or_default();
        let code = report.code.trim_start_matches('0');
        let message = report.message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let words = message.to_ascii_lowercase();
        let said = match (message.is_empty(), report.code.is_empty()) {
            (true, _) => format!("status {status}"),
            (false, true) => message,
            (false, false) => format!("{} (code {})", message.trim_end_matches('.'), report.code),
        };
        let said = without_passwords(&said);
        match (code, report.sql_state.as_str()) {
            ("630" | "604", _) | (_, "57014") => Self::TimedOut(said),
            ("390186" | "390189" | "3013", _) => Self::Role(said),
            ("606" | "609" | "390201", _) | (_, "57P03") => Self::Warehouse(said),
            ("90105" | "90106" | "390195", _) => Self::Database(said),
            ("2003" | "2043", _) | (_, "42S02" | "02000") if words.contains("warehouse") => {
                Self::Warehouse(said)
            }
            ("2003" | "2043", _) | (_, "42S02" | "02000")
                if words.contains("database '") || words.contains("schema '") =>
            {
                Self::Database(said)
            }
            ("2003" | "2043", _) | (_, "42S02" | "02000") => Self::NotSeen(said),
            ("3001", _) | (_, "42501") => Self::NoRights(said),
            (code, _) if code.starts_with("3901") || code.starts_with("3903") || code.starts_with("3940") => {
                Self::NotLetIn(said)
            }
            _ => match status {
                StatusCode::UNAUTHORIZED => Self::NotLetIn(said),
                // Host names stand for accounts: an unknown one is answered by a generic server.
                StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Self::NoAccount(said),
                StatusCode::REQUEST_TIMEOUT => Self::TimedOut(said),
                StatusCode::TOO_MANY_REQUESTS => Self::Lost(said),
                _ if status.is_server_error() => Self::Lost(said),
                _ if status.is_redirection() => Self::NoAccount(said),
                _ => Self::Refused(said),
            },
        }
    }

    /// The error with its remedy.
    pub(super) fn source_error(self, access: &Access, auth: &Auth, seconds: u32) -> SourceError {
        let Access { place, user, database, schema, .. } = access;
        let (place, role) = (place.clone(), access.role());
        let remedy = "[source.snowflake] account or host is right, and this host may reach it";
        match self {
            Self::Unreachable(reason) | Self::NoAccount(reason) => {
                SourceError::Unreachable { place, reason, remedy }
            }
            Self::NotLetIn(reason) => {
                SourceError::NotLetIn { place, user: user.clone(), reason, remedy: auth.remedy(user) }
            }
            Self::Role(reason) => SourceError::NotAllowed {
                place,
                what: format!("the user {user} the role {role}"),
                reason,
                remedy: format!(
                    "set [source.snowflake] role, or have it granted: GRANT ROLE {role} TO USER {user}"
                ),
            },
            Self::Warehouse(reason) => {
                let warehouse = access.warehouse.as_deref().unwrap_or("…");
                SourceError::NotAllowed {
                    place,
                    what: format!("the role {role} the warehouse {warehouse}"),
                    reason,
                    remedy: format!(
                        "set [source.snowflake] warehouse, or have it granted: GRANT USAGE ON WAREHOUSE {warehouse} TO \
                         ROLE {role}"
                    ),
                }
            }
            Self::Database(reason) => SourceError::NotAllowed {
                place,
                what: format!("the role {role} the schema {database}.{schema}"),
                reason,
                remedy: format!(
                    "set [source.snowflake] database and schema as Snowflake spells them, or have them granted: GRANT \
                     USAGE ON DATABASE {database} TO ROLE {role}; GRANT USAGE ON SCHEMA {database}.{schema} TO ROLE {role}"
                ),
            },
            Self::NoRights(reason) => SourceError::NotAllowed {
                place,
                what: format!("the role {role} to read there"),
                reason,
                remedy: format!("its owner allows it with: GRANT SELECT ON TABLE … TO ROLE {role}"),
            },
            Self::TimedOut(reason) => SourceError::TimedOut {
                reason,
                seconds,
                setting: "[source.snowflake] statement_timeout_seconds",
            },
            Self::Lost(reason) => SourceError::Lost { reason },
            Self::NotSeen(reason) | Self::Refused(reason) => SourceError::Refused { reason },
            Self::Malformed(reason) => SourceError::Refused { reason: format!("it answered with {reason}") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, code: &str, sql_state: &str, message: &str) -> Failure {
        let answer = serde_json::json!({ "code": code, "sqlState": sql_state, "message": message });
        Failure::of(StatusCode::from_u16(status).unwrap(), answer.to_string().as_bytes())
    }

    #[test]
    fn failures_are_known_by_their_codes() {
        use Failure as F;
        assert!(matches!(failure(401, "390144", "", "JWT token is invalid."), F::NotLetIn(_)));
        assert!(matches!(
            failure(401, "394400", "", "Programmatic access token is invalid."),
            F::NotLetIn(_)
        ));
        assert!(matches!(failure(403, "390186", "", "Role 'X' … not authorized."), F::Role(_)));
        assert!(matches!(
            failure(422, "003013", "42501", "Requested role 'X' is not assigned …"),
            F::Role(_)
        ));
        assert!(matches!(failure(422, "000606", "57P03", "No active warehouse selected"), F::Warehouse(_)));
        assert!(matches!(failure(422, "002043", "02000", "Warehouse 'X' does not exist"), F::Warehouse(_)));
        assert!(matches!(failure(422, "002003", "42S02", "Object 'T' does not exist"), F::NotSeen(_)));
        assert!(matches!(failure(422, "002003", "02000", "Schema 'A.B' does not exist"), F::Database(_)));
        assert!(matches!(failure(422, "003001", "42501", "Insufficient privileges"), F::NoRights(_)));
        assert!(matches!(failure(422, "000630", "57014", "Statement reached its timeout"), F::TimedOut(_)));
        assert!(matches!(failure(408, "", "", ""), F::TimedOut(_)));
        assert!(matches!(failure(422, "001003", "42000", "syntax error"), F::Refused(_)));
        assert!(matches!(Failure::of(StatusCode::NOT_FOUND, b"<html>"), F::NoAccount(_)));
        assert!(matches!(Failure::of(StatusCode::BAD_GATEWAY, b""), F::Lost(_)));
    }
}
