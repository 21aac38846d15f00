//! The verdict: what the forecast says of a transformer, each sentence of one event.

use domain::language::Language;
use domain::outlook::{LeftOut, Outlook, WeekRange};
use domain::urgency::Urgency;
use model::{Extreme, IsoWeek, OverloadFigures, RankedOverload, Risk};

use super::Words;

impl Words {
    /// The name of an extreme in the middle of a sentence.
    pub(crate) fn extreme(&self, extreme: Extreme) -> &'static str {
        match extreme {
            Extreme::Min => "minimum",
            Extreme::Max => "maximum",
        }
    }

    /// What the verdict comes to, without figures.
    pub(crate) fn outlook_lead(&self, chance: f64, urgency: Urgency) -> &'static str {
        let [ample, small, some, possibly, probably, certainly] = match self.language {
            Language::English => [
                "Ample room",
                "Small chance of an overload",
                "Some chance of an overload",
                "Possibly overloaded",
                "Probably overloaded",
                "Almost certainly overloaded",
            ],
            Language::Dutch => [
                "Ruim voldoende capaciteit",
                "Kleine kans op overbelasting",
                "Enige kans op overbelasting",
                "Mogelijk overbelast",
                "Waarschijnlijk overbelast",
                "Vrijwel zeker overbelast",
            ],
        };
        match chance {
            p if p >= 0.95 => certainly,
            p if p >= 0.6 => probably,
            p if p >= 0.3 => possibly,
            p if p >= 0.1 => some,
            _ if urgency == Urgency::Ample => ample,
            _ => small,
        }
    }

    /// The verdict's title: the chance of an overload by either direction, and the span it is of.
    pub(crate) fn outlook_heading(&self, outlook: &Outlook, urgency: Urgency) -> String {
        let chance = outlook.ranked.both.probability;
        let (lead, percent) = (self.outlook_lead(chance, urgency), self.probability(chance));
        let until = self.week(outlook.ranked.until);
        match (self.language, urgency) {
            (Language::English, Urgency::Ample) => {
                format!("{lead} up to {until}: {percent} chance of an overload")
            }
            (Language::Dutch, Urgency::Ample) => {
                format!("{lead} tot en met {until}: {percent} kans op overbelasting")
            }
            (Language::English, _) => format!("{lead} up to {until}: {percent}"),
            (Language::Dutch, _) => format!("{lead} tot en met {until}: {percent}"),
        }
    }

    /// The name of a direction at the start of a sentence.
    pub(crate) fn direction(&self, extreme: Extreme) -> &'static str {
        match (self.language, extreme) {
            (Language::English, Extreme::Max) => "Import",
            (Language::English, Extreme::Min) => "Feed-in",
            (Language::Dutch, Extreme::Max) => "Afname",
            (Language::Dutch, Extreme::Min) => "Teruglevering",
        }
    }

    /// One direction: its chance and, where that is worth it, when, where most, how often and by how much.
    pub(crate) fn direction_outlook(&self, found: &OverloadFigures, risk: Risk) -> String {
        let chance = self.probability(found.probability);
        let mut parts = vec![match self.language {
            Language::English => format!("{chance} chance of an overload"),
            Language::Dutch => format!("{chance} kans op overbelasting"),
        }];
        if found.probability >= WORTH_FIGURES {
            parts.extend(found.likeliest_first_week.map(|week| self.first_weeks(week, found, risk)));
            parts.push(self.heaviest_week(found));
            parts.push(self.weeks_above(found, risk));
        }
        format!("{}.", parts.join(". "))
    }

    fn first_weeks(&self, likeliest: IsoWeek, found: &OverloadFigures, risk: Risk) -> String {
        let early = found.early_first_week;
        let is_same = early == Some(likeliest);
        let (likeliest, risk) = (self.week(likeliest), self.risk(risk));
        match (self.language, early.map(|week| self.week(week))) {
            (Language::English, Some(_)) if is_same => {
                format!("The first one is likeliest in {likeliest}, when its chance has passed {risk}")
            }
            (Language::Dutch, Some(_)) if is_same => {
                format!("De eerste is het waarschijnlijkst in {likeliest}; de kans is dan al meer dan {risk}")
            }
            (Language::English, None) => format!("The first one is likeliest in {likeliest}"),
            (Language::English, Some(early)) => {
                format!("The first one is likeliest in {likeliest}; by {early} its chance has passed {risk}")
            }
            (Language::Dutch, None) => format!("De eerste is het waarschijnlijkst in {likeliest}"),
            (Language::Dutch, Some(early)) => {
                format!(
                    "De eerste is het waarschijnlijkst in {likeliest}; in {early} is de kans al meer dan {risk}"
                )
            }
        }
    }

    /// What both directions come to together, where neither reaches the risk alone; nothing where one does.
    pub(crate) fn either_direction(&self, ranked: &RankedOverload) -> Option<String> {
        let alone = [&ranked.minimum, &ranked.maximum].map(|found| found.early_first_week);
        let early = ranked.both.early_first_week.filter(|_| alone == [None, None])?;
        let (chance, early) = (self.probability(ranked.both.probability), self.week(early));
        let risk = self.risk(ranked.risk);
        Some(match self.language {
            Language::English => format!(
                "{chance} chance of an overload. By {early} it has passed {risk}, which neither direction does alone: so no \
                 shortfall in kW is given."
            ),
            Language::Dutch => format!(
                "{chance} kans op overbelasting. In {early} is die al meer dan {risk}, wat geen van beide richtingen alleen \
                 haalt: daarom staat er geen tekort in kW."
            ),
        })
    }

    /// The name of both directions together at the start of a sentence.
    pub(crate) fn either(&self) -> &'static str {
        match self.language {
            Language::English => "Together",
            Language::Dutch => "Samen",
        }
    }

    fn heaviest_week(&self, found: &OverloadFigures) -> String {
        let (week, chance) =
            (self.week(found.heaviest_week), self.probability(found.heaviest_week_probability));
        match self.language {
            Language::English => format!("The heaviest week is {week}, with a chance of {chance}"),
            Language::Dutch => format!("De zwaarste week is {week}, met een kans van {chance}"),
        }
    }

    fn weeks_above(&self, found: &OverloadFigures, risk: Risk) -> String {
        let weeks = match found.expected_weeks {
            weeks if weeks < 0.05 => format!("<\u{202f}{}", self.number(0.1, 1)),
            weeks => self.number(weeks, 1),
        };
        let short = found.shortfall_kw.map(|kw| (self.kw(kw), self.risk(risk)));
        match (self.language, short) {
            (Language::English, None) => format!("On average {weeks} weeks lie above the limit"),
            (Language::English, Some((kw, risk))) => {
                format!("On average {weeks} weeks lie above the limit; at a risk of {risk} it is {kw} short")
            }
            (Language::Dutch, None) => format!("Gemiddeld liggen {weeks} weken boven de grens"),
            (Language::Dutch, Some((kw, risk))) => {
                format!(
                    "Gemiddeld liggen {weeks} weken boven de grens; bij een risico van {risk} is er {kw} tekort"
                )
            }
        }
    }

    /// A risk in words: `1 in 10`, or in percent where that is no whole number.
    pub(crate) fn risk(&self, risk: Risk) -> String {
        let one_in = 1.0 / risk.probability();
        if (one_in - one_in.round()).abs() > 1e-9 * one_in {
            return self.chance_bound(risk.probability());
        }
        let among = match self.language {
            Language::English => "in",
            Language::Dutch => "op de",
        };
        format!("1 {among} {}", self.number(one_in, 0))
    }

    /// Where the extreme of a week lies, beside its limit.
    pub(crate) fn week_range(&self, range: &WeekRange) -> String {
        let week = self.week(range.week);
        let (low, high) = (self.kw_value(range.low_kw), self.kw(range.high_kw));
        let (extreme, limit) = (self.extreme(range.extreme), self.kw(range.limit_kw));
        match self.language {
            Language::English => format!(
                "In {week} the {extreme} lies between {low} and {high} with 9 chances in 10; the limit is {limit}."
            ),
            Language::Dutch => format!(
                "In {week} ligt het {extreme} met een kans van 9 op de 10 tussen {low} en {high}; de grens is {limit}."
            ),
        }
    }

    /// How often such bands held what came.
    pub(crate) fn measured_coverage(&self, share: f64) -> String {
        let share = self.number(100.0 * share, 0);
        match self.language {
            Language::English => format!("In the backtest such ranges held {share} of 100 weeks."),
            Language::Dutch => {
                format!("In de backtest vielen {share} van de 100 weken binnen zulke banden.")
            }
        }
    }

    /// What the half-year leaves out of the year.
    pub(crate) fn left_out_of_year(&self, found: &LeftOut, until: IsoWeek) -> String {
        let (season, kw) = (self.season(found.week), self.kw(found.kw));
        let (week, until) = (self.week(found.week), self.week(until));
        let mut text = match self.language {
            Language::English => {
                format!("This goes up to {until}: the {season}, with {kw} in {week}, lies beyond.")
            }
            Language::Dutch => {
                format!("Dit gaat tot en met {until}: de {season}, met {kw} in {week}, valt erbuiten.")
            }
        };
        if let Some(indicative) = found.indicative {
            text.push(' ');
            text.push_str(&self.indicative_chance(indicative));
        }
        text
    }

    /// That the chance rises after the half-year.
    pub(crate) fn rises_later(&self, later: (f64, IsoWeek), until: IsoWeek) -> String {
        let until = self.week(until);
        let span = match self.language {
            Language::English => format!("This goes up to {until}."),
            Language::Dutch => format!("Dit gaat tot en met {until}."),
        };
        format!("{span} {}", self.indicative_chance(later))
    }

    fn indicative_chance(&self, (chance, last): (f64, IsoWeek)) -> String {
        let (chance, last) = (self.probability(chance), self.week(last));
        match self.language {
            Language::English => format!("Indicatively, the chance up to {last} is {chance}."),
            Language::Dutch => format!("Indicatief is de kans tot en met {last} {chance}."),
        }
    }

    /// The season of a week, by the meteorological quarters.
    fn season(&self, week: IsoWeek) -> &'static str {
        let [winter, spring, summer, autumn] = match self.language {
            Language::English => ["winter", "spring", "summer", "autumn"],
            Language::Dutch => ["winter", "lente", "zomer", "herfst"],
        };
        match week.number() {
            10..=22 => spring,
            23..=35 => summer,
            36..=48 => autumn,
            _ => winter,
        }
    }
}

