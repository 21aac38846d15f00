//! The same readings in any format give the same tallies.

use std::sync::Arc;

use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Int32Array, LargeStringArray,
    StringArray, StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray,
};
use chrono::{DateTime, Utc};
use model::{IsoWeek, Phase};

use crate::files::{Folder, HEADER, Row, Store, gzip, read, usual_columns, zstd};

/// Eight days of two boxes' four phases, whole numbers of kW, across the end of summer time.
fn rows() -> Vec<Row> {
    let start = "2024-10-20T20:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp();
    let mut rows = Vec::new();
    for step in 0..800_i64 {
        for number in 0..2 {
            for (index, phase) in Phase::ALL.into_iter().enumerate() {
                rows.push(Row {
                    box_id: format!("ESD.00024{number}-2"),
                    channel: format!("register://electricity/0/activepower/{}?avg=15", phase.as_str()),
                    value_kw: ((step * 37 + number * 11 + index as i64) % 101 - 50) as f64,
                    second: start + step * 900,
                });
            }
        }
    }
    rows
}

fn expected() -> Store {
    let folder = Folder::new();
    let (report, store) = read(&folder.usual_parquet("usual.parquet", &rows()));
    assert_eq!((report.rows, report.accepted, report.boxes, report.weeks), (6400, 6400, 2, 3));
    assert_eq!(report.newest.map(|newest| newest.timestamp()), rows().last().map(|row| row.second));
    assert_eq!(store.len(), 2 * 4 * 3);
    store
}

#[test]
fn extremes_and_counts_are_those_of_the_rows() {
    let store = expected();
    let week = IsoWeek::from_year_and_number(2024, 43).unwrap();
    let tally = &store[&("ESD.000240-2".to_owned(), Phase::Sumli, week)];
    assert_eq!(tally.readings(), 676);
    assert!(tally.is_full(676));
    // Local Monday 00:00 is 22:00 UTC: step 8; the week's 676 steps go through all residues.
    assert_eq!((tally.min_kw(), tally.max_kw()), (-50.0, 50.0));
    assert_eq!(store[&("ESD.000240-2".to_owned(), Phase::Sumli, week.plus(-1))].readings(), 8);
    assert_eq!(store[&("ESD.000240-2".to_owned(), Phase::Sumli, week.plus(1))].readings(), 800 - 676 - 8);
}

#[test]
fn parquet_types_of_boxes_and_channels() {
    let expected = expected();
    let rows = rows();
    let boxes = || rows.iter().map(|row| row.box_id.as_str());
    let channels = || rows.iter().map(|row| row.channel.as_str());
    let kinds: [(ArrayRef, ArrayRef); 4] = [
        (
            Arc::new(LargeStringArray::from_iter_values(boxes())),
            Arc::new(StringViewArray::from_iter_values(channels())),
        ),
        (
            Arc::new(boxes().collect::<DictionaryArray<Int8Type>>()),
            Arc::new(channels().collect::<DictionaryArray<Int32Type>>()),
        ),
        (
            Arc::new(StringViewArray::from_iter_values(boxes())),
            Arc::new(LargeStringArray::from_iter_values(channels())),
        ),
        (
            Arc::new(StringArray::from_iter_values(boxes().map(|id| format!(" {id} ")))),
            Arc::new(StringArray::from_iter_values(channels().map(str::to_uppercase))),
        ),
    ];
    for (index, (boxes, channels)) in kinds.into_iter().enumerate() {
        let folder = Folder::new();
        let mut columns = usual_columns(&rows);
        columns[0].1 = boxes;
        columns[1].1 = channels;
        assert_eq!(read(&folder.parquet("a.parquet", columns, 997)).1, expected, "kind {index}");
    }
}

#[test]
fn parquet_types_of_values() {
    let expected = expected();
    let rows = rows();
    let values = || rows.iter().map(|row| row.value_kw);
    let decimals = Decimal128Array::from_iter_values(values().map(|value| (value * 1000.0) as i128));
    let kinds: [ArrayRef; 3] = [
        Arc::new(Float32Array::from_iter_values(values().map(|value| value as f32))),
        Arc::new(Int32Array::from_iter_values(values().map(|value| value as i32))),
        Arc::new(decimals.with_precision_and_scale(12, 3).unwrap()),
    ];
    for kind in kinds {
        let folder = Folder::new();
        let mut columns = usual_columns(&rows);
        let name = kind.data_type().to_string();
        columns[2].1 = kind;
        assert_eq!(read(&folder.parquet("a.parquet", columns, 997)).1, expected, "{name}");
    }
}

