//! The words of the page of runs.

use domain::language::Language;
use domain::runs::{DataTest, Measure, MeasureUnit, Outcome, RunKind, Verdict};

use super::Words;

/// The fixed texts of the page.
pub(crate) struct RunsWords {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) none: &'static str,
    pub(crate) came_true: &'static str,
    pub(crate) came_true_note: &'static str,
    pub(crate) nothing_came_true: &'static str,
    pub(crate) weeks_ahead: &'static str,
    pub(crate) judged: &'static str,
    pub(crate) pinball: &'static str,
    pub(crate) band_90: &'static str,
    pub(crate) band_70: &'static str,
    pub(crate) above_90: &'static str,
    pub(crate) overloads: &'static str,
    pub(crate) runs: &'static str,
    pub(crate) version: &'static str,
    pub(crate) model: &'static str,
    pub(crate) settings: &'static str,
    pub(crate) data: &'static str,
    pub(crate) figures: &'static str,
    pub(crate) figure: &'static str,
    pub(crate) now: &'static str,
    pub(crate) before: &'static str,
    pub(crate) look: &'static str,
    pub(crate) data_tests: &'static str,
    pub(crate) growth: &'static str,
    pub(crate) everything: &'static str,
}

const ENGLISH: RunsWords = RunsWords {
    title: "Runs",
    about: "What was run, by whom, on which data, how long it took and how good it was; each beside the run before it. What \
            is unlike that run is marked.",
    none: "No run has been made yet.",
    came_true: "Forecast and measured",
    came_true_note: "Each week that is over, as it had been forecast earlier, over the last year. A 90% band should hold nine \
                     weeks in ten.",
    nothing_came_true: "No forecast week is over yet.",
    weeks_ahead: "Weeks ahead",
    judged: "Box-weeks judged",
    pinball: "Pinball loss",
    band_90: "Within the 90% band",
    band_70: "Within the 70% band",
    above_90: "Above the 90% band",
    overloads: "Overloads: expected – occurred",
    runs: "The newest runs",
    version: "Version",
    model: "Model",
    settings: "Settings",
    data: "Readings up to",
    figures: "Figures",
    figure: "Figure",
    now: "This run",
    before: "The run before",
    look: "Look at this",
    data_tests: "Data tests",
    growth: "What was learned of growth",
    everything: "All figures, data tests and settings",
};

const DUTCH: RunsWords = RunsWords {
    title: "Runs",
    about: "Wat er is gedraaid, door wie, op welke gegevens, hoelang het duurde en hoe goed het was; elke run naast die \
            ervoor. Wat daarvan afwijkt, is gemarkeerd.",
    none: "Er is nog geen run geweest.",
    came_true: "Voorspeld en gemeten",
    came_true_note: "Elke week die voorbij is, zoals die eerder was voorspeld, over het laatste jaar. Een 90%-band hoort negen \
                     van de tien weken te bevatten.",
    nothing_came_true: "Er is nog geen voorspelde week voorbij.",
    weeks_ahead: "Weken vooruit",
    judged: "Beoordeelde boxweken",
    pinball: "Afwijking, als deel van het bereik",
    band_90: "Binnen de 90%-band",
    band_70: "Binnen de 70%-band",
    above_90: "Boven de 90%-band",
    overloads: "Overbelastingen: verwacht – opgetreden",
    runs: "De nieuwste runs",
    version: "Versie",
    model: "Model",
    settings: "Instellingen",
    data: "Metingen tot",
    figures: "Cijfers",
    figure: "Cijfer",
    now: "Deze run",
    before: "De run ervoor",
    look: "Let op",
    data_tests: "Gegevenstoetsen",
    growth: "Wat over groei is geleerd",
    everything: "Alle cijfers, gegevenstoetsen en instellingen",
};

