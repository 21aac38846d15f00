//! The statement that aggregates readings to weekly tallies.

use domain::tally::SeenQuarters;
use readings::Channel;

use super::table::Table;
use crate::configuration::source::MEASUREMENT_COLUMNS;
use crate::sources::row_outcome::{
    ACCEPTED, AROUND_UNITS, BEYOND_CAPACITY, FROM_THE_FUTURE, IGNORED, MISSING_CELL, NAMES_OF_KILOWATT,
    NOT_FINITE, OTHER_UNIT, OUT_OF_CALENDAR, UNKNOWN_CHANNEL,
};

/// A part of a channel's name, and a pair of its query, as [`Channel::parse`] knows them.
const NAME: &str = "[a-z0-9_.-]+";

/// Which readings are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Believed {
    /// All.
    Everything,
    /// Those of the named boxes, each up to its limit.
    UpToLimits,
}

/// One row per box, phase and week with its tally, then one for all ignored rows, then one per box
/// and reason of refused rows; sorted by the box that a spelling stands for.
///
/// Parameters: `$1` the week starts and the end of the last week, Unix seconds; `$2` the first
/// second too far in the future; `$3` the first second after the calendar; `$4` all white space;
/// `$5` the last time before the window, or null; `$6` the boxes, or null for all; with
/// [`Believed::UpToLimits`] the spellings of boxes, and `$7` the largest power that is believed of each. A row's outcome
/// is decided in the same order as in `readings`, so that files and tables refuse the same rows for
/// the same reasons. Readings beyond what is believed are one row per box and week.
///
/// The quarter-hours seen are returned as the words of a bit set: unlike lists of distinct
/// quarter-hours these need no sorting of the readings, and the same few bytes for each group.
///
/// `OFFSET 0` keeps PostgreSQL from computing an inner expression wherever it is used. That costs
/// the parallel aggregation (the scan stays parallel), and is still several times faster.
pub(super) fn weeks(table: &Table, believed: Believed) -> String {
    let name = table.name.quoted();
    let [box_id, channel, value, time] = MEASUREMENT_COLUMNS.map(|word| table.quoted(word));
    let phase = phase(&format!("{channel}::TEXT"));
    let seen = seen();
    let (units, other_unit) = other_unit(table);
    let (limits, limit, beyond) = match believed {
        Believed::Everything => (String::new(), "", String::new()),
        Believed::UpToLimits => (
            format!(
                " JOIN unnest($6::TEXT[], $7::FLOAT8[]) AS gridspark_believed (gridspark_box_id, gridspark_max_kw) \
                 ON gridspark_box_id = {box_id}::TEXT"
            ),
            ", gridspark_max_kw AS max_kw",
            format!("WHEN abs(kw) > max_kw THEN {BEYOND_CAPACITY} "),
        ),
    };
    let spelling = format!("{box_id}::TEXT");
    let wanted = if believed == Believed::Everything { identifier(&spelling) } else { spelling };
    let identifier = identifier("box_id");
    let second = second("epoch");
    format!(
        "SELECT outcome, box_id, phase, bucket, count(*) AS row_count, min(kw) AS min_kw, max(kw) AS max_kw, \
                min(second) AS oldest, max(second) AS newest, {seen} AS seen \
         FROM (\
            SELECT outcome, kw, second, \
                   CASE WHEN outcome <> {IGNORED} THEN box_id END AS box_id, \
                   CASE WHEN outcome = {ACCEPTED} THEN phase END AS phase, \
                   CASE WHEN outcome IN ({ACCEPTED}, {BEYOND_CAPACITY}) THEN bucket END AS bucket, \
                   CASE WHEN outcome = {ACCEPTED} \
                        THEN floor((second - ($1::FLOAT8[])[bucket]) / 900)::INTEGER END AS quarter \
            FROM (\
               SELECT box_id, phase, kw, second, width_bucket(second, $1::FLOAT8[]) AS bucket, \
                      CASE WHEN phase = -2 THEN {MISSING_CELL} \
                           WHEN phase = -3 THEN {UNKNOWN_CHANNEL} \
                           WHEN phase = -1 THEN {IGNORED} \
                           WHEN box_id IS NULL THEN {MISSING_CELL} \
                           {other_unit}WHEN kw IS NULL OR second IS NULL THEN {MISSING_CELL} \
                           WHEN NOT (kw > '-Infinity' AND kw < 'Infinity') THEN {NOT_FINITE} \
                           WHEN second < ($1::FLOAT8[])[1] OR second >= $3::FLOAT8 THEN {OUT_OF_CALENDAR} \
                           WHEN second >= $2::FLOAT8 THEN {FROM_THE_FUTURE} \
                           {beyond}ELSE {ACCEPTED} END AS outcome \
               FROM (\
                  SELECT *, {second} AS second \
                  FROM (\
                     SELECT {box_id}::TEXT AS box_id, {phase} AS phase, {value}::FLOAT8 AS kw, \
                            date_part('epoch', {time}) AS epoch{units}{limit} \
                     FROM {name}{limits} \
                     WHERE ($5::TIMESTAMPTZ IS NULL OR {time} > $5) AND ($6::TEXT[] IS NULL OR {wanted} = ANY($6)) \
                     OFFSET 0) AS raw_rows \
                  OFFSET 0) AS timed \
               OFFSET 0) AS judged \
            OFFSET 0) AS placed \
         GROUP BY outcome, box_id, phase, bucket \
         ORDER BY outcome, {identifier}, phase, bucket"
    )
}

