//! The page of runs.

use any_spawner::Executor;
use app::RunsDocument;
use domain::runs::{ComparedRun, Drift, Measure, Outcome, RunFacts, RunKind, RunRecord, RunsReport};
use domain::usage::UsedOn;
use leptos::prelude::*;

use crate::render::count;

/// A run whose bands held much less than those of the run before, and which took about as long.
fn suspicious() -> RunsReport {
    let drift = |measure, before, now, suspicious| Drift { measure, before, now, suspicious };
    let coverage = drift(Measure::Coverage90, 0.9, 0.634, true);
    let record = RunRecord {
        record: 2,
        kind: RunKind::Forecasts,
        run: Some(2),
        of_fleet: true,
        started_by: "command: a test".to_owned(),
        code_version: "0.1.0".to_owned(),
        model: None,
        settings: None,
        started_at: "2026-11-23T05:00:00Z".parse().unwrap(),
        finished_at: None,
        outcome: Outcome::Complete,
        reason: None,
        facts: RunFacts {
            measures: [(Measure::Coverage90, 0.634), (Measure::Seconds, 61.0)].into(),
            suspicions: vec![coverage],
            ..RunFacts::default()
        },
    };
    let drift = vec![coverage, drift(Measure::Seconds, 60.0, 61.0, false)];
    RunsReport { runs: vec![ComparedRun { record, drift }], verification: Vec::new() }
}

fn used() -> UsedOn {
    UsedOn { day: "2026-11-30".parse().unwrap(), counts: [31, 12, 5, 1, 0, 2, 0, 4, 0] }
}

#[tokio::test]
async fn a_suspicious_figure_is_marked_by_words_and_a_sign_beside_the_colour() {
    let _ = Executor::init_tokio();
    for (language, words) in [("en", "(Look at this)"), ("nl", "(Let op)")] {
        let query = format!("lang={language}");
        let (report, usage) = (suspicious(), vec![used()]);
        let html = Owner::new().with(|| view! { <RunsDocument report usage query /> }.to_html());
        assert_eq!(count(&html, "data-suspicious"), 1, "{html}");
        let row = html.split("data-suspicious").nth(1).unwrap().split("</tr>").next().unwrap();
        assert!(row.contains(words) && row.contains(" !<"), "{row}");
        assert_eq!(count(&html, words), 1, "the other figures have no mark: {html}");
        let usage = html.split("class=\"usage\"").nth(1).unwrap().split("</table>").next().unwrap();
        assert!(usage.contains("<td>31</td>") && count(usage, "<td>") == 9, "{usage}");
    }
}