/// From this chance of an overload on, its week, weeks and kilowatts are given.
pub(super) const WORTH_FIGURES: f64 = 0.01;

#[cfg(test)]
mod tests {
    use super::*;

    fn week(year: i32, number: u32) -> IsoWeek {
        IsoWeek::from_year_and_number(year, number).unwrap()
    }

    fn figures(probability: f64) -> OverloadFigures {
        OverloadFigures {
            probability,
            likeliest_first_week: Some(week(2027, 3)),
            median_first_week: Some(week(2027, 4)),
            early_first_week: Some(week(2026, 50)),
            heaviest_week: week(2027, 5),
            heaviest_week_probability: 0.642,
            expected_weeks: 4.21,
            shortfall_kw: Some(38.2),
        }
    }

    fn outlook(chance: f64) -> Outlook {
        let quiet = OverloadFigures { shortfall_kw: None, early_first_week: None, ..figures(0.0004) };
        Outlook {
            ranked: RankedOverload {
                until: week(2027, 21),
                risk: Risk::default(),
                minimum: quiet,
                maximum: figures(chance),
                both: figures(chance),
                likeliest_first_extreme: None,
                headroom: None,
            },
            heaviest: None,
            left_out: None,
            later: None,
        }
    }

    #[test]
    fn a_chance_stands_beside_its_span() {
        let english = Words::of(Language::English);
        assert_eq!(
            english.outlook_heading(&outlook(0.91), Urgency::Overload),
            "Probably overloaded up to week\u{a0}21, 2027: 91%"
        );
        assert_eq!(
            Words::of(Language::Dutch).outlook_heading(&outlook(0.004), Urgency::Ample),
            "Ruim voldoende capaciteit tot en met week\u{a0}21, 2027: <\u{202f}1% kans op overbelasting"
        );
        // A measured overload keeps its class: the forecast's words are never those of ample room.
        let lead = english.outlook_lead(0.004, Urgency::Exceeded);
        assert_eq!(lead, "Small chance of an overload");
    }

