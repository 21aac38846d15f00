use chrono::{LocalResult, NaiveDate, TimeZone};
use chrono_tz::{Africa, America, Antarctica, Asia, Australia, Europe, Pacific};
use proptest::prelude::*;

use super::*;

fn amsterdam() -> Calendar {
    Calendar::new(Europe::Amsterdam)
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn week(year: i32, number: u32) -> IsoWeek {
    IsoWeek::from_year_and_number(year, number).unwrap()
}

#[test]
fn a_week_starts_on_monday_at_local_midnight() {
    let calendar = amsterdam();
    assert_eq!(calendar.start_of(week(2024, 3)), Ok(instant("2024-01-14T23:00:00Z")));
    assert_eq!(calendar.start_of(week(2024, 28)), Ok(instant("2024-07-07T22:00:00Z")));
    assert_eq!(calendar.quarter_of(instant("2024-01-14T22:59:59Z")), Ok((week(2024, 2), 671)));
    assert_eq!(calendar.quarter_of(instant("2024-01-14T23:00:00Z")), Ok((week(2024, 3), 0)));
    assert_eq!(calendar.quarter_of(instant("2024-01-14T23:15:00Z")), Ok((week(2024, 3), 1)));
}

#[test]
fn the_week_in_which_summer_time_begins_lacks_four_quarter_hours() {
    let calendar = amsterdam();
    let change = week(2024, 13);
    assert_eq!(calendar.quarters_in(change), Ok(668));
    assert_eq!(calendar.quarters_in(change.plus(-1)), Ok(672));
    assert_eq!(calendar.quarters_in(change.plus(1)), Ok(672));
    assert_eq!(calendar.quarter_of(instant("2024-03-31T21:59:00Z")), Ok((change, 667)));
    assert_eq!(calendar.start_of(change.plus(1)), Ok(instant("2024-03-31T22:00:00Z")));
    assert_eq!(calendar.instant_of_local(local("2024-03-31T01:45:00")), Ok(instant("2024-03-31T00:45:00Z")));
    assert_eq!(calendar.instant_of_local(local("2024-03-31T03:00:00")), Ok(instant("2024-03-31T01:00:00Z")));
}

#[test]
fn the_week_in_which_summer_time_ends_has_four_more_quarter_hours() {
    let calendar = amsterdam();
    let change = week(2024, 43);
    assert_eq!(calendar.quarters_in(change), Ok(676));
    assert_eq!(calendar.quarter_of(instant("2024-10-27T22:59:00Z")), Ok((change, 675)));
    assert_eq!(calendar.start_of(change.plus(1)), Ok(instant("2024-10-27T23:00:00Z")));
    let first = calendar.quarter_of(instant("2024-10-27T00:30:00Z")).unwrap();
    let second = calendar.quarter_of(instant("2024-10-27T01:30:00Z")).unwrap();
    assert_eq!(second.1 - first.1, 4, "both passes of 02:30 have a quarter-hour of their own");
}

#[test]
fn an_ambiguous_local_time_is_the_earlier_and_a_skipped_one_is_an_error() {
    let calendar = amsterdam();
    assert_eq!(calendar.instant_of_local(local("2024-10-27T02:00:00")), Ok(instant("2024-10-27T00:00:00Z")));
    assert_eq!(calendar.instant_of_local(local("2024-10-27T02:59:59")), Ok(instant("2024-10-27T00:59:59Z")));
    assert_eq!(calendar.instant_of_local(local("2024-10-27T03:00:00")), Ok(instant("2024-10-27T02:00:00Z")));
    assert_eq!(calendar.instant_of_local(local("2024-03-31T02:00:00")), Err(LocalTimeError::Skipped));
    assert_eq!(calendar.instant_of_local(local("2024-03-31T02:59:59")), Err(LocalTimeError::Skipped));
}

#[test]
fn the_end_of_the_year_is_in_week_52_53_or_1() {
    let calendar = amsterdam();
    for (time, expected) in [
        ("2020-12-31T22:59:00Z", week(2020, 53)),
        ("2021-01-03T22:59:59Z", week(2020, 53)),
        ("2021-01-03T23:00:00Z", week(2021, 1)),
        ("2018-12-30T22:59:59Z", week(2018, 52)),
        ("2018-12-30T23:00:00Z", week(2019, 1)),
        ("2022-01-01T12:00:00Z", week(2021, 52)),
        ("2026-12-31T12:00:00Z", week(2026, 53)),
        ("2027-01-03T22:45:00Z", week(2026, 53)),
    ] {
        assert_eq!(calendar.week_of(instant(time)), Ok(expected), "{time}");
    }
}

#[test]
fn a_leap_day_belongs_to_its_week() {
    let calendar = amsterdam();
    assert_eq!(calendar.week_of(instant("2024-02-29T12:00:00Z")), Ok(week(2024, 9)));
    assert_eq!(calendar.week_of(instant("2024-03-03T22:59:00Z")), Ok(week(2024, 9)));
    assert_eq!(calendar.week_of(instant("2000-02-29T12:00:00Z")), Ok(week(2000, 9)));
    assert_eq!(calendar.quarters_in(week(2024, 9)), Ok(672));
}

#[test]
fn zones_that_change_clocks_on_monday_midnight_or_skip_a_day_have_weeks() {
    let tehran = Calendar::new(Asia::Tehran);
    assert_eq!(tehran.start_of(week(2016, 12)), Ok(instant("2016-03-20T20:30:00Z")));
    assert_eq!(tehran.quarters_in(week(2016, 12)), Ok(668));
    assert_eq!(tehran.quarters_in(week(2016, 11)), Ok(672));
    let apia = Calendar::new(Pacific::Apia);
    assert_eq!(apia.quarters_in(week(2011, 52)), Ok(6 * 96), "2011-12-30 was left out");
    let lord_howe = Calendar::new(Australia::Lord_Howe);
    assert_eq!(lord_howe.quarters_in(week(2024, 14)), Ok(674), "half an hour of summer time");
}

#[test]
fn the_calendar_ends_where_it_says() {
    let calendar = amsterdam();
    assert_eq!(calendar.week_of(instant("1970-01-04T22:59:59Z")), Err(OutOfCalendar));
    assert_eq!(calendar.week_of(instant("1970-01-04T23:00:00Z")).map(IsoWeek::index), Ok(0));
    assert!(calendar.week_of(instant("2100-01-03T22:59:59Z")).is_ok());
    assert_eq!(calendar.week_of(instant("2100-01-03T23:00:00Z")), Err(OutOfCalendar));
    assert_eq!(calendar.instant_of_local(local("1969-01-01T00:00:00")), Err(LocalTimeError::OutOfCalendar));
    assert_eq!(calendar.instant_of_local(local("2200-01-01T00:00:00")), Err(LocalTimeError::OutOfCalendar));
    assert_eq!(calendar.quarters_in(IsoWeek::from_index(-1)), Err(OutOfCalendar));
    assert_eq!(calendar.week_of(DateTime::<Utc>::MAX_UTC), Err(OutOfCalendar));
}

#[test]
fn the_running_week_is_that_of_the_newest_reading_unless_it_completes_the_week() {
    let calendar = amsterdam();
    let running = |time| running_week(instant(time), &calendar);
    assert_eq!(running("2024-07-10T10:00:00Z"), Ok(week(2024, 28)));
    assert_eq!(running("2024-07-14T21:30:00Z"), Ok(week(2024, 28)));
    assert_eq!(running("2024-07-14T21:45:00Z"), Ok(week(2024, 29)));
    assert_eq!(running("2024-10-27T22:30:00Z"), Ok(week(2024, 43)));
    assert_eq!(running("2024-10-27T22:45:00Z"), Ok(week(2024, 44)), "676 quarter-hours");
    assert_eq!(running("2024-03-31T21:45:00Z"), Ok(week(2024, 14)), "668 quarter-hours");
}

const ZONES: [Tz; 10] = [
    Europe::Amsterdam,
    Europe::London,
    America::Los_Angeles,
    America::Sao_Paulo,
    Africa::Casablanca,
    Asia::Kolkata,
    Asia::Tehran,
    Australia::Lord_Howe,
    Pacific::Apia,
    Antarctica::Troll,
];

#[test]
fn every_week_fits_into_the_bitmap() {
    for zone in ZONES {
        let calendar = Calendar::new(zone);
        for index in 0..WEEKS {
            let quarters = calendar.quarters_in(IsoWeek::from_index(index)).unwrap();
            assert!(quarters <= crate::tally::SeenQuarters::CAPACITY, "{zone} {index}: {quarters}");
        }
    }
}

fn calendars() -> &'static [Calendar] {
    static CALENDARS: std::sync::OnceLock<Vec<Calendar>> = std::sync::OnceLock::new();
    CALENDARS.get_or_init(|| ZONES.map(Calendar::new).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn weeks_agree_with_the_local_date(zone in 0..ZONES.len(), second in 700_000_i64..4_102_000_000) {
        let calendar = &calendars()[zone];
        let instant = DateTime::from_timestamp(second, 0).unwrap();
        let date = instant.with_timezone(&calendar.zone()).date_naive();
        let (week, quarter) = calendar.quarter_of(instant).unwrap();
        prop_assert_eq!(week, IsoWeek::containing(date));
        prop_assert!(quarter < calendar.quarters_in(week).unwrap());
    }

    #[test]
    fn local_times_agree_with_the_zone_s_rules(zone in 0..ZONES.len(), minute in 12_000_i64..68_000_000) {
        let calendar = &calendars()[zone];
        let local = NaiveDate::default().and_hms_opt(0, 0, 0).unwrap() + chrono::TimeDelta::minutes(minute);
        let expected = match calendar.zone().from_local_datetime(&local) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Ok(instant.to_utc()),
            LocalResult::None => Err(LocalTimeError::Skipped),
        };
        prop_assert_eq!(calendar.instant_of_local(local), expected);
    }
}

#[test]
fn week_starts_include_the_end_of_the_last_week() {
    let calendar = amsterdam();
    let (first, last) = (week(2024, 12), week(2024, 14));
    let starts = calendar.starts_between(first, last).unwrap();
    let expected = [first, week(2024, 13), last, week(2024, 15)].map(|week| calendar.start_of(week).unwrap());
    assert_eq!(starts, expected.map(|start| start.timestamp()));
    assert_eq!(starts[2] - starts[1], 7 * 86_400 - 3600, "summer time begins");
    assert_eq!(calendar.starts_between(last, first.plus(-3)), Err(OutOfCalendar));
    assert_eq!(calendar.starts_between(week(1969, 1), last), Err(OutOfCalendar));
    assert_eq!(calendar.week_of(calendar.end()), Err(OutOfCalendar));
}
