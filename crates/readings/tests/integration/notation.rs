//! How numbers and times are written: what a file tells itself, and what has to be set.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, Decimal128Array, FixedSizeBinaryArray, StringArray};
use readings::{
    DecimalMark, FileError, FileNote, FileReport, Notation, ReadSettings, Reason, Stamps, read_boxes,
    read_measurements,
};

use crate::files::{Folder, HEADER, Row, SUMLI, Store, amsterdam, import, read, settings, usual_columns};

fn error(path: &Path) -> FileError {
    read_measurements(path, amsterdam(), &settings()).unwrap_err()
}

fn read_by(path: &Path, notation: Notation) -> (FileReport, Store) {
    let mut store = Store::new();
    let report = import(&mut store, path, amsterdam(), &ReadSettings { notation, ..settings() });
    (report, store)
}

/// A file separated by semicolons with these values, one a quarter-hour.
fn semicolons(values: &[&str]) -> String {
    let row = |(number, value): (usize, &&str)| {
        format!("A;{SUMLI};{value};2026-05-04 {:02}:{:02}\n", number / 4, number % 4 * 15)
    };
    let rows: String = values.iter().enumerate().map(row).collect();
    format!("BOXID;CHANNELID;WAARDE;DATUMTIJD\n{rows}")
}

fn extremes(store: &Store) -> (f64, f64) {
    let tallies = || store.values();
    let least = tallies().map(|tally| tally.min_kw()).fold(f64::INFINITY, f64::min);
    (least, tallies().map(|tally| tally.max_kw()).fold(f64::NEG_INFINITY, f64::max))
}

#[test]
fn a_late_proof_counts_for_the_numbers_before_it() {
    let folder = Folder::new();
    let mut values = vec!["1.234"; 20];
    values.push("0,5");
    let path = folder.bytes("a.csv", semicolons(&values).as_bytes());
    let (report, store) = read(&path);
    assert_eq!((report.accepted, extremes(&store)), (21, (0.5, 1234.0)));
    assert_eq!(report.notes, [FileNote::DecimalCommas]);
    values[20] = "0.5";
    let (report, store) = read(&folder.bytes("b.csv", semicolons(&values).as_bytes()));
    assert_eq!((report.notes.len(), extremes(&store)), (0, (0.5, 1.234)));
}

#[test]
fn rows_of_other_channels_are_evidence_too() {
    let folder = Folder::new();
    let voltage = "A;register://electricity/0/voltage/l1?avg=15;230,5;2026-05-04 12:00\n";
    let text = [semicolons(&["1.234", "52"]).as_str(), voltage].concat();
    let (report, store) = read(&folder.bytes("a.csv", text.as_bytes()));
    assert_eq!((report.accepted, report.ignored, extremes(&store)), (2, 1, (52.0, 1234.0)));
}

#[test]
fn rows_that_are_refused_are_evidence_too() {
    let folder = Folder::new();
    for (delimiter, values) in
        [(",", ["\"52,5\"", "\"1.234\"", "\"2.345\""]), (";", ["52,5", "1.234", "2.345"])]
    {
        for (of_first, unit) in [("B", "kW"), ("A", "W"), ("\u{7}", "kW")] {
            let row = |box_id: &str, value: &str, unit: &str| {
                [box_id, SUMLI, value, "2026-05-04 12:00", unit].join(delimiter) + "\n"
            };
            let header = HEADER.replace(',', delimiter) + delimiter + "UNIT\n";
            let rows = [row("A", values[1], "kW"), row("A", values[2], "kW"), row(of_first, values[0], unit)];
            let path = folder.bytes("BOXID=A/a.csv", [header, rows.concat()].concat().as_bytes());
            let (report, store) = read(&path);
            assert_eq!((report.accepted, extremes(&store)), (2, (1234.0, 2345.0)), "{of_first:?} {unit}");
        }
    }
    let text = semicolons(&["1.234", "52"]) + "A;sumli;230,5;2026-05-04 12:00\n";
    let (report, store) = read(&folder.bytes("b.csv", text.as_bytes()));
    assert_eq!((report.accepted, extremes(&store)), (2, (52.0, 1234.0)), "an unknown channel");
}