    #[test]
    fn a_direction_is_one_sentence_of_one_event() {
        let (english, dutch) = (Words::of(Language::English), Words::of(Language::Dutch));
        let risk = Risk::default();
        assert_eq!(
            english.direction_outlook(&figures(0.91), risk).replace('\u{a0}', " "),
            "91% chance of an overload. The first one is likeliest in week 3, 2027; by week 50, 2026 its chance has \
             passed 1 in 10. The heaviest week is week 5, 2027, with a chance of 64%. On average 4.2 weeks lie above the \
             limit; at a risk of 1 in 10 it is 38.2 kW short."
        );
        assert_eq!(
            dutch.direction_outlook(&figures(0.91), risk).replace('\u{a0}', " "),
            "91% kans op overbelasting. De eerste is het waarschijnlijkst in week 3, 2027; in week 50, 2026 is de kans al \
             meer dan 1 op de 10. De zwaarste week is week 5, 2027, met een kans van 64%. Gemiddeld liggen 4,2 weken boven de \
             grens; bij een risico van 1 op de 10 is er 38,2 kW tekort."
        );
        assert_eq!(english.direction_outlook(&figures(0.0004), risk), "<\u{202f}1% chance of an overload.");
        assert_eq!(english.risk(Risk::new(0.15).unwrap()), "15%");
    }

