//! The words of one transformer's page: its head, tabs and prints.

use domain::language::Language;
use domain::peak_steps::{LevelCrossing, PeakSteps};
use model::{Extreme, IsoWeek};

use super::Words;

/// The fixed texts.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct DetailWords {
    /// Button beside the identifier.
    pub(crate) copy: &'static str,
    /// After it was pressed.
    pub(crate) copied: &'static str,
    /// Link to the sheet for paper.
    pub(crate) print: &'static str,
    /// Tab.
    pub(crate) tab_why: &'static str,
    /// Tab.
    pub(crate) tab_accuracy: &'static str,
    /// Tab.
    pub(crate) tab_data: &'static str,
    /// Name of the list of what a chart shows.
    pub(crate) legend: &'static str,
    /// Legend.
    pub(crate) last_year: &'static str,
    /// Tooltip.
    pub(crate) against_last_year: &'static str,
    /// Legend.
    pub(crate) fitted_line: &'static str,
    /// Legend.
    pub(crate) outlier: &'static str,
    /// Legend.
    pub(crate) over_limit: &'static str,
    /// Legend.
    pub(crate) masked: &'static str,
    /// Heading of the waterfall.
    pub(crate) to_the_peak: &'static str,
    /// Step.
    pub(crate) level_now: &'static str,
    /// Step.
    pub(crate) trend: &'static str,
    /// Step.
    pub(crate) season: &'static str,
    /// Step.
    pub(crate) inherited: &'static str,
    /// Step of the waterfall.
    pub(crate) added: &'static str,
    /// Step.
    pub(crate) margin: &'static str,
    /// The sum.
    pub(crate) peak: &'static str,
    /// Heading.
    pub(crate) components: &'static str,
    /// Heading.
    pub(crate) by_week: &'static str,
    /// A week with all its readings.
    pub(crate) complete: &'static str,
    /// A week with some of its readings.
    pub(crate) incomplete: &'static str,
    /// Phases added up.
    pub(crate) sum_of_phases: &'static str,
    /// Column and heading.
    pub(crate) phase: &'static str,
    /// Column.
    pub(crate) highest: &'static str,
    /// Column.
    pub(crate) lowest: &'static str,
    /// Where a list is empty.
    pub(crate) nothing_noted: &'static str,
    /// Heading.
    pub(crate) outlier_weeks: &'static str,
}

const ENGLISH: DetailWords = DetailWords {
    copy: "Copy the box's identifier",
    copied: "Copied",
    print: "Print",
    tab_why: "Why",
    tab_accuracy: "Accuracy",
    tab_data: "Data",
    legend: "What the chart shows",
    last_year: "The same weeks last year",
    against_last_year: "Against last year",
    fitted_line: "Fitted line",
    outlier: "Outlier, counted for less",
    over_limit: "Measured above the limit",
    masked: "Not counted",
    to_the_peak: "From today's level to the peak",
    level_now: "Level now",
    trend: "Trend",
    season: "Season",
    inherited: "Still from the last weeks",
    added: "Accepted proposals",
    margin: "Margin for 1 in 20",
    peak: "Peak",
    components: "Trend and season of both extremes",
    by_week: "Completeness by week",
    complete: "Complete",
    incomplete: "Incomplete, as high as the share measured",
    sum_of_phases: "Sum of the phases",
    phase: "Phase",
    highest: "Highest",
    lowest: "Lowest",
    nothing_noted: "No notes on these data.",
    outlier_weeks: "Outliers",
};

