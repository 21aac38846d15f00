//! What is new since the run of an earlier week.

use domain::actions::Action;
use domain::language::Language;
use domain::ranking::Change;
use domain::this_week::{FirstOverloads, NowAndBefore};
use model::IsoWeek;

use super::Words;

/// The fixed texts of one language.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct ThisWeekWords {
    /// Heading.
    pub(crate) title: &'static str,
    /// Where no earlier run is known.
    pub(crate) nothing_earlier: &'static str,
    /// Column.
    pub(crate) now: &'static str,
    /// Column.
    pub(crate) difference: &'static str,
    /// Heading of what changed of single boxes, and label of the filter.
    pub(crate) changed: &'static str,
    /// The filter without a choice.
    pub(crate) any_change: &'static str,
    /// Heading of what was recorded and asks for something.
    pub(crate) to_follow: &'static str,
    /// Heading of the chart.
    pub(crate) first_overloads: &'static str,
    /// Where no box is in that class.
    pub(crate) no_overloads: &'static str,
    /// Heading.
    pub(crate) recorded: &'static str,
    /// Where nothing was.
    pub(crate) nothing_recorded: &'static str,
    /// Column of the areas: the share of transformers that are measured.
    pub(crate) measured: &'static str,
}

const ENGLISH: ThisWeekWords = ThisWeekWords {
    title: "This week",
    nothing_earlier: "From the forecast of a second week on, this says what has changed.",
    now: "Now",
    difference: "Change",
    changed: "Changed since the forecast before",
    any_change: "Changed or not",
    to_follow: "To follow up",
    first_overloads: "First overloads by week",
    no_overloads: "No transformer has an overload risk.",
    recorded: "Recorded in the last 7 days",
    nothing_recorded: "Nothing was recorded.",
    measured: "Measured",
};

const DUTCH: ThisWeekWords = ThisWeekWords {
    title: "Deze week",
    nothing_earlier: "Vanaf de verwachting van een tweede week staat hier wat er veranderd is.",
    now: "Nu",
    difference: "Verschil",
    changed: "Veranderd sinds de vorige verwachting",
    any_change: "Veranderd of niet",
    to_follow: "Op te volgen",
    first_overloads: "Eerste overbelasting per week",
    no_overloads: "Geen enkele transformator heeft een risico op overbelasting.",
    recorded: "Vastgelegd in de laatste 7 dagen",
    nothing_recorded: "Er is niets vastgelegd.",
    measured: "Gemeten",
};

impl Words {
    /// The fixed texts.
    pub(crate) fn this_week(&self) -> &'static ThisWeekWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// The name of a change.
    pub(crate) fn change(&self, change: Change) -> String {
        let weeks = Change::EARLIER_WEEKS;
        match (self.language, change) {
            (Language::English, Change::NewlyOverloaded) => "Newly overloaded or at risk".to_owned(),
            (Language::English, Change::Earlier) => format!("Risk at least {weeks} weeks earlier"),
            (Language::English, Change::Cleared) => "No longer overloaded or at risk".to_owned(),
            (Language::English, Change::NewlySilent) => "Newly silent".to_owned(),
            (Language::Dutch, Change::NewlyOverloaded) => "Nieuw overbelast of met risico".to_owned(),
            (Language::Dutch, Change::Earlier) => format!("Risico minstens {weeks} weken eerder"),
            (Language::Dutch, Change::Cleared) => "Niet meer overbelast of met risico".to_owned(),
            (Language::Dutch, Change::NewlySilent) => "Meldt sinds kort niets meer".to_owned(),
        }
    }

    /// Which forecast is compared with.
    pub(crate) fn compared_with(&self, week: IsoWeek) -> String {
        let week = self.week(week);
        match self.language {
            Language::English => format!("Compared with the forecast of {week}."),
            Language::Dutch => format!("Vergeleken met de verwachting van {week}."),
        }
    }

    /// How much a count differs: `+3`, `−2`, `0`; nothing where nothing is compared with.
    pub(crate) fn difference(&self, count: NowAndBefore) -> String {
        let Some(before) = count.before else { return String::new() };
        let sign = if count.now > before { "+" } else { "" };
        format!("{sign}{}", self.number(f64::from(count.now) - f64::from(before), 0))
    }

    /// The sentence of the chart.
    pub(crate) fn first_overloads_summary(&self, weeks: &[FirstOverloads]) -> String {
        let sum = |of: fn(&FirstOverloads) -> u32| self.count(weeks.iter().map(of).sum());
        let (import, feed_in) = (sum(|week| week.import), sum(|week| week.feed_in));
        let span = weeks.first().zip(weeks.last()).map(|(first, last)| self.span(first.week, last.week));
        let span = span.unwrap_or_default();
        match self.language {
            Language::English => format!(
                "The likeliest week of the first overload of each transformer with an overload risk, {span}: {import} by \
                 import, {feed_in} by feed-in."
            ),
            Language::Dutch => format!(
                "De waarschijnlijkste week van de eerste overbelasting van elke transformator met een risico, {span}: {import} \
                 door afname, {feed_in} door teruglevering."
            ),
        }
    }

    /// After a direction: the highest count of a week.
    pub(crate) fn at_most_a_week(&self, most: u32) -> String {
        let most = self.count(most);
        match self.language {
            Language::English => format!(": at most {most} a week"),
            Language::Dutch => format!(": hooguit {most} per week"),
        }
    }

    /// What a column of the chart says.
    pub(crate) fn first_overloads_of(&self, week: &FirstOverloads) -> String {
        let labels = self.more_filters();
        let (import, feed_in) = (self.count(week.import), self.count(week.feed_in));
        format!("{}: {import} {}, {feed_in} {}", self.week(week.week), labels.import, labels.feed_in)
            .to_lowercase()
    }

    /// How many more were recorded than are named.
    pub(crate) fn more_recorded(&self, more: u32) -> String {
        let more = self.count(more);
        match self.language {
            Language::English => format!("and {more} more"),
            Language::Dutch => format!("en nog {more}"),
        }
    }

    /// A recorded action, without its box: when, who and what.
    pub(crate) fn recorded_lately(&self, action: &Action) -> String {
        let change = &action.change;
        let day = change.day().map(|day| format!(" {}", self.short_day(day))).unwrap_or_default();
        let (at, person) = (self.short_day_of(action.at), self.person(&action.person));
        format!("{}{day}, {person}, {at}", self.action_status(change.status()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_its_sign() {
        let words = Words::of(Language::English);
        let said = |now, before| words.difference(NowAndBefore { now, before });
        assert_eq!([said(12, Some(10)), said(1, Some(3)), said(4, Some(4))], ["+2", "−2", "0"]);
        assert_eq!(said(12, None), "");
    }

    #[test]
    fn the_chart_says_how_many_by_which_direction() {
        let week = |after, import, feed_in| FirstOverloads {
            week: IsoWeek::from_index(2_961 + after),
            import,
            feed_in,
        };
        let said = Words::of(Language::Dutch).first_overloads_summary(&[week(0, 3, 0), week(1, 1, 2)]);
        assert!(said.ends_with("4 door afname, 2 door teruglevering."), "{said}");
        let column = Words::of(Language::English).first_overloads_of(&week(0, 3, 1));
        assert!(column.ends_with(": 3 import, 1 feed-in"), "{column}");
    }
}
