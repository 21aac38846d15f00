//! What a run learned of the fleet's growth, for the page of runs.

use domain::language::Language;
use domain::runs::{ExtremeGrowth, GrowthStatus};
use model::Extreme;

use super::Words;

impl Words {
    /// What a run learned of the growth of an extreme, in a sentence.
    pub(crate) fn learned_growth(&self, extreme: Extreme, growth: &ExtremeGrowth) -> String {
        let learned = match self.language {
            Language::English => growth.to_string(),
            Language::Dutch => self.dutch_growth(growth),
        };
        let name = match extreme {
            Extreme::Min => self.minimum,
            Extreme::Max => self.maximum,
        };
        format!("{name}: {learned}.")
    }

    fn dutch_growth(&self, growth: &ExtremeGrowth) -> String {
        let percent = |share: f64| format!("{}%", self.number(100.0 * share, 0));
        let ExtremeGrowth { half_years, judged, learned_from, .. } = growth;
        let (realised, error) = (percent(growth.realised), percent(growth.standard_error));
        let came = format!(
            "van de voorziene groei kwam {realised} (± {error}) uit, getoetst op {half_years} halfjaren ({judged} reeksen)"
        );
        let why_none = match growth.status() {
            GrowthStatus::Learned => {
                return format!("met groei wordt voor {} rekening gehouden: {came}", percent(growth.weight));
            }
            GrowthStatus::TooFewSeries => {
                format!("te weinig reeksen beslaan twee jaar of meer ({learned_from})")
            }
            GrowthStatus::TooFewHalfYears => {
                "de historie is te kort om die op twee halfjaren te toetsen".to_owned()
            }
            GrowthStatus::NoGrowthForecast => "de reeksen laten er geen zien".to_owned(),
            GrowthStatus::Uncertain => format!("{came}, maar dat zijn er te weinig om zeker te zijn"),
            GrowthStatus::NotRealised => format!("{came}, en dat is te weinig of te onzeker"),
        };
        format!("met groei wordt geen rekening gehouden: {why_none}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_has_a_sentence_of_its_own_in_each_language() {
        let judged =
            ExtremeGrowth { half_years: 4, judged: 48, learned_from: 12, ..ExtremeGrowth::default() };
        let statuses = [
            ExtremeGrowth { weight: 1.0, realised: 0.97, standard_error: 0.06, ..judged },
            ExtremeGrowth { learned_from: 3, ..judged },
            ExtremeGrowth { half_years: 1, ..judged },
            judged,
            ExtremeGrowth { realised: 0.97, standard_error: 0.06, ..judged },
            ExtremeGrowth { realised: 0.1, standard_error: 0.06, ..judged },
        ];
        for language in [Language::English, Language::Dutch] {
            let said = |growth| Words::of(language).learned_growth(Extreme::Min, growth);
            let mut sentences: Vec<String> = statuses.iter().map(said).collect();
            assert!(
                sentences.iter().all(|sentence| sentence.starts_with("Minimum: ") && sentence.ends_with('.'))
            );
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), statuses.len(), "{sentences:?}");
        }
        assert_eq!(
            Words::of(Language::Dutch).learned_growth(Extreme::Max, &statuses[0]),
            "Maximum: met groei wordt voor 100% rekening gehouden: van de voorziene groei kwam 97% (± 6%) uit, getoetst op 4 \
             halfjaren (48 reeksen)."
        );
    }
}
