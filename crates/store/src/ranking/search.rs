//! What a search looks through, without case, accents and apostrophes.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Towns that go by two names; who searches one finds the other.
const TOWNS: [(&str, &str); 2] = [("s-hertogenbosch", "den bosch"), ("s-gravenhage", "den haag")];

/// A text in lower case, without accents and apostrophes.
pub(super) fn folded(text: &str) -> String {
    text.nfd()
        .filter(|&character| !is_combining_mark(character) && !matches!(character, '\'' | '\u{2019}' | '`'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The texts of a box as one searchable text: the other name of its town, and its postcode with and without a space.
pub(super) fn searchable<'a>(texts: impl IntoIterator<Item = &'a str>, postcode: &str) -> String {
    let mut all = texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    let compact: String = postcode.split_whitespace().collect();
    all.push(' ');
    all.push_str(postcode);
    if compact != postcode {
        all.push(' ');
        all.push_str(&compact);
    }
    let mut folded = folded(&all);
    for (official, colloquial) in TOWNS {
        let (has_official, has_colloquial) = (folded.contains(official), folded.contains(colloquial));
        if has_official != has_colloquial {
            folded.push(' ');
            folded.push_str(if has_official { colloquial } else { official });
        }
    }
    folded
}

/// The words of a search, each to be found anywhere.
pub(super) fn words(search: &str) -> Vec<String> {
    folded(search).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(search: &str, text: &str) -> bool {
        words(search).iter().all(|word| text.contains(word.as_str()))
    }

    #[test]
    fn accents_case_apostrophes_and_order_do_not_matter() {
        let text = searchable(["ESD.000240-2", "Café België", "'s-Hertogenbosch"], "5211 AB");
        for search in [
            "cafe belgie",
            "BELGIË café",
            "'s-hertogenbosch",
            "s-Hertogenbosch",
            "den bosch",
            "5211AB",
            "5211 ab",
            "esd.000240",
        ] {
            assert!(finds(search, &text), "{search}");
        }
        assert!(!finds("den haag", &text));
        assert!(finds("'s-gravenhage", &searchable(["Den Haag"], "")));
    }
}
