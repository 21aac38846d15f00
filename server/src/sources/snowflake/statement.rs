//! The statement that aggregates readings to weekly tallies, in Snowflake's SQL.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::tally::SeenQuarters;
use model::Phase;

use super::regular_weeks::start_of_week;
use super::table::Table;
use crate::configuration::source::MEASUREMENT_COLUMNS;
use crate::sources::row_outcome::{
    ACCEPTED, AROUND_UNITS, BEYOND_CAPACITY, FROM_THE_FUTURE, IGNORED, MISSING_CELL, NAMES_OF_KILOWATT,
    NOT_FINITE, OTHER_UNIT, OUT_OF_CALENDAR, UNKNOWN_CHANNEL, white_space,
};

/// A part of a channel's name, and a pair of its query, as [`readings::Channel::parse`] knows them.
const NAME: &str = "[a-z0-9_.-]+";
/// Quarter-hours in one word of the result: few enough for integers of any engine.
pub(super) const BITS: usize = 32;
/// Words of the result.
pub(super) const WORDS: usize = SeenQuarters::WORDS * 64 / BITS;

/// The readings to aggregate.
pub(super) struct WeekQuery<'a> {
    /// The week starts and the end of the last week, Unix seconds.
    pub(super) starts: &'a [i64],
    /// The last second before the window; `None` for everything. What lies between belongs to it, as a time
    /// a hair short of a quarter-hour is that quarter-hour.
    pub(super) after: Option<DateTime<Utc>>,
    /// The first second too far in the future.
    pub(super) after_latest: i64,
    /// The first second after the calendar.
    pub(super) after_calendar: i64,
    /// The readings of which boxes.
    pub(super) boxes: Boxes,
}

/// Boxes, named by question marks.
pub(super) enum Boxes {
    /// Every box.
    All,
    /// So many, however they are spelled.
    Named(usize),
    /// Groups of so many spellings, each with the largest power that is believed of its boxes, kW.
    Believed(Vec<(usize, f64)>),
}

/// One row per box, phase and week with its tally, then one for all ignored rows, then one per box
/// and reason of refused rows; sorted by the box that a spelling stands for. Columns: outcome, box, phase,
/// start of the week, number of rows, minimum, maximum, first and last second, and the words of the
/// quarter-hours seen.
///
/// Doubles are formatted as `TME`, with all their digits: by default they lose some. Integers are
/// only divided without remainder, as Snowflake's division rounds.
pub(super) fn weeks(table: &Table, query: &WeekQuery<'_>) -> String {
    let name = table.name.quoted();
    let [box_id, channel, value, time] = MEASUREMENT_COLUMNS.map(|word| table.quoted(word));
    let WeekQuery { starts, after_latest, after_calendar, .. } = query;
    let first = starts.first().copied().unwrap_or_default();
    let (week_start, white_space) = (start_of_week(starts, "second"), white_space());
    let (phase, shape) = (phase(), shape());
    let seen: String = (0..WORDS).map(seen).collect();
    let condition = condition(query, &box_id, &time);
    let (units, judged_units, other_unit) = units(table);
    let identifier = identifier("box_id");
    let (limit, max_kw, only, beyond) = match &query.boxes {
        Boxes::All | Boxes::Named(_) => (String::new(), "", "", String::new()),
        Boxes::Believed(groups) => (
            format!(", {} AS max_kw", max_kw(groups, &box_id)),
            ", max_kw",
            " WHERE max_kw IS NOT NULL",
            format!("WHEN ABS(kw) > max_kw THEN {BEYOND_CAPACITY} "),
        ),
    };
    // A hair short of a quarter-hour is that quarter-hour, as in files.
    let second = "CASE WHEN has_fraction AND MOD(whole_second + 1, 900) = 0 THEN whole_second + 1 ELSE whole_second END";
    format!(
        "SELECT outcome, box_id, phase, week_start, COUNT(*), TO_VARCHAR(MIN(kw), 'TME'), TO_VARCHAR(MAX(kw), 'TME'), \
                MIN(second), MAX(second){seen} \
         FROM (\
            SELECT outcome, kw, second, \
                   CASE WHEN outcome <> {IGNORED} THEN box_id END AS box_id, \
                   CASE WHEN outcome = {ACCEPTED} THEN phase END AS phase, \
                   CASE WHEN outcome IN ({ACCEPTED}, {BEYOND_CAPACITY}) THEN week_start END AS week_start, \
                   CASE WHEN outcome = {ACCEPTED} \
                        THEN ((second - week_start - MOD(second - week_start, 900)) / 900)::INTEGER END AS quarter \
            FROM (\
               SELECT box_id, phase, kw, second{max_kw}, {week_start} AS week_start, \
                      CASE WHEN phase = -2 THEN {MISSING_CELL} \
                           WHEN phase = -3 THEN {UNKNOWN_CHANNEL} \
                           WHEN phase = -1 THEN {IGNORED} \
                           WHEN box_id IS NULL THEN {MISSING_CELL} \
                           {other_unit}WHEN kw IS NULL OR second IS NULL THEN {MISSING_CELL} \
                           WHEN NOT (kw > '-inf'::FLOAT AND kw < 'inf'::FLOAT) THEN {NOT_FINITE} \
                           WHEN second < {first} OR second >= {after_calendar} THEN {OUT_OF_CALENDAR} \
                           WHEN second >= {after_latest} THEN {FROM_THE_FUTURE} \
                           {beyond}ELSE {ACCEPTED} END AS outcome \
               FROM (\
                  SELECT box_id, kw, second{max_kw}{judged_units}, {phase} AS phase \
                  FROM (\
                     SELECT box_id, kw, {second} AS second{max_kw}{judged_units}, channel, spelling, \
                            CASE WHEN REGEXP_LIKE(spelling, '{shape}') \
                                 THEN REGEXP_SUBSTR(spelling, '.*[?&]avg=({NAME})', 1, 1, 'e', 1) END AS average, \
                            REGEXP_LIKE(spelling, '{shape}') AS is_channel \
                     FROM (\
                        SELECT {box_id}::VARCHAR AS box_id, {value}::FLOAT AS kw, \
                               DATE_PART(EPOCH_SECOND, DATE_TRUNC('SECOND', {time})) AS whole_second, \
                               {time} > DATE_TRUNC('SECOND', {time}) AS has_fraction, {channel} AS channel, \
                               TRANSLATE(TRIM({channel}, '{white_space}'), '{CAPITALS}', '{SMALL}') AS spelling{units}{limit} \
                        FROM {name}{condition}) AS raw_rows{only}) AS spelled) AS known) AS judged) AS placed \
         GROUP BY outcome, box_id, phase, week_start \
         ORDER BY outcome, {identifier}, phase, week_start"
    )
}

