//! The message of a notice in one language, independent of the receiver's format.

use chrono_tz::Tz;
use domain::language::Language;
use domain::notices::{ChangedBoxes, Digest, DigestBox, Notice};
use reqwest::Url;

use super::words::Words;

/// The longest text that is passed on, in characters; a reason may be a page long.
const MAX_TEXT_CHARS: usize = 600;
/// The longest name of a box with its station, in characters.
const MAX_NAME_CHARS: usize = 120;
/// How many findings are listed.
const MAX_POINTS: usize = 10;

/// The severity of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something has to be done.
    Alarm,
    /// Somebody should look at it.
    Warning,
    /// Good to know.
    News,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    pub(super) tone: Tone,
    pub(super) title: String,
    pub(super) paragraphs: Vec<String>,
    /// Findings, one per line.
    pub(super) points: Vec<String>,
    pub(super) groups: Vec<Group>,
    /// A link to more.
    pub(super) link: Option<Link>,
}

/// Boxes under a heading.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) heading: String,
    pub(super) lines: Vec<Line>,
    /// How many more there are.
    pub(super) more: Option<String>,
}

/// A box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) url: Option<String>,
    /// Week and probability.
    pub(super) detail: String,
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) url: String,
}

/// The settings of messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style<'a> {
    pub(super) language: Language,
    pub(super) zone: Tz,
    pub(super) dashboard: Option<&'a Url>,
}

impl Message {
    /// The test message of a webhook.
    pub(super) fn of_test(style: Style<'_>) -> Self {
        let words = Words(style.language);
        Self { paragraphs: vec![words.test_text()], ..Self::headed(Tone::News, words.test_title(), style) }
    }

    /// The message of a notice.
    pub(super) fn of(notice: &Notice, style: Style<'_>) -> Self {
        let words = Words(style.language);
        match notice {
            Notice::RunFailed { task, run, reason } => {
                let mut paragraphs = vec![shortened(reason)];
                paragraphs.extend(run.map(|run| words.of_run(run)));
                Self { paragraphs, ..Self::headed(Tone::Alarm, words.failed(*task), style) }
            }
            Notice::RunLate { due_at, within_minutes } => {
                let due = due_at.with_timezone(&style.zone);
                let paragraphs = vec![words.was_due(due, *within_minutes)];
                Self { paragraphs, ..Self::headed(Tone::Alarm, words.late(), style) }
            }
            Notice::RunSuspicious { run, drifts, .. } => Self {
                points: points(drifts.iter().map(|drift| words.of_runs().drift(drift)), words),
                ..Self::headed(Tone::Warning, words.suspicious(*run), style)
            },
            Notice::ReadingsRefused { tests, .. } => Self {
                paragraphs: vec![words.nothing_overwritten()],
                points: points(tests.iter().map(|test| words.of_runs().data_test(test)), words),
                ..Self::headed(Tone::Alarm, words.readings_refused(), style)
            },
            Notice::WeeklyDigest(digest) => Self::of_digest(digest, words, style),
        }
    }

    fn of_digest(digest: &Digest, words: Words, style: Style<'_>) -> Self {
        let groups = [
            (words.newly_exceeded(), &digest.newly_exceeded),
            (words.newly_overloaded(), &digest.newly_overloaded),
            (words.newly_near(), &digest.newly_near),
            (words.relieved(), &digest.relieved),
        ];
        let groups = groups
            .into_iter()
            .filter(|(_, boxes)| boxes.count > 0)
            .map(|(heading, boxes)| group(heading, boxes, words, style))
            .collect();
        let mut paragraphs = vec![words.totals(digest.exceeded, digest.overloaded, digest.near)];
        if digest.since.is_none() {
            paragraphs.push(words.first_digest());
        } else if digest.is_unchanged() {
            paragraphs.push(words.nothing_changed());
        }
        let is_warning = digest.newly_exceeded.count > 0 || digest.newly_overloaded.count > 0;
        let tone = if is_warning { Tone::Warning } else { Tone::News };
        let title =
            words.digest_title(digest.week, digest.newly_exceeded.count, digest.newly_overloaded.count);
        Self { paragraphs, groups, ..Self::headed(tone, title, style) }
    }

    fn headed(tone: Tone, title: String, style: Style<'_>) -> Self {
        let text = Words(style.language).to_the_dashboard();
        let link = style.dashboard.map(|url| Link { text, url: url.to_string() });
        Self { tone, title, paragraphs: Vec::new(), points: Vec::new(), groups: Vec::new(), link }
    }

    /// The message as plain text.
    pub(super) fn as_text(&self) -> String {
        let mut lines = vec![self.title.clone()];
        lines.extend(self.paragraphs.iter().cloned());
        lines.extend(self.points.iter().map(|point| format!("• {point}")));
        for group in &self.groups {
            lines.push(format!("{}:", group.heading));
            lines.extend(group.lines.iter().map(|line| format!("• {} – {}", line.name, line.detail)));
            lines.extend(group.more.clone());
        }
        lines.extend(self.link.as_ref().map(|link| link.url.clone()));
        lines.join("\n")
    }
}

fn points(texts: impl ExactSizeIterator<Item = String>, words: Words) -> Vec<String> {
    let more = texts.len().saturating_sub(MAX_POINTS);
    let mut points: Vec<String> = texts.take(MAX_POINTS).map(|text| shortened(&text)).collect();
    if more > 0 {
        points.push(words.and_more(more));
    }
    points
}

fn group(heading: String, boxes: &ChangedBoxes, words: Words, style: Style<'_>) -> Group {
    let more = usize::try_from(boxes.count).unwrap_or(usize::MAX).saturating_sub(boxes.first.len());
    Group {
        heading,
        lines: boxes.first.iter().map(|found| line(found, words, style)).collect(),
        more: (more > 0).then(|| words.and_more(more)),
    }
}

fn line(found: &DigestBox, words: Words, style: Style<'_>) -> Line {
    let place: Vec<&str> =
        [found.station.as_str(), found.town.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    let name = match &place[..] {
        [] => found.box_id.to_string(),
        place => format!("{} ({})", place.join(", "), found.box_id),
    };
    let url = style.dashboard.map(|dashboard| {
        let mut url = dashboard.clone();
        url.query_pairs_mut().append_pair("box", found.box_id.as_str());
        url.to_string()
    });
    Line { name: within(&name, MAX_NAME_CHARS), url, detail: words.outlook(found) }
}

fn shortened(text: &str) -> String {
    within(text, MAX_TEXT_CHARS)
}

fn within(text: &str, most: usize) -> String {
    // One line, without control characters or markup.
    let text: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
