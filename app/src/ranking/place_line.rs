//! Names and addresses in a narrow cell: house numbers are never cut.

use leptos::prelude::*;

use crate::erased_view::IntoErased as _;

/// A street and the number behind it: everything from the first word that begins with a digit, but not the first word.
fn parts(text: &str) -> (&str, &str) {
    let starts = text.char_indices().filter(|(at, _)| text[..*at].ends_with(' '));
    match starts.into_iter().find(|(_, letter)| letter.is_ascii_digit()) {
        Some((at, _)) => text.split_at(at),
        None => (text, ""),
    }
}

/// A line of text whose words give way to its number.
#[component]
pub(super) fn PlaceLine(
    /// A station's name, or street and number.
    text: String,
    /// What follows, and is cut first.
    #[prop(optional, into)]
    town: String,
    /// Whether it is the second line of its cell.
    #[prop(optional)]
    muted: bool,
) -> impl IntoView {
    let (street, number) = parts(&text);
    let comma = if number.is_empty() || town.is_empty() { "" } else { "," };
    let number = format!("{number}{comma}");
    let town = match (text.is_empty(), town.is_empty()) {
        (_, true) => String::new(),
        (true, _) => town,
        (false, _) if comma.is_empty() => format!(", {town}"),
        (false, _) => format!(" {town}"),
    };
    // The server would draw an empty text as a space, which has a width.
    let part = |class, text: String| (!text.is_empty()).then(|| view! { <span class=class>{text}</span> });
    view! {
        <span class=if muted { "line street-line muted" } else { "line street-line" }>
            {part("gives-way", street.to_owned())}
            {part("stays", number)}
            {part("gives-way town", town)}
        </span>
    }
    .into_erased()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn the_number_begins_at_the_first_digit_after_a_word() {
        for (text, street, number) in [
            ("Dorpsstraat 12", "Dorpsstraat ", "12"),
            ("Prins Bernhardlaan 12-14 bis", "Prins Bernhardlaan ", "12-14 bis"),
            ("Plein 1944 3", "Plein ", "1944 3"),
            ("2e Kruisweg 7a", "2e Kruisweg ", "7a"),
            ("Molenwijk", "Molenwijk", ""),
            ("", "", ""),
            ("Station <7>", "Station <7>", ""),
        ] {
            assert_eq!(parts(text), (street, number));
        }
    }
}
