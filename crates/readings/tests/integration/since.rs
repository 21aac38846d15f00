//! With `since`, earlier readings are treated as if they weren't in the file.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, StringArray, TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
};
use chrono::{DateTime, Utc};
use readings::{FileReport, ReadSettings, Reason, TallyUnion, read_measurements};

use crate::files::{
    Folder, HEADER, Row, SUMLI, Store, amsterdam, import, read, settings, text, usual_columns,
};

/// Local Monday 00:00, eight days after summer time began.
const SINCE: &str = "2024-04-07T22:00:00Z";

fn since() -> DateTime<Utc> {
    SINCE.parse().unwrap()
}

fn from_since() -> ReadSettings {
    ReadSettings { since: Some(since()), ..settings() }
}

/// Four weeks of two boxes, by time; the third begins at [`SINCE`].
fn rows() -> Vec<Row> {
    let row = |step: i64, number: i64| Row {
        box_id: format!("B{number}"),
        channel: SUMLI.to_owned(),
        value_kw: ((step * 31 + number * 17) % 97) as f64,
        second: since().timestamp() + (step - 2 * 672 + 4) * 900,
    };
    (0..4 * 672 - 4).flat_map(|step| [row(step, 0), row(step, 1)]).collect()
}

fn wanted() -> Vec<Row> {
    rows().into_iter().filter(|row| row.second >= since().timestamp()).collect()
}

fn read_since(path: &std::path::Path) -> (FileReport, Store) {
    let mut store = Store::new();
    let report = import(&mut store, path, amsterdam(), &from_since());
    (report, store)
}

/// The usual columns with another time column.
fn with_times(times: ArrayRef) -> Vec<(&'static str, ArrayRef)> {
    let mut columns = usual_columns(&rows());
    columns[3].1 = times;
    columns
}

fn local(second: i64) -> i64 {
    let time = DateTime::from_timestamp(second, 0).unwrap().with_timezone(&chrono_tz::Europe::Amsterdam);
    time.naive_local().and_utc().timestamp()
}

#[test]
fn all_types_of_time_are_excluded_alike_with_and_without_statistics() {
    let folder = Folder::new();
    let (expected_report, expected) = read(&folder.usual_parquet("wanted.parquet", &wanted()));
    let seconds = || rows().into_iter().map(|row| row.second);
    let written: Vec<String> =
        seconds().map(|second| DateTime::from_timestamp(second, 0).unwrap().to_rfc3339()).collect();
    let kinds: [(&str, ArrayRef); 5] = [
        ("seconds", Arc::new(TimestampSecondArray::from_iter_values(seconds()).with_timezone("UTC"))),
        (
            "milliseconds of another zone",
            Arc::new(
                TimestampMillisecondArray::from_iter_values(seconds().map(|second| second * 1000))
                    .with_timezone("+05:30"),
            ),
        ),
        (
            "nanoseconds of local time",
            Arc::new(TimestampNanosecondArray::from_iter_values(
                seconds().map(|second| local(second) * 1_000_000_000),
            )),
        ),
        (
            "milliseconds of local time",
            Arc::new(TimestampMillisecondArray::from_iter_values(
                seconds().map(|second| local(second) * 1000),
            )),
        ),
        ("text", Arc::new(StringArray::from(written))),
    ];
    for (kind, times) in kinds {
        // Row groups before, across and after the instant; or a single one.
        for rows_per_group in [500, 1_000_000] {
            let path = folder.parquet("a.parquet", with_times(Arc::clone(&times)), rows_per_group);
            let (report, store) = read_since(&path);
            assert_eq!(store, expected, "{kind}");
            let counts =
                |report: &FileReport| (report.rows, report.accepted, report.newest, report.oldest_week);
            assert_eq!(counts(&report), counts(&expected_report), "{kind}");
            let quarter_before = since() - chrono::TimeDelta::minutes(15);
            assert_eq!(report.newest_excluded, Some(quarter_before), "{kind}");
        }
    }
    let lines: Vec<String> = rows().iter().map(Row::csv).collect();
    let (report, store) =
        read_since(&folder.bytes("a.csv", format!("{HEADER}\n{}", lines.join("\n")).as_bytes()));
    assert_eq!((store, report.rows), (expected, expected_report.rows));
    assert_eq!(expected_report.newest_excluded, None);
}

/// Overwrites the first row group, so that reading it fails.
#[test]
fn row_groups_that_end_before_since_are_not_read() {
    let folder = Folder::new();
    let path = folder.usual_parquet("a.parquet", &rows());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4..2000].fill(0xff);
    let ruined = folder.bytes("ruined.parquet", &bytes);
    assert!(read_measurements(&ruined, amsterdam(), &settings()).is_err());
    let (report, store) = read_since(&ruined);
    assert_eq!((report.rows, store), (wanted().len() as u64, read_since(&path).1));
}