impl Words {
    /// The texts of the page of runs.
    pub(crate) fn runs(&self) -> &'static RunsWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What a run was about.
    pub(crate) fn run_kind(&self, kind: RunKind, run: Option<i64>) -> String {
        let name = match (self.language, kind) {
            (Language::English, RunKind::Extremes) => "Weekly extremes",
            (Language::English, RunKind::Forecasts) => "Forecasts",
            (Language::Dutch, RunKind::Extremes) => "Weekuitersten",
            (Language::Dutch, RunKind::Forecasts) => "Verwachtingen",
        };
        run.map_or_else(|| name.to_owned(), |run| format!("{name}, run {run}"))
    }

    /// Who or what started a run, from what was recorded: the way, and where or by whom.
    pub(crate) fn started_by(&self, recorded: &str) -> String {
        let ends = recorded.find([':', ' ']).unwrap_or(recorded.len());
        let (way, rest) = recorded.split_at(ends);
        let rest = rest.trim_start_matches(':').trim();
        let dutch = self.language == Language::Dutch;
        let way = match (way, dutch) {
            ("command", false) => "Started by hand",
            ("command", true) => "Met de hand gestart",
            ("schedule", false) => "Started on schedule",
            ("schedule", true) => "Volgens schema gestart",
            ("server", false) => "Started by the server",
            ("server", true) => "Door de server gestart",
            ("import", false) => "Started by an import",
            ("import", true) => "Door een import gestart",
            (_, false) => return format!("Started by {recorded}"),
            (_, true) => return format!("Gestart door {}", recorded.replacen(" on ", " op ", 1)),
        };
        // “account on host”, “on host” or what `--started-by` names.
        let rest = if dutch { rest.replacen(" on ", " op ", 1) } else { rest.to_owned() };
        match rest.strip_prefix("on ") {
            Some(host) if dutch => format!("{way} op {host}"),
            Some(host) => format!("{way} on {host}"),
            None if rest.is_empty() => way.to_owned(),
            None => format!("{way}: {rest}"),
        }
    }

    /// How a run ended.
    pub(crate) fn run_outcome(&self, outcome: Outcome) -> &'static str {
        match (self.language, outcome) {
            (Language::English, Outcome::UnderWay) => "under way",
            (Language::English, Outcome::Complete) => "complete",
            (Language::English, Outcome::WithRefusals) => "done, some refused",
            (Language::English, Outcome::Stopped) => "stopped by a data test",
            (Language::English, Outcome::Failed) => "failed",
            (Language::Dutch, Outcome::UnderWay) => "bezig",
            (Language::Dutch, Outcome::Complete) => "voltooid",
            (Language::Dutch, Outcome::WithRefusals) => "klaar, deels geweigerd",
            (Language::Dutch, Outcome::Stopped) => "gestopt door een gegevenstoets",
            (Language::Dutch, Outcome::Failed) => "mislukt",
        }
    }

    /// A figure's name.
    pub(crate) fn measure(&self, measure: Measure) -> String {
        let name = match self.language {
            Language::English => measure.name(),
            Language::Dutch => dutch_measure(measure),
        };
        let mut letters = name.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// A figure's value.
    pub(crate) fn measured(&self, measure: Measure, value: f64) -> String {
        match measure.unit() {
            MeasureUnit::Count => self.number(value, 0),
            MeasureUnit::Seconds => format!("{}\u{a0}s", self.number(value, 1)),
            MeasureUnit::Share if measure == Measure::Pinball => self.number(value, 4),
            MeasureUnit::Share => self.tenths(value),
            MeasureUnit::Factor => self.number(value, 2),
        }
    }

    /// A test's name.
    pub(crate) fn data_test(&self, test: DataTest) -> &'static str {
        match (self.language, test) {
            (Language::English, DataTest::Schema) => "Tables and columns",
            (Language::English, DataTest::Freshness) => "Freshness",
            (Language::English, DataTest::Volume) => "Volume",
            (Language::English, DataTest::SilentBoxes) => "Silent boxes",
            (Language::English, DataTest::ImpossibleValues) => "Impossible values",
            (Language::English, DataTest::RefusedRows) => "Refused rows",
            (Language::Dutch, DataTest::Schema) => "Tabellen en kolommen",
            (Language::Dutch, DataTest::Freshness) => "Actualiteit",
            (Language::Dutch, DataTest::Volume) => "Hoeveelheid",
            (Language::Dutch, DataTest::SilentBoxes) => "Boxen die niets meer melden",
            (Language::Dutch, DataTest::ImpossibleValues) => "Onmogelijke waarden",
            (Language::Dutch, DataTest::RefusedRows) => "Geweigerde regels",
        }
    }

    /// What a test found.
    pub(crate) fn verdict(&self, verdict: Verdict) -> &'static str {
        match (self.language, verdict) {
            (Language::English, Verdict::Passed) => "passed",
            (Language::English, Verdict::Failed) => "failed",
            (Language::English, Verdict::NotJudged) => "not judged",
            (Language::Dutch, Verdict::Passed) => "geslaagd",
            (Language::Dutch, Verdict::Failed) => "niet geslaagd",
            (Language::Dutch, Verdict::NotJudged) => "niet beoordeeld",
        }
    }
}

