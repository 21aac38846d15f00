//! The room that is left for more load.

use domain::advice::RatingAdvice;
use domain::language::Language;
use domain::neighbours::Neighbour;
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
                "Bij een risico van {risk} is er {} en {}, dag en nacht.",
                self.room_for(room.import_kw, "afname"),
                self.room_for(room.feed_in_kw, "teruglevering")
            ),
        }
    }

    /// Which rating would do, or that none does.
    pub(crate) fn advice(&self, advice: &RatingAdvice, risk: Risk) -> String {
        let (risk, needed) =
            (self.risk(risk), format!("{}\u{a0}kVA", self.number(advice.needed_kva.ceil(), 0)));
        let rating = advice.rating.map(|rating| {
            let kva = self.kva(rating.capacity.kva());
            match rating.price_euro {
                Some(euro) => format!("{kva} (€\u{a0}{})", self.number(euro, 0)),
                None => kva,
            }
        });
        match (self.language, rating) {
            (Language::English, Some(rating)) => {
                format!("It takes {needed} to keep to the risk of {risk}: the next rating is {rating}.")
            }
            (Language::English, None) => format!(
                "It takes {needed} to keep to the risk of {risk}, more than the largest rating: split the load."
            ),
            (Language::Dutch, Some(rating)) => {
                format!("Voor een risico van {risk} is {needed} nodig: de eerstvolgende maat is {rating}.")
            }
            (Language::Dutch, None) => format!(
                "Voor een risico van {risk} is {needed} nodig, meer dan de grootste maat: splits de belasting."
            ),
        }
    }

    /// Before the transformers nearby that have room for what is short.
    pub(crate) fn room_nearby(&self) -> &'static str {
        match self.language {
            Language::English => "Room nearby for what is short:",
            Language::Dutch => "Ruimte in de buurt voor wat tekortkomt:",
        }
    }

    /// How far away a transformer is and what room it has, after its name.
    pub(crate) fn neighbour(&self, found: &Neighbour) -> String {
        let metres = format!("{}\u{a0}m", self.number((found.distance_m / 10.0).round() * 10.0, 0));
        let room = [found.headroom.import_kw, found.headroom.feed_in_kw].map(|kw| self.whole_kw(kw.max(0.0)));
        let [import, feed_in] = room;
        match self.language {
            Language::English => format!(", {metres} away: {import} more import, {feed_in} more feed-in"),
            Language::Dutch => {
                format!(", op {metres}: {import} extra afname, {feed_in} extra teruglevering")
            }
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
                "De grens voor afname is de laatste weken overschreden: reken alleen op deze ruimte als dat een storing was."
            }
            (Language::Dutch, Extreme::Min) => {
                "De grens voor teruglevering is de laatste weken overschreden: reken alleen op deze ruimte als dat een storing was."
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
            (Language::Dutch, false) => format!("{room} ruimte voor extra {direction}"),
            (Language::Dutch, true) => format!("geen ruimte voor extra {direction} ({short} tekort)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::advice::StandardRating;
    use model::Capacity;

    use super::*;

    #[test]
    fn advice_names_the_rating_and_its_price_or_to_split() {
        let said = |language, rating, price_euro| {
            let capacity = Capacity::new(630.0).unwrap();
            let rating = Some(StandardRating { capacity, price_euro }).filter(|_| rating);
            let advice = RatingAdvice { needed_kva: 431.2, rating };
            Words::of(language).advice(&advice, Risk::default()).replace(['\u{a0}', '\u{202f}'], " ")
        };
        assert_eq!(
            said(Language::English, true, Some(19_500.0)),
            "It takes 432 kVA to keep to the risk of 1 in 10: the next rating is 630 kVA (€ 19,500)."
        );
        assert_eq!(
            said(Language::Dutch, true, None),
            "Voor een risico van 1 op de 10 is 432 kVA nodig: de eerstvolgende maat is 630 kVA."
        );
        assert!(
            said(Language::English, false, None).ends_with("more than the largest rating: split the load.")
        );
    }

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
            "Bij een risico van 1 op de 10 is er geen ruimte voor extra afname (38,2 kW tekort) en 350 kW ruimte voor extra \
             teruglevering, dag en nacht."
        );
    }
}
