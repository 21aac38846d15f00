//! The fields as they are typed or slid.

use chrono::NaiveDate;
use domain::week_span::WeekSpan;
use domain::what_if::Assumptions;
use model::Capacity;
use model::question::{Count, RatedPower};

use crate::typed_number::{Misread, read_number, written_number};
use crate::words::{WhatIfWords, Words};

/// A field of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Capacity,
    Chargers,
    HeatPumps,
    Panels,
    Homes,
}

impl Field {
    pub(super) const ALL: [Self; 5] =
        [Self::Capacity, Self::Chargers, Self::HeatPumps, Self::Panels, Self::Homes];

    /// Its name in the form.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Capacity => "capacity",
            Self::Chargers => "chargers",
            Self::HeatPumps => "heat-pumps",
            Self::Panels => "panels",
            Self::Homes => "homes",
        }
    }

    pub(super) const fn label(self, texts: &WhatIfWords) -> &'static str {
        match self {
            Self::Capacity => texts.capacity,
            Self::Chargers => texts.chargers,
            Self::HeatPumps => texts.heat_pumps,
            Self::Panels => texts.panels,
            Self::Homes => texts.homes,
        }
    }

    /// The largest number that is taken.
    const fn most(self) -> u32 {
        match self {
            Self::Capacity => Assumptions::MAX_KVA,
            _ => Count::MAX.get(),
        }
    }

    const fn is_whole(self) -> bool {
        !matches!(self, Self::Capacity | Self::Panels)
    }
}

/// What stands in the fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Typed {
    numbers: [String; Field::ALL.len()],
    /// Year, month and day, or empty.
    pub(super) from: String,
    pub(super) left_out: Vec<WeekSpan>,
}

impl Typed {
    /// As something saved assumes.
    pub(super) fn of(assumed: &Assumptions, words: &Words) -> Self {
        let decimal = |number: f64| written_number(number, words.language);
        let some = |number: f64| if number > 0.0 { decimal(number) } else { String::new() };
        let count = |count: Count| some(f64::from(count.get()));
        Self {
            numbers: Field::ALL.map(|field| match field {
                Field::Capacity => {
                    assumed.capacity.map(|capacity| decimal(capacity.kva())).unwrap_or_default()
                }
                Field::Chargers => count(assumed.chargers),
                Field::HeatPumps => count(assumed.heat_pumps),
                Field::Panels => some(assumed.panels_kwp.kw()),
                Field::Homes => count(assumed.homes),
            }),
            from: assumed.from.map(|day| day.to_string()).unwrap_or_default(),
            left_out: assumed.left_out.clone(),
        }
    }

    pub(super) fn number(&self, field: Field) -> &str {
        self.numbers.get(field as usize).map_or("", String::as_str)
    }

    pub(super) fn set_number(&mut self, field: Field, text: String) {
        if let Some(number) = self.numbers.get_mut(field as usize) {
            *number = text;
        }
    }

    /// Leaves weeks out, too; spans that meet are one.
    pub(super) fn leave_out(&mut self, weeks: WeekSpan) {
        let mut weeks = weeks;
        let meets = |span: &WeekSpan, weeks: WeekSpan| {
            span.first.index() <= weeks.last.index() + 1 && weeks.first.index() <= span.last.index() + 1
        };
        // Ascending and apart, so that one pass unites all that meet.
        self.left_out.retain(|span| {
            let apart = !meets(span, weeks);
            if !apart {
                weeks = WeekSpan::new(span.first.min(weeks.first), span.last.max(weeks.last));
            }
            apart
        });
        self.left_out.push(weeks);
        self.left_out.sort_by_key(|span| span.first);
    }

    /// What they assume, or why that can't be, for the person.
    pub(super) fn assumed(&self, words: &Words) -> Result<Assumptions, String> {
        let label = |field: Field| field.label(words.what_if());
        let refused = |field: Field| match field {
            Field::Capacity => words.wanted_capacity(label(field), field.most()),
            _ => words.wanted_number(label(field), field.most(), field.is_whole()),
        };
        let number = |field: Field| match read(self.number(field), words) {
            Err(Misread::EitherWay { with_decimals, with_thousands }) => Err(words.number_either_way(
                label(field),
                self.number(field).trim(),
                [with_decimals, with_thousands],
            )),
            read => read.map_err(|_| refused(field)),
        };
        let count = |field: Field| {
            let whole = number(field)?;
            let is_whole = whole.fract() == 0.0 && (0.0..=f64::from(field.most())).contains(&whole);
            let count = is_whole.then(|| Count::new(whole as u32).ok()).flatten();
            count.ok_or_else(|| refused(field))
        };
        let capacity = match self.number(Field::Capacity).trim() {
            "" => None,
            _ => {
                let refuse = |_| refused(Field::Capacity);
                Some(Capacity::new(number(Field::Capacity)?).map_err(refuse)?)
            }
        };
        Ok(Assumptions {
            capacity,
            chargers: count(Field::Chargers)?,
            heat_pumps: count(Field::HeatPumps)?,
            panels_kwp: RatedPower::new(number(Field::Panels)?).map_err(|_| refused(Field::Panels))?,
            homes: count(Field::Homes)?,
            from: self.from.parse::<NaiveDate>().ok(),
            left_out: self.left_out.clone(),
        })
    }
}

