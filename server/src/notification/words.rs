//! The sentences of messages, in English and Dutch.

use app::RunSentences;
use chrono::DateTime;
use chrono_tz::Tz;
use domain::language::Language;
use domain::notices::{DigestBox, Task};
use model::IsoWeek;

/// The sentences of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Language);

impl Words {
    fn choose<T>(self, english: T, dutch: T) -> T {
        match self.0 {
            Language::English => english,
            Language::Dutch => dutch,
        }
    }

    /// Sentences shared with the page of runs.
    pub(super) fn of_runs(self) -> RunSentences {
        RunSentences::of(self.0)
    }

    fn say(self, english: &str, dutch: &str) -> String {
        self.choose(english, dutch).to_owned()
    }

    pub(super) fn test_title(self) -> String {
        self.say("A test message of Gridspark", "Een testbericht van Gridspark")
    }

    pub(super) fn test_text(self) -> String {
        self.say("This webhook works. Nothing has happened.", "Deze webhook werkt. Er is niets aan de hand.")
    }

    pub(super) fn to_the_dashboard(self) -> String {
        self.say("Open the dashboard", "Naar het dashboard")
    }

    pub(super) fn failed(self, task: Task) -> String {
        match task {
            Task::UpdateExtremes => {
                self.say("New readings could not be taken in", "Nieuwe metingen konden niet worden ingelezen")
            }
            Task::MakeForecasts => self
                .say("The forecasts could not be renewed", "De verwachtingen konden niet worden vernieuwd"),
            Task::ScheduledRun => {
                self.say("The scheduled renewal has failed", "De geplande vernieuwing is mislukt")
            }
        }
    }

    pub(super) fn of_run(self, run: i64) -> String {
        self.choose(
            format!("It was run {run}; the forecasts before stay valid."),
            format!("Het gaat om run {run}; de eerdere verwachtingen blijven gelden."),
        )
    }

    pub(super) fn late(self) -> String {
        self.say("The renewal of the forecasts is late", "De vernieuwing van de verwachtingen is te laat")
    }

    /// The due time in local time, in the format of the language.
    pub(super) fn was_due(self, due: DateTime<Tz>, minutes: Option<u32>) -> String {
        let due = self.choose(due.format("%F %R"), due.format("%d-%m-%Y om %R"));
        match minutes {
            Some(minutes) => self.choose(
                format!("It was due at {due} and is not done after {minutes} minutes."),
                format!("Deze had op {due} moeten beginnen en is na {minutes} minuten niet klaar."),
            ),
            None => self.choose(
                format!("A run of all transformers should have been done by {due}: look at what starts it."),
                format!(
                    "Een run over alle transformatoren had uiterlijk op {due} klaar moeten zijn: kijk naar wat deze start."
                ),
            ),
        }
    }

    pub(super) fn suspicious(self, run: Option<i64>) -> String {
        match run {
            Some(run) => self.choose(
                format!("Run {run} is done, but looks suspicious"),
                format!("Run {run} is klaar, maar ziet er verdacht uit"),
            ),
            None => self.say(
                "The readings have been updated, but look suspicious",
                "De metingen zijn bijgewerkt, maar zien er verdacht uit",
            ),
        }
    }

    pub(super) fn readings_refused(self) -> String {
        self.say("Tests of the readings have stopped a run", "Gegevenstoetsen hebben een run tegengehouden")
    }

    pub(super) fn nothing_overwritten(self) -> String {
        self.say(
            "Nothing was overwritten: the forecasts before stay valid.",
            "Er is niets overschreven: de eerdere verwachtingen blijven gelden.",
        )
    }

    /// What was measured first, what is forecast after it.
    pub(super) fn digest_title(self, week: IsoWeek, newly_exceeded: u32, newly_overloaded: u32) -> String {
        let (number, year) = (week.number(), week.year());
        let transformers = |count| match count {
            1 => self.say("one transformer", "één transformator"),
            count => self.choose(format!("{count} transformers"), format!("{count} transformatoren")),
        };
        let measured = (newly_exceeded > 0).then(|| {
            format!(
                "{} {}",
                transformers(newly_exceeded),
                self.choose("newly overloaded", "nieuw overbelast")
            )
        });
        let ahead = (newly_overloaded > 0).then(|| {
            format!(
                "{} {}",
                transformers(newly_overloaded),
                self.choose("newly at risk", "nieuw met risico op overbelasting")
            )
        });
        let news = match (measured, ahead) {
            (None, None) => self.say("no new overloads", "geen nieuwe overbelasting"),
            (Some(measured), None) => measured,
            (None, Some(_)) => self.choose(
                format!("{} newly at risk of an overload", transformers(newly_overloaded)),
                format!("{} nieuw met risico op overbelasting", transformers(newly_overloaded)),
            ),
            (Some(measured), Some(ahead)) => format!("{measured}, {ahead}"),
        };
        format!("Week {number}, {year}: {news}")
    }

