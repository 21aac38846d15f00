//! The table of contents in the sidebar: mdBook makes one for the book; each language gets its own.

use anyhow::Context as _;

const PART: &str = "<li class=\"chapter-item expanded \"><li class=\"part-title\">";
const DUTCH_PART: &str = "Voor planners</li></li>";
const LIST: &str = "<ol class=\"chapter\">";
/// How the assignment of the list ends.
const END: &str = "</ol>';";
/// What an English page says of the Dutch ones, and the reverse.
const TO_DUTCH: &str = "<li class=\"chapter-item expanded \"><span class=\"chapter-link-wrapper\">\
    <a href=\"nl/index.html\" lang=\"nl\" hreflang=\"nl\">Voor planners (Nederlands)</a></span></li>";
const TO_ENGLISH: &str = "<li class=\"chapter-item expanded \"><span class=\"chapter-link-wrapper\">\
    <a href=\"index.html\" hreflang=\"en\">Voor beheerders (Engels)</a></span></li>";

/// The script that fills the sidebar, for English pages and for Dutch ones.
///
/// # Errors
/// If the script is not the one that this was written for.
pub(crate) fn by_language(script: &str) -> anyhow::Result<[String; 2]> {
    let changed = || "mdBook's table of contents has changed";
    let (head, rest) = script.split_once(LIST).with_context(changed)?;
    let (list, tail) = rest.split_once(END).with_context(changed)?;
    let dutch = list.find(&format!("{PART}{DUTCH_PART}")).with_context(changed)?;
    let end = list[dutch + 1..].find(PART).map_or(list.len(), |more| dutch + 1 + more);
    let chapters = list[dutch..end].split_once(DUTCH_PART).with_context(changed)?.1;
    let with = |list: &str| format!("{head}{LIST}{list}{END}{tail}");
    let english = format!("{}{TO_DUTCH}{}", &list[..dutch], &list[end..]);
    Ok([with(&english), with(&format!("{chapters}{TO_ENGLISH}"))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_chapters() {
        let script = format!(
            "this.innerHTML = '{LIST}<li>Start</li>{PART}For planners</li></li><li>List</li>{PART}{DUTCH_PART}<li>Lijst</li>\
             {PART}Reference</li></li><li>SQL</li>{END} more"
        );
        let [english, dutch] = by_language(&script).unwrap();
        assert!(
            english.contains("List") && english.contains("SQL") && !english.contains("Lijst"),
            "{english}"
        );
        assert!(dutch.contains("Lijst") && dutch.contains("Engels"), "{dutch}");
        assert!(!dutch.contains("SQL") && !dutch.contains("Start") && dutch.ends_with(" more"), "{dutch}");
    }
}
