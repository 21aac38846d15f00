//! The section `[schedule]`: when a server updates extremes and forecasts by itself.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use schemars::JsonSchema;
use serde::Deserialize;

/// The section `[schedule]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleSettings {
    /// When: minute, hour, day of the month, month and day of the week, such as `0 6 * * MON`, in
    /// the time zone `time_zone`.
    #[schemars(with = "String")]
    pub cron: CronExpression,
}

/// Minute, hour, day of the month, month and day of the week, such as `0 6 * * MON`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct CronExpression(Cron);

/// A text that isn't a cron expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no cron expression such as `0 6 * * MON` (minute, hour, day, month, day of the week): {reason}"
)]
pub struct CronExpressionError {
    text: String,
    reason: String,
}

impl FromStr for CronExpression {
    type Err = CronExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let wrong = |reason: String| CronExpressionError { text: text.to_owned(), reason };
        let cron = parser.parse(text).map_err(|error| wrong(error.to_string()))?;
        // 30 February is well-formed but never occurs.
        cron.find_next_occurrence(&Utc::now(), false).map_err(|_| wrong("it never comes".to_owned()))?;
        Ok(Self(cron))
    }
}

impl TryFrom<String> for CronExpression {
    type Error = CronExpressionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl CronExpression {
    /// The latest occurrence up to `now`, in a time zone; `None` if there was none for ages.
    pub fn latest(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let latest = self.0.find_previous_occurrence(&now.with_timezone(&zone), true).ok()?;
        Some(latest.with_timezone(&Utc))
    }

    /// The next occurrence after `now`.
    pub fn next(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let next = self.0.find_next_occurrence(&now.with_timezone(&zone), false).ok()?;
        Some(next.with_timezone(&Utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn monday_at_six_is_by_the_clocks_of_the_zone_in_summer_and_in_winter() {
        let monday: CronExpression = "0 6 * * MON".parse().unwrap();
        let latest = |now| monday.latest(utc(now), chrono_tz::Europe::Amsterdam);
        assert_eq!(latest("2026-07-08T12:00:00Z"), Some(utc("2026-07-06T04:00:00Z")));
        assert_eq!(latest("2026-11-22T12:00:00Z"), Some(utc("2026-11-16T05:00:00Z")));
        assert_eq!(latest("2026-11-16T05:00:00Z"), Some(utc("2026-11-16T05:00:00Z")), "at the very moment");
        let next = monday.next(utc("2026-11-16T05:00:00Z"), chrono_tz::Europe::Amsterdam);
        assert_eq!(next, Some(utc("2026-11-23T05:00:00Z")));
    }

    #[test]
    fn what_is_no_expression_or_never_comes_is_refused_in_words() {
        for text in ["every monday", "0 6 * *", "0 0 6 * * MON", "61 6 * * MON", "0 6 30 2 *"] {
            let message = text.parse::<CronExpression>().unwrap_err().to_string();
            assert!(message.contains(text) && message.contains("0 6 * * MON"), "{message}");
        }
    }
}