#[test]
fn parquet_types_of_times() {
    let expected = expected();
    let rows = rows();
    let seconds = || rows.iter().map(|row| row.second);
    let texts = rows.iter().map(|row| DateTime::from_timestamp(row.second, 0).unwrap().to_rfc3339());
    let kinds: [ArrayRef; 5] = [
        Arc::new(TimestampSecondArray::from_iter_values(seconds()).with_timezone("+02:00")),
        Arc::new(
            TimestampMillisecondArray::from_iter_values(seconds().map(|s| s * 1000))
                .with_timezone("Europe/Amsterdam"),
        ),
        Arc::new(
            TimestampMicrosecondArray::from_iter_values(seconds().map(|s| s * 1_000_000))
                .with_timezone("UTC"),
        ),
        Arc::new(
            TimestampNanosecondArray::from_iter_values(seconds().map(|s| s * 1_000_000_000 + 5))
                .with_timezone("UTC"),
        ),
        Arc::new(StringArray::from_iter_values(texts)),
    ];
    for kind in kinds {
        let folder = Folder::new();
        let mut columns = usual_columns(&rows);
        let name = kind.data_type().to_string();
        columns[3].1 = kind;
        assert_eq!(read(&folder.parquet("a.parquet", columns, 997)).1, expected, "{name}");
    }
}

#[test]
fn times_without_zone_are_local_and_a_repeated_hour_counts_once() {
    let rows = rows();
    let amsterdam = chrono_tz::Europe::Amsterdam;
    let local: Vec<_> = rows
        .iter()
        .map(|row| DateTime::from_timestamp(row.second, 0).unwrap().with_timezone(&amsterdam).naive_local())
        .collect();
    let folder = Folder::new();
    let mut columns = usual_columns(&rows);
    let seconds = local.iter().map(|time| time.and_utc().timestamp());
    columns[3].1 = Arc::new(TimestampSecondArray::from_iter_values(seconds));
    let (report, from_parquet) = read(&folder.parquet("a.parquet", columns, 997));
    assert_eq!(report.accepted, 6400);

    let lines = rows.iter().zip(&local).map(|(row, time)| {
        format!("{},{},{},{}\n", row.box_id, row.channel, row.value_kw, time.format("%Y-%m-%d %H:%M"))
    });
    let text = format!("{HEADER}\n{}", lines.collect::<String>());
    assert_eq!(read(&folder.bytes("a.csv", text.as_bytes())).1, from_parquet);

    for (key, tally) in expected() {
        let naive = &from_parquet[&key];
        assert_eq!((naive.min_kw(), naive.max_kw()), (tally.min_kw(), tally.max_kw()));
        let repeated = if tally.readings() == 676 { 4 } else { 0 };
        assert_eq!(naive.readings(), tally.readings() - repeated, "the second pass shares the first's slots");
    }
}

#[test]
fn a_date_is_local_midnight() {
    let folder = Folder::new();
    let mut columns = usual_columns(&rows()[..2]);
    columns[3].1 = Arc::new(Date32Array::from(vec![19_844, 19_844])); // 2024-05-01
    let (report, _) = read(&folder.parquet("a.parquet", columns, 10));
    assert_eq!(report.newest, Some("2024-04-30T22:00:00Z".parse().unwrap()));
}

#[test]
fn columns_in_any_case_and_order_beside_others() {
    let folder = Folder::new();
    let mut columns = usual_columns(&rows());
    for (column, name) in columns.iter_mut().zip(["boxid", "ChannelId", "waarde", "datumTijd"]) {
        column.0 = name;
    }
    columns.reverse();
    columns.insert(1, ("REMARK", columns[0].1.clone()));
    assert_eq!(read(&folder.parquet("a.parquet", columns, 997)).1, expected());
}

#[test]
fn csv_plain_and_compressed_whatever_the_name_says() {
    let folder = Folder::new();
    let lines: Vec<String> = rows().iter().map(Row::csv).collect();
    let text = format!("{HEADER}\n{}", lines.join("\n"));
    let expected = expected();
    assert_eq!(read(&folder.bytes("a.csv", text.as_bytes())).1, expected);
    assert_eq!(read(&folder.bytes("a.csv.gz", &gzip(text.as_bytes()))).1, expected);
    assert_eq!(read(&folder.bytes("a.csv.zst", &zstd(text.as_bytes()))).1, expected);
    assert_eq!(read(&folder.bytes("b.csv", &gzip(text.as_bytes()))).1, expected);
    let (first, second) = text.split_at(text.len() / 2);
    let members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    assert_eq!(read(&folder.bytes("c.csv.gz", &members)).1, expected, "several members");
}

#[test]
fn csv_with_quotes_other_delimiters_line_ends_and_a_byte_order_mark() {
    let folder = Folder::new();
    let expected = expected();
    let quoted = |row: &Row| {
        let time = DateTime::from_timestamp(row.second, 0).unwrap().format("%Y-%m-%d %H:%M:%S%.3f +0000");
        format!(
            "\"a \"\"remark\"\", quoted\",\"{}\",{},\"{}\",\"{time}\"",
            row.value_kw, row.channel, row.box_id
        )
    };
    let lines: Vec<String> = rows().iter().map(quoted).collect();
    let header = "\u{feff}\"Remark\",\"Waarde\",\"ChannelID\",\"BoxID\",\"DatumTijd\"";
    let text = format!("{header}\r\n{}\r\n\r\n", lines.join("\r\n"));
    assert_eq!(read(&folder.bytes("a.csv", text.as_bytes())).1, expected);

    let lines: Vec<String> = rows().iter().map(|row| row.csv().replace(',', ";")).collect();
    let text = format!("{}\n{}\n", HEADER.replace(',', ";"), lines.join("\n"));
    assert_eq!(read(&folder.bytes("b.csv", text.as_bytes())).1, expected);
}