const DUTCH: DetailWords = DetailWords {
    copy: "Kopieer de code van de box",
    copied: "Gekopieerd",
    print: "Afdrukken",
    tab_why: "Waarom",
    tab_accuracy: "Nauwkeurigheid",
    tab_data: "Gegevens",
    legend: "Wat de grafiek toont",
    last_year: "Dezelfde weken vorig jaar",
    against_last_year: "Ten opzichte van vorig jaar",
    fitted_line: "Modellijn",
    outlier: "Uitschieter, minder zwaar meegeteld",
    over_limit: "Boven de grens gemeten",
    masked: "Niet meegeteld",
    to_the_peak: "Van het niveau nu naar de piek",
    level_now: "Niveau nu",
    trend: "Trend",
    season: "Seizoen",
    inherited: "Nog van de laatste weken",
    added: "Aanvaarde voorstellen",
    margin: "Marge voor 1 op 20",
    peak: "Piek",
    components: "Trend en seizoen van beide uitersten",
    by_week: "Volledigheid per week",
    complete: "Volledig",
    incomplete: "Onvolledig, zo hoog als het gemeten deel",
    sum_of_phases: "Som van de fasen",
    phase: "Fase",
    highest: "Hoogste",
    lowest: "Laagste",
    nothing_noted: "Geen opmerkingen bij deze gegevens.",
    outlier_weeks: "Uitschieters",
};

impl Words {
    /// The texts of one transformer's page.
    pub(crate) fn on_detail(&self) -> &'static DetailWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// One of the fleet by rank; `of` is the number of boxes that are ranked.
    pub(crate) fn rank_of(&self, rank: u32, of: Option<u32>) -> String {
        let rank = self.count(rank);
        match (self.language, of.map(|of| self.count(of))) {
            (Language::English, Some(of)) => format!("No. {rank} of {of}"),
            (Language::English, None) => format!("No. {rank} in urgency"),
            (Language::Dutch, Some(of)) => format!("nr. {rank} van {of}"),
            (Language::Dutch, None) => format!("nr. {rank} in urgentie"),
        }
    }

    /// How many notes there are on the data.
    pub(crate) fn notes(&self, notes: usize) -> String {
        match (self.language, notes) {
            (Language::English, 1) => "1 note on the data".to_owned(),
            (Language::English, _) => format!("{notes} notes on the data"),
            (Language::Dutch, 1) => "1 opmerking bij de gegevens".to_owned(),
            (Language::Dutch, _) => format!("{notes} opmerkingen bij de gegevens"),
        }
    }

    /// How many outliers count for less in the fit.
    pub(crate) fn outliers_counted_for_less(&self, outliers: usize) -> String {
        match (self.language, outliers) {
            (Language::English, 1) => "1 outlier counted for less".to_owned(),
            (Language::English, _) => format!("{outliers} outliers counted for less"),
            (Language::Dutch, 1) => "1 uitschieter minder zwaar meegeteld".to_owned(),
            (Language::Dutch, _) => format!("{outliers} uitschieters minder zwaar meegeteld"),
        }
    }

    /// A figure with its sign, whichever it is: a step or a difference.
    pub(crate) fn signed(&self, value: f64, decimals: usize) -> String {
        let figure = self.number(value, decimals);
        let is_positive = value > 0.0 && figure.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if is_positive { format!("+{figure}") } else { figure }
    }

    /// How the level moves, and when it passes the limit without its season.
    pub(crate) fn level_growth(&self, steps: &PeakSteps) -> String {
        let is_feed_in = steps.peak_kw < 0.0;
        // A level that hardly moves has no pace.
        let pace = steps.growth_kw_a_year * if is_feed_in { -1.0 } else { 1.0 };
        let kw = format!("{}\u{a0}kW", self.number(pace.abs(), if pace.abs() < 9.95 { 1 } else { 0 }));
        let moves = pace.abs() >= 0.5;
        let (english, dutch) = (self.language == Language::English, self.language == Language::Dutch);
        let first = match (english, moves, pace > 0.0) {
            (true, false, _) => "The level hardly moves".to_owned(),
            (false, false, _) => "Het niveau verandert nauwelijks".to_owned(),
            (true, true, true) if is_feed_in => format!("The level of feed-in grows by {kw} a year"),
            (true, true, true) => format!("The level grows by {kw} a year"),
            (true, true, false) => format!("The level falls by {kw} a year"),
            (false, true, true) if is_feed_in => {
                format!("Het niveau van de teruglevering groeit met {kw} per jaar")
            }
            (false, true, true) => format!("Het niveau groeit met {kw} per jaar"),
            (false, true, false) => format!("Het niveau daalt met {kw} per jaar"),
        };
        let without = match (dutch, is_feed_in) {
            (false, false) => "winter",
            (false, true) => "summer",
            (true, false) => "winter",
            (true, true) => "zomer",
        };
        let then = match (steps.crossing, dutch) {
            (LevelCrossing::Already, false) => format!("above the limit even without {without}"),
            (LevelCrossing::Already, true) => format!("ook zonder {without} boven de grens"),
            (LevelCrossing::From(week), false) => {
                format!("above the limit without {without} from about {}", week.year())
            }
            (LevelCrossing::From(week), true) => {
                format!("zonder {without} boven de grens vanaf ongeveer {}", week.year())
            }
            (LevelCrossing::NotInSight, false) => {
                format!("without {without} the limit is not in sight")
            }
            (LevelCrossing::NotInSight, true) => format!("zonder {without} is de grens niet in zicht"),
        };
        format!("{first}: {then}.")
    }

