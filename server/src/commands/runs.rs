//! `gridspark runs`: the records of runs, each compared with the one before.

use domain::runs::{ComparedRun, Outcome, RunsReport, Verdict, VerificationSummary};

use super::{CommandError, Started, report};
use crate::Ending;
use crate::command_line::{Runs, Shared};
use crate::runs::report as report_of;

pub(super) async fn run(options: Runs, shared: Shared) -> Result<Ending, CommandError> {
    let Started { configuration, store, .. } = Started::with(&shared).await?;
    let answer = report_of(&store, &configuration.runs, options.last.into()).await?;
    store.close().await;
    report::print(shared.json, &answer, &text(&answer))?;
    Ok(Ending::Complete)
}

fn text(answer: &RunsReport) -> String {
    if answer.runs.is_empty() {
        return "No run has been made yet: `gridspark update-extremes` or `gridspark make-forecasts` makes one.\n".to_owned();
    }
    let mut text = String::new();
    for ComparedRun { record, drift } in &answer.runs {
        let number = record.run.map(|run| format!(" {run}")).unwrap_or_default();
        let model = record.model.as_ref().map(|model| format!(", {model}")).unwrap_or_default();
        text.push_str(&format!(
            "{} {}{number}: {}, {}{model}, version {}\n",
            record.started_at.format("%F %TZ"),
            record.kind.as_str(),
            record.outcome.as_str(),
            record.started_by,
            record.code_version,
        ));
        if let Some(reason) = &record.reason {
            text.push_str(&format!("  {reason}\n"));
        }
        for failed in record.facts.tests.iter().filter(|test| test.verdict == Verdict::Failed) {
            if record.outcome != Outcome::Stopped {
                text.push_str(&format!("  data test failed – {failed}\n"));
            }
        }
        if let Some(growth) = &record.facts.growth {
            for (extreme, learned) in [("minimum", growth.minimum), ("maximum", growth.maximum)] {
                text.push_str(&format!("  {extreme}: {learned}\n"));
            }
        }
        for (&measure, &now) in &record.facts.measures {
            let before = drift.iter().find(|drift| drift.measure == measure);
            let compared = before.map(|drift| format!(" (before: {})", measure.text(drift.before)));
            let mark =
                if record.facts.suspicions.iter().any(|drift| drift.measure == measure) { " !" } else { "" };
            let (name, value) = (measure.name(), measure.text(now));
            text.push_str(&format!("  {name}: {value}{}{mark}\n", compared.unwrap_or_default()));
        }
    }
    for true_now in &answer.verification {
        let VerificationSummary { weeks_ahead: (from, to), judged, .. } = true_now;
        text.push_str(&format!(
            "Forecast {from} to {to} weeks ahead, {judged} box-weeks: pinball {:.4}, within 90 % {:.1} %, within 70 % {:.1} %, \
             above {:.1} %; overloads promised {:.1}, come {}\n",
            true_now.pinball,
            true_now.coverage_90 * 100.0,
            true_now.coverage_70 * 100.0,
            true_now.above_90 * 100.0,
            true_now.expected_overloads,
            true_now.overloads,
        ));
    }
    text
}