#[test]
fn numbers_that_nothing_tells_apart_or_that_differ_refuse_the_file_until_it_is_set() {
    let folder = Folder::new();
    let ambiguous = folder.bytes("a.csv", semicolons(&["1.234", "52"]).as_bytes());
    assert!(matches!(error(&ambiguous), FileError::AmbiguousNumbers { number, .. } if number == "1.234"));
    let set = |mark| Notation { decimal_mark: Some(mark), ..Notation::default() };
    assert_eq!(extremes(&read_by(&ambiguous, set(DecimalMark::Point)).1), (1.234, 52.0));
    assert_eq!(extremes(&read_by(&ambiguous, set(DecimalMark::Comma)).1), (52.0, 1234.0));

    let mixed = folder.bytes("b.csv", semicolons(&["1.5", "2,5", "3"]).as_bytes());
    assert!(
        matches!(error(&mixed), FileError::MixedNumbers { point, comma, .. } if point == "1.5" && comma == "2,5")
    );
    let (report, store) = read_by(&mixed, set(DecimalMark::Comma));
    assert_eq!((report.refusals.count(Reason::BadValue), extremes(&store)), (1, (2.5, 3.0)));
}

#[test]
fn texts_separated_by_commas_have_points_unless_quoted_numbers_prove_otherwise() {
    let folder = Folder::new();
    let row = |value: &str, minute: u32| format!("A,{SUMLI},{value},2026-05-04 00:{minute:02}");
    let path = folder.csv("a.csv", &[&row("1.234", 0), &row("52", 15)]);
    assert_eq!(extremes(&read(&path).1), (1.234, 52.0));
    let path = folder.csv("b.csv", &[&row("1.234", 0), &row("\"52,5\"", 15)]);
    assert_eq!(extremes(&read(&path).1), (52.5, 1234.0));
    let path = folder.csv("c.csv", &[&row("\"1,234.5\"", 0), &row("52", 15)]);
    assert_eq!(extremes(&read(&path).1), (52.0, 1234.5));
    assert!(matches!(
        error(&folder.csv("d.csv", &[&row("\"1,234\"", 0)])),
        FileError::AmbiguousNumbers { .. }
    ));
}

#[test]
fn metadata_are_read_by_the_same_rules() {
    let folder = Folder::new();
    let read = |text: &str| read_boxes(&folder.bytes("boxes.csv", text.as_bytes()), &Notation::default());
    let kva = |text: &str| read(text).unwrap().boxes[0].capacity.map(model::Capacity::kva);
    assert_eq!(kva("BOXID;VERMOGEN_NOMINAAL;LAT;LONG\nA;1.000;53,174;5,4\n"), Some(1000.0));
    let beside_points = read("BOXID;VERMOGEN_NOMINAAL;LAT;LONG\nA;1.000;53.174;5.423\n");
    assert!(matches!(beside_points, Err(FileError::AmbiguousNumbers { .. })), "no transformer has 1 kVA");
    assert_eq!(kva("BOXID,VERMOGEN_NOMINAAL\nA,\"1.000,0\"\n"), Some(1000.0));
    let ambiguous = read("BOXID;VERMOGEN_NOMINAAL\nA;1.000\nB;630\n");
    assert!(matches!(ambiguous, Err(FileError::AmbiguousNumbers { .. })));
    let file = read("BOXID;VERMOGEN_NOMINAAL\nA;630;5\n\"B;630\nC;630;;\n").unwrap();
    let refused: Vec<_> = file.refusals.named().iter().map(|named| (named.row, named.reason)).collect();
    assert_eq!(refused, [(1, Reason::SurplusFields), (2, Reason::UnclosedQuote)]);
    assert_eq!(file.boxes.len(), 1);
}

#[test]
fn a_separator_line_quoted_breaks_and_empty_fields_at_the_end_are_understood() {
    let folder = Folder::new();
    let text = format!(
        "\r\nsep=;\r\nREMARK;BOXID;CHANNELID;WAARDE;DATUMTIJD\r\n\"two\r\nlines; \"\"so\"\"\";A;{SUMLI};1,5;2026-05-04 00:00;;\r\n\
         5\" pipe;A;{SUMLI};2,5;2026-05-04 0:15\r\n"
    );
    let (report, store) = read(&folder.bytes("a.csv", text.as_bytes()));
    assert!(report.refusals.is_empty(), "{:?}", report.refusals);
    assert_eq!((report.accepted, extremes(&store)), (2, (1.5, 2.5)));
}

#[test]
fn times_of_a_form_that_was_set_are_read_and_others_refused() {
    let folder = Folder::new();
    let row = |time: &str| format!("A,{SUMLI},1,{time}");
    let rows = [row("04-05-2026 00:00"), row("04-05-2026 0:15"), row("2026-05-04 00:30"), row("05-05-2026")];
    let path = folder.csv("a.csv", &rows.each_ref().map(String::as_str));
    let (report, _) = read(&path);
    assert_eq!((report.accepted, report.refusals.count(Reason::AmbiguousTime)), (1, 3));
    let notation = Notation { time_pattern: Some("%d-%m-%Y %H:%M".parse().unwrap()), ..Notation::default() };
    let (report, store) = read_by(&path, notation);
    assert_eq!((report.accepted, report.refusals.count(Reason::BadTime)), (3, 1));
    assert_eq!(store.values().next().unwrap().readings(), 3);
}

