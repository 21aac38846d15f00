//! The audit as CSV.

use domain::identity::AuditEntry;

/// The line above the entries.
pub(crate) fn head() -> Result<Vec<u8>, csv::Error> {
    lines(&[["number", "at", "person", "way_in", "address", "action", "outcome", "subject", "detail"]
        .map(str::to_owned)])
}

/// Entries, one a line.
pub(crate) fn lines_of(entries: &[AuditEntry]) -> Result<Vec<u8>, csv::Error> {
    let cells: Vec<[String; 9]> = entries.iter().map(cells).collect();
    lines(&cells)
}

fn lines(lines: &[[String; 9]]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in lines {
        writer.write_record(line)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn cells(entry: &AuditEntry) -> [String; 9] {
    [
        entry.number.to_string(),
        entry.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        entry.person.clone(),
        entry.way_in.as_str().to_owned(),
        entry.address.clone().unwrap_or_default(),
        entry.action.as_str().to_owned(),
        entry.outcome.as_str().to_owned(),
        entry.subject.clone(),
        entry.detail.clone(),
    ]
    .map(harmless)
}

/// A cell that no spreadsheet takes for a formula.
pub(crate) fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use domain::identity::{AuditAction, AuditOutcome, WayIn};

    use super::*;

    #[test]
    fn an_export_has_every_field_and_no_formula() {
        let entry = AuditEntry {
            number: 7,
            at: "2026-06-01T04:02:11Z".parse().unwrap(),
            person: "=HYPERLINK(\"https://evil\")".to_owned(),
            way_in: WayIn::ReverseProxy,
            address: None,
            action: AuditAction::SignIn,
            outcome: AuditOutcome::Done,
            subject: "a, \"b\"".to_owned(),
            detail: String::new(),
        };
        let text = String::from_utf8(lines_of(&[entry]).unwrap()).unwrap();
        let line = text.lines().next().unwrap();
        let expected = "7,2026-06-01T04:02:11.000Z,\"'=HYPERLINK(\"\"https://evil\"\")\",reverse-proxy,,sign-in,done,\
            \"a, \"\"b\"\"\",";
        assert_eq!(line, expected);
    }
}