/// A number as it is typed; nothing typed is zero.
pub(super) fn read(text: &str, words: &Words) -> Result<f64, Misread> {
    if text.trim().is_empty() { Ok(0.0) } else { read_number(text, words.language) }
}

#[cfg(test)]
mod tests {
    use domain::language::Language;
    use model::IsoWeek;

    use super::*;

    #[test]
    fn what_was_saved_comes_back_into_the_fields() {
        let words = Words::of(Language::Dutch);
        let assumed = r#"{"capacity": 630.5, "homes": 30, "panels_kwp": 0.5, "from": "2027-03-01", "left_out": [["2026-W03", "2026-W05"]]}"#;
        let assumed = serde_json::from_str(assumed).unwrap();
        let typed = Typed::of(&assumed, words);
        assert_eq!((typed.number(Field::Panels), typed.number(Field::Chargers)), ("0,5", ""));
        assert_eq!(typed.assumed(words), Ok(assumed));
    }

    #[test]
    fn weeks_left_out_that_meet_are_one_span() {
        let span = |first, last| WeekSpan::new(IsoWeek::from_index(first), IsoWeek::from_index(last));
        let mut typed = Typed::default();
        for weeks in [span(20, 25), span(10, 12), span(40, 41)] {
            typed.leave_out(weeks);
        }
        assert_eq!(typed.left_out, [span(10, 12), span(20, 25), span(40, 41)]);
        typed.leave_out(span(13, 19));
        assert_eq!(typed.left_out, [span(10, 25), span(40, 41)]);
        typed.leave_out(span(11, 12));
        assert_eq!(typed.left_out, [span(10, 25), span(40, 41)]);
    }

    #[test]
    fn numbers_are_read_in_both_languages_and_bad_ones_get_a_sentence() {
        let words = Words::of(Language::Dutch);
        let assumed = |field, text: &str| {
            let mut typed = Typed::default();
            typed.set_number(field, text.to_owned());
            typed.assumed(words)
        };
        assert_eq!(assumed(Field::Panels, " 12,5 ").unwrap().panels_kwp.kw(), 12.5);
        assert_eq!(assumed(Field::Chargers, "20").unwrap().chargers.get(), 20);
        assert!(assumed(Field::Homes, "").unwrap().is_empty());
        for refused in ["-3", "2,5", "100001", "<b>", "1e9", "NaN", "inf"] {
            let said = assumed(Field::Chargers, refused).unwrap_err();
            assert_eq!(
                said, "Laadpalen van 11 kW: typ een heel getal van 0 tot en met 100.000.",
                "{refused}"
            );
        }
        for refused in ["0", "-630"] {
            let said = assumed(Field::Capacity, refused).unwrap_err();
            assert_eq!(said, "Vermogen (kVA): typ een getal boven 0 en tot en met 100.000.", "{refused}");
        }
        assert!(
            assumed(Field::Panels, "100001").unwrap_err().starts_with("Zonnepanelen (kWp): typ een getal")
        );
    }

    #[test]
    fn a_number_with_thousands_is_never_another_one() {
        let assumed = |language, text: &str| {
            let mut typed = Typed::default();
            typed.set_number(Field::Capacity, text.to_owned());
            let capacity = |assumed: Assumptions| assumed.capacity.map(Capacity::kva);
            typed.assumed(Words::of(language)).map(capacity)
        };
        assert_eq!(assumed(Language::English, "1,000"), Ok(Some(1_000.0)));
        assert_eq!(assumed(Language::Dutch, "1.000"), Ok(Some(1_000.0)));
        assert_eq!(
            assumed(Language::English, "1.600").unwrap_err(),
            "Capacity (kVA): “1.600” can be meant as 1.6 or as 1,600: type one of these."
        );
        assert_eq!(
            assumed(Language::Dutch, "1,600").unwrap_err(),
            "Vermogen (kVA): “1,600” kan 1,6 of 1.600 betekenen: typ een van beide."
        );
    }

    #[test]
    fn saved_decimals_that_look_like_thousands_come_back_as_they_were() {
        let assumed: Assumptions = serde_json::from_str(r#"{"capacity": 12.345}"#).unwrap();
        for language in [Language::English, Language::Dutch] {
            let words = Words::of(language);
            assert_eq!(Typed::of(&assumed, words).assumed(words).as_ref(), Ok(&assumed));
        }
    }
}
