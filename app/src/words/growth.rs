//! The sentence that says how a transformer's load or feed-in grows.

use domain::box_detail::ExtremeForecast;
use domain::language::Language;
use model::{Extreme, Quantile};

use super::Words;

impl Words {
    /// By how much a year, and when in the year most; nothing where the forecast does not grow.
    pub(crate) fn growth(&self, extreme: Extreme, forecast: &ExtremeForecast) -> Option<String> {
        let growth = forecast.forecast_basis.as_ref()?.growth?;
        let place = forecast.forecast.weeks.iter().position(|week| *week == growth.week)?;
        let is_feed_in = forecast.forecast.total.get(Quantile::Q50)[place] < 0.0;
        let is_up = growth.kw_a_year > 0.0;
        let kw = growth.kw_a_year.abs();
        // "About" goes with whole figures.
        let kw = format!("{}\u{a0}kW", self.number(kw, if kw < 9.95 { 1 } else { 0 }));
        let week = growth.week.number();
        // Level and season together: the level alone may grow less, as the tab Why tells.
        let what = match (self.language, extreme, is_feed_in) {
            // Feed-in is negative: it grows where the minimum falls.
            (Language::English, Extreme::Min, true) if is_up => "The feed-in shrinks",
            (Language::English, Extreme::Min, true) => "The feed-in grows",
            (Language::English, Extreme::Min, false) if is_up => "The lowest load rises",
            (Language::English, Extreme::Min, false) => "The lowest load falls",
            (Language::English, Extreme::Max, _) if is_up => "The highest load rises",
            (Language::English, Extreme::Max, _) => "The highest load falls",
            (Language::Dutch, Extreme::Min, true) if is_up => "De teruglevering neemt af",
            (Language::Dutch, Extreme::Min, true) => "De teruglevering groeit",
            (Language::Dutch, Extreme::Min, false) if is_up => "De laagste belasting stijgt",
            (Language::Dutch, Extreme::Min, false) => "De laagste belasting daalt",
            (Language::Dutch, Extreme::Max, _) if is_up => "De hoogste belasting stijgt",
            (Language::Dutch, Extreme::Max, _) => "De hoogste belasting daalt",
        };
        Some(match self.language {
            Language::English => {
                format!(
                    "{what} most around week {week}, level and season together: by about {kw} a year, as it does at \
                     transformers like this one."
                )
            }
            Language::Dutch => {
                format!(
                    "{what} het meest rond week {week}, niveau en seizoen samen: met ongeveer {kw} per jaar, net als bij \
                     vergelijkbare transformatoren."
                )
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::box_detail::{ForecastBasis, GrowthBasis};
    use model::{Bands, Forecast, IsoWeek, gridspark::Basis};

    use super::*;

    fn week() -> IsoWeek {
        IsoWeek::from_year_and_number(2026, 24).unwrap()
    }

    /// A single future week at a level, which grows.
    fn growing(level_kw: f64, kw_a_year: f64) -> ExtremeForecast {
        let bands = || Bands::new([level_kw; 5].map(|kw| vec![kw])).unwrap();
        let forecast = Forecast {
            weeks: vec![week()],
            observed_kw: vec![None],
            history: 0,
            drift: bands(),
            yearly: bands(),
            total: bands(),
        };
        let forecast_basis = ForecastBasis {
            basis: Basis::OwnHistory,
            training_first: None,
            training_last: None,
            training_weeks: 0,
            outliers: Vec::new(),
            autocorrelated_share: 0.0,
            autocorrelation: 0.0,
            growth: Some(GrowthBasis { share: 0.9, kw_a_year, week: week() }),
        };
        ExtremeForecast {
            forecast,
            overload: None,
            forecast_basis: Some(forecast_basis),
            added_kw: Vec::new(),
        }
    }

    #[test]
    fn feed_in_grows_where_the_minimum_falls_and_load_where_the_maximum_rises() {
        let said = |extreme, level_kw, kw_a_year| {
            [Language::English, Language::Dutch]
                .map(|language| Words::of(language).growth(extreme, &growing(level_kw, kw_a_year)).unwrap())
        };
        let [english, dutch] = said(Extreme::Min, -80.0, -14.2);
        assert_eq!(
            english.replace('\u{a0}', " "),
            "The feed-in grows most around week 24, level and season together: by about 14 kW a year, as it does at \
             transformers like this one."
        );
        assert_eq!(
            dutch.replace('\u{a0}', " "),
            "De teruglevering groeit het meest rond week 24, niveau en seizoen samen: met ongeveer 14 kW per jaar, net als \
             bij vergelijkbare transformatoren."
        );
        for (extreme, level_kw, kw_a_year, english, dutch) in [
            (Extreme::Min, -80.0, 14.0, "The feed-in shrinks", "De teruglevering neemt af"),
            (Extreme::Min, 20.0, -14.0, "The lowest load falls", "De laagste belasting daalt"),
            (Extreme::Min, 20.0, 14.0, "The lowest load rises", "De laagste belasting stijgt"),
            (Extreme::Max, 200.0, 14.0, "The highest load rises", "De hoogste belasting stijgt"),
            (Extreme::Max, 200.0, -14.0, "The highest load falls", "De hoogste belasting daalt"),
        ] {
            let sentences = said(extreme, level_kw, kw_a_year);
            assert!(sentences[0].starts_with(english) && sentences[1].starts_with(dutch), "{sentences:?}");
        }
    }

    #[test]
    fn a_forecast_that_does_not_grow_has_no_sentence() {
        let mut steady = growing(-80.0, -14.0);
        steady.forecast_basis =
            steady.forecast_basis.map(|forecast_basis| ForecastBasis { growth: None, ..forecast_basis });
        assert_eq!(Words::of(Language::English).growth(Extreme::Min, &steady), None);
    }

    #[test]
    fn what_an_earlier_version_stored_is_read_and_does_not_grow() {
        let forecast_basis = growing(0.0, -14.0)
            .forecast_basis
            .map(|forecast_basis| ForecastBasis { growth: None, ..forecast_basis })
            .unwrap();
        let stored = serde_json::to_string(&forecast_basis).unwrap();
        assert!(!stored.contains("growth"), "{stored}");
        assert_eq!(serde_json::from_str::<ForecastBasis>(&stored).unwrap(), forecast_basis);
    }
}