/// ASCII letters: unlike `LOWER` this leaves others alone.
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz";

fn condition(query: &WeekQuery<'_>, box_id: &str, time: &str) -> String {
    let mut conditions = Vec::new();
    if let Some(after) = query.after {
        let after = after.to_rfc3339_opts(SecondsFormat::Secs, false);
        conditions.push(format!("{time} > '{after}'::TIMESTAMP_TZ"));
    }
    if let Boxes::Named(boxes) = query.boxes {
        let identifier = identifier(&format!("{box_id}::VARCHAR"));
        conditions.push(format!("{identifier} IN ({})", question_marks(boxes)));
    }
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// The box that a spelling stands for, as [`model::BoxId::from_source`] reads it.
fn identifier(spelling: &str) -> String {
    let white_space = white_space();
    let trimmed = format!("TRIM({spelling}, '{white_space}')");
    let plain = format!(
        "CASE WHEN LENGTH({trimmed}) >= 3 AND LEFT({trimmed}, 2) = '=\"' AND RIGHT({trimmed}, 1) = '\"' \
         THEN TRIM(SUBSTR({trimmed}, 3, LENGTH({trimmed}) - 3), '{white_space}') \
         WHEN REGEXP_LIKE({trimmed}, '''[0-9]+') THEN SUBSTR({trimmed}, 2) ELSE {trimmed} END"
    );
    format!("CASE WHEN REGEXP_LIKE({plain}, '[0-9]+[.]0+') THEN SPLIT_PART({plain}, '.', 1) ELSE {plain} END")
}

/// The columns that name units, the same further out, and how a row that names another than kW is
/// judged; all empty where the table has none.
fn units(table: &Table) -> (String, String, String) {
    let named: Vec<(String, String)> =
        table.units().enumerate().map(|(place, column)| (column.quoted(), format!("unit_{place}"))).collect();
    let around = format!("{}{AROUND_UNITS}", white_space());
    let is_other = |(_, unit): &(String, String)| {
        format!(
            "{unit} <> 'kW' AND TRANSLATE(TRIM({unit}, '{around}'), '{CAPITALS}', '{SMALL}') \
             NOT IN ({NAMES_OF_KILOWATT})"
        )
    };
    if named.is_empty() {
        return (String::new(), String::new(), String::new());
    }
    let others: Vec<String> = named.iter().map(is_other).collect();
    (
        named.iter().map(|(column, unit)| format!(", {column}::VARCHAR AS {unit}")).collect(),
        named.iter().map(|(_, unit)| format!(", {unit}")).collect(),
        format!("WHEN {} THEN {OTHER_UNIT} ", others.join(" OR ")),
    )
}

fn question_marks(number: usize) -> String {
    vec!["?"; number].join(", ")
}

/// The largest power that is believed of a row's box, kW; null for other boxes.
fn max_kw(groups: &[(usize, f64)], box_id: &str) -> String {
    let cases = groups.iter().map(|(boxes, max_kw)| {
        format!("WHEN {box_id}::VARCHAR IN ({}) THEN {max_kw:e}::FLOAT ", question_marks(*boxes))
    });
    format!("CASE {}END", cases.collect::<String>())
}

/// The shape of a channel in lower case; patterns of Snowflake match the whole text.
fn shape() -> String {
    let pair = format!("{NAME}={NAME}");
    format!("register://{NAME}/[0-9]+/{NAME}(/{NAME})*([?]{pair}(&{pair})*)?")
}

/// The phase's number, −1 for another channel, −2 for none, −3 for an unknown shape, as in
/// [`readings::Channel::parse`]. The last `avg` counts.
fn phase() -> String {
    let usual: String = Phase::ALL
        .iter()
        .map(|phase| {
            format!(
                "WHEN channel = 'register://electricity/0/activepower/{phase}?avg=15' THEN {} ",
                phase.index()
            )
        })
        .collect();
    let others: String = Phase::ALL
        .iter()
        .map(|phase| {
            let address = format!("register://electricity/0/activepower/{phase}?");
            format!("WHEN average = '15' AND STARTSWITH(spelling, '{address}') THEN {} ", phase.index())
        })
        .collect();
    format!(
        "CASE {usual}WHEN channel IS NULL OR channel = '' THEN -2 WHEN NOT is_channel THEN -3 {others}ELSE -1 END"
    )
}

/// One word of the quarter-hours seen, as a further column.
fn seen(word: usize) -> String {
    format!(
        ", COALESCE(BITOR_AGG(CASE WHEN quarter - MOD(quarter, {BITS}) = {} \
         THEN BITSHIFTLEFT(1, MOD(quarter, {BITS})) END), 0)",
        word * BITS
    )
}
