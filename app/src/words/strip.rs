//! The strip of weeks, each with its chance of an overload.

use domain::language::Language;
use model::IsoWeek;

use super::Words;
use super::outlook::WORTH_FIGURES;

impl Words {
    /// What the strip of weeks shows.
    pub(crate) fn strip_title(&self) -> &'static str {
        match self.language {
            Language::English => "Chance of an overload, week by week",
            Language::Dutch => "Kans op overbelasting per week",
        }
    }

    /// The strip in one sentence: the highest chance of the weeks that are judged, and a higher one among the indicative ones.
    pub(crate) fn strip_summary(
        &self,
        (week, chance): (IsoWeek, f64),
        indicative: Option<(IsoWeek, f64)>,
        (from, to): (IsoWeek, IsoWeek),
    ) -> String {
        let (title, week, chance) = (self.strip_title(), self.week(week), self.probability(chance));
        let (from, to) = (self.week(from), self.week(to));
        let indicative = indicative.filter(|(_, chance)| *chance >= WORTH_FIGURES);
        let later = indicative.map(|(week, chance)| (self.week(week), self.probability(chance)));
        match (self.language, later) {
            (Language::English, None) => {
                format!("{title}, from {from} to {to}; the highest is {chance} in {week}.")
            }
            (Language::English, Some((later, higher))) => format!(
                "{title}, from {from} to {to}; the highest of the half-year is {chance} in {week}, and indicatively {higher} \
                 in {later}."
            ),
            (Language::Dutch, None) => {
                format!("{title}, van {from} tot en met {to}; de hoogste is {chance} in {week}.")
            }
            (Language::Dutch, Some((later, higher))) => format!(
                "{title}, van {from} tot en met {to}; de hoogste van het halfjaar is {chance} in {week}, en indicatief \
                 {higher} in {later}."
            ),
        }
    }

    /// In place of bars that are too low to be seen.
    pub(crate) fn strip_is_low(&self) -> &'static str {
        match self.language {
            Language::English => "below 1% in every week",
            Language::Dutch => "minder dan 1% in elke week",
        }
    }

    /// One week of the strip: its chance, and that of an overload up to it.
    pub(crate) fn strip_week(&self, week: IsoWeek, chance: f64, so_far: f64) -> String {
        let (week, chance, so_far) = (self.week(week), self.probability(chance), self.probability(so_far));
        match self.language {
            Language::English => format!("{week}: {chance}; at least one up to then: {so_far}"),
            Language::Dutch => format!("{week}: {chance}; minstens één tot en met die week: {so_far}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(year: i32, number: u32) -> IsoWeek {
        IsoWeek::from_year_and_number(year, number).unwrap()
    }

    #[test]
    fn the_strip_names_an_indicative_week_as_such() {
        let words = Words::of(Language::English);
        let ends = (week(2026, 48), week(2027, 47));
        let said = |later| words.strip_summary((week(2027, 3), 0.31), later, ends).replace('\u{a0}', " ");
        assert!(said(Some((week(2027, 25), 0.59))).ends_with(
            "the highest of the half-year is 31% in week 3, 2027, and indicatively 59% in week 25, 2027."
        ));
        assert!(said(None).ends_with("the highest is 31% in week 3, 2027."));
    }
}
