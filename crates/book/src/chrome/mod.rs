//! What is around the text of a page: mdBook's bar and sidebar, adapted to the dashboard that serves the book.

use anyhow::ensure;

/// The dashboard's choice between light and dark becomes the book's.
const THEME: &str = include_str!("theme.js");
/// The sidebar's button is a button.
const SIDEBAR: &str = include_str!("sidebar.js");

const SIDEBAR_LABEL: &str =
    "<label id=\"mdbook-sidebar-toggle\" class=\"icon-button\" for=\"mdbook-sidebar-toggle-anchor\"";
const BAR: &str = "<div id=\"mdbook-menu-bar\" class=\"menu-bar sticky\">\n                    <div class=\"left-buttons\">";
const TITLE: &str = "<h1 class=\"menu-title\">Gridspark</h1>";
const BEFORE_THEME: &str = "<!-- Set the theme before any content is loaded, prevents flash -->";
const THEME_BUTTON: &str = "<button id=\"mdbook-theme-toggle\"";
const THEME_LIST: &str = "<ul id=\"mdbook-theme-list\"";

/// mdBook's words and the Dutch ones.
const DUTCH: [(&str, &str); 16] = [
    ("Toggle Table of Contents", "Inhoudsopgave tonen of verbergen"),
    ("aria-label=\"Table of contents\"", "aria-label=\"Inhoudsopgave\""),
    ("Search (`/`)", "Zoeken (`/`)"),
    ("Toggle Searchbar", "Zoekveld tonen of verbergen"),
    ("Search this book ...", "Zoeken in het handboek …"),
    ("Keyboard shortcuts", "Sneltoetsen"),
    (
        "Press <kbd>←</kbd> or <kbd>→</kbd> to navigate between chapters",
        "<kbd>←</kbd> en <kbd>→</kbd>: vorig en volgend hoofdstuk",
    ),
    (
        "Press <kbd>S</kbd> or <kbd>/</kbd> to search in the book",
        "<kbd>S</kbd> of <kbd>/</kbd>: zoeken in het handboek",
    ),
    ("Press <kbd>?</kbd> to show this help", "<kbd>?</kbd>: deze hulp tonen"),
    ("Press <kbd>Esc</kbd> to hide this help", "<kbd>Esc</kbd>: deze hulp sluiten"),
    ("aria-label=\"Page navigation\"", "aria-label=\"Vorige en volgende pagina\""),
    ("Previous chapter", "Vorig hoofdstuk"),
    ("Next chapter", "Volgend hoofdstuk"),
    (
        "Which transformers will overload, when, and how sure: the handbook for planners and operators",
        "Welke transformatoren raken overbelast, wanneer en hoe zeker: het handboek",
    ),
    ("Click to show hidden lines", "Verborgen regels tonen"),
    ("Change theme", "Weergave"),
];

/// A page with a way back to the dashboard, in its light or dark, and with what assistive technology needs.
/// `to_root` leads from the page to the book's first folder.
///
/// # Errors
/// If mdBook's template is not the one that this was written for.
pub(crate) fn adapted(page: &str, to_root: &str, is_dutch: bool) -> anyhow::Result<String> {
    // A page that only redirects has no bar.
    if !page.contains("id=\"mdbook-menu-bar\"") {
        return Ok(page.to_owned());
    }
    for known in [SIDEBAR_LABEL, BAR, TITLE, BEFORE_THEME, THEME_BUTTON, THEME_LIST] {
        ensure!(page.contains(known), "mdBook's pages have changed: there is no {known}");
    }
    let back = if is_dutch { "Naar de transformatoren" } else { "To the transformers" };
    let bar = BAR.replace("<div id=\"mdbook-menu-bar\"", "<div id=\"mdbook-menu-bar\" role=\"banner\"");
    let bar = format!("{bar}\n<a class=\"way-back\" href=\"{to_root}../\">← {back}</a>");
    let (before, rest) = page.split_once(SIDEBAR_LABEL).unwrap_or_default();
    let (label, after) = rest.split_once("</label>").unwrap_or_default();
    let button =
        format!("<button type=\"button\" id=\"mdbook-sidebar-toggle\" class=\"icon-button\"{label}</button>");
    let page = format!("{before}{button}{after}")
        .replace(BAR, &bar)
        .replace(TITLE, "<p class=\"menu-title\">Gridspark</p>")
        .replace(BEFORE_THEME, &format!("<script>{THEME}</script>"))
        .replace(THEME_BUTTON, &format!("{THEME_BUTTON} hidden"))
        .replace(THEME_LIST, &format!("{THEME_LIST} hidden"))
        .replace(
            "aria-describedby=\"searchresults-header\"",
            "aria-describedby=\"mdbook-searchresults-header\"",
        )
        .replacen("</body>", &format!("<script>{SIDEBAR}</script></body>"), 1);
    if !is_dutch {
        return Ok(page);
    }
    Ok(DUTCH.iter().fold(page, |page, (english, dutch)| page.replace(english, dutch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> String {
        format!(
            "<body>{BEFORE_THEME}{BAR}{SIDEBAR_LABEL} title=\"Toggle Table of Contents\">=</label>{THEME_BUTTON}>\
             </button>{THEME_LIST}></ul>{TITLE}</body>"
        )
    }

    #[test]
    fn a_page_leads_back_and_its_sidebar_has_a_button() {
        let page = adapted(&page(), "../", false).unwrap();
        assert!(page.contains("href=\"../../\">← To the transformers</a>"), "{page}");
        assert!(page.contains("title=\"Toggle Table of Contents\">=</button>") && !page.contains("<label"));
        assert!(!page.contains("<h1") && page.contains("gridspark-theme"));
    }

    #[test]
    fn a_dutch_page_is_dutch_all_around() {
        let page = adapted(&page(), "", true).unwrap();
        assert!(page.contains("← Naar de transformatoren") && page.contains("Inhoudsopgave tonen"), "{page}");
        assert!(!page.contains("Toggle"));
    }

    #[test]
    fn another_template_is_an_error() {
        assert!(adapted("<div id=\"mdbook-menu-bar\">", "", false).is_err());
        assert_eq!(adapted("<p>moved</p>", "", false).unwrap(), "<p>moved</p>");
    }
}
