//! Unusable rows are counted and listed; the others are still used.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, NullArray, StringArray, TimestampMillisecondArray};
use readings::{ReadSettings, Reason, Refusals, read_measurements};

use crate::files::{Folder, HEADER, Row, SUMLI, Store, amsterdam, import, now, read, settings};

const TIME: &str = "2024-05-01T10:00:00Z";

fn only_refusal(refusals: &Refusals) -> (u64, Reason, String) {
    assert_eq!(refusals.total(), 1, "{refusals:?}");
    let named = &refusals.named()[0];
    (named.row, named.reason, named.text.clone())
}

/// A CSV file whose second row is bad and whose first and third are good.
fn refused_in_csv(bad: &str) -> (u64, Reason, String) {
    let folder = Folder::new();
    let first = format!("A,{SUMLI},1.5,{TIME}");
    let third = format!("A,{SUMLI},2.5,2024-05-01T10:15:00Z");
    let path = folder.csv("readings.csv", &[&first, bad, &third]);
    let (report, store) = read(&path);
    assert_eq!((report.rows, report.accepted, report.ignored), (3, 2, 0), "{bad}");
    assert_eq!(report.refusals.named()[0].file, path);
    let tally = store.values().next().unwrap();
    assert_eq!((store.len(), tally.min_kw(), tally.max_kw(), tally.readings()), (1, 1.5, 2.5, 2), "{bad}");
    only_refusal(&report.refusals)
}

#[test]
fn each_kind_of_bad_csv_row_is_refused_with_its_reason() {
    let long_id = "x".repeat(65);
    for (row, reason) in [
        (format!("A,sumli,1,{TIME}"), Reason::UnknownChannelShape),
        (format!("A,register://electricity/activepower,1,{TIME}"), Reason::UnknownChannelShape),
        (format!("A,{SUMLI},NaN,{TIME}"), Reason::NotFinite),
        (format!("A,{SUMLI},-inf,{TIME}"), Reason::NotFinite),
        (format!("A,{SUMLI},1e999,{TIME}"), Reason::NotFinite),
        (format!("A,{SUMLI},one,{TIME}"), Reason::BadValue),
        (format!("A,{SUMLI},,{TIME}"), Reason::MissingCell),
        (format!(",{SUMLI},1,{TIME}"), Reason::MissingCell),
        (format!("A,,1,{TIME}"), Reason::MissingCell),
        (format!("A,{SUMLI},1,"), Reason::MissingCell),
        (format!("   ,{SUMLI},1,{TIME}"), Reason::BadBoxId),
        (format!("{long_id},{SUMLI},1,{TIME}"), Reason::BadBoxId),
        (format!("A\u{7},{SUMLI},1,{TIME}"), Reason::BadBoxId),
        (format!("A,{SUMLI},1,2024-05-01 10"), Reason::BadTime),
        (format!("A,{SUMLI},1,1714557600"), Reason::BadTime),
        (format!("A,{SUMLI},1,01/05/2024 10:00"), Reason::AmbiguousTime),
        (format!("A,{SUMLI},1,31-05-2024 10:00"), Reason::AmbiguousTime),
        (format!("A,{SUMLI},1,5,{TIME}"), Reason::SurplusFields),
        (format!("A,{SUMLI},1,{TIME},,x"), Reason::SurplusFields),
        (format!("A,{SUMLI},\"1,{TIME}"), Reason::UnclosedQuote),
        (format!("A,{SUMLI},1,2024-02-30T10:00:00Z"), Reason::BadTime),
        (format!("A,{SUMLI},1,2024-03-31 02:15"), Reason::SkippedTime),
        (format!("A,{SUMLI},1,1960-05-01T10:00:00Z"), Reason::OutOfCalendar),
        (format!("A,{SUMLI},1,2026-06-02T12:15:00Z"), Reason::FromTheFuture),
        (format!("A,{SUMLI},1,2050-01-01 00:00"), Reason::FromTheFuture),
        (format!("A,{SUMLI},1"), Reason::IncompleteRow),
        ("A".to_owned(), Reason::IncompleteRow),
    ] {
        let (number, refused, text) = refused_in_csv(&row);
        assert_eq!((number, refused), (2, reason), "{row}");
        let quoted = text.split(['…', '\\']).next().unwrap();
        assert!(row.trim().starts_with(quoted), "{row}: {text}");
    }
}