/// The quarter-hours of two days around each change of the clocks, by the ends of their wall clock.
#[test]
fn times_that_are_ends_give_the_same_as_starts() {
    let folder = Folder::new();
    for day in ["2026-03-29", "2025-10-26", "2026-05-04"] {
        let midnight = |day: chrono::NaiveDate| day.and_hms_opt(0, 0, 0).unwrap();
        let first = midnight(day.parse().unwrap());
        let quarter = chrono::TimeDelta::minutes(15);
        let exists = |time: &chrono::NaiveDateTime| amsterdam().instant_of_local(*time).is_ok();
        let starts: Vec<_> = (0..2 * 96).map(|number| first + quarter * number).filter(exists).collect();
        let row = |number: usize, time: String| format!("A,{SUMLI},{}.25,{time}", number * 37 % 101);
        let written = |time: chrono::NaiveDateTime| time.format("%Y-%m-%d %H:%M").to_string();
        // The end of 23:45 is 24:00, and that of the last quarter-hour before a gap lies behind it.
        let end = |start: chrono::NaiveDateTime| {
            let instant = amsterdam().instant_of_local(start).unwrap() + quarter;
            let zone = chrono_tz::Europe::Amsterdam;
            let end = start + quarter;
            match (exists(&end), end == midnight(end.date())) {
                (false, _) => written(instant.with_timezone(&zone).naive_local()),
                (true, true) => format!("{} 24:00", start.date()),
                (true, false) => written(end),
            }
        };
        let of_starts: Vec<_> = starts.iter().enumerate().map(|(n, &time)| row(n, written(time))).collect();
        let of_ends: Vec<_> = starts.iter().enumerate().map(|(n, &time)| row(n, end(time))).collect();
        let texts = |rows: &[String]| rows.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        let expected = read(&folder.csv("starts.csv", &[&texts(&of_starts)]));
        let path = folder.csv("ends.csv", &[&texts(&of_ends)]);
        assert!(matches!(error(&path), FileError::EndOfDay { .. }), "{day}");
        let (report, store) = read_by(&path, Notation { stamps: Some(Stamps::Ends), ..Notation::default() });
        assert_eq!((store, report.accepted), (expected.1, starts.len() as u64), "{day}");
        assert_eq!(report.notes, [FileNote::Ends]);
        let (report, _) = read_by(&path, Notation { stamps: Some(Stamps::Starts), ..Notation::default() });
        assert!(report.refusals.is_empty() && report.notes.is_empty(), "24:00 is the next day's 00:00");
    }
}

#[test]
fn parquet_takes_texts_and_numbers_of_any_kind() {
    let folder = Folder::new();
    let rows: Vec<Row> = (0..40)
        .map(|number| Row {
            box_id: "70000123".to_owned(),
            channel: SUMLI.to_owned(),
            value_kw: f64::from(number) + 0.5,
            second: 1_777_000_000 / 900 * 900 + i64::from(number) * 900,
        })
        .collect();
    let expected = read(&folder.usual_parquet("usual.parquet", &rows)).1;
    let bytes = |texts: Vec<String>| -> ArrayRef {
        Arc::new(BinaryArray::from_iter_values(texts.iter().map(String::as_bytes)))
    };
    let texts = |text: fn(&Row) -> String| rows.iter().map(text).collect::<Vec<_>>();
    let time = |row: &Row| chrono::DateTime::from_timestamp(row.second, 0).unwrap().to_rfc3339();
    let ids = Decimal128Array::from_iter_values(rows.iter().map(|_| 70_000_123));
    let fixed = FixedSizeBinaryArray::try_from_iter(rows.iter().map(|_| b"70000123\0\0".as_slice())).unwrap();
    let kinds: Vec<(usize, ArrayRef)> = vec![
        (0, bytes(texts(|row| row.box_id.clone()))),
        (0, Arc::new(ids.with_precision_and_scale(38, 0).unwrap())),
        (0, Arc::new(arrow_array::Int64Array::from(vec![70_000_123; 40]))),
        (0, Arc::new(arrow_array::Float64Array::from(vec![70_000_123.0; 40]))),
        (0, Arc::new(fixed)),
        (1, bytes(texts(|row| row.channel.clone()))),
        (2, Arc::new(StringArray::from(texts(|row| row.value_kw.to_string())))),
        (2, Arc::new(StringArray::from(texts(|row| row.value_kw.to_string().replace('.', ","))))),
        (2, bytes(texts(|row| row.value_kw.to_string()))),
        (3, bytes(texts(time))),
    ];
    for (place, column) in kinds {
        let mut columns = usual_columns(&rows);
        let kind = format!("{} as {}", columns[place].0, column.data_type());
        columns[place].1 = column;
        let (report, store) = read(&folder.parquet("a.parquet", columns, 7));
        assert!(report.refusals.is_empty(), "{kind}: {:?}", report.refusals.named());
        assert_eq!(store, expected, "{kind}");
    }
}