    #[test]
    fn a_week_is_told_once_where_it_is_likeliest_and_passes_the_risk() {
        let same = OverloadFigures { early_first_week: Some(week(2027, 3)), ..figures(0.91) };
        let said =
            |language| Words::of(language).direction_outlook(&same, Risk::default()).replace('\u{a0}', " ");
        let (english, dutch) = (said(Language::English), said(Language::Dutch));
        assert!(
            english.contains("likeliest in week 3, 2027, when its chance has passed 1 in 10."),
            "{english}"
        );
        assert!(dutch.contains("in week 3, 2027; de kans is dan al meer dan 1 op de 10."), "{dutch}");
        assert_eq!((english.matches("week 3, 2027").count(), dutch.matches("week 3, 2027").count()), (1, 1));
    }

    #[test]
    fn a_risk_that_neither_direction_reaches_alone_is_told_of_both() {
        let small = OverloadFigures { early_first_week: None, shortfall_kw: None, ..figures(0.07) };
        let ranked = RankedOverload {
            minimum: small,
            maximum: small,
            both: OverloadFigures { probability: 0.11, shortfall_kw: None, ..figures(0.11) },
            ..outlook(0.5).ranked
        };
        let said = Words::of(Language::English).either_direction(&ranked).unwrap().replace('\u{a0}', " ");
        assert!(
            said.starts_with("11% chance of an overload. By week 50, 2026 it has passed 1 in 10"),
            "{said}"
        );
        let said = Words::of(Language::Dutch).either_direction(&ranked).unwrap().replace('\u{a0}', " ");
        assert!(said.contains("In week 50, 2026 is die al meer dan 1 op de 10"), "{said}");
        // One direction tells it already.
        assert_eq!(Words::of(Language::English).either_direction(&outlook(0.5).ranked), None);
    }

    #[test]
    fn what_the_half_year_leaves_out_is_named_by_its_season() {
        let found = LeftOut {
            week: week(2026, 30),
            extreme: Extreme::Min,
            kw: -358.0,
            indicative: Some((0.23, week(2027, 47))),
        };
        assert_eq!(
            Words::of(Language::English).left_out_of_year(&found, week(2027, 21)).replace('\u{a0}', " "),
            "This goes up to week 21, 2027: the summer, with −358 kW in week 30, 2026, lies beyond. Indicatively, the chance \
             up to week 47, 2027 is 23%."
        );
    }
}