    pub(super) fn totals(self, exceeded: u32, overloaded: u32, near: u32) -> String {
        self.choose(
            format!("Overloaded already: {exceeded}. At risk of an overload: {overloaded}. Near the limit: {near}."),
            format!("Al overbelast: {exceeded}. Risico op overbelasting: {overloaded}. Bijna vol: {near}."),
        )
    }

    pub(super) fn newly_exceeded(self) -> String {
        self.say("Newly overloaded, as measured", "Nieuw overbelast, gemeten")
    }

    pub(super) fn first_digest(self) -> String {
        self.say(
            "This is the first digest: all of them are new.",
            "Dit is het eerste overzicht: ze zijn allemaal nieuw.",
        )
    }

    pub(super) fn nothing_changed(self) -> String {
        self.say(
            "Nothing has changed since the digest before.",
            "Er is niets veranderd sinds het vorige overzicht.",
        )
    }

    pub(super) fn newly_overloaded(self) -> String {
        self.say("Newly at risk of an overload", "Nieuw met risico op overbelasting")
    }

    pub(super) fn newly_near(self) -> String {
        self.say("Newly near the limit", "Nieuw bijna vol")
    }

    pub(super) fn relieved(self) -> String {
        self.say("Relieved", "Ontlast")
    }

    pub(super) fn and_more(self, count: usize) -> String {
        self.choose(format!("and {count} more"), format!("en nog {count}"))
    }

    /// What was measured, or how likely and when, such as `83% chance of an overload, the first likeliest in week 5, 2027, peak
    /// 112%`: chance and week are of the same event.
    pub(super) fn outlook(self, found: &DigestBox) -> String {
        if let Some(exceedance) = &found.exceedance {
            return self.of_runs().exceedance(exceedance);
        }
        let probability = found.probability.map(|probability| {
            let chance = percent_of_probability(probability);
            self.choose(format!("{chance} chance of an overload"), format!("{chance} kans op overbelasting"))
        });
        let week = found.week.filter(|_| found.probability.is_some_and(|chance| chance >= WORTH_A_WEEK));
        let week = week.map(|week| {
            let (number, year) = (week.number(), week.year());
            self.choose(
                format!("the first likeliest in week {number}, {year}"),
                format!("de eerste het waarschijnlijkst in week {number}, {year}"),
            )
        });
        let peak = found
            .peak_loading
            .map(|loading| format!("{} {:.0}%", self.choose("peak", "piek"), 100.0 * loading));
        let parts: Vec<String> = [probability, week, peak].into_iter().flatten().collect();
        if parts.is_empty() { self.say("no forecast", "geen verwachting") } else { parts.join(", ") }
    }
}

/// Below this chance of an overload its week says nothing.
const WORTH_A_WEEK: f64 = 0.01;

/// Whole percent; 0 and 100 only if exact.
fn percent_of_probability(probability: f64) -> String {
    match probability {
        p if p > 0.0 && p < 0.005 => "<1%".to_owned(),
        p if p < 1.0 && p > 0.995 => ">99%".to_owned(),
        p => format!("{:.0}%", 100.0 * p),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_people_of_the_language_write_it() {
        let due: DateTime<chrono::Utc> = "2026-11-23T05:00:00Z".parse().unwrap();
        let due = due.with_timezone(&chrono_tz::Europe::Amsterdam);
        assert_eq!(
            Words(Language::Dutch).was_due(due, Some(240)),
            "Deze had op 23-11-2026 om 06:00 moeten beginnen en is na 240 minuten niet klaar."
        );
        let english = Words(Language::English).was_due(due, Some(240));
        assert!(english.contains("due at 2026-11-23 06:00 and"), "{english}");
    }
}