#[test]
fn what_is_of_another_kind_is_not_called_damaged() {
    let folder = Folder::new();
    for (name, bytes, says) in [
        ("a.csv", b"PK\x03\x04\x14\x00\x06\x00".as_slice(), "Excel workbook"),
        ("b.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook"),
        ("c.csv", b"BZh91AY&SY\x00", "bzip2"),
        ("d.csv", b"PAR1\x15\x00", ""),
        ("e.csv", b"\xff\xfe\x00\x00B\x00\x00\x00", "UTF-32"),
        ("f.parquet", b"PARE\x00\x00\x00\x00PARE", "encrypted"),
        ("g.csv", b"\x00\x05\x16\x07\x00\x02", "NUL"),
    ] {
        let error = error(&folder.bytes(name, bytes));
        let text = error.to_string();
        assert!(text.contains(says) && !text.chars().any(char::is_control), "{text}");
        assert!(matches!(error, FileError::Unsupported { .. }) != says.is_empty(), "{text}");
    }
    let wide: String = (0..3000).map(|number| format!("column\u{1b}[31m{number},")).collect();
    let text = error(&folder.bytes("wide.csv", wide.as_bytes())).to_string();
    assert!(text.len() < 1500 && !text.chars().any(char::is_control), "{text}");
}

#[test]
fn points_that_may_stand_between_thousands_are_told_and_read_as_decimals() {
    let folder = Folder::new();
    let text = |values: &[&str]| {
        let rows = semicolons(values).replace(';', ",");
        values.iter().fold(rows, |rows, value| rows.replace(&format!(",{value},"), &format!(",\"{value}\",")))
    };
    let values = ["512", "998", "1.002", "1.130", "6.285", "-1.956"];
    let path = folder.bytes("a.csv", text(&values).as_bytes());
    let (report, store) = read(&path);
    assert_eq!((report.accepted, extremes(&store)), (6, (-1.956, 998.0)));
    assert_eq!(report.notes, [FileNote::UnprovenPoints]);
    assert!(report.notes[0].to_string().contains("decimal_mark"));
    for (mark, expected) in [(DecimalMark::Comma, (-1_956.0, 6_285.0)), (DecimalMark::Point, (-1.956, 998.0))]
    {
        let (report, store) = read_by(&path, Notation { decimal_mark: Some(mark), ..Notation::default() });
        assert_eq!(extremes(&store), expected);
        assert!(!report.notes.contains(&FileNote::UnprovenPoints));
    }
    let proven = [&values[..], &["0.25"]].concat();
    let (report, _) = read(&folder.bytes("b.csv", text(&proven).as_bytes()));
    assert_eq!(report.notes, []);
}

#[test]
fn a_row_that_names_another_unit_of_the_values_refuses_the_file() {
    let folder = Folder::new();
    let row = format!("A,{SUMLI},0.9,2026-05-04 00:00\n");
    for unit in ["MW", "[W]", " kWh ", "kva"] {
        let path = folder.bytes("a.csv", format!("{HEADER}\n,,{unit},\n{row}").as_bytes());
        let error = error(&path).to_string();
        assert!(error.contains(unit.trim()) && error.contains("read in kW"), "{error}");
    }
    for unit in ["kW", "[kW]", "-", "V"] {
        let path = folder.bytes("a.csv", format!("{HEADER}\n,,{unit},\n{row}").as_bytes());
        let (report, _) = read(&path);
        assert_eq!((report.accepted, report.refusals.total()), (1, 1), "{unit}");
    }
}

#[test]
fn spaces_and_apostrophes_between_thousands_and_a_minus_behind_are_read() {
    let folder = Folder::new();
    let values = ["1 234,5", "2\u{202f}345,25", "12,5-", "1\u{a0}000"];
    let (report, store) = read(&folder.bytes("a.csv", semicolons(&values).as_bytes()));
    assert_eq!((report.accepted, extremes(&store)), (4, (-12.5, 2345.25)));
    let (report, store) = read(&folder.bytes("b.csv", semicolons(&["1'234.5", "7", "2'000-"]).as_bytes()));
    assert_eq!((report.accepted, extremes(&store)), (3, (-2000.0, 1234.5)));
    let (report, _) = read(&folder.bytes("c.csv", semicolons(&["12 34,5", "1 234 kW", "5,5"]).as_bytes()));
    assert_eq!((report.accepted, report.refusals.count(Reason::BadValue)), (1, 2));
}
