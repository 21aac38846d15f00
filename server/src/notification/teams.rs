//! What a workflow of Microsoft Teams takes: a message with an Adaptive Card attached.
//!
//! Texts that come from outside are runs of a rich text block, which Teams shows as they are: a text block would take
//! brackets and stars in them for Markdown.

use serde_json::{Value, json};

use super::message::{Group, Message, Tone};

/// Teams takes about 28 KB a message; with this much of boxes and findings one stays well below.
pub(super) const MOST_BYTES: usize = 27_000;

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
                "fallbackText": message.as_text(),
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
                "color": "Accent", "selectAction": { "type": "Action.OpenUrl", "title": line.name, "url": url },
            }),
            None => json!({}),
        };
        items.push(rich(vec![run(&line.name, name), run(&format!(" – {}", line.detail), json!({}))]));
    }
    items.extend(group.rest.iter().map(|rest| rich(vec![run(rest, json!({ "isSubtle": true }))])));
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
