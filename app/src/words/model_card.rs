//! The words of the model card.

use domain::language::Language;
use domain::model_card::{EventEvaluation, GrowthClass, GrowthEvaluation, ModelCard, Range};
use model::Extreme;

use super::Words;

/// The card's fixed texts.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct ModelCardWords {
    pub(crate) title: &'static str,
    pub(crate) what: &'static str,
    pub(crate) what_text: [&'static str; 5],
    pub(crate) limits: &'static str,
    pub(crate) limits_list: [&'static str; 5],
    pub(crate) none: &'static str,
    pub(crate) scores: &'static str,
    pub(crate) scores_note: &'static str,
    pub(crate) model: &'static str,
    pub(crate) data_set: &'static str,
    pub(crate) boxes: &'static str,
    pub(crate) span: &'static str,
    pub(crate) pinball: &'static str,
    pub(crate) over_spark: &'static str,
    pub(crate) band_90: &'static str,
    pub(crate) band_70: &'static str,
    pub(crate) by_set: &'static str,
    pub(crate) by_growth: &'static str,
    pub(crate) growth_note: &'static str,
    pub(crate) growth: &'static str,
    pub(crate) series: &'static str,
    pub(crate) over_naive: &'static str,
    pub(crate) by_distance: &'static str,
    pub(crate) ahead: &'static str,
    pub(crate) not_judged_later: &'static str,
    pub(crate) calibration: &'static str,
    pub(crate) pinball_picture: &'static str,
    pub(crate) horizon_picture: &'static str,
    pub(crate) reliability_picture: &'static str,
    pub(crate) overloads: &'static str,
    pub(crate) single_weeks: &'static str,
    pub(crate) whole_horizon: &'static str,
    pub(crate) data: &'static str,
}

const ENGLISH: ModelCardWords = ModelCardWords {
    title: "Model card",
    what: "What it is",
    what_text: [
        "For each transformer the lowest and the highest quarter-hour of every week are forecast half a year ahead: a \
         level with a nearly linear drift, a season of five harmonics, and noise of which a share remembers the weeks \
         before.",
        "Where the boxes of the fleet grow, forecasts grow with them, as far as such growth was realised in the half-years held \
         back to test it. How much of it was realised is shown on the page Runs.",
        "The uncertainty is worked out exactly, without a sampler: the same weeks always give the same bands.",
        "Weeks that no season explains count for less in the fit, and are shown as such. Temporary switchings are left out \
         until a planner decides otherwise.",
        "A box with less than two years of history borrows season, level and slope from the fleet; its page says so.",
    ],
    limits: "Where it fails",
    limits_list: [
        "The future resembles the past: a new neighbourhood or a closed factory is seen only once it is there.",
        "It knows the calendar, not the weather. A cold spell moves all boxes at once, so the probabilities of several \
         boxes must not be multiplied.",
        "Peaks shorter than a quarter of an hour are not in the data.",
        "Ranking and verdict are of the half-year ahead. What the charts show beyond it, paler, is indicative: how its bands held \
         is told apart below, as far as the backtest reaches.",
        "The scores below are those of the boxes named below. On others they can differ.",
    ],
    none: "No backtest has been kept yet. “gridspark backtest --store” judges the forecasts of this fleet and shows the \
           result here.",
    scores: "Scores",
    scores_note: "Forecasts made as if at earlier dates, judged by what then happened. Pinball loss: a share of each box's \
                  range, lower is better. In brackets: how far the figure would move with other boxes (nine of ten draws).",
    model: "Model",
    data_set: "Data set",
    boxes: "Boxes",
    span: "From – to",
    pinball: "Pinball loss",
    over_spark: "Compared with spark",
    band_90: "Within the 90% band",
    band_70: "Within the 70% band",
    by_set: "By data set",
    by_growth: "By growth",
    growth_note: "Growth is measured in the weeks that the forecast saw: the median change a year of the same week, in the \
                  half of the year under most stress, toward feed-in (minima) or import (maxima), as a share of the \
                  capacity. Falling stress counts as stable.",
    growth: "Growth",
    series: "Series",
    over_naive: "Compared with last year’s weeks",
    by_distance: "By weeks ahead",
    ahead: "Weeks ahead",
    not_judged_later: "This backtest does not reach the indicative weeks. “gridspark backtest --horizon 53 --store” judges them \
                       as well.",
    calibration: "Calibration",
    pinball_picture: "Pinball loss by data set and model",
    horizon_picture: "Coverage of the 90% and the 70% band by weeks ahead; the scores above are its means",
    reliability_picture: "Predicted probabilities against what happened, for quantiles, single weeks and the horizon",
    overloads: "Overload probabilities",
    single_weeks: "Single weeks",
    whole_horizon: "Any week of the horizon",
    data: "Evaluation data",
};

const DUTCH: ModelCardWords = ModelCardWords {
    title: "Modelkaart",
    what: "Wat het is",
    what_text: [
        "Voor elke transformator worden het laagste en het hoogste kwartier van elke week een halfjaar vooruit voorspeld: \
         een niveau met een vrijwel lineaire trend, een seizoen van vijf harmonischen, en ruis waarvan een deel \
         samenhangt met de weken ervoor.",
        "Waar belasting of teruglevering in het net groeit, groeien de verwachtingen mee, voor zover zulke groei uitkwam in de halfjaren \
         die zijn achtergehouden om dat te toetsen. Hoeveel ervan uitkwam, staat op de pagina Runs.",
        "De onzekerheid wordt exact uitgerekend, zonder steekproeven: dezelfde weken geven altijd dezelfde banden.",
        "Weken die door geen seizoen te verklaren zijn, tellen minder zwaar mee en worden zo getoond. Tijdelijke \
         omschakelingen blijven buiten beschouwing tot een planner anders beslist.",
        "Een box met minder dan twee jaar historie leent seizoen, niveau en helling van vergelijkbare transformatoren; zijn pagina \
         zegt dat.",
    ],
    limits: "Waar het tekortschiet",
    limits_list: [
        "De toekomst lijkt op het verleden: een nieuwe wijk of een gesloten fabriek wordt pas gezien als die er is.",
        "Het kent de kalender, niet het weer. Een koudegolf raakt alle boxen tegelijk: vermenigvuldig de kansen van \
         verschillende boxen niet met elkaar.",
        "Pieken korter dan een kwartier zitten niet in de gegevens.",
        "Rangorde en oordeel gaan over het komende halfjaar. Wat de grafieken daarna tonen, bleker, is indicatief: hoe die banden \
         uitkwamen, staat hieronder apart, voor zover de backtest reikt.",
        "De scores hieronder gelden voor de boxen die hieronder staan. Bij andere kunnen ze anders zijn.",
    ],
    none: "Er is nog geen backtest bewaard. “gridspark backtest --store” beoordeelt de verwachtingen van dit net en toont \
           de uitkomst hier.",
    scores: "Scores",
    scores_note: "Verwachtingen zoals ze eerder gemaakt zouden zijn, beoordeeld naar wat er daarna gebeurde. Pinball loss: een \
                  deel van het bereik van elke box, lager is beter. Tussen haakjes: hoever het getal met andere boxen zou \
                  verschuiven (negen van de tien trekkingen).",
    model: "Model",
    data_set: "Dataset",
    boxes: "Boxen",
    span: "Van – tot",
    pinball: "Pinball loss",
    over_spark: "Vergeleken met spark",
    band_90: "Binnen de 90%-band",
    band_70: "Binnen de 70%-band",
    by_set: "Per dataset",
    by_growth: "Naar groei",
    growth_note: "De groei is gemeten in de weken die de verwachting zag: de mediaan van de verandering per jaar van \
                  dezelfde week, in de zwaarst belaste helft van het jaar, richting teruglevering (minima) of afname \
                  (maxima), als deel van het vermogen. Dalende belasting telt als stabiel.",
    growth: "Groei",
    series: "Reeksen",
    over_naive: "Vergeleken met de weken van een jaar eerder",
    by_distance: "Per aantal weken vooruit",
    ahead: "Weken vooruit",
    not_judged_later: "Deze backtest reikt niet tot de indicatieve weken. “gridspark backtest --horizon 53 --store” beoordeelt \
                       ook die.",
    calibration: "Kalibratie",
    pinball_picture: "Pinball loss per dataset en model",
    horizon_picture: "Dekking van de 90%- en de 70%-band per aantal weken vooruit; de scores hierboven zijn het gemiddelde",
    reliability_picture: "Voorspelde kansen tegenover wat er gebeurde, voor kwantielen, losse weken en alle weken samen",
    overloads: "Kansen op overbelasting",
    single_weeks: "Losse weken",
    whole_horizon: "Minstens één van alle weken",
    data: "Evaluatiegegevens",
};

impl Words {
    /// The texts of the model card.
    pub(crate) fn model_card(&self) -> &'static ModelCardWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What the card was made from, in a sentence or two.
    pub(crate) fn card_made(&self, card: &ModelCard) -> String {
        let day = self.day_of(card.made_at);
        let number = |count: u32| self.number(f64::from(count), 0);
        let (series, origins, refused) = (number(card.series), number(card.origins), number(card.refused));
        let (backtest, version, weeks) = (card.backtest, &card.code_version, card.horizon_weeks);
        match self.language {
            Language::English => {
                let times = if card.origins == 1 { "origin" } else { "origins" };
                format!(
                    "Backtest {backtest}, {day}, Gridspark {version}: {series} series at {origins} {times}, {weeks} weeks \
                     ahead; {refused} were left out."
                )
            }
            Language::Dutch => {
                let times = if card.origins == 1 { "moment" } else { "momenten" };
                format!(
                    "Backtest {backtest}, {day}, Gridspark {version}: {series} reeksen op {origins} {times}, {weeks} weken \
                     vooruit; {refused} bleven buiten beschouwing."
                )
            }
        }
    }

    /// A span of weeks ahead: `1 to 27`, `28 to 53 (indicative)`.
    pub(crate) fn weeks_ahead(&self, from: u32, to: u32, is_indicative: bool) -> String {
        let note = if is_indicative { format!(" ({})", self.indicative) } else { String::new() };
        match self.language {
            Language::English => format!("{from} to {to}{note}"),
            Language::Dutch => format!("{from} t/m {to}{note}"),
        }
    }

    /// A loss with its range: `0.0408 (0.0369–0.0454)`.
    pub(crate) fn loss(&self, range: &Range) -> String {
        let written = |value| self.number(value, 4);
        format!("{} ({}–{})", written(range.value), written(range.low), written(range.high))
    }

    /// A share with its range, in per cent: `88.8% (88.0–89.6)`.
    pub(crate) fn share(&self, range: &Range) -> String {
        let written = |value: f64| self.number(100.0 * value, 1);
        format!("{}% ({}–{})", written(range.value), written(range.low), written(range.high))
    }

    /// How much smaller a loss is than another: `−16.9% (−20.4 to −13.5)`.
    pub(crate) fn compared(&self, ratio: &Range) -> String {
        let written = |value: f64| self.number(100.0 * (value - 1.0), 1);
        let to = match self.language {
            Language::English => "to",
            Language::Dutch => "tot",
        };
        format!("{}% ({} {to} {})", written(ratio.value), written(ratio.low), written(ratio.high))
    }

    /// Extreme and class of growth: `Minima, fast (5% or more)`.
    pub(crate) fn growth_class(&self, group: &GrowthEvaluation) -> String {
        let extreme = match group.extreme {
            Extreme::Min => "Minima",
            Extreme::Max => "Maxima",
        };
        let class = match (self.language, group.class) {
            (Language::English, GrowthClass::Stable) => "stable (below 0.5%)",
            (Language::English, GrowthClass::Slow) => "slow (0.5 to 2%)",
            (Language::English, GrowthClass::Moderate) => "moderate (2 to 5%)",
            (Language::English, GrowthClass::Fast) => "fast (5% or more)",
            (Language::Dutch, GrowthClass::Stable) => "stabiel (onder 0,5%)",
            (Language::Dutch, GrowthClass::Slow) => "langzaam (0,5 tot 2%)",
            (Language::Dutch, GrowthClass::Moderate) => "matig (2 tot 5%)",
            (Language::Dutch, GrowthClass::Fast) => "snel (5% of meer)",
        };
        format!("{extreme}, {class}")
    }

    /// Brier score and base rate of events, in a sentence.
    pub(crate) fn brier(&self, events: &EventEvaluation) -> String {
        let number = |count: u32| self.number(f64::from(count), 0);
        let (came, count) = (number(events.events), number(events.count));
        let (brier, base) = (self.number(events.brier, 4), self.number(events.brier_base_rate, 4));
        match self.language {
            Language::English => {
                format!("{came} of {count} overloaded; Brier score {brier}, saying the base rate {base}")
            }
            Language::Dutch => {
                format!("{came} van {count} overbelast; Brier-score {brier}, met het gemiddelde {base}")
            }
        }
    }
}
