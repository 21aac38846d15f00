//! The room that is left for more load.

use domain::language::Language;
use model::{Extreme, Headroom, Risk};

use super::Words;

/// The names of the two rooms, as columns and filters have them.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct HeadroomLabels {
    pub(crate) import: &'static str,
    pub(crate) feed_in: &'static str,
}

const ENGLISH: HeadroomLabels = HeadroomLabels { import: "Room for import", feed_in: "Room for feed-in" };
const DUTCH: HeadroomLabels = HeadroomLabels { import: "Ruimte afname", feed_in: "Ruimte teruglevering" };

impl Words {
    /// The names of the two rooms.
    pub(crate) fn headroom_labels(&self) -> &'static HeadroomLabels {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// This power or more.
    pub(crate) fn at_least_kw(&self, kw: u16) -> String {
        match self.language {
            Language::English => format!("{kw} kW or more"),
            Language::Dutch => format!("{kw} kW of meer"),
        }
    }

    /// How much more a transformer can take at the risk, all day and all night.
    pub(crate) fn headroom(&self, room: &Headroom, risk: Risk) -> String {
        let risk = self.risk(risk);
        match self.language {
            Language::English => format!(
                "At a risk of {risk} there is room for {} and {}, day and night.",
                self.room_for(room.import_kw, "import"),
                self.room_for(room.feed_in_kw, "feed-in")
            ),
            Language::Dutch => format!(
                "Bij een risico van {risk} is er ruimte voor {} en {}, dag en nacht.",
                self.room_for(room.import_kw, "afname"),
                self.room_for(room.feed_in_kw, "teruglevering")
            ),
        }
    }

    /// Beside room in a direction whose limit was passed in the last weeks.
    pub(crate) fn doubtful_room(&self, extreme: Extreme) -> &'static str {
        match (self.language, extreme) {
            (Language::English, Extreme::Max) => {
                "Its limit for import was passed in the last weeks: count on this room only if that was a fault."
            }
            (Language::English, Extreme::Min) => {
                "Its limit for feed-in was passed in the last weeks: count on this room only if that was a fault."
            }
            (Language::Dutch, Extreme::Max) => {
                "De grens voor afname is de laatste weken overschreden: reken alleen op deze ruimte als dat een fout was."
            }
            (Language::Dutch, Extreme::Min) => {
                "De grens voor teruglevering is de laatste weken overschreden: reken alleen op deze ruimte als dat een fout was."
            }
        }
    }

    /// A room in whole kilowatts, rounded down so that it promises no more than there is; what is short, as the verdict
    /// says it.
    pub(crate) fn whole_kw(&self, kw: f64) -> String {
        format!("{}\u{a0}kW", self.number(if kw < 0.0 { kw } else { kw.floor() }, 0))
    }

    fn room_for(&self, kw: f64, direction: &str) -> String {
        let (room, short) = (self.whole_kw(kw), self.kw(kw.abs()));
        match (self.language, kw < 0.0) {
            (Language::English, false) => format!("{room} more {direction}"),
            (Language::English, true) => format!("no more {direction} ({short} short)"),
            (Language::Dutch, false) => format!("{room} meer {direction}"),
            (Language::Dutch, true) => format!("geen extra {direction} ({short} tekort)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_rounded_down_and_what_is_short_is_what_the_verdict_says() {
        let said = |language, import_kw, feed_in_kw| {
            let room = Headroom { import_kw, feed_in_kw };
            Words::of(language).headroom(&room, Risk::default()).replace(['\u{a0}', '\u{202f}'], " ")
        };
        assert_eq!(
            said(Language::English, 110.9, -38.2),
            "At a risk of 1 in 10 there is room for 110 kW more import and no more feed-in (38.2 kW short), day and night."
        );
        assert_eq!(
            said(Language::Dutch, -38.2, 350.0),
            "Bij een risico van 1 op de 10 is er ruimte voor geen extra afname (38,2 kW tekort) en 350 kW meer teruglevering, \
             dag en nacht."
        );
    }
}
