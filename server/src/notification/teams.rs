//! The format of Microsoft Teams workflows: a message with an Adaptive Card attached.
//!
//! External texts become runs of a rich text block, which Teams shows literally: a text block would
//! interpret brackets and stars as Markdown.

use serde_json::{Value, json};

use super::message::{Group, Message, Tone};

/// Teams' limit is about 28 KB per message; the limits of `message.rs` stay below it.
pub(super) const MAX_BYTES: usize = 27_000;

/// The body of the request.
pub(super) fn body(message: &Message, language: &str) -> Value {
    let color = match message.tone {
        Tone::Alarm => "Attention",
        Tone::Warning => "Warning",
        Tone::News => "Default",
    };
    let mut blocks = vec![rich(vec![run(
        &message.title,
        json!({
            "weight": "Bolder", "size": "Medium", "color": color,
        }),
    )])];
    blocks.extend(message.paragraphs.iter().map(|text| rich(vec![run(text, json!({}))])));
    blocks.extend(message.points.iter().map(|text| rich(vec![run(&format!("• {text}"), json!({}))])));
    blocks.extend(message.groups.iter().map(container));
    let actions: Vec<Value> = message
        .link
        .iter()
        .map(|link| json!({ "type": "Action.OpenUrl", "title": link.text, "url": link.url }))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "lang": language,
                "fallbackText": message.title,
                "body": blocks,
                "actions": actions,
                "msteams": { "width": "Full" },
            },
        }],
    })
}

fn container(group: &Group) -> Value {
    let mut items = vec![rich(vec![run(&group.heading, json!({ "weight": "Bolder" }))])];
    for line in &group.lines {
        let name = match &line.url {
            Some(url) => json!({
                "color": "Accent", "selectAction": { "type": "Action.OpenUrl", "url": url },
            }),
            None => json!({}),
        };
        items.push(rich(vec![run(&line.name, name), run(&format!(" – {}", line.detail), json!({}))]));
    }
    items.extend(group.more.iter().map(|more| rich(vec![run(more, json!({ "isSubtle": true }))])));
    json!({ "type": "Container", "separator": true, "items": items })
}

fn rich(inlines: Vec<Value>) -> Value {
    json!({ "type": "RichTextBlock", "inlines": inlines })
}

fn run(text: &str, with: Value) -> Value {
    let mut run = with;
    run["type"] = "TextRun".into();
    run["text"] = text.into();
    run
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use domain::notices::{ChangedBoxes, Digest, DigestBox, Notice, Task};
    use domain::runs::{Drift, Measure};

    use super::*;
    use crate::notification::message::Style;

    #[test]
    fn the_longest_messages_are_not_longer_than_teams_takes() {
        let dashboard = "https://gridspark.a-rather-long-name.example.org/with/a/path".parse().unwrap();
        let style = Style {
            language: Language::Dutch,
            zone: chrono_tz::Europe::Amsterdam,
            dashboard: Some(&dashboard),
        };
        let found = DigestBox {
            box_id: model::BoxId::new("ESD.000240-2").unwrap(),
            station: "Één station \"met\" een heel lange naam ".repeat(10),
            town: "Tilburg".to_owned(),
            exceedance: None,
            week: Some(model::IsoWeek::from_index(2_977)),
            early_week: None,
            probability: Some(0.5),
            peak_loading: Some(1.0),
        };
        let boxes = |named| ChangedBoxes { count: 999, first: vec![found.clone(); named] };
        let digest = Notice::WeeklyDigest(Digest {
            week: model::IsoWeek::from_index(2_977),
            since: None,
            exceeded: 999,
            overloaded: 999,
            near: 999,
            newly_exceeded: boxes(10),
            newly_overloaded: boxes(10),
            newly_near: boxes(5),
            relieved: boxes(5),
        });
        let drift = Drift { measure: Measure::BoxesMeasured, before: 1e9, now: 1e9, suspicious: true };
        let reason = "Ü 🔴 \"".repeat(10_000);
        let failed = Notice::RunFailed { task: Task::ScheduledRun, run: Some(1), reason };
        for (notice, least) in
            [(digest, 5_000), (Notice::suspicious(Some(1), &[drift; 100]), 2_000), (failed, 2_000)]
        {
            let bytes = body(&Message::of(&notice, style), "nl").to_string().len();
            assert!((least..MAX_BYTES).contains(&bytes), "{bytes} bytes");
        }
    }
}
