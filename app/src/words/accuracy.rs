//! The words about how good past forecasts were.

use domain::accuracy::{ExtremeScore, FleetScore};
use domain::language::Language;
use domain::ledger::{LedgerSums, Outcome};
use model::Extreme;

use super::Words;

/// The fixed texts.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct AccuracyWords {
    /// Heading.
    pub(crate) forecast_and_came: &'static str,
    /// Where no forecast is old enough.
    pub(crate) nothing_yet: &'static str,
    /// Heading.
    pub(crate) ledger: &'static str,
    /// Where the ledger is empty.
    pub(crate) no_warnings: &'static str,
    /// The same where an overload was measured.
    pub(crate) known_before: &'static str,
    /// Column.
    pub(crate) warned_in: &'static str,
    /// Column.
    pub(crate) chance: &'static str,
    /// Column.
    pub(crate) overloaded_from: &'static str,
    /// Column.
    pub(crate) outcome: &'static str,
    /// Column.
    pub(crate) lead: &'static str,
    /// Row.
    pub(crate) this_area: &'static str,
    /// Row.
    pub(crate) all_boxes: &'static str,
    /// Column.
    pub(crate) hits: &'static str,
    /// Column.
    pub(crate) misses: &'static str,
    /// Column.
    pub(crate) false_alarms: &'static str,
    /// Column.
    pub(crate) open: &'static str,
    /// Column.
    pub(crate) mean_lead: &'static str,
    /// Column.
    pub(crate) band: &'static str,
    /// Column.
    pub(crate) error: &'static str,
    /// Column.
    pub(crate) as_last_year: &'static str,
    /// Column.
    pub(crate) score: &'static str,
    /// Under the table of scores.
    pub(crate) score_note: &'static str,
    /// Above the ledger.
    pub(crate) ledger_note: &'static str,
    /// Legend.
    pub(crate) came: &'static str,
    /// Legend.
    pub(crate) came_outside: &'static str,
}

const ENGLISH: AccuracyWords = AccuracyWords {
    forecast_and_came: "Forecast then, measured since",
    nothing_yet: "No stored forecast of this transformer has weeks that are over yet. They are kept from now on.",
    ledger: "Warnings and what became of them",
    no_warnings: "No warning, and no overload that a stored forecast could have warned of.",
    known_before: "No warning: the overload that was measured began before the stored forecasts, so that none of them could have \
                   warned of it.",
    warned_in: "Warned in",
    chance: "Chance then",
    overloaded_from: "Overloaded from",
    outcome: "Outcome",
    lead: "Lead time",
    this_area: "This area",
    all_boxes: "All transformers",
    hits: "Hits",
    misses: "Misses",
    false_alarms: "False alarms",
    open: "Still open",
    mean_lead: "Mean lead time",
    band: "Within the 9-in-10 band",
    error: "Off by, on average",
    as_last_year: "‘As last year’ would be off by",
    score: "Score",
    score_note: "The score is the mean pinball loss as a share of the capacity: smaller is better. ‘All’ is what came of the \
                 forecasts stored for all transformers over the last year; the backtest is on the model card.",
    came: "Measured since",
    came_outside: "Measured since, outside 9 in 10",
    ledger_note: "A warning is a forecast with a chance of 50% or more of an overload in the half-year ahead.",
};

const DUTCH: AccuracyWords = AccuracyWords {
    forecast_and_came: "Toen verwacht, sindsdien gemeten",
    nothing_yet: "Van deze transformator is nog geen bewaarde verwachting waarvan weken voorbij zijn. Vanaf nu worden ze bewaard.",
    ledger: "Waarschuwingen en wat ervan kwam",
    no_warnings: "Geen waarschuwing, en geen overbelasting waarvoor een bewaarde verwachting had kunnen waarschuwen.",
    known_before: "Geen waarschuwing: de gemeten overbelasting begon vóór de bewaarde verwachtingen, zodat geen daarvan had \
                   kunnen waarschuwen.",
    warned_in: "Gewaarschuwd in",
    chance: "Kans toen",
    overloaded_from: "Overbelast vanaf",
    outcome: "Uitkomst",
    lead: "Vooraf",
    this_area: "Dit gebied",
    all_boxes: "Alle transformatoren",
    hits: "Raak",
    misses: "Gemist",
    false_alarms: "Vals alarm",
    open: "Nog open",
    mean_lead: "Gemiddeld vooraf",
    band: "Binnen de 9-van-10-band",
    error: "Gemiddelde afwijking",
    as_last_year: "Afwijking van ‘zoals vorig jaar’",
    score: "Score",
    score_note: "De score is de gemiddelde pinball loss als deel van het vermogen: kleiner is beter. ‘Alle’ is de uitkomst van \
                 de verwachtingen die het laatste jaar voor alle transformatoren zijn bewaard; de backtest staat op de \
                 modelkaart.",
    came: "Sindsdien gemeten",
    came_outside: "Sindsdien gemeten, buiten 9 van de 10",
    ledger_note: "Een waarschuwing is een verwachting met een kans van 50% of meer op overbelasting in het komende halfjaar.",
};

