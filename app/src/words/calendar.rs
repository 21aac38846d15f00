//! Weeks, days and moments as each language writes them.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use domain::language::Language;
use leptos::prelude::use_context;
use model::IsoWeek;

use super::Words;
use crate::wall_clock::WallClock;

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DUTCH_MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const ENGLISH_SHORT_MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DUTCH_SHORT_MONTHS: [&str; 12] =
    ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];

impl Words {
    /// A week with its year: `week 47, 2026`.
    pub(crate) fn week(&self, week: IsoWeek) -> String {
        format!("{}, {}", self.week_number(week), week.year())
    }

    /// A week without its year: `week 47`.
    pub(crate) fn week_number(&self, week: IsoWeek) -> String {
        format!("week\u{a0}{}", week.number())
    }

    /// A day: `22 November 2026`.
    pub(crate) fn day(&self, day: NaiveDate) -> String {
        let months = match self.language {
            Language::English => &ENGLISH_MONTHS,
            Language::Dutch => &DUTCH_MONTHS,
        };
        format!("{} {} {}", day.day(), months[day.month0() as usize], day.year())
    }

    /// A day where there is little room: `22 Nov 2026`.
    pub(crate) fn short_day(&self, day: NaiveDate) -> String {
        let months = match self.language {
            Language::English => &ENGLISH_SHORT_MONTHS,
            Language::Dutch => &DUTCH_SHORT_MONTHS,
        };
        format!("{} {} {}", day.day(), months[day.month0() as usize], day.year())
    }

    /// The day of a moment, by the clock on the wall if the page has one, else in universal time.
    pub(crate) fn day_of(&self, moment: DateTime<Utc>) -> String {
        self.day(date_of(moment))
    }

    /// The same where there is little room.
    pub(crate) fn short_day_of(&self, moment: DateTime<Utc>) -> String {
        self.short_day(date_of(moment))
    }

    /// A moment to the minute, by the clock on the wall if the page has one: `22 November 2026, 09:40`, `22 november 2026 om 09:40`; else in
    /// universal time, which it says: `22 November 2026, 08:40 UTC`, `22 november 2026 om 08:40 (wereldtijd)`.
    pub(crate) fn moment(&self, moment: DateTime<Utc>) -> String {
        let clock = use_context::<WallClock>();
        let shown = clock.as_ref().map_or_else(|| moment.naive_utc(), |clock| clock.shows(moment));
        let (day, hour, minute) = (self.day(shown.date()), shown.hour(), shown.minute());
        let zone = match (self.language, clock) {
            (_, Some(_)) => "",
            (Language::English, None) => " UTC",
            (Language::Dutch, None) => " (wereldtijd)",
        };
        match self.language {
            Language::English => format!("{day}, {hour:02}:{minute:02}{zone}"),
            Language::Dutch => format!("{day} om {hour:02}:{minute:02}{zone}"),
        }
    }
}

fn date_of(moment: DateTime<Utc>) -> NaiveDate {
    use_context::<WallClock>().map_or_else(|| moment.date_naive(), |clock| clock.shows(moment).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_days_read_naturally() {
        let week = IsoWeek::from_year_and_number(2026, 53).unwrap();
        let moment = DateTime::<Utc>::from_timestamp(1_763_800_800, 0).unwrap();
        assert_eq!(Words::of(Language::English).week(week), "week\u{a0}53, 2026");
        assert_eq!(Words::of(Language::English).moment(moment), "22 November 2025, 08:40 UTC");
        assert_eq!(Words::of(Language::Dutch).day(week.monday()), "28 december 2026");
        assert_eq!(Words::of(Language::Dutch).short_day(week.monday()), "28 dec 2026");
    }

    #[test]
    #[cfg(feature = "ssr")]
    fn the_day_of_a_moment_is_that_of_the_clock_on_the_wall() {
        let moment: DateTime<Utc> = "2026-11-22T23:30:00Z".parse().unwrap();
        let words = Words::of(Language::English);
        let told = || [words.day_of(moment), words.short_day_of(moment)];
        assert_eq!(told(), ["22 November 2026", "22 Nov 2026"]);
        leptos::prelude::Owner::new().with(|| {
            leptos::prelude::provide_context(WallClock::new("Etc/GMT-1", |at| {
                at.naive_utc() + chrono::TimeDelta::hours(1)
            }));
            assert_eq!(told(), ["23 November 2026", "23 Nov 2026"]);
        });
    }

    #[test]
    #[cfg(feature = "ssr")]
    fn a_moment_is_told_by_the_clock_on_the_wall() {
        let moment = DateTime::<Utc>::from_timestamp(1_763_800_800, 0).unwrap();
        let told = leptos::prelude::Owner::new().with(|| {
            leptos::prelude::provide_context(WallClock::new("Etc/GMT-1", |at| {
                at.naive_utc() + chrono::TimeDelta::hours(1)
            }));
            [Language::English, Language::Dutch].map(|language| Words::of(language).moment(moment))
        });
        assert_eq!(told, ["22 November 2025, 09:40", "22 november 2025 om 09:40"]);
    }
}