#[test]
fn an_endless_row_is_refused_as_too_long() {
    let (number, reason, _) = refused_in_csv(&"x".repeat(1_000_000));
    assert_eq!((number, reason), (2, Reason::RowTooLong));
}

#[test]
fn a_box_id_that_is_not_utf8_is_refused() {
    let folder = Folder::new();
    let mut bytes = format!("BOXID,CHANNELID,WAARDE,DATUMTIJD\nCafé,{SUMLI},1,{TIME}\n").into_bytes();
    bytes.extend([0xff, 0xfe]);
    bytes.extend(format!(",{SUMLI},1,{TIME}\n").into_bytes());
    let (report, _) = read(&folder.bytes("readings.csv", &bytes));
    assert_eq!((report.accepted, report.refusals.count(Reason::BadBoxId)), (1, 1));
}

#[test]
fn a_reading_more_than_a_day_ahead_is_from_the_future() {
    let folder = Folder::new();
    let row = |time: &str| format!("A,{SUMLI},1,{time}");
    let rows = [row("2026-06-02T12:00:00Z"), row("2026-06-02T12:00:01Z"), row("2026-06-02 14:00")];
    let path = folder.csv("readings.csv", &rows.each_ref().map(String::as_str));
    let (report, _) = read(&path);
    assert_eq!(only_refusal(&report.refusals).0, 2);
    assert_eq!(report.newest, Some("2026-06-02T12:00:00Z".parse().unwrap()));
}

#[test]
fn well_formed_channels_that_do_not_count_are_ignored_whatever_else_is_in_the_row() {
    let folder = Folder::new();
    let other = "register://electricity/0/reactivepower/sumli?avg=15";
    let rows = [format!("A,{other},1,{TIME}"), format!("A,{other},NaN,never"), format!("A,{SUMLI},1,{TIME}")];
    let (report, store) = read(&folder.csv("readings.csv", &rows.each_ref().map(String::as_str)));
    assert_eq!((report.rows, report.accepted, report.ignored), (3, 1, 2));
    assert!(report.refusals.is_empty());
    assert_eq!(store.len(), 1);
}

#[test]
fn only_the_first_rows_of_each_reason_are_named_but_all_are_counted() {
    let folder = Folder::new();
    let rows = vec!["A,sumli,1,never"; 500];
    let path = folder.csv("readings.csv", &rows);
    let report = import(&mut Store::new(), &path, amsterdam(), &settings());
    assert_eq!((report.refusals.total(), report.refusals.named().len()), (500, 20));
    let report =
        import(&mut Store::new(), &path, amsterdam(), &ReadSettings { named_refusals: 3, ..settings() });
    assert_eq!((report.refusals.total(), report.refusals.named().len()), (500, 3));
}

/// Columns of four good rows for tests to corrupt.
fn columns() -> Vec<(&'static str, ArrayRef)> {
    let start = now().timestamp_millis() - 86_400_000;
    let times = TimestampMillisecondArray::from_iter_values((0..4).map(|row| start + row * 900_000));
    vec![
        ("BOXID", Arc::new(StringArray::from(vec!["A"; 4]))),
        ("CHANNELID", Arc::new(StringArray::from(vec![SUMLI; 4]))),
        ("WAARDE", Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0, 4.0]))),
        ("DATUMTIJD", Arc::new(times.with_timezone("Europe/Amsterdam"))),
    ]
}

