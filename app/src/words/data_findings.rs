//! What the tests of the data found, for the page and for messages.

use domain::language::Language;
use domain::runs::{DataFinding, DataTestResult, Drift, Scarce, share};

use super::Words;

impl Words {
    /// What a test found, in a sentence without its first capital.
    pub(crate) fn data_finding(&self, finding: &DataFinding) -> String {
        match self.language {
            Language::English => finding.to_string(),
            Language::Dutch => self.dutch_finding(finding),
        }
    }

    fn dutch_finding(&self, finding: &DataFinding) -> String {
        let count = |count: u64| self.number(count as f64, 0);
        match *finding {
            DataFinding::Told(ref sentence) => sentence.clone(),
            DataFinding::AsConfigured => "tabellen en kolommen zijn zoals ingesteld".to_owned(),
            DataFinding::TooFew { what } => match what {
                Scarce::Readings => "er zijn geen metingen",
                Scarce::CompleteWeeks => "er is geen volledige week",
                Scarce::WeeksOrBoxes => "er zijn te weinig weken of boxen om mee te vergelijken",
                Scarce::Boxes => "er zijn te weinig boxen om iets te kunnen zeggen",
                Scarce::RatedBoxes => {
                    "er zijn te weinig boxen met een bekend vermogen om iets te kunnen zeggen"
                }
                Scarce::Rows => "er zijn te weinig regels om iets te kunnen zeggen",
            }
            .to_owned(),
            DataFinding::Age { newest, days, most_days } => format!(
                "de nieuwste meting, van {newest}, is {} dagen oud (verwacht: hoogstens {})",
                self.number(days, 1),
                self.number(most_days, if most_days.fract() == 0.0 { 0 } else { 1 })
            ),
            DataFinding::Volume { week, readings, usual, least_share } => format!(
                "week {week} bevat {} van het gebruikelijke aantal metingen ({} in plaats van {}; verwacht: minstens {})",
                self.tenths(share(readings, usual)),
                count(readings),
                count(usual),
                self.tenths(least_share)
            ),
            DataFinding::Silent { week, silent, boxes, most_share } => format!(
                "{} van de {} boxen hebben in week {week} niets gemeld ({}; verwacht: hoogstens {})",
                count(silent.into()),
                count(boxes.into()),
                self.tenths(share(silent.into(), boxes.into())),
                self.tenths(most_share)
            ),
            DataFinding::Impossible { week, impossible, boxes, beyond_capacity, most_share } => format!(
                "{} van de {} boxen melden in week {week} meer dan {} keer hun vermogen ({}; verwacht: hoogstens {})",
                count(impossible.into()),
                count(boxes.into()),
                self.number(beyond_capacity, if beyond_capacity.fract() == 0.0 { 0 } else { 1 }),
                self.tenths(share(impossible.into(), boxes.into())),
                self.tenths(most_share)
            ),
            DataFinding::Refused { refused, rows, most_share } => format!(
                "{} van de {} regels waren onbruikbaar ({}; verwacht: hoogstens {})",
                count(refused),
                count(rows),
                self.tenths(share(refused, rows)),
                self.tenths(most_share)
            ),
        }
    }
}

/// Sentences about runs and boxes in the words of the page, for messages that leave it.
#[derive(Debug, Clone, Copy)]
pub struct RunSentences(Language);

impl RunSentences {
    /// In a language.
    pub fn of(language: Language) -> Self {
        Self(language)
    }

    /// A test of the data and what it found.
    pub fn data_test(self, result: &DataTestResult) -> String {
        let words = Words::of(self.0);
        format!("{}: {}", words.data_test(result.test), words.data_finding(&result.finding))
    }

    /// What was measured beyond the limit.
    pub fn exceedance(self, found: &model::Exceedance) -> String {
        Words::of(self.0).exceedance(found)
    }

    /// A figure beside that of the run before.
    pub fn drift(self, drift: &Drift) -> String {
        let words = Words::of(self.0);
        let (now, before) =
            (words.measured(drift.measure, drift.now), words.measured(drift.measure, drift.before));
        let measure = words.measure(drift.measure);
        match self.0 {
            Language::English => format!("{measure}: {now} instead of {before}"),
            Language::Dutch => format!("{measure}: {now} in plaats van {before}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::runs::{DataTest, Measure, Severity, Verdict};

    use super::*;

    #[test]
    fn what_is_wrong_is_reported_with_its_figures_in_either_language() {
        let result = DataTestResult {
            test: DataTest::Volume,
            severity: Severity::Stop,
            verdict: Verdict::Failed,
            finding: DataFinding::Volume {
                week: model::IsoWeek::from_index(2_964),
                readings: 6_720,
                usual: 67_200,
                least_share: 0.5,
            },
        };
        assert_eq!(
            RunSentences::of(Language::English).data_test(&result),
            "Volume: week 2026-W44 holds 10.0 % of the readings that the weeks before it held (6720 instead of 67200; at least \
             50.0 % is expected)"
        );
        assert_eq!(
            RunSentences::of(Language::Dutch).data_test(&result),
            "Hoeveelheid: week 2026-W44 bevat 10,0% van het gebruikelijke aantal metingen (6.720 in plaats van 67.200; \
             verwacht: minstens 50,0%)"
        );
        let drift = Drift { measure: Measure::Coverage90, before: 0.9, now: 0.634, suspicious: true };
        assert_eq!(
            RunSentences::of(Language::Dutch).drift(&drift),
            "Dekking van de 90%-band: 63,4% in plaats van 90,0%"
        );
    }
}
