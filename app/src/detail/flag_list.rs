//! The notes on the data of a box.

use leptos::prelude::*;
use model::Flag;

use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The notes as one line that opens; nothing where there is none.
#[component]
pub(super) fn NoteLine(
    /// The flags.
    flags: Vec<Flag>,
    /// Whether it is open at first: where there is nothing else to say why.
    open: bool,
) -> impl IntoView {
    let words = use_words();
    let flags = without_repeats(flags);
    (!flags.is_empty())
        .then(|| {
            let names: Vec<&str> = flags.iter().map(|flag| words.flag(*flag).name).collect();
            let names = names.join(" · ");
            view! {
                <section class="flags" aria-label=words.flags>
                    <details class="note-line" open=open>
                        <summary>
                            <strong>{words.notes(flags.len())}</strong>
                            <span class="note-names">{names}</span>
                        </summary>
                        <FlagList flags />
                    </details>
                </section>
            }
        })
        .into_erased()
}

/// Each note with its meaning and what can be done.
#[component]
pub(super) fn FlagList(
    /// The flags, each once.
    flags: Vec<Flag>,
) -> impl IntoView {
    let words = use_words();
    let item = |flag: Flag| {
        let text = words.flag(flag);
        view! {
            <li data-flag=flag.as_str()>
                <strong>{text.name}</strong>
                <span>{text.meaning}</span>
                <span class="remedy">{text.remedy}</span>
            </li>
        }
    };
    view! { <ul class="flag-list">{flags.into_iter().map(item).collect_view()}</ul> }.into_erased()
}

/// The flags without those that say what another one says: a season that is borrowed is borrowed because the history is
/// short, and a box without readings has sent nothing lately either.
pub(super) fn without_repeats(flags: Vec<Flag>) -> Vec<Flag> {
    let says = |flag| flags.contains(&flag);
    let repeats = |flag: &Flag| match flag {
        Flag::TooShort => says(Flag::FromPopulation),
        Flag::Silent => says(Flag::Outdated),
        _ => false,
    };
    flags.iter().copied().filter(|flag| !repeats(flag)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_history_is_noted_once() {
        let flags = vec![Flag::TooShort, Flag::Silent, Flag::FromPopulation];
        assert_eq!(without_repeats(flags), [Flag::Silent, Flag::FromPopulation]);
        assert_eq!(without_repeats(vec![Flag::TooShort]), [Flag::TooShort]);
        assert_eq!(without_repeats(vec![Flag::Silent, Flag::Outdated]), [Flag::Outdated]);
    }
}