fn dutch_measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Seconds => "duur",
        Measure::LearningSeconds => "leren van het net",
        Measure::FittingSeconds => "berekenen per box",
        Measure::ClosingSeconds => "afsluiten",
        Measure::Boxes => "beoordeelde boxen",
        Measure::SetAside => "niet berekende boxen",
        Measure::Exceeded => "al overbelaste boxen",
        Measure::Overloaded => "boxen met risico op overbelasting",
        Measure::Near => "boxen die bijna vol zijn",
        Measure::Ample => "boxen met ruimte",
        Measure::NoForecast => "gemeten boxen zonder verwachting",
        Measure::Unmeasured => "niet gemeten boxen",
        Measure::Rows => "regels",
        Measure::RowsRefused => "geweigerde regels",
        Measure::WeeksChanged => "nieuwe of gewijzigde weken",
        Measure::WeeksRemoved => "verwijderde weken",
        Measure::BoxesChanged => "boxen met gewijzigde weken",
        Measure::Readings => "metingen in de laatste volledige week",
        Measure::BoxesMeasured => "gemeten boxen in de laatste volledige week",
        Measure::SilentBoxes => "boxen die niets meer melden",
        Measure::Pinball => "afwijking bij het terugrekenen",
        Measure::Coverage90 => "dekking van de 90%-band",
        Measure::Coverage70 => "dekking van de 70%-band",
        Measure::MinimumGrowthWeight => "minimum: mate waarin verwachtingen rekening houden met groei",
        Measure::MinimumGrowthRealised => "minimum: deel van de voorziene groei dat uitkwam",
        Measure::MinimumFutureNoise => "minimum: ruis van de komende maanden ten opzichte van eerder",
        Measure::MinimumGrowingFutureNoise => "minimum: ruis van de komende maanden, groeiende reeksen",
        Measure::MaximumGrowthWeight => "maximum: mate waarin verwachtingen rekening houden met groei",
        Measure::MaximumGrowthRealised => "maximum: deel van de voorziene groei dat uitkwam",
        Measure::MaximumFutureNoise => "maximum: ruis van de komende maanden ten opzichte van eerder",
        Measure::MaximumGrowingFutureNoise => "maximum: ruis van de komende maanden, groeiende reeksen",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_started_a_run_is_told_in_the_page_s_language() {
        let [english, dutch] = [Language::English, Language::Dutch].map(Words::of);
        assert_eq!(dutch.started_by("command on vm"), "Met de hand gestart op vm");
        assert_eq!(dutch.started_by("command: jan on vm"), "Met de hand gestart: jan op vm");
        assert_eq!(english.started_by("schedule on vm"), "Started on schedule on vm");
        assert_eq!(
            dutch.started_by("command: airflow 2026-11-16"),
            "Met de hand gestart: airflow 2026-11-16"
        );
        assert_eq!(dutch.started_by("import on vm"), "Door een import gestart op vm");
        assert_eq!(dutch.started_by("cron"), "Gestart door cron");
        assert_eq!(dutch.started_by("cron on vm"), "Gestart door cron op vm");
    }
}
