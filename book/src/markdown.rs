//! Reads the anchors and links of Markdown pages such as README and ARCHITECTURE.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The anchors and links of a Markdown page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The anchors of its headings, as repository hosts generate them.
    pub(crate) anchors: Vec<String>,
    /// The targets of its links and pictures.
    pub(crate) targets: Vec<String>,
}

/// Reads a page.
pub(crate) fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.targets.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => page.anchors.extend(heading.take().map(|text| anchor(&text))),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    page
}

fn anchor(heading: &str) -> String {
    let letters =
        heading.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    letters.flat_map(char::to_lowercase).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_pictures_and_anchors_are_found_outside_of_code() {
        let page = read(
            "# On `several` hosts?\n\n[a](b.md#c) ![d](e.png) `[no](f)`\n\n    [no](g)\n\n| x |\n|---|\n| [h](i) |\n",
        );
        assert_eq!(page.anchors, ["on-several-hosts"]);
        assert_eq!(page.targets, ["b.md#c", "e.png", "i"]);
    }
}
