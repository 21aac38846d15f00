//! Sentences about charts, and the few other texts with something in them.

use domain::language::Language;
use model::{Extreme, IsoWeek, Limits, Part};

use super::Words;

impl Words {
    /// The freshness of data and forecasts.
    pub(crate) fn freshness(&self, measured_to: Option<IsoWeek>, forecast_on: Option<String>) -> String {
        let english = self.language == Language::English;
        let measured = measured_to.map(|week| {
            let week = self.week(week);
            if english { format!("Measured to {week}") } else { format!("Gemeten tot en met {week}") }
        });
        let forecast = forecast_on
            .map(|day| if english { format!("forecast of {day}") } else { format!("verwachting van {day}") });
        match (measured, forecast) {
            (Some(measured), Some(forecast)) => format!("{measured} · {forecast}"),
            (Some(measured), None) if english => format!("{measured} · no forecast yet"),
            (Some(measured), None) => format!("{measured} · nog geen verwachting"),
            (None, _) if english => "No readings yet".to_owned(),
            (None, _) => "Nog geen metingen".to_owned(),
        }
    }

    /// How many rows the filter lets through, of how many.
    pub(crate) fn rows(&self, shown: u32, of: u32) -> String {
        match self.language {
            Language::English if (shown, of) == (1, 1) => "1 transformer".to_owned(),
            Language::Dutch if (shown, of) == (1, 1) => "1 transformator".to_owned(),
            Language::English if shown == of => format!("{} transformers", self.count(of)),
            Language::Dutch if shown == of => format!("{} transformatoren", self.count(of)),
            Language::English => format!("{} of {} transformers", self.count(shown), self.count(of)),
            Language::Dutch => format!("{} van {} transformatoren", self.count(shown), self.count(of)),
        }
    }

    /// What the page without JavaScript holds of a long list.
    pub(crate) fn first_rows(&self, rows: u32) -> String {
        match self.language {
            Language::English => format!("The first {rows} are shown: search, filter or sort to see others."),
            Language::Dutch => {
                format!("De eerste {rows} staan hier: zoek, filter of sorteer om andere te zien.")
            }
        }
    }

    /// What the forecast's chart shows: of the measured weeks the first and the last, of the forecast the last, and the last
    /// that is judged where others follow.
    pub(crate) fn forecast_summary(&self, span: [IsoWeek; 3], judged_to: Option<IsoWeek>) -> String {
        let [from, now, to] = span.map(|week| self.week(week));
        let indicative = judged_to.map(|week| self.week(week));
        match self.language {
            Language::English => {
                let after = indicative.map(|week| format!(" (after {week} indicative)")).unwrap_or_default();
                format!(
                    "Measured weekly maximum and minimum from {from} to {now}, and their forecast to {to}{after}. A band \
                     speaks of its own week."
                )
            }
            Language::Dutch => {
                let after = indicative.map(|week| format!(" (na {week} indicatief)")).unwrap_or_default();
                format!(
                    "Gemeten weekmaximum en -minimum van {from} tot en met {now}, en de verwachting tot en met {to}{after}. \
                     Een band gaat over zijn eigen week."
                )
            }
        }
    }

    /// What a breakdown's chart shows.
    pub(crate) fn breakdown_summary(
        &self,
        extreme: Extreme,
        drift_kw: [f64; 2],
        season_kw: [f64; 2],
        season_weeks: [IsoWeek; 2],
    ) -> String {
        let extreme = self.extreme(extreme);
        let [first, last] = drift_kw.map(|kw| self.kw(kw));
        let [low, high] = season_kw.map(|kw| self.kw(kw));
        let [low_week, high_week] = season_weeks.map(|week| self.week_number(week));
        match self.language {
            Language::English => format!(
                "The weekly {extreme} is the sum of trend, season and noise: the trend goes from {first} to {last}, \
                 the season adds {low} (about {low_week}) to {high} (about {high_week})."
            ),
            Language::Dutch => format!(
                "Het week{extreme} is de som van trend, seizoen en ruis: de trend gaat van {first} naar {last}, \
                 het seizoen voegt {low} (rond {low_week}) tot {high} (rond {high_week}) toe."
            ),
        }
    }

    /// Where a limit lies outside the picture, because nothing comes near it.
    pub(crate) fn limit_outside(&self, limit_kw: f64) -> String {
        let limit = self.kw(limit_kw);
        match (self.language, limit_kw < 0.0) {
            (Language::English, true) => format!("The feed-in limit of {limit} lies below the picture."),
            (Language::English, false) => format!("The import limit of {limit} lies above the picture."),
            (Language::Dutch, true) => format!("De teruglevergrens van {limit} valt onder de grafiek."),
            (Language::Dutch, false) => format!("De afnamegrens van {limit} valt boven de grafiek."),
        }
    }

    /// The name of a part of a forecast.
    pub(crate) fn part(&self, part: Part) -> &'static str {
        match part {
            Part::Drift => self.drift,
            Part::Yearly => self.yearly,
            Part::Total => self.total,
        }
    }

    /// Both limits in one text, or one where they are alike.
    pub(crate) fn limits(&self, limits: Limits) -> String {
        let [import, feed_in] = [limits.import_kw, limits.feed_in_kw].map(|kw| self.kw(kw));
        if import == feed_in {
            return match self.language {
                Language::English => format!("limit {import} either way"),
                Language::Dutch => format!("grens {import} voor afname en teruglevering"),
            };
        }
        format!("{} {import} · {} {feed_in}", self.by_import, self.by_feed_in)
    }

    /// The end of the horizon.
    pub(crate) fn until(&self, week: IsoWeek) -> String {
        match self.language {
            Language::English => format!("up to {}", self.week(week)),
            Language::Dutch => format!("t/m {}", self.week(week)),
        }
    }

    /// A span of weeks.
    pub(crate) fn span(&self, from: IsoWeek, to: IsoWeek) -> String {
        if from == to { self.week(from) } else { format!("{} – {}", self.week(from), self.week(to)) }
    }

    /// A range of active power without its unit.
    pub(crate) fn between(&self, low_kw: f64, high_kw: f64) -> String {
        let to = match self.language {
            Language::English => "to",
            Language::Dutch => "tot",
        };
        format!("{} {to} {}", self.kw_value(low_kw), self.kw_value(high_kw))
    }
}