#[test]
fn each_kind_of_bad_parquet_row_is_refused_with_its_reason() {
    let text = |second: Option<&str>| -> ArrayRef {
        Arc::new(StringArray::from(vec![Some("A"), second, Some("A"), Some("B")]))
    };
    let channel = |second: Option<&str>| -> ArrayRef {
        Arc::new(StringArray::from(vec![Some(SUMLI), second, Some(SUMLI), Some(SUMLI)]))
    };
    let value = |second: Option<f64>| -> ArrayRef {
        Arc::new(Float64Array::from(vec![Some(1.0), second, Some(3.0), Some(4.0)]))
    };
    let day = 86_400_000;
    let time = |offset: Option<i64>| -> ArrayRef {
        let start = now().timestamp_millis() - day;
        let second = offset.map(|offset| start + offset);
        let times = vec![Some(start), second, Some(start + 900_000), Some(start)];
        Arc::new(TimestampMillisecondArray::from(times).with_timezone("UTC"))
    };
    for (column, spoilt, reason) in [
        (0, text(None), Reason::MissingCell),
        (0, text(Some(" ")), Reason::BadBoxId),
        (1, channel(None), Reason::MissingCell),
        (1, channel(Some("activepower")), Reason::UnknownChannelShape),
        (2, value(None), Reason::MissingCell),
        (2, value(Some(f64::NAN)), Reason::NotFinite),
        (2, value(Some(f64::NEG_INFINITY)), Reason::NotFinite),
        (3, time(None), Reason::MissingCell),
        (3, time(Some(3 * day)), Reason::FromTheFuture),
        (3, time(Some(i64::MIN / 2)), Reason::OutOfCalendar),
    ] {
        let folder = Folder::new();
        let mut columns = columns();
        columns[column].1 = spoilt;
        let (report, store) = read(&folder.parquet("readings.parquet", columns, 3));
        assert_eq!((report.rows, report.accepted), (4, 3), "{reason:?}");
        let (row, refused, text) = only_refusal(&report.refusals);
        assert_eq!((row, refused), (2, reason));
        assert_eq!(text.split(',').count(), 4, "{text}");
        assert!(store.values().all(|tally| tally.max_kw() != 2.0 || column == 0));
    }
}

#[test]
fn text_times_in_parquet_are_refused_one_by_one() {
    let folder = Folder::new();
    let mut columns = columns();
    let times = vec![Some("2024-05-01T10:00:00Z"), Some("2024-03-31 02:15"), Some("soon"), None];
    columns[3].1 = Arc::new(StringArray::from(times));
    let (report, _) = read(&folder.parquet("readings.parquet", columns, 1000));
    let reasons: Vec<_> = report.refusals.named().iter().map(|named| (named.row, named.reason)).collect();
    assert_eq!(report.accepted, 1);
    assert_eq!(reasons, [(2, Reason::SkippedTime), (3, Reason::BadTime), (4, Reason::MissingCell)]);
}

#[test]
fn a_row_that_says_another_box_or_channel_than_its_folder_is_refused() {
    let folder = Folder::new();
    let inside = "BOXID=A/CHANNELID=register%3A%2F%2Felectricity%2F0%2Factivepower%2Fsumli%3Favg%3D15";
    std::fs::create_dir_all(folder.path(inside)).unwrap();
    let rows = format!(
        "A,{SUMLI},1,{TIME}\nB,{SUMLI},2,{TIME}\nA,register://electricity/0/activepower/l1?avg=15,3,{TIME}\n"
    );
    let path =
        folder.bytes(&format!("{inside}/a.csv"), format!("{}\n{rows}", crate::files::HEADER).as_bytes());
    let assert_refused = |path| {
        let (report, store) = read(path);
        let refused: Vec<_> = report.refusals.named().iter().map(|named| (named.row, named.reason)).collect();
        assert_eq!(report.accepted, 1, "{path:?}");
        assert_eq!(refused, [(2, Reason::OtherThanFolder), (3, Reason::OtherThanFolder)], "{path:?}");
        assert_eq!(store.values().next().unwrap().max_kw(), 1.0, "{path:?}");
    };
    assert_refused(&path);
    let text = |texts: [&str; 3]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let columns = vec![
        ("BOXID", text(["A", "B", "A"])),
        ("CHANNELID", text([SUMLI, SUMLI, "register://electricity/0/activepower/l1?avg=15"])),
        ("WAARDE", Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0])) as ArrayRef),
        ("DATUMTIJD", text([TIME; 3])),
    ];
    assert_refused(&folder.parquet(&format!("{inside}/a.parquet"), columns, 1000));
}

