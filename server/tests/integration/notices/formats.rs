//! The formats of all kinds of receivers.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::notices::{ChangedBoxes, Digest, DigestBox, Notice};
use model::{Exceedance, IsoWeek, Loading};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{KEY, at, failure, notifier, webhook};
use crate::support::receiver::{Received, Receiver};
use crate::support::{TestStore, box_id};

const NOW: &str = "2026-11-23T06:00:00Z";

/// A digest with a station that would be a link if somebody took it for Markdown, or for Slack's
/// own.
fn digest() -> Notice {
    let found = |n: usize, station: &str| DigestBox {
        box_id: box_id(n),
        station: station.to_owned(),
        town: "Tilburg".to_owned(),
        exceedance: None,
        week: Some(IsoWeek::from_year_and_number(2027, 5).unwrap()),
        early_week: None,
        probability: Some(0.834),
        peak_loading: Some(1.12),
    };
    let first = (0..10).map(|n| found(n, "[Heuvel](http://x) <!channel> & *Ring*")).collect();
    let exceedance = Exceedance {
        weeks: 6,
        measured_weeks: 8,
        window_weeks: 8,
        until: IsoWeek::from_year_and_number(2026, 47).unwrap(),
        peak_loading: Loading::new(1.16).unwrap(),
        peak_kw: 464.0,
        peak_week: IsoWeek::from_year_and_number(2026, 41).unwrap(),
        last_week: None,
        last_kw: None,
    };
    let measured = DigestBox { exceedance: Some(exceedance), ..found(30, "Lind") };
    Notice::WeeklyDigest(Digest {
        week: IsoWeek::from_year_and_number(2026, 48).unwrap(),
        since: Some(at("2026-11-16T06:00:00Z")),
        exceeded: 3,
        overloaded: 40,
        near: 7,
        newly_exceeded: ChangedBoxes { count: 1, first: vec![measured] },
        newly_overloaded: ChangedBoxes { count: 12, first },
        newly_near: ChangedBoxes::default(),
        relieved: ChangedBoxes { count: 1, first: vec![found(20, "")] },
    })
}

/// What a receiver of this kind and language gets.
async fn received(kind: &str, language: &str, notice: &Notice) -> Received {
    let test = TestStore::sqlite().await;
    let receiver = Receiver::start().await;
    let lines = format!(
        "dashboard = 'https://gridspark.example.org/net'\n{}language = '{language}'\n",
        webhook("a", kind, &receiver.address)
    );
    test.store.announce(notice, at(NOW)).await.unwrap();
    assert_eq!(notifier(&test.store, &lines).deliver_due(at(NOW)).await.unwrap().arrived, 1);
    let received = receiver.received().remove(0);
    assert_eq!(received.header("content-type"), "application/json");
    received
}

