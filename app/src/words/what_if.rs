//! What a planner assumes of a transformer, and what the model answers.

use domain::language::Language;
use domain::what_if::{Assumptions, WhatIfAnswer, WhatIfError};
use model::RankedOverload;

use super::Words;
use super::outlook::WORTH_FIGURES;
use crate::typed_number::written_number;

/// The fixed texts of one language.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct WhatIfWords {
    /// The tab.
    pub(crate) tab: &'static str,
    /// What the chart shows.
    pub(crate) summary: &'static str,
    /// Legend: the forecast without any of it.
    pub(crate) before: &'static str,
    /// Legend: the forecast with it.
    pub(crate) after: &'static str,
    /// Heading of the fields.
    pub(crate) title: &'static str,
    /// Field: another transformer.
    pub(crate) capacity: &'static str,
    /// Field.
    pub(crate) chargers: &'static str,
    /// Field.
    pub(crate) heat_pumps: &'static str,
    /// Field.
    pub(crate) panels: &'static str,
    /// Field.
    pub(crate) homes: &'static str,
    /// Field: the day from which on.
    pub(crate) from: &'static str,
    /// Heading of the weeks that can be left out.
    pub(crate) left_out: &'static str,
    /// Button: marks weeks in the chart.
    pub(crate) brush: &'static str,
    /// Button of a span that is left out.
    pub(crate) count_again: &'static str,
    /// Field: a week.
    pub(crate) first_week: &'static str,
    /// Field: a week.
    pub(crate) last_week: &'static str,
    /// Button: leaves these weeks out.
    pub(crate) add: &'static str,
    /// Where they are no weeks.
    pub(crate) wanted_weeks: &'static str,
    /// Button: as it was.
    pub(crate) clear: &'static str,
    /// Before anything is assumed.
    pub(crate) nothing: &'static str,
    /// While the answer is on its way.
    pub(crate) asking: &'static str,
}

const ENGLISH: WhatIfWords = WhatIfWords {
    tab: "What if?",
    summary: "Grey: the forecast as it is. In colour: the forecast with what is assumed below.",
    before: "As it is",
    after: "As assumed",
    title: "Assume",
    capacity: "Capacity (kVA)",
    chargers: "Chargers of 11 kW",
    heat_pumps: "Heat pumps of 3 kW",
    panels: "Solar panels (kWp)",
    homes: "New homes",
    from: "From",
    left_out: "Leave out weeks",
    brush: "Draw over the weeks to leave out",
    count_again: "Count again",
    first_week: "First week",
    last_week: "Last week",
    add: "Leave out",
    wanted_weeks: "Choose a first week and a last one that is not before it, such as 2026-W23.",
    clear: "Clear",
    nothing: "Nothing is assumed yet: the chart shows the forecast as it is.",
    asking: "The model is asked …",
};

const DUTCH: WhatIfWords = WhatIfWords {
    tab: "Wat als?",
    summary: "Grijs: de verwachting zoals die is. In kleur: de verwachting met wat hieronder wordt aangenomen.",
    before: "Zoals het is",
    after: "Zoals aangenomen",
    title: "Neem aan",
    capacity: "Vermogen (kVA)",
    chargers: "Laadpalen van 11 kW",
    heat_pumps: "Warmtepompen van 3 kW",
    panels: "Zonnepanelen (kWp)",
    homes: "Nieuwe woningen",
    from: "Vanaf",
    left_out: "Weken weglaten",
    brush: "Trek over de weken die weg moeten",
    count_again: "Weer meetellen",
    first_week: "Eerste week",
    last_week: "Laatste week",
    add: "Weglaten",
    wanted_weeks: "Kies een eerste week en een laatste die niet eerder komt, bijvoorbeeld 2026-W23.",
    clear: "Wissen",
    nothing: "Er is nog niets aangenomen: de grafiek toont de verwachting zoals die is.",
    asking: "Het model wordt gevraagd …",
};

impl Words {
    /// The fixed texts around what is assumed.
    pub(crate) fn what_if(&self) -> &'static WhatIfWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What the model answers; nothing of an assessment without a verdict.
    pub(crate) fn what_if_answer(&self, answer: &WhatIfAnswer) -> String {
        let [before, after] = [&answer.before, &answer.after].map(|future| future.assessment.ranked.as_ref());
        before.zip(after).map(|(before, after)| self.before_and_after(before, after)).unwrap_or_default()
    }

