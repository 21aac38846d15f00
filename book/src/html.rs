//! A minimal HTML scanner for the anchors and links of a page.

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    attributes: Vec<(&'a str, String)>,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// The opening tags of a page in order, skipping comments and the content of scripts.
pub(crate) fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(place) = rest.find('<') {
        rest = &rest[place + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let tag;
        (tag, rest) = read_tag(rest);
        if tag.name == "script" {
            rest = rest.find("</script").map_or("", |end| &rest[end..]);
        }
        tags.push(tag);
    }
    tags
}

fn read_tag(text: &str) -> (Tag<'_>, &str) {
    let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '>' | '/' | '=');
    let (name, mut rest) = text.split_at(text.find(is_end).unwrap_or(text.len()));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        if rest.is_empty() {
            break;
        }
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        let end = rest.find(is_end).filter(|end| *end > 0).unwrap_or(1.min(rest.len()));
        let key;
        (key, rest) = rest.split_at(end);
        let mut value = "";
        if let Some(given) = rest.strip_prefix('=') {
            let quote = given.chars().next().filter(|first| matches!(first, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => given[1..].split_once(quote).unwrap_or((&given[1..], "")),
                None => given.split_at(given.find(is_end).unwrap_or(given.len())),
            };
        }
        attributes.push((key, unescape(value)));
    }
    (Tag { name, attributes }, rest)
}

fn unescape(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_with_their_attributes_and_scripts_are_skipped() {
        let page = "<!-- <a href='no'> --><h2 id=\"a&amp;b\">x < y</h2><script>'<a href=\"no\">'</script><img src=c.png alt='' />";
        let found = tags(page);
        let names: Vec<_> = found.iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["h2", "script", "img"]);
        assert_eq!(found[0].attribute("id"), Some("a&b"));
        assert_eq!((found[2].attribute("src"), found[2].attribute("alt")), (Some("c.png"), Some("")));
    }
}
