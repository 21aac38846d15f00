//! What a failed request means: by the account's code, by its words, or by the status of HTTP.

use reqwest::StatusCode;

use super::answer::Status;
use super::auth::Auth;
use crate::secret::without_passwords;
use crate::sources::SourceError;

/// Who asks, and in which surroundings.
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
    /// The role, as it would be named in a statement.
    pub(super) fn role(&self) -> String {
        self.role.clone().unwrap_or_else(|| format!("<default role of {}>", self.user))
    }
}

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Failure {
    /// No answer at all.
    Unreachable(String),
    /// There is no such account, or something else answers in its place.
    NoAccount(String),
    /// The account doesn't know the key or token.
    NotLetIn(String),
    /// The role isn't there, or isn't the user's.
    Role(String),
    /// The warehouse isn't there, or isn't the role's.
    Warehouse(String),
    /// The database or schema isn't there, or isn't the role's.
    Database(String),
    /// A table or view isn't there, or the role doesn't see it.
    NotSeen(String),
    /// The role may not read it.
    NoRights(String),
    /// It took too long.
    TimedOut(String),
    /// The account is away, or too busy for longer than we wait.
    Lost(String),
    /// Another refusal.
    Refused(String),
    /// It doesn't answer as it should.
    Malformed(String),
}

impl Failure {
    /// What an answer means that is no result.
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
                // Names of hosts stand for accounts: an unknown one is answered by nobody in particular.
                StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Self::NoAccount(said),
                StatusCode::REQUEST_TIMEOUT => Self::TimedOut(said),
                StatusCode::TOO_MANY_REQUESTS => Self::Lost(said),
                _ if status.is_server_error() => Self::Lost(said),
                _ if status.is_redirection() => Self::NoAccount(said),
                _ => Self::Refused(said),
            },
        }
    }

    /// The same for a person, with the remedy.
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