    /// The chance before and after, the first week, and the room that is left.
    pub(crate) fn before_and_after(&self, before: &RankedOverload, after: &RankedOverload) -> String {
        let until = self.week(after.until);
        let [from, to] = [before, after].map(|ranked| self.probability(ranked.both.probability));
        let chance = match (self.language, from == to) {
            (Language::English, true) => format!("The chance of an overload up to {until} stays {from}."),
            (Language::English, false) => {
                format!("The chance of an overload up to {until} goes from {from} to {to}.")
            }
            (Language::Dutch, true) => format!("De kans op overbelasting tot en met {until} blijft {from}."),
            (Language::Dutch, false) => {
                format!("De kans op overbelasting tot en met {until} gaat van {from} naar {to}.")
            }
        };
        let is_likely = after.both.probability >= WORTH_FIGURES;
        let first = after.both.likeliest_first_week.filter(|_| is_likely).map(|week| self.week(week));
        let first = first.map(|week| match self.language {
            Language::English => format!("The first one is likeliest in {week}."),
            Language::Dutch => format!("De eerste is het waarschijnlijkst in {week}."),
        });
        let room = after.headroom.map(|room| self.headroom(&room, after.risk));
        [Some(chance), first, room].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Beside an answer whose loads come after the weeks ahead.
    pub(crate) fn beyond_forecast(&self, answer: &WhatIfAnswer) -> Option<String> {
        let last = self.week(*answer.weeks.last()?);
        Some(match self.language {
            Language::English => format!("The forecast ends with {last}, before the loads come."),
            Language::Dutch => format!("De verwachting eindigt met {last}, voordat de belasting er is."),
        })
    }

    /// Why the model doesn't answer, and what to do.
    pub(crate) fn what_if_error(&self, error: WhatIfError) -> String {
        let (kva, weeks) =
            (self.number(f64::from(Assumptions::MAX_KVA), 0), Assumptions::MAX_WEEKS.to_string());
        match (self.language, error) {
            (Language::English, WhatIfError::LargeCapacity) => {
                format!("The capacity is too large: at most {kva} kVA.")
            }
            (Language::Dutch, WhatIfError::LargeCapacity) => {
                format!("Het vermogen is te groot: hoogstens {kva} kVA.")
            }
            (Language::English, WhatIfError::PastDay) => {
                "The date has passed: choose a later one.".to_owned()
            }
            (Language::Dutch, WhatIfError::PastDay) => "De datum is al voorbij: kies een latere.".to_owned(),
            (Language::English, WhatIfError::FarDay) => {
                "The date is more than thirty years ahead: check the year.".to_owned()
            }
            (Language::Dutch, WhatIfError::FarDay) => {
                "De datum is meer dan dertig jaar weg: controleer het jaar.".to_owned()
            }
            (Language::English, WhatIfError::WeekOrder) => {
                "The last week comes before the first.".to_owned()
            }
            (Language::Dutch, WhatIfError::WeekOrder) => "De laatste week ligt voor de eerste.".to_owned(),
            (Language::English, WhatIfError::ManyWeeks) => {
                format!("Too many weeks are left out: at most {weeks}.")
            }
            (Language::Dutch, WhatIfError::ManyWeeks) => {
                format!("Er worden te veel weken weggelaten: hoogstens {weeks}.")
            }
            (Language::English, WhatIfError::FewWeeks) => {
                "Too few weeks are left for a forecast: leave out fewer.".to_owned()
            }
            (Language::Dutch, WhatIfError::FewWeeks) => {
                "Er blijven te weinig weken over voor een verwachting: laat er minder weg.".to_owned()
            }
            (Language::English, WhatIfError::NoHistory) => {
                "The model can't be asked about this transformer: it has no history of its own to forecast from."
                    .to_owned()
            }
            (Language::Dutch, WhatIfError::NoHistory) => {
                "Het model kan over deze transformator niets zeggen: er is geen eigen historie om van uit te gaan."
                    .to_owned()
            }
        }
    }

    /// What may stand in the field of a capacity.
    pub(crate) fn wanted_capacity(&self, field: &str, most: u32) -> String {
        let most = self.number(f64::from(most), 0);
        match self.language {
            Language::English => format!("{field}: type a number above 0, up to {most}."),
            Language::Dutch => format!("{field}: typ een getal boven 0 en tot en met {most}."),
        }
    }

    /// What a text in a field can be meant as.
    pub(crate) fn number_either_way(
        &self,
        field: &str,
        text: &str,
        [decimals, thousands]: [f64; 2],
    ) -> String {
        let (decimals, thousands) = (written_number(decimals, self.language), self.axis_figure(thousands));
        match self.language {
            Language::English => {
                format!("{field}: “{text}” can be meant as {decimals} or as {thousands}: type one of these.")
            }
            Language::Dutch => {
                format!("{field}: “{text}” kan {decimals} of {thousands} betekenen: typ een van beide.")
            }
        }
    }

    /// What may stand in a field of numbers.
    pub(crate) fn wanted_number(&self, field: &str, most: u32, is_whole: bool) -> String {
        let most = self.number(f64::from(most), 0);
        match (self.language, is_whole) {
            (Language::English, true) => format!("{field}: type a whole number from 0 to {most}."),
            (Language::English, false) => format!("{field}: type a number from 0 to {most}."),
            (Language::Dutch, true) => format!("{field}: typ een heel getal van 0 tot en met {most}."),
            (Language::Dutch, false) => format!("{field}: typ een getal van 0 tot en met {most}."),
        }
    }
}
