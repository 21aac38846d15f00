//! Who or what starts a run.

/// The person or program given by `--started-by`, else account and host; `what` is the way of
/// starting.
pub fn started_by(given: Option<&str>, what: &str) -> String {
    if let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) {
        return format!("{what}: {given}");
    }
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let account = variable("SUDO_USER").or_else(|| variable("USER")).or_else(|| variable("LOGNAME"));
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    match account {
        Some(account) => format!("{what}: {account} on {host}"),
        None => format!("{what} on {host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_reported_names_the_starter_and_else_the_host_does() {
        assert_eq!(
            started_by(Some("airflow gridspark 2026-11-16"), "command"),
            "command: airflow gridspark 2026-11-16"
        );
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        assert!(started_by(Some("  "), "server").ends_with(&format!(" on {host}")));
    }
}
