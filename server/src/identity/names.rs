//! The names of people, as a provider, a proxy or an operator gives them: they stand in the audit and on
//! pages, where a name must look like what it is.

/// A longer name is none.
const MAX_CHARACTERS: usize = 200;

/// Whether a text can be somebody's name: not empty, not long, and no character in it that controls, hides
/// or turns round what stands beside it.
pub(super) fn is_name(name: &str) -> bool {
    !name.trim().is_empty()
        && name.chars().count() <= MAX_CHARACTERS
        && !name.chars().any(|letter| letter.is_control() || is_invisible(letter))
}

/// The format characters of Unicode (category Cf) and the separators of lines and paragraphs.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn a_name_shows_what_it_is() {
        for name in ["ada@example.org", "Zoë de Boer", "O'Brien, Pat", "山田太郎"] {
            assert!(is_name(name), "{name}");
        }
        let long = "a".repeat(201);
        for name in ["", "  ", "a\nb", "a\u{0}", "\u{202e}ada", "ad\u{200b}a", "a\u{2029}b", &long] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