/// Every text under `key`, wherever it is.
fn all<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value.as_str() {
                Some(text) if name == key => vec![text],
                _ => all(value, key),
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(|value| all(value, key)).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn teams_gets_an_adaptive_card_in_a_message_whose_texts_are_no_markdown() {
    let received = received("teams", "nl", &digest()).await;
    assert!(received.body.len() < 28_000, "{} bytes", received.body.len());
    let message = received.json();
    assert_eq!(message["type"], "message");
    let [attachment] = &message["attachments"].as_array().unwrap()[..] else { panic!("{message}") };
    assert_eq!(attachment["contentType"], "application/vnd.microsoft.card.adaptive");
    let card = &attachment["content"];
    assert_eq!((card["type"].as_str(), card["version"].as_str()), (Some("AdaptiveCard"), Some("1.4")));
    assert_eq!(card["$schema"], "http://adaptivecards.io/schemas/adaptive-card.json");
    // The elements of version 1.4 that are used, each with what the schema requires of it.
    let known = ["RichTextBlock", "TextRun", "Container", "Action.OpenUrl"];
    let body = all(&card["body"], "type");
    assert!(body.iter().all(|kind| known.contains(kind)), "{body:?}");
    assert!(!body.contains(&"TextBlock"), "a text block would read Markdown");
    for block in card["body"].as_array().unwrap() {
        let parts = if block["type"] == "Container" { &block["items"] } else { &block["inlines"] };
        assert!(!parts.as_array().unwrap().is_empty());
    }
    let texts = all(&card["body"], "text").join("\n");
    for expected in [
        "Week 48, 2026: één transformator nieuw overbelast, 12 transformatoren nieuw met risico op overbelasting",
        "Nieuw overbelast, gemeten",
        "Overbelast in 6 van de laatste 8 weken, de zwaarste in week\u{a0}41, 2026: 116% (afname)",
        "Nieuw met risico op overbelasting",
        "Ontlast",
        "83% kans op overbelasting, de eerste het waarschijnlijkst in",
        "[Heuvel](http://x) <!channel> & *Ring*, Tilburg (ESD.000000-1)",
        "week 5, 2027",
        "piek 112%",
        "en nog 2",
    ] {
        assert!(texts.contains(expected), "{expected} in {texts}");
    }
    let urls = all(&card["body"], "url");
    assert_eq!((urls.len(), urls[1]), (12, "https://gridspark.example.org/net?box=ESD.000000-1"));
    assert_eq!(card["actions"][0]["type"], "Action.OpenUrl");
    assert_eq!(card["actions"][0]["url"], "https://gridspark.example.org/net");
}

#[tokio::test]
async fn slack_gets_blocks_within_its_limits_and_a_text_beside_them() {
    let message = received("slack", "en", &digest()).await.json();
    assert!(
        message["text"]
            .as_str()
            .unwrap()
            .starts_with("Week 48, 2026: one transformer newly overloaded, 12 transformers newly at risk")
    );
    let blocks = message["blocks"].as_array().unwrap();
    assert!(blocks.len() <= 50);
    assert_eq!(
        (blocks[0]["type"].as_str(), blocks[0]["text"]["type"].as_str()),
        (Some("header"), Some("plain_text"))
    );
    for block in blocks {
        let most = if block["type"] == "header" { 150 } else { 3_000 };
        assert!(all(block, "text").iter().all(|text| (1..=most).contains(&text.chars().count())));
    }
    let texts = all(&message["blocks"], "text").join("\n");
    let line = "• <https://gridspark.example.org/net?box=ESD.000003-1|[Heuvel](http://x) &lt;!channel&gt; &amp; *Ring*, \
                Tilburg (ESD.000003-1)> – 83% chance of an overload, the first likeliest in week 5, 2027, peak 112%";
    assert!(texts.contains(line), "{texts}");
    assert!(!texts.contains("<!channel>"), "a station's name calls nobody");
}

/// HMAC-SHA256 by its definition (RFC 2104), beside the library that is used.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::digest([&padded(0x36)[..], text].concat());
    Sha256::digest([&padded(0x5c)[..], &inner[..]].concat()).to_vec()
}

#[tokio::test]
async fn a_program_gets_json_that_it_can_verify_and_whose_replays_it_can_refuse() {
    assert_eq!(
        hmac(b"Jefe", b"what do ya want for nothing?")[..4],
        [0x5b, 0xdc, 0xc1, 0x46],
        "RFC 4231, case 2"
    );
    let received = received("json", "en", &failure(12)).await;
    let (identifier, timestamp) = (received.header("webhook-id"), received.header("webhook-timestamp"));
    assert_eq!(timestamp.parse::<i64>().unwrap(), at(NOW).timestamp());
    assert!(!identifier.contains('.'));
    let signed = [format!("{identifier}.{timestamp}.").as_bytes(), &received.body].concat();
    let expected = format!("v1,{}", BASE64_STANDARD.encode(hmac(KEY.as_bytes(), &signed)));
    assert_eq!(received.header("webhook-signature"), expected);
    let body = received.json();
    assert_eq!(body["type"], "gridspark.run-failed");
    assert_eq!(body["data"]["identity"], "run-failed/12/2026-11-23");
    assert_eq!(body["data"]["notice"]["reason"], "the database refused a query: disk full");
    assert_eq!(body["data"]["notice"]["run"], 12);
    assert!(body["data"]["text"].as_str().unwrap().contains("disk full"));
    assert_eq!(
        body["timestamp"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(),
        at(NOW)
    );
}
