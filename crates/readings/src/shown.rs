//! What a message quotes of a file: bounded, and without characters that steer a terminal.

use std::fmt;
use std::path::Path;

/// Characters of a path that a message shows; of a longer one its end.
const MAX_PATH_CHARACTERS: usize = 240;
/// Names of columns that a message lists.
const MAX_LISTED: usize = 20;
/// Characters of each.
const MAX_NAME_CHARACTERS: usize = 40;
/// Characters of a row that is quoted.
pub(crate) const MAX_QUOTED_CHARACTERS: usize = 100;
/// Characters of what a decoder or the operating system says.
pub(crate) const MAX_CAUSE_CHARACTERS: usize = 200;

/// The text without surrounding white space, its first `max_characters` with control characters
/// escaped.
pub(crate) fn shortened(text: &str, max_characters: usize) -> String {
    let mut quoted = String::new();
    for (index, character) in text.trim().chars().enumerate() {
        if index == max_characters {
            quoted.push('…');
            break;
        }
        push_escaped(&mut quoted, character);
    }
    quoted
}

/// A row or cell of a file as messages quote it: of bounded length, without control characters.
#[must_use]
pub fn quoted(text: &str) -> String {
    shortened(text, MAX_QUOTED_CHARACTERS)
}

/// A few names, shortened, with the number of those left out.
pub(crate) fn listed(names: &[String]) -> String {
    let shown: Vec<String> =
        names.iter().take(MAX_LISTED).map(|name| shortened(name, MAX_NAME_CHARACTERS)).collect();
    match names.len().saturating_sub(MAX_LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A path as messages show it: of bounded length, without control characters.
#[derive(Debug, Clone, Copy)]
pub struct ShownPath<'a>(pub &'a Path);

impl fmt::Display for ShownPath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.to_string_lossy();
        let left_out = path.chars().count().saturating_sub(MAX_PATH_CHARACTERS);
        let mut shown = String::from(if left_out > 0 { "…" } else { "" });
        path.chars().skip(left_out).for_each(|character| push_escaped(&mut shown, character));
        formatter.write_str(&shown)
    }
}

/// Also escapes the marks that reverse the direction of what follows, which could make a message
/// say something else.
fn push_escaped(text: &mut String, character: char) {
    let reverses =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    match character.is_control() || reverses || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}') {
        true => text.extend(character.escape_unicode()),
        false => text.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_short_and_without_control_characters() {
        assert_eq!(shortened("a\u{1b}[31m", 100), "a\\u{1b}[31m");
        assert_eq!(shortened("a\nb\u{202e}", 100), "a\\u{a}b\\u{202e}");
        assert_eq!(shortened(&"x".repeat(1000), 100).chars().count(), 101);
    }

    #[test]
    fn lists_and_paths_are_bounded() {
        let names: Vec<String> = (0..5000).map(|number| format!("{number}{}", "n".repeat(500))).collect();
        let text = listed(&names);
        assert!(text.len() < 1000 && text.ends_with("and 4980 more"), "{text}");
        let path = format!("/a/{}/b\u{7}.csv", "x".repeat(4000));
        let shown = ShownPath(Path::new(&path)).to_string();
        assert!(shown.chars().count() < 260 && shown.ends_with("x/b\\u{7}.csv"), "{shown}");
    }
}
