//! The flags of a box.

use leptos::prelude::*;
use model::Flag;

use crate::words::use_words;

/// Each flag with its meaning and what can be done; nothing where there is none.
#[component]
pub(super) fn FlagList(
    /// The flags.
    flags: Vec<Flag>,
) -> impl IntoView {
    let words = use_words();
    (!flags.is_empty()).then(|| {
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
        view! {
            <section class="flags" aria-label=words.flags>
                <ul>{flags.into_iter().map(item).collect_view()}</ul>
            </section>
        }
    })
}