    /// What the waterfall shows.
    pub(crate) fn waterfall_summary(&self, steps: &PeakSteps) -> String {
        let week = self.week(steps.week);
        let [peak, level] = [steps.peak_kw, steps.level_kw].map(|kw| self.kw(kw));
        let extreme = self.extreme(steps.extreme);
        match self.language {
            Language::English => format!(
                "The {extreme} stands at {level} now; in 1 of 20 such weeks it reaches {peak} or more in {week}, as the steps add up."
            ),
            Language::Dutch => format!(
                "Het {extreme} staat nu op {level}; in 1 op de 20 zulke weken bereikt het in {week} {peak} of meer, zoals de stappen optellen."
            ),
        }
    }

    /// What a chart of the history alone shows.
    pub(crate) fn history_summary(&self, first: IsoWeek, last: IsoWeek) -> String {
        let [first, last] = [first, last].map(|week| self.week(week));
        match self.language {
            Language::English => format!("Measured weekly maximum and minimum from {first} to {last}."),
            Language::Dutch => format!("Gemeten weekmaximum en -minimum van {first} tot en met {last}."),
        }
    }

    /// A week's completeness.
    pub(crate) fn week_complete(&self, week: IsoWeek, share: f64) -> String {
        format!("{}: {}", self.week(week), self.percent(share))
    }

    /// The name of an extreme's part on the page of the parts.
    pub(crate) fn extreme_name(&self, extreme: Extreme) -> &'static str {
        match extreme {
            Extreme::Max => self.maximum,
            Extreme::Min => self.minimum,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(growth_kw_a_year: f64, peak_kw: f64, crossing: LevelCrossing) -> PeakSteps {
        let week = IsoWeek::from_year_and_number(2026, 30).unwrap();
        PeakSteps {
            extreme: if peak_kw < 0.0 { Extreme::Min } else { Extreme::Max },
            week,
            now: week,
            level_kw: 100.0,
            trend_kw: 0.0,
            season_kw: 0.0,
            inherited_kw: 0.0,
            added_kw: 0.0,
            margin_kw: 0.0,
            peak_kw,
            limit_kw: Some(250.0),
            growth_kw_a_year,
            crossing,
        }
    }

    #[test]
    fn a_far_crossing_is_told_by_its_year_alone() {
        let crossing = LevelCrossing::From(IsoWeek::from_year_and_number(2035, 20).unwrap());
        let (english, dutch) = (Words::of(Language::English), Words::of(Language::Dutch));
        assert_eq!(
            english.level_growth(&steps(14.2, 240.0, crossing)),
            "The level grows by 14\u{a0}kW a year: above the limit without winter from about 2035."
        );
        assert_eq!(
            dutch.level_growth(&steps(-7.3, -240.0, crossing)),
            "Het niveau van de teruglevering groeit met 7,3\u{a0}kW per jaar: zonder zomer boven de grens vanaf \
             ongeveer 2035."
        );
        assert_eq!(
            english.level_growth(&steps(0.2, 240.0, LevelCrossing::NotInSight)),
            "The level hardly moves: without winter the limit is not in sight."
        );
    }
}