impl Words {
    /// The texts about past forecasts.
    pub(crate) fn on_accuracy(&self) -> &'static AccuracyWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What became of a warning.
    pub(crate) fn ledger_outcome(&self, outcome: Outcome) -> &'static str {
        match (self.language, outcome) {
            (Language::English, Outcome::Hit) => "hit",
            (Language::English, Outcome::Miss) => "miss",
            (Language::English, Outcome::FalseAlarm) => "false alarm",
            (Language::English, Outcome::Open) => "still open",
            (Language::Dutch, Outcome::Hit) => "raak",
            (Language::Dutch, Outcome::Miss) => "gemist",
            (Language::Dutch, Outcome::FalseAlarm) => "vals alarm",
            (Language::Dutch, Outcome::Open) => "nog open",
        }
    }

    /// A number of weeks.
    pub(crate) fn weeks_long(&self, weeks: f64) -> String {
        let figure = self.number(weeks, if weeks.fract().abs() < 0.05 { 0 } else { 1 });
        match (self.language, figure.as_str()) {
            (Language::English, "1") => "1 week".to_owned(),
            (Language::English, _) => format!("{figure} weeks"),
            (Language::Dutch, "1") => "1 week".to_owned(),
            (Language::Dutch, _) => format!("{figure} weken"),
        }
    }

    /// How many weeks the band held, beside the share that the fleet's held.
    pub(crate) fn band_held(&self, score: &ExtremeScore, fleet: Option<&FleetScore>) -> String {
        let (held, weeks) = (score.within_90, score.weeks);
        let own = match self.language {
            Language::English => format!("{held} of {weeks} weeks"),
            Language::Dutch => format!("{held} van {weeks} weken"),
        };
        self.beside_fleet(own, fleet.map(|fleet| self.percent(fleet.coverage_90)))
    }

    /// The score of a box beside the fleet's.
    pub(crate) fn score_of(&self, score: &ExtremeScore, fleet: Option<&FleetScore>) -> String {
        let percent = |share: f64| format!("{}%", self.number(100.0 * share, 1));
        let own = score.pinball.map_or_else(|| "–".to_owned(), percent);
        self.beside_fleet(own, fleet.map(|fleet| percent(fleet.pinball)))
    }

    fn beside_fleet(&self, own: String, fleet: Option<String>) -> String {
        match (self.language, fleet) {
            (Language::English, Some(fleet)) => format!("{own} (all: {fleet})"),
            (Language::Dutch, Some(fleet)) => format!("{own} (alle: {fleet})"),
            (_, None) => own,
        }
    }

    /// What the picture of a past forecast shows.
    pub(crate) fn past_summary(&self, extreme: Extreme, score: Option<&ExtremeScore>) -> String {
        let name = self.extreme(extreme);
        match (self.language, score) {
            (Language::English, Some(score)) => format!(
                "The {name} as it was forecast and as it came: {} of {} weeks within the 9-in-10 band.",
                score.within_90, score.weeks
            ),
            (Language::English, None) => {
                format!("The {name} as it was forecast; nothing was measured since.")
            }
            (Language::Dutch, Some(score)) => format!(
                "Het {name} zoals het was verwacht en zoals het uitkwam: {} van {} weken binnen de 9-van-10-band.",
                score.within_90, score.weeks
            ),
            (Language::Dutch, None) => {
                format!("Het {name} zoals het was verwacht; sindsdien is niets gemeten.")
            }
        }
    }

    /// When the forecast was made that is looked at.
    pub(crate) fn forecast_made(&self, day: &str) -> String {
        match self.language {
            Language::English => format!("The forecast of {day}."),
            Language::Dutch => format!("De verwachting van {day}."),
        }
    }

    /// The mean lead time of ledgers.
    pub(crate) fn mean_lead(&self, sums: &LedgerSums) -> String {
        sums.mean_lead_weeks().map_or_else(|| "–".to_owned(), |weeks| self.weeks_long(weeks))
    }
}