#[test]
fn rows_without_a_time_are_refused_and_earlier_rows_are_not_counted() {
    let folder = Folder::new();
    let mut columns = usual_columns(&rows());
    let times = rows().into_iter().enumerate().map(|(place, row)| (place % 1000 != 7).then_some(row.second));
    columns[3].1 = Arc::new(times.collect::<TimestampSecondArray>().with_timezone("UTC"));
    let nulls = columns[3].1.null_count() as u64;
    let (report, _) = read_since(&folder.parquet("nulls.parquet", columns, 500));
    assert_eq!(report.refusals.count(Reason::MissingCell), nulls);

    let mut columns = usual_columns(&rows());
    columns[1].1 = Arc::new(StringArray::from_iter_values(rows().iter().map(|_| "sumli")));
    let (report, _) = read_since(&folder.parquet("channels.parquet", columns, 1_000_000));
    assert_eq!(report.refusals.count(Reason::UnknownChannelShape), wanted().len() as u64);
    let first = rows().len() - wanted().len() + 1;
    assert_eq!(report.refusals.named()[0].row, first as u64, "numbered as in the file");

    let path = folder.csv(
        "a.csv",
        &[
            &format!("A,{SUMLI},1,2024-04-07T21:45:00Z"),
            &format!("A,{SUMLI},one,2024-04-07 23:59"),
            "A,reactive,1,2024-03-31 02:30",
            &format!("A,{SUMLI},1,1970-01-01T00:00:00Z"),
            &format!("A,{SUMLI},1,yesterday"),
            &format!("A,{SUMLI},1"),
            &format!("A,{SUMLI},one,2024-04-08 00:00"),
            &format!("A,{SUMLI},1,2024-04-08 00:15"),
        ],
    );
    let (report, _) = read_since(&path);
    let refused: Vec<_> = report.refusals.named().iter().map(|named| (named.row, named.reason)).collect();
    let expected = [(5, Reason::BadTime), (6, Reason::IncompleteRow), (7, Reason::BadValue)];
    assert_eq!((report.rows, report.accepted, refused), (4, 1, expected.to_vec()));
}

#[test]
fn the_union_of_files_equals_one_file_of_all_rows() {
    let folder = Folder::new();
    let (_, expected) = read(&folder.usual_parquet("all.parquet", &rows()));
    for max_open_tallies in [0, 3, 200_000] {
        for files in [1, 2, 9] {
            let mut union = TallyUnion::new(max_open_tallies, &folder.path(""));
            for number in 0..files {
                // Every other file lists the boxes in another order.
                let mut part: Vec<Row> = rows().into_iter().skip(number).step_by(files).collect();
                if number % 2 == 1 {
                    part.reverse();
                }
                let path = folder.usual_parquet("part.parquet", &part);
                union.add(read_measurements(&path, amsterdam(), &settings()).unwrap().tallies).unwrap();
            }
            let records: Vec<_> = union.finish().unwrap().map(Result::unwrap).collect();
            let store: Store = records
                .iter()
                .map(|record| ((record.box_id.to_string(), record.phase, record.week), record.tally))
                .collect();
            assert_eq!((records.len(), &store), (expected.len(), &expected), "each once");
            let mut boxes: Vec<_> = records.iter().map(|record| &record.box_id).collect();
            boxes.dedup();
            assert_eq!(boxes.len(), 2, "all tallies of a box together");
        }
    }
}

#[test]
fn readings_before_since_tell_how_numbers_are_written_as_they_did_before() {
    let folder = Folder::new();
    let voltage = SUMLI.replace("activepower", "voltage");
    let column = |texts: [&str; 2]| text(texts.into_iter());
    for (value, time) in [(["52,5", "1.234"], ["01", "09"]), (["1.234", "52,5"], ["09", "01"])] {
        for (of_proof, channel) in [("A", SUMLI), ("B", SUMLI), ("A", voltage.as_str()), ("A", "sumli")] {
            let is_proof = |place: usize| value[place] == "52,5";
            let boxes = [0, 1].map(|place| if is_proof(place) { of_proof } else { "A" });
            let channels = [0, 1].map(|place| if is_proof(place) { channel } else { SUMLI });
            let times = time.map(|day| format!("2024-04-{day}T10:00:00Z"));
            let rows = [0, 1].map(|place| {
                format!("{},{},\"{}\",{}", boxes[place], channels[place], value[place], times[place])
            });
            let csv = folder.csv("BOXID=A/readings.csv", &rows.each_ref().map(String::as_str));
            let seconds = times.map(|time| time.parse::<DateTime<Utc>>().unwrap().timestamp());
            let columns = vec![
                ("BOXID", column(boxes)),
                ("CHANNELID", column(channels)),
                ("WAARDE", column(value)),
                (
                    "DATUMTIJD",
                    Arc::new(TimestampSecondArray::from(seconds.to_vec()).with_timezone("UTC")) as _,
                ),
            ];
            let parquet = folder.parquet("BOXID=A/readings.parquet", columns, 1);
            for path in [csv, parquet] {
                let (report, store) = read_since(&path);
                assert_eq!((report.rows, report.accepted), (1, 1), "{}", path.display());
                assert_eq!(store.values().next().unwrap().max_kw(), 1234.0);
            }
        }
    }
}
