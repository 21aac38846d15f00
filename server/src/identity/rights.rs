//! The one table of what needs which right. A route or server function that is not in it is refused
//! to everyone, and a test fails.

use axum::http::Method;
use domain::identity::Right;

/// What a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it holds no data.
    Nothing,
    /// One of the addresses that monitor, or an operator.
    Monitoring,
    /// At least this right.
    Right(Right),
    /// A key of a program that has at least this right: not a person.
    Key(Right),
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The method; GET stands for HEAD as well.
    pub method: &'static str,
    /// The route, as the router has it.
    pub route: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// How many ordinary requests it counts as.
    pub cost: u32,
}

const fn line(method: &'static str, route: &'static str, needs: Needs, cost: u32) -> Line {
    Line { method, route, needs, cost }
}

/// What is served from the folder of the built site: the program's own files and the handbook.
pub const FILES: &str = "files";

const NOTHING: Needs = Needs::Nothing;
const EMBED: Needs = Needs::Right(Right::Embed);
const VIEWER: Needs = Needs::Right(Right::Viewer);
const PLANNER: Needs = Needs::Right(Right::Planner);
const OPERATOR: Needs = Needs::Right(Right::Operator);

/// The table.
pub const TABLE: &[Line] = &[
    // pages
    line("GET", "/", EMBED, 2),
    line("GET", "/print", EMBED, 10),
    line("GET", "/plan", VIEWER, 2),
    line("GET", "/model", VIEWER, 2),
    line("GET", "/model/{figure}", VIEWER, 2),
    line("GET", "/runs", OPERATOR, 10),
    line("GET", "/completeness", OPERATOR, 10),
    line("GET", "/audit", OPERATOR, 10),
    line("GET", "/audit.csv", OPERATOR, 60),
    // server functions
    line("GET", "/api/ranking", EMBED, 1),
    line("GET", "/api/box", EMBED, 1),
    line("GET", "/api/box-weeks", EMBED, 2),
    line("GET", "/api/accuracy", VIEWER, 2),
    line("GET", "/api/what-if", VIEWER, 1),
    line("GET", "/api/what-if/basis", VIEWER, 2),
    line("GET", "/api/proposals", VIEWER, 2),
    line("GET", "/api/overview", EMBED, 1),
    line("GET", "/api/plan", EMBED, 1),
    line("GET", "/api/plan.csv", EMBED, 10),
    line("GET", "/api/this-week", VIEWER, 1),
    line("GET", "/api/model", VIEWER, 2),
    line("POST", "/api/weeks", PLANNER, 2),
    line("POST", "/api/weeks/withdraw", PLANNER, 2),
    line("POST", "/api/actions", PLANNER, 2),
    line("POST", "/api/proposals/save", PLANNER, 2),
    line("POST", "/api/proposals/accept", PLANNER, 2),
    line("POST", "/api/proposals/remove", PLANNER, 2),
    // keys and sessions
    line("GET", "/api/keys", OPERATOR, 2),
    line("POST", "/api/keys", OPERATOR, 5),
    line("POST", "/api/keys/{key_id}/revoke", OPERATOR, 5),
    line("GET", "/api/sessions", OPERATOR, 2),
    line("POST", "/api/sessions/end", OPERATOR, 5),
    line("POST", "/api/embed-tokens", Needs::Key(Right::Viewer), 2),
    // signing in and out
    line("GET", "/sign-in", NOTHING, 5),
    line("GET", "/sign-in/callback", NOTHING, 5),
    line("POST", "/sign-out", NOTHING, 5),
    line("GET", "/signed-out", NOTHING, 1),
    line("POST", "/embed/session", NOTHING, 5),
    // operations
    line("GET", "/healthz", NOTHING, 1),
    line("GET", "/readyz", NOTHING, 1),
    line("GET", "/metrics", Needs::Monitoring, 5),
    // what isn't there
    line("GET", "/api/{*rest}", NOTHING, 1),
    line("POST", "/api/{*rest}", NOTHING, 1),
    line("GET", FILES, NOTHING, 1),
];

/// The line of a request; `None` for what is in no line.
pub fn line_of(method: &Method, route: &str) -> Option<&'static Line> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    TABLE.iter().find(|line| line.route == route && line.method == method)
}

/// The methods of a route, as `Allow` names them; nothing for a route that is in no line.
pub(super) fn methods_of(route: &str) -> String {
    let lines = TABLE.iter().filter(|line| line.route == route);
    let methods = lines.map(|line| if line.method == "GET" { "GET, HEAD" } else { line.method });
    methods.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_there_once_and_what_is_in_none_is_refused() {
        for line in TABLE {
            let method: Method = line.method.parse().unwrap();
            assert_eq!(line_of(&method, line.route), Some(line));
            assert!((1..=100).contains(&line.cost));
        }
        assert_eq!(line_of(&Method::HEAD, "/").map(|line| line.needs), Some(EMBED));
        for (method, route) in [(Method::DELETE, "/"), (Method::GET, "/api/weeks"), (Method::GET, "/new")] {
            assert_eq!(line_of(&method, route), None);
        }
    }
}