#[test]
fn what_stands_for_no_box_is_a_missing_cell_unless_the_folder_tells_it() {
    let folder = Folder::new();
    let ids = ["NaN", "nan", "None", "null", "NULL", "<NA>", ""];
    let cells = |texts: &[&str]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    for (inside, accepted) in [("a", 0), ("BOXID=nan", 0), ("BOXID=A", 7)] {
        let rows: String = ids.iter().map(|id| format!("{id},{SUMLI},1,{TIME}\n")).collect();
        let csv = folder.bytes(&format!("{inside}/a.csv"), format!("{HEADER}\n{rows}").as_bytes());
        let columns = vec![
            ("BOXID", cells(&ids)),
            ("CHANNELID", cells(&[SUMLI; 7])),
            ("WAARDE", Arc::new(Float64Array::from(vec![1.0; 7])) as ArrayRef),
            ("DATUMTIJD", cells(&[TIME; 7])),
        ];
        for path in [csv, folder.parquet(&format!("{inside}/a.parquet"), columns, 3)] {
            let (report, _) = read(&path);
            let counts = (report.accepted, report.refusals.count(Reason::MissingCell));
            assert_eq!(counts, (accepted, 7 - accepted), "{}", path.display());
        }
    }
    let inside = "CHANNELID=register%3A%2F%2Felectricity%2F0%2Factivepower%2Fsumli%3Favg%3D15";
    let columns = vec![
        ("BOXID", cells(&["A"; 2])),
        ("CHANNELID", Arc::new(StringArray::from(vec![None, Some("")])) as ArrayRef),
        ("WAARDE", Arc::new(Float64Array::from(vec![1.0; 2])) as ArrayRef),
        ("DATUMTIJD", cells(&[TIME; 2])),
    ];
    let csv =
        folder.bytes(&format!("{inside}/a.csv"), format!("{HEADER}\nA,,1,{TIME}\nA,,2,{TIME}\n").as_bytes());
    for path in [csv, folder.parquet(&format!("{inside}/a.parquet"), columns, 3)] {
        assert_eq!(read(&path).0.accepted, 2, "{}", path.display());
    }
}

#[test]
fn a_row_in_another_unit_than_kw_is_refused() {
    let folder = Folder::new();
    let units = ["kW", "W", "", "MW", "[KW]", "3"];
    let refused = |path: std::path::PathBuf| {
        let (report, _) = read(&path);
        let named = report.refusals.named().iter();
        (report.accepted, named.map(|named| (named.row, named.reason)).collect::<Vec<_>>())
    };
    let expected = (3, [2, 4, 6].map(|row| (row, Reason::OtherUnit)).to_vec());
    for name in ["EENHEID", "unit", "UOM", "Unit_of_measure"] {
        let rows: String = units.iter().map(|unit| format!("A,{SUMLI},1,{unit},{TIME}\n")).collect();
        let text = format!("BOXID,CHANNELID,WAARDE,{name},DATUMTIJD\n{rows}");
        assert_eq!(refused(folder.bytes("a.csv", text.as_bytes())), expected, "{name}");
    }
    let rows: String = units.iter().map(|unit| format!("A,{SUMLI},1,,{TIME},{unit}\n")).collect();
    let text = format!("BOXID,CHANNELID,WAARDE,EENHEID,DATUMTIJD,UNIT\n{rows}");
    assert_eq!(refused(folder.bytes("two.csv", text.as_bytes())), expected, "the second of two columns");
    for (name, accepted) in [("UNIT=MW", 0), ("eenheid=W/BOXID=A", 0), ("unit=kW", 1)] {
        let text = format!("{HEADER}\nA,{SUMLI},1,{TIME}\n");
        let report = read(&folder.bytes(&format!("{name}/a.csv"), text.as_bytes())).0;
        assert_eq!(
            (report.accepted, report.refusals.count(Reason::OtherUnit)),
            (accepted, 1 - accepted),
            "{name}"
        );
        let row =
            [Row { box_id: "A".to_owned(), channel: SUMLI.to_owned(), value_kw: 1.0, second: 1_779_000_000 }];
        let report = read(&folder.usual_parquet(&format!("{name}/a.parquet"), &row)).0;
        assert_eq!(
            (report.accepted, report.refusals.count(Reason::OtherUnit)),
            (accepted, 1 - accepted),
            "{name}"
        );
    }
    let text = |texts: [&str; 6]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let columns = |unit| {
        vec![
            ("BOXID", text(["A"; 6])),
            ("CHANNELID", text([SUMLI; 6])),
            ("Unit", unit),
            ("WAARDE", Arc::new(Float64Array::from(vec![1.0; 6])) as ArrayRef),
            ("DATUMTIJD", text([TIME; 6])),
        ]
    };
    assert_eq!(refused(folder.parquet("a.parquet", columns(text(units)), 2)), expected);
    let two = [columns(text(units)), vec![("EENHEID", text([""; 6]))]].concat();
    assert_eq!(refused(folder.parquet("two.parquet", two, 2)), expected);
    let nulls = Arc::new(NullArray::new(6)) as ArrayRef;
    assert_eq!(refused(folder.parquet("c.parquet", columns(nulls), 2)), (6, vec![]));
    let numbers = Arc::new(Float64Array::from(vec![1.0; 6])) as ArrayRef;
    let error =
        read_measurements(&folder.parquet("b.parquet", columns(numbers), 2), amsterdam(), &settings());
    let error = error.unwrap_err().to_string();
    assert!(error.contains("the column UNIT is of type Float64, expected text"), "{error}");
}

