//! Unusable files yield a typed error and no tallies.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{BooleanArray, Float64Array, Int64Array};
use proptest::prelude::*;
use readings::{FileError, read_measurements};

use crate::files::{Folder, HEADER, Row, SUMLI, amsterdam, cases, gzip, read, settings, usual_columns, zstd};

fn error(path: &Path) -> FileError {
    read_measurements(path, amsterdam(), &settings()).expect_err("an unusable file")
}

fn rows(count: i64) -> Vec<Row> {
    let row = |number: i64| Row {
        box_id: format!("ESD.{:06}", number % 7),
        channel: SUMLI.to_owned(),
        value_kw: (number * 7919 % 1000) as f64 / 10.0,
        second: 1_700_000_000 + number * 900,
    };
    (0..count).map(row).collect()
}

fn csv_text(count: i64) -> String {
    let rows: Vec<String> = rows(count).iter().map(Row::csv).collect();
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn a_file_that_is_not_there_or_a_folder_is_unreadable() {
    let folder = Folder::new();
    assert!(matches!(error(&folder.path("absent.csv")), FileError::Unreadable { .. }));
    fs::create_dir(folder.path("folder.parquet")).unwrap();
    assert!(matches!(error(&folder.path("folder.parquet")), FileError::Unreadable { .. }));
}

#[test]
fn an_empty_text_has_no_header() {
    let folder = Folder::new();
    for (name, bytes) in [("a.csv", vec![]), ("b.csv", b"\n\n".to_vec()), ("c.csv.gz", gzip(b""))] {
        assert!(matches!(error(&folder.bytes(name, &bytes)), FileError::NoHeader { .. }), "{name}");
    }
}

#[test]
fn a_stray_quote_in_the_header_costs_no_row_without_a_word() {
    let folder = Folder::new();
    let row = |value: &str, note: &str| format!("17,{SUMLI},{value},2026-05-18 00:00,{note}\n");
    for (header, notes) in [
        ("BOXID,CHANNELID,WAARDE,DATUMTIJD,\"OPM", ["ok", "ok", "ok\"", "ok"]),
        ("BOXID,CHANNELID,WAARDE,DATUMTIJD,\"OPM", ["ok", "\"ok\"", "ok", "ok"]),
        ("BOXID,CHANNELID,WAARDE,DATUMTIJD,\"OPM", ["ok", "ok", "ok", "ok"]),
        ("\"BOXID,CHANNELID,WAARDE,DATUMTIJD,OPM", ["\"ok\"", "ok", "ok", "ok"]),
    ] {
        let rows: String = ["5000", "2.5", "2.5", "3.5"].iter().zip(notes).map(|(v, n)| row(v, n)).collect();
        let read = error(&folder.bytes("a.csv", format!("{header}\n{rows}").as_bytes()));
        assert!(matches!(read, FileError::HeaderQuote { .. }), "{notes:?}: {read}");
        assert!(read.to_string().contains("a quote in its first line"), "{read}");
    }
    let text = format!("{HEADER},\"OPM\n(kort)\"\n{}", row("5000", "ok"));
    assert_eq!(read(&folder.bytes("b.csv", text.as_bytes())).0.accepted, 1);
}

#[test]
fn a_missing_or_repeated_column_is_named() {
    let folder = Folder::new();
    let path = folder.bytes("a.csv", b"BOXID,CHANNEL,WAARDE,DATUMTIJD\n");
    let error_text = error(&path).to_string();
    assert!(
        error_text.contains("no column CHANNELID; its columns are BOXID, CHANNEL, WAARDE"),
        "{error_text}"
    );
    let path = folder.bytes("b.csv", b"BOXID,boxid,CHANNELID,WAARDE,DATUMTIJD\n");
    assert!(matches!(error(&path), FileError::RepeatedColumn { column: "BOXID", .. }));

    for missing in 0..4 {
        let mut columns = usual_columns(&rows(5));
        let (name, _) = columns.remove(missing);
        let path = folder.parquet("c.parquet", columns, 1000);
        let error = error(&path);
        assert!(!error.to_string().contains("first line"), "{error}");
        assert!(matches!(error, FileError::MissingColumn { column, .. } if column == name), "{name}");
    }
}

#[test]
fn a_column_of_the_wrong_type_is_named() {
    let folder = Folder::new();
    let numbers = Arc::new(Int64Array::from(vec![1; 5]));
    let logical = Arc::new(BooleanArray::from(vec![true; 5]));
    let doubles = Arc::new(Float64Array::from(vec![1.0; 5]));
    for (position, name, column) in [
        (0, "BOXID", logical.clone() as _),
        (1, "CHANNELID", doubles.clone() as _),
        (1, "CHANNELID", numbers.clone() as _),
        (2, "WAARDE", logical.clone() as _),
        (3, "DATUMTIJD", numbers as _),
        (3, "DATUMTIJD", doubles as _),
    ] {
        let mut columns = usual_columns(&rows(5));
        columns[position].1 = column;
        let path = folder.parquet("a.parquet", columns, 1000);
        assert!(matches!(error(&path), FileError::WrongType { column, .. } if column == name), "{name}");
    }
}

#[test]
fn a_cut_off_parquet_file_is_damaged_and_another_kind_is_not_supported() {
    let folder = Folder::new();
    let whole = fs::read(folder.usual_parquet("whole.parquet", &rows(5000))).unwrap();
    for length in [0, 3, 4, 100, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        let path = folder.bytes("cut.parquet", &whole[..length]);
        assert!(matches!(error(&path), FileError::Damaged { .. }), "{length}");
    }
    let path = folder.bytes("text.parquet", csv_text(5).as_bytes());
    assert!(matches!(error(&path), FileError::Unsupported { .. }), "another kind than its name says");
}

#[test]
fn a_cut_off_compressed_text_is_damaged() {
    let folder = Folder::new();
    let text = csv_text(5000);
    for (name, whole) in [("a.csv.gz", gzip(text.as_bytes())), ("a.csv.zst", zstd(text.as_bytes()))] {
        assert_eq!(read(&folder.bytes(name, &whole)).0.accepted, 5000);
        for length in [whole.len() / 2, whole.len() - 1] {
            let path = folder.bytes(name, &whole[..length]);
            assert!(matches!(error(&path), FileError::Damaged { .. }), "{name} {length}");
        }
    }
}

#[test]
fn a_damaged_compressed_text_is_damaged() {
    let folder = Folder::new();
    let mut bytes = gzip(csv_text(5000).as_bytes());
    let last = bytes.len() - 6;
    bytes[last] ^= 0x55; // the checksum
    assert!(matches!(error(&folder.bytes("a.csv.gz", &bytes)), FileError::Damaged { .. }));
}

#[test]
fn the_last_row_of_a_truncated_plain_text_is_refused() {
    let folder = Folder::new();
    let text = csv_text(100);
    let cut = text.trim_end().rfind(',').unwrap();
    let (report, _) = read(&folder.bytes("a.csv", &text.as_bytes()[..cut]));
    assert_eq!((report.accepted, report.refusals.total()), (99, 1));
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn no_damage_to_a_parquet_file_panics(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let folder = Folder::new();
        let mut bytes = fs::read(folder.usual_parquet("a.parquet", &rows(300))).unwrap();
        for (position, byte) in changes {
            let position = position.index(bytes.len());
            bytes[position] = byte;
        }
        if is_cut {
            bytes.truncate(length.index(bytes.len()));
        }
        let path = folder.bytes("b.parquet", &bytes);
        if let Ok(file) = read_measurements(&path, amsterdam(), &settings()) {
            prop_assert!(file.tallies.count() <= 300);
        }
    }

    #[test]
    fn no_text_panics(text in "(([A-C]{0,2}|\"|,|;|register://electricity/0/activepower/l1\\?avg=15|[0-9.:T -]{0,20}|\r)*\n){0,8}") {
        let folder = Folder::new();
        let path = folder.bytes("a.csv", format!("{HEADER}\n{text}").as_bytes());
        let (report, _) = read(&path);
        prop_assert_eq!(report.rows, report.accepted + report.ignored + report.refusals.total());
    }
}