/// The whole second of a time, as files are read: a hair short of a quarter-hour it is that quarter-hour.
fn second(epoch: &str) -> String {
    format!(
        "CASE WHEN {epoch} = floor({epoch}) THEN {epoch} \
         WHEN ceil({epoch}) / 900 = floor(ceil({epoch}) / 900) THEN ceil({epoch}) ELSE floor({epoch}) END"
    )
}

/// The box that a spelling stands for, as [`model::BoxId::from_source`] reads it.
fn identifier(spelling: &str) -> String {
    let plain =
        format!("regexp_replace(btrim({spelling}, $4::TEXT), '^(?:=\"(.*)\"|''([0-9]+))$', '\\1\\2')");
    format!("btrim(regexp_replace({plain}, '^([0-9]+)[.]0+$', '\\1'), $4::TEXT) COLLATE \"C\"")
}

/// The columns that name units, and how a row that names another than kW is judged; both empty where
/// the table has none.
fn other_unit(table: &Table) -> (String, String) {
    let units = table.units().map(|column| format!("{}::TEXT", column.quoted()));
    let units = units.enumerate().map(|(place, unit)| (format!(", {unit} AS unit_{place}"), place));
    let (columns, places): (String, Vec<usize>) = units.unzip();
    let is_other = |place: usize| {
        // The usual spelling is compared directly.
        format!(
            "unit_{place} <> 'kW' AND lower(btrim(unit_{place}, $4::TEXT || '{AROUND_UNITS}') COLLATE \"C\") \
             NOT IN ({NAMES_OF_KILOWATT})"
        )
    };
    let others: Vec<String> = places.into_iter().map(is_other).collect();
    let judged = match others.is_empty() {
        true => String::new(),
        false => format!("WHEN {} THEN {OTHER_UNIT} ", others.join(" OR ")),
    };
    (columns, judged)
}

/// The phase's number, −1 for another channel, −2 for none, −3 for an unknown shape, as in
/// [`Channel::parse`]. The usual spellings are compared directly; only others are matched by
/// regular expressions, in lower case ASCII.
fn phase(channel: &str) -> String {
    let usual: String = model::Phase::ALL
        .iter()
        .map(|phase| {
            let spelling = format!("register://electricity/0/activepower/{phase}?avg=15");
            debug_assert_eq!(Channel::parse(&spelling), Ok(Channel::ActivePower(*phase)));
            format!("WHEN {channel} = '{spelling}' THEN {} ", phase.index())
        })
        .collect();
    let spelling = format!("lower(btrim({channel}, $4::TEXT) COLLATE \"C\")");
    let pair = format!("{NAME}={NAME}");
    let shape = format!("^register://{NAME}/[0-9]+/{NAME}(/{NAME})*([?]{pair}(&{pair})*)?$");
    // The last avg counts.
    let counts = format!(
        "^register://electricity/0/activepower/(sumli|l1|l2|l3)[?](?:{pair}&)*avg=15(?:&(?!avg=){pair})*$"
    );
    format!(
        "CASE {usual}\
         WHEN {channel} IS NULL OR {channel} = '' THEN -2 \
         WHEN {spelling} !~ '{shape}' THEN -3 \
         ELSE COALESCE(array_position(ARRAY['sumli', 'l1', 'l2', 'l3'], substring({spelling} from '{counts}')) - 1, -1) \
         END"
    )
}

/// The quarter-hours seen, as the words of [`SeenQuarters::from_words`].
fn seen() -> String {
    let words: Vec<String> = (0..SeenQuarters::WORDS)
        .map(|word| {
            format!(
                "COALESCE(bit_or(1::BIGINT << (quarter & 63)) FILTER (WHERE quarter >> 6 = {word}), 0::BIGINT)"
            )
        })
        .collect();
    format!("ARRAY[{}]", words.join(", "))
}