#[test]
fn unusable_rows_between_two_stray_quotes_are_counted() {
    let folder = Folder::new();
    for unusable in [
        format!("A,{SUMLI},NA,{TIME},"),
        format!("A,sumli,1,{TIME},"),
        format!("A,{SUMLI},1"),
        "A,x,y,z,".to_owned(),
    ] {
        let rows = [
            format!("A,{SUMLI},1,{TIME},\"ok"),
            unusable.clone(),
            format!("A,{SUMLI},2,{TIME},ok\""),
            format!("A,{SUMLI},3,{TIME},ok"),
        ];
        let text = format!("BOXID,CHANNELID,WAARDE,DATUMTIJD,OPMERKING\n{}\n", rows.join("\n"));
        let (report, _) = read(&folder.bytes("a.csv", text.as_bytes()));
        assert_eq!((report.accepted, report.refusals.total()), (2, 2), "{unusable}");
    }
}

/// Two quotes that belong nowhere, with rows between them: whatever else is in these rows, they are read.
#[test]
fn rows_between_two_stray_quotes_are_read_however_wide_they_are() {
    let folder = Folder::new();
    let row = |quarter: u32, remark: &str| {
        format!("A,{SUMLI},{quarter}.5,2024-01-01 0{}:{:02},{remark}", quarter / 4, 15 * (quarter % 4))
    };
    let mut rows: Vec<String> = (0..16).map(|quarter| row(quarter, "ok")).collect();
    for (opened, closed) in [("\"ok", "ok\""), ("\"1,5\",\"ok", "ok\"")] {
        (rows[2], rows[5], rows[9]) = (row(2, opened), row(5, "ok,"), row(9, closed));
        let path = folder.bytes(
            "a.csv",
            format!("BOXID,CHANNELID,WAARDE,DATUMTIJD,OPMERKING\n{}\n", rows.join("\n")).as_bytes(),
        );
        let (report, _) = read(&path);
        assert_eq!((report.rows, report.accepted), (16, 15), "{:?}", report.refusals);
    }
    (rows[2], rows[9]) = (format!("\"{}", row(2, "ok")), row(9, "ok").replace(",ok", "\",ok"));
    let path = folder.bytes(
        "b.csv",
        format!("BOXID,CHANNELID,WAARDE,DATUMTIJD,OPMERKING\n{}\n", rows.join("\n")).as_bytes(),
    );
    let (report, _) = read(&path);
    assert_eq!((report.rows, report.accepted, report.refusals.total()), (16, 14, 2), "{:?}", report.refusals);
}
