//! The format of Slack's incoming webhooks: blocks, and a text where blocks aren't shown.

use serde_json::{Value, json};

use super::message::{Group, Message, Tone};

/// Slack's limit for a header.
const MAX_HEADER_CHARS: usize = 150;
/// Slack's limit for the text of a section.
const MAX_SECTION_CHARS: usize = 3_000;
/// Slack's recommended limit for the text beside the blocks.
const MAX_TEXT_CHARS: usize = 4_000;
/// Slack's limit for blocks.
const MAX_BLOCKS: usize = 50;

/// The body of the request.
pub(super) fn body(message: &Message) -> Value {
    let sign = match message.tone {
        Tone::Alarm => "🔴 ",
        Tone::Warning => "🟠 ",
        Tone::News => "",
    };
    let title = cut(&format!("{sign}{}", message.title), MAX_HEADER_CHARS);
    let mut blocks = vec![json!({ "type": "header", "text": { "type": "plain_text", "text": title } })];
    let paragraphs: Vec<String> = message.paragraphs.iter().map(|text| escaped(text)).collect();
    blocks.extend(sections(&paragraphs));
    let points: Vec<String> = message.points.iter().map(|text| format!("• {}", escaped(text))).collect();
    blocks.extend(sections(&points));
    blocks.extend(message.groups.iter().flat_map(|group| sections(&lines(group))));
    if let Some(link) = &message.link {
        let text = format!("<{}|{}>", escaped(&link.url), escaped(&link.text));
        blocks.push(json!({ "type": "context", "elements": [{ "type": "mrkdwn", "text": text }] }));
    }
    blocks.truncate(MAX_BLOCKS);
    json!({ "text": cut(&escaped(&message.as_text()), MAX_TEXT_CHARS), "blocks": blocks })
}

fn lines(group: &Group) -> Vec<String> {
    let mut lines = vec![format!("*{}*", escaped(&group.heading))];
    for line in &group.lines {
        // The text of a link ends at the first bar.
        let name = escaped(&line.name).replace('|', "/");
        let name = match &line.url {
            Some(url) => format!("<{}|{name}>", escaped(url)),
            None => name,
        };
        lines.push(format!("• {name} – {}", escaped(&line.detail)));
    }
    lines.extend(group.more.iter().map(|more| escaped(more)));
    lines
}

/// Packs lines into as few sections as possible.
fn sections(lines: &[String]) -> Vec<Value> {
    let mut texts: Vec<String> = Vec::new();
    for line in lines {
        let line = cut(line, MAX_SECTION_CHARS);
        match texts.last_mut() {
            Some(text) if text.chars().count() + 1 + line.chars().count() <= MAX_SECTION_CHARS => {
                text.push('\n');
                text.push_str(&line);
            }
            _ => texts.push(line),
        }
    }
    let section = |text| json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } });
    texts.into_iter().map(section).collect()
}

/// Escapes the three characters with a meaning in Slack; stars and the like only affect formatting.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        // Not in the middle of an escaped character.
        Some(_) => {
            let end = text.char_indices().nth(most - 1).map_or(0, |(end, _)| end);
            let kept = &text[..end];
            let kept = match kept.rfind('&') {
                Some(start) if !kept[start..].contains(';') => &kept[..start],
                _ => kept,
            };
            format!("{kept}…")
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_longer_than_slack_takes_whatever_is_reported() {
        let message = Message {
            tone: Tone::Alarm,
            title: "t".repeat(400),
            paragraphs: vec!["<&>".repeat(2_000)],
            points: vec!["p".repeat(1_000); 30],
            groups: Vec::new(),
            link: None,
        };
        let body = body(&message);
        let blocks = body["blocks"].as_array().unwrap();
        assert!(blocks.len() <= MAX_BLOCKS);
        for block in blocks {
            let text = block["text"]["text"].as_str().unwrap();
            let most = if block["type"] == "header" { MAX_HEADER_CHARS } else { MAX_SECTION_CHARS };
            assert!(text.chars().count() <= most && !text.is_empty(), "{}", text.chars().count());
        }
        let paragraph = blocks[1]["text"]["text"].as_str().unwrap();
        assert!(paragraph.ends_with(";…"), "an escaped character is whole: {}", &paragraph[2_900..]);
        assert!(body["text"].as_str().unwrap().chars().count() <= MAX_TEXT_CHARS);
    }
}
