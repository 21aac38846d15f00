//! Reading files of weekly extremes and capacities, with refused rows.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray,
    FixedSizeBinaryArray, Float32Array, Float64Array, Int16Array, Int32Array, Int64Array, NullArray,
    RecordBatch, StringArray, TimestampMillisecondArray,
};
use backtest::{CapacitiesFile, FileError, Judgement, Plan, PlanError, WeeklyFile, WindowSettings};
use model::{BoxId, IsoWeek};
use parquet::arrow::ArrowWriter;
use readings::{FileNote, Notation, Reason};

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let nullable = columns.into_iter().map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(nullable).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn days(weeks: impl IntoIterator<Item = i32>) -> Vec<i32> {
    weeks.into_iter().map(|week| 4 + 7 * week).collect()
}

#[test]
fn valid_files_are_read_with_any_column_types() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, other) = (folder.path().join("plain.parquet"), folder.path().join("other.parquet"));
    write(
        &plain,
        vec![
            ("boxid", Arc::new(StringArray::from(vec!["A", "A", "B"]))),
            ("date", Arc::new(Date32Array::from(days([2_700, 2_701, 2_700])))),
            ("min", Arc::new(Float64Array::from(vec![-1.5, 0.0, 2.0]))),
            ("max", Arc::new(Float64Array::from(vec![3.0, 4.0, 5.0]))),
            ("n", Arc::new(Int16Array::from(vec![672, 670, 168]))),
        ],
    );
    let milliseconds: Vec<i64> =
        days([2_700, 2_701, 2_700]).into_iter().map(|day| i64::from(day) * 86_400_000).collect();
    let boxes: DictionaryArray<arrow_array::types::Int8Type> = ["A", "A", "B"].into_iter().collect();
    let week = |index: usize| IsoWeek::from_index([2_700, 2_701, 2_700][index]);
    write(
        &other,
        vec![
            ("MAX", Arc::new(Float32Array::from(vec![3.0, 4.0, 5.0]))),
            ("Min", Arc::new(Float32Array::from(vec![-1.5, 0.0, 2.0]))),
            ("readings", Arc::new(Int64Array::from(vec![672, 670, 168]))),
            ("week", Arc::new(Int64Array::from_iter_values((0..3).map(|index| week(index).number().into())))),
            ("year", Arc::new(Int64Array::from_iter_values((0..3).map(|index| week(index).year().into())))),
            ("DATE", Arc::new(TimestampMillisecondArray::from(milliseconds))),
            ("box_id", Arc::new(boxes)),
        ],
    );
    let read = WeeklyFile::read(&plain, &Notation::default()).unwrap();
    assert_eq!(read, WeeklyFile::read(&other, &Notation::default()).unwrap());
    assert_eq!((read.rows, read.refused.count), (3, 0));
    let week = read.boxes[&BoxId::new("A").unwrap()][&IsoWeek::from_index(2_700)];
    assert_eq!((week.min_kw, week.max_kw, week.readings), (-1.5, 3.0, 672));
}

#[test]
fn invalid_rows_are_counted_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.parquet");
    let mut dates = days([2_700; 8]);
    dates[1] += 1;
    let boxes = vec![Some("A"), Some("A"), None, Some(" "), Some("B"), Some("C"), Some("D"), Some("A")];
    write(
        &file,
        vec![
            ("boxid", Arc::new(StringArray::from(boxes))),
            ("date", Arc::new(Date32Array::from(dates))),
            ("min", Arc::new(Float64Array::from(vec![0., 0., 0., 0., 9., f64::NAN, 0., 1.]))),
            (
                "max",
                Arc::new(Float64Array::from(
                    [1., 1., 1., 1., 1., 1., 0., 2.].map(|kw| (kw > 0.0).then_some(kw)).to_vec(),
                )),
            ),
        ],
    );
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    let reasons: Vec<String> = read.refused.first.iter().map(ToString::to_string).collect();
    assert_eq!(read.refused.count, 7, "{reasons:?}");
    let expected = [
        "row 2: 2021-10-05 is not a Monday",
        "row 3: there is no box identifier",
        "row 4: a box identifier must not be empty",
        "row 5: the minimum of 9 kW is above the maximum of 1 kW",
        "row 6: the minimum of NaN kW is not finite",
        "row 7: the maximum is missing",
        "row 8: 2021-W40 of A is there twice, an earlier row with 0 to 1 kW gives way to this one",
    ];
    assert_eq!(reasons, expected);
    let week = read.boxes[&BoxId::new("A").unwrap()][&IsoWeek::from_index(2_700)];
    assert_eq!((week.min_kw, week.max_kw), (1.0, 2.0));
}

#[test]
fn delimited_text_in_every_form_is_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        WeeklyFile::read(&file, &Notation::default()).unwrap()
    };
    let plain = "boxid,date,min,max\nA,2021-10-04,-1.5,3.25\n\"B, left\",2021-10-11,0.5,1234.5\n";
    let expected = read("plain.csv", plain.as_bytes());
    assert_eq!((expected.rows, expected.refused.count, expected.boxes.len()), (2, 0, 2));
    assert!(expected.boxes.contains_key(&BoxId::new("B, left").unwrap()));
    let points = "\u{feff}sep=;\r\n\r\nBOXID;Date;\"min\";max\rA;2021-10-04;-1.5;3.25\r\
                  \"B, left\";2021-10-11;.5;1,234.5\r";
    assert_eq!(read("points.txt", points.as_bytes()), expected);
    let commas = "boxid;date;min;max\nA;2021-10-04;-1,5;3,25\nB, left;2021-10-11;0,5;1.234,5\n";
    let of_commas = read("commas", commas.as_bytes());
    assert_eq!(of_commas.boxes, expected.boxes);
    assert_eq!(of_commas.notes, [FileNote::DecimalCommas]);
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(plain.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(read("utf16.csv", &utf16).boxes, expected.boxes);
}

#[test]
fn what_a_text_leaves_open_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let notes = |text: &str| {
        let file = folder.path().join("weekly.csv");
        std::fs::write(&file, text).unwrap();
        WeeklyFile::read(&file, &Notation::default()).unwrap().notes
    };
    let header = "boxid,date,min,max\n";
    assert_eq!(
        notes(&format!("{header}A,2021-10-04,1,1.002\nA,2021-10-11,1,998\n")),
        [FileNote::UnprovenPoints]
    );
    assert_eq!(notes(&format!("{header}A,2021-10-04,1,1.002\nA,2021-10-11,0.5,998\n")), []);
    assert_eq!(notes(&format!("{header}A,2021-10-04,1,900\nA,2021-10-11,1,90")), [FileNote::OpenEnd]);
    assert_eq!(notes(&format!("{header}A,2021-10-04,1,900\nA,2021-10-11,1")), [], "which is refused");
}

#[test]
fn weeks_between_two_stray_quotes_are_counted_though_their_rows_are_too_short() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.csv");
    let rows = "A,2021-10-04,1,2,\"x\nA,2021-10-11,1,2\nA,2021-10-18,1,2\"\nA,2021-10-25,1,2,\"a, 1\nb\"\n";
    std::fs::write(&file, format!("boxid,date,min,max,note\n{rows}")).unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    let refused: Vec<u64> = read.refused.first.iter().map(|refused| refused.row).collect();
    assert_eq!((read.rows, refused), (4, vec![1, 2, 3]));
}

#[test]
fn rows_of_another_width_are_refused_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.csv");
    let text = "boxid,date,min,max\nA,2021-10-04,1,2\nA,2021-10-11,1,2,5\nA,2021-10-18,1\nA,2021-10-25,1,2,,\n\
                A,2021-11-01,x,2\n\"A,2021-11-08,1,2\n";
    std::fs::write(&file, text).unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    let rows: Vec<u64> = read.refused.first.iter().map(|refused| refused.row).collect();
    assert_eq!((read.rows, rows), (6, vec![2, 3, 5, 6]), "{:?}", read.refused);
    assert_eq!(read.boxes[&BoxId::new("A").unwrap()].len(), 2);
    assert_eq!(read.refused.first[2].reason, "min \"x\" is not a number");
    assert_eq!(read.refused.by_reason[&Reason::SurplusFields], 1);
}

#[test]
fn what_is_no_count_of_readings_and_what_is_no_date_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.csv");
    let text = "boxid,date,min,max,n\nA,2021-10-04,1,2,672\nA,2021-10-11,1,2,\nA,2021-10-18,1,2,0\n\
                A,25-10-2021,1,2,672\nA,2021-11-011,1,2,672\nA,,1,2,672\nA,2021-11-08 00:00,1,2,672\n";
    std::fs::write(&file, text).unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    let reasons: Vec<String> = read.refused.first.iter().map(ToString::to_string).collect();
    let expected = [
        "row 2: the number of readings is missing",
        "row 3: 0 is not a number of readings",
        "row 4: the date \"25-10-2021\" can't be read; dates are written year first, as 2026-11-16",
        "row 5: the date \"2021-11-011\" can't be read; dates are written year first, as 2026-11-16",
        "row 6: there is no date",
    ];
    assert_eq!(reasons, expected);
    assert_eq!(read.boxes[&BoxId::new("A").unwrap()].len(), 2);
}

#[test]
fn rows_are_judged_before_they_take_the_place_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.csv");
    let text = "boxid,phase,date,min,max\nA,sumli,2021-10-04,1,2\nA,sumli,2021-10-04,1,9999\n\
                A,l1,2021-10-04,1,2\nA,sumli,2021-10-11,1,2\n";
    std::fs::write(&file, text).unwrap();
    let judge = |_: &BoxId, week: &model::WeekExtremes| match (week.max_kw > 5_000.0, week.week.index()) {
        (true, _) => Judgement::Refused(Reason::BeyondCapacity),
        (_, 2_701) => Judgement::Unfinished,
        _ => Judgement::Taken,
    };
    let read = WeeklyFile::read_judged(&file, &Notation::default(), None, judge).unwrap();
    assert_eq!((read.rows, read.other_channels, read.unfinished, read.refused.count), (4, 1, 1, 1));
    let row = &read.refused.first[0];
    assert_eq!((row.row, row.code), (2, Reason::BeyondCapacity));
    assert!(row.reason.contains("2021-W40 of A, 1 to 9999 kW"), "{}", row.reason);
    assert_eq!(read.boxes[&BoxId::new("A").unwrap()].len(), 1);
}

#[test]
fn a_column_that_is_there_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.csv");
    for header in ["boxid,date,min,max,MAX", "boxid,date,min,max,min_kw", "box,date,min,max,boxid"] {
        std::fs::write(&file, format!("{header}\nA,2021-10-04,1,2,3\n")).unwrap();
        let error = WeeklyFile::read(&file, &Notation::default()).unwrap_err();
        assert!(error.to_string().contains("twice"), "{header}: {error}");
    }
}

#[test]
fn unreadable_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.parquet");
    assert!(matches!(
        WeeklyFile::read(&file, &Notation::default()),
        Err(FileError::Text(readings::FileError::Unreadable { .. }))
    ));
    std::fs::write(&file, "PAR1 and no more").unwrap();
    assert!(matches!(WeeklyFile::read(&file, &Notation::default()), Err(FileError::Damaged { .. })));
    std::fs::write(&file, "no parquet").unwrap();
    let error = WeeklyFile::read(&file, &Notation::default()).unwrap_err().to_string();
    assert!(error.contains("named .parquet and is none"), "{error}");
    let texts = || Arc::new(StringArray::from(vec!["A"])) as ArrayRef;
    write(&file, vec![("boxid", texts()), ("date", Arc::new(Date32Array::from(vec![4])))]);
    assert!(matches!(
        WeeklyFile::read(&file, &Notation::default()),
        Err(FileError::MissingColumn { column: "min", .. })
    ));
    let logical = Arc::new(BooleanArray::from(vec![true])) as ArrayRef;
    write(&file, vec![("boxid", texts()), ("date", texts()), ("min", logical), ("max", texts())]);
    let error = WeeklyFile::read(&file, &Notation::default()).unwrap_err();
    assert!(error.to_string().contains("column min is of type Boolean, it must be a number"), "{error}");
}

#[test]
fn a_folder_tells_the_channel_of_its_files() {
    let folder = tempfile::tempdir().unwrap();
    for (name, taken) in [
        ("CHANNELID=register%3A%2F%2Felectricity%2F0%2Freactivepower%2Fsumli%3Favg%3D15", 0),
        ("phase=l1", 0),
        ("phase=sumli", 1),
    ] {
        let file = folder.path().join(name).join("weekly.csv");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "boxid,date,min,max\nA,2021-10-04,1,2\n").unwrap();
        let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
        assert_eq!((read.boxes.len(), read.other_channels), (taken, 1 - taken as u64), "{name}");
    }
}

#[test]
fn a_row_of_another_box_or_channel_than_its_folder_or_in_another_unit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("boxid=A").join("phase=sumli").join("weekly.csv");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let rows = "A,2021-10-04,1,2,sumli,kW\nB,2021-10-11,1,2,sumli,kW\nA,2021-10-18,1,2,l1,kW\nA,2021-10-25,1,2,sumli,W\n";
    std::fs::write(&file, format!("boxid,date,min,max,phase,unit\n{rows}")).unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    let reasons: Vec<String> = read.refused.first.iter().map(ToString::to_string).collect();
    let other = "the name of the folder says another box, channel or week";
    assert_eq!(
        reasons,
        [format!("row 2: {other}"), format!("row 3: {other}"), "row 4: the unit is W, not kW".to_owned()]
    );
    assert_eq!(read.boxes[&BoxId::new("A").unwrap()].len(), 1);

    std::fs::write(&file, "date,min,max\n2021-10-04,1,2\n").unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    assert_eq!(read.boxes[&BoxId::new("A").unwrap()].len(), 1, "the folder alone tells the box");
}

#[test]
fn what_stands_for_no_box_or_no_phase_is_taken_from_the_folder_or_missing() {
    let folder = tempfile::tempdir().unwrap();
    let ids = ["NaN", "nan", "None", "null", "NULL", "<NA>", ""];
    let row =
        |(week, id): (i32, &&str)| format!("{id},{},1,2,\n", IsoWeek::from_index(2_700 + week).monday());
    let rows: String = (0..).zip(&ids).map(row).collect();
    for (path, boxes) in [("a", 0), ("boxid=A/phase=sumli", 1), ("boxid=nan", 0)] {
        let file = folder.path().join(path).join("weekly.csv");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let phase = if path.contains("phase") { "phase" } else { "note" };
        std::fs::write(&file, format!("boxid,date,min,max,{phase}\n{rows}")).unwrap();
        let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
        assert_eq!(read.boxes.len(), boxes, "{path}");
        assert!(read.refused.first.iter().all(|row| row.code == Reason::MissingCell), "{path}");
        assert_eq!(read.refused.count, if boxes == 0 { 7 } else { 0 }, "{path}");
    }
}

#[test]
fn the_unit_is_kilowatts_in_every_column_and_folder_that_names_one() {
    let folder = tempfile::tempdir().unwrap();
    for (path, header, units, other) in [
        ("a", "eenheid,unit", ",MW", Some("MW")),
        ("a", "unit,UOM", "kW,kWh", Some("kWh")),
        ("a", "unit,UOM", "[kW],KW", None),
        ("unit=MW", "x,y", ",", Some("MW")),
        ("UNIT=kW/boxid=A", "x,y", ",", None),
    ] {
        let file = folder.path().join(path).join("weekly.csv");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, format!("boxid,date,min,max,{header}\nA,2021-10-04,1,2,{units}\n")).unwrap();
        let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
        let refused: Vec<String> = read.refused.first.iter().map(ToString::to_string).collect();
        let expected: Vec<_> =
            other.iter().map(|unit| format!("row 1: the unit is {unit}, not kW")).collect();
        assert_eq!(refused, expected, "{path} {header}");
    }
    let file = folder.path().join("a/weekly.csv");
    std::fs::write(&file, "boxid,date,min,max,unit,Unit\nA,2021-10-04,1,2,kW,kW\n").unwrap();
    let error = WeeklyFile::read(&file, &Notation::default()).unwrap_err().to_string();
    assert!(error.contains("has the column UNIT twice"), "{error}");
}

#[test]
fn folders_that_contradict_each_other_refuse_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["boxid=A/boxid=B", "box=A/boxid=B", "boxid=A/phase=l1/phase=sumli", "boxid=Caf%E9"] {
        let file = folder.path().join(path).join("weekly.csv");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "date,min,max\n2021-10-04,1,2\n").unwrap();
        let error = WeeklyFile::read(&file, &Notation::default()).unwrap_err().to_string();
        assert!(error.contains("its folder"), "{error}");
    }
}

#[test]
fn parquet_takes_what_text_takes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.parquet");
    let decimals = |values: [i128; 3]| {
        Arc::new(Decimal128Array::from(values.to_vec()).with_precision_and_scale(18, 2).unwrap()) as ArrayRef
    };
    write(
        &file,
        vec![
            ("boxid", Arc::new(Float64Array::from(vec![1234.0; 3]))),
            ("date", Arc::new(BinaryArray::from(vec![&b"2021-10-04"[..], b"2021-10-11", b"2021-10-18"]))),
            ("min", decimals([-150, 25, 0])),
            ("max", decimals([325, 500, 100])),
            ("phase", Arc::new(StringArray::from(vec![Some("sumli"), Some("total"), None]))),
        ],
    );
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    let reasons: Vec<String> = read.refused.first.iter().map(ToString::to_string).collect();
    assert_eq!(
        reasons,
        ["row 2: \"total\" is no phase, such as sumli, and no channel", "row 3: there is no phase"]
    );
    let week = read.boxes[&BoxId::new("1234").unwrap()][&IsoWeek::from_index(2_700)];
    assert_eq!((week.min_kw, week.max_kw), (-1.5, 3.25));
}

#[test]
fn parquet_takes_numbers_in_text_dictionaries_and_dates_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.parquet");
    let texts = |texts: [&str; 2]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let numbers = |numbers: [f64; 2]| Arc::new(Float64Array::from(numbers.to_vec())) as ArrayRef;
    let dictionary =
        |values: ArrayRef| Arc::new(DictionaryArray::new(Int32Array::from(vec![0, 1]), values)) as ArrayRef;
    let usual = || {
        vec![
            ("boxid", texts(["A", "A"])),
            ("date", Arc::new(Date32Array::from(days([2_700, 2_701]))) as ArrayRef),
            ("min", numbers([-1.5, 0.0])),
            ("max", numbers([1234.0, 2.5])),
        ]
    };
    let fixed = |texts: [&[u8]; 2]| {
        Arc::new(FixedSizeBinaryArray::try_from_iter(texts.into_iter()).unwrap()) as ArrayRef
    };
    let millis = |hours: i64| -> Vec<i64> {
        days([2_700, 2_701]).iter().map(|&day| (i64::from(day) * 24 + hours) * 3_600_000).collect()
    };
    let instants = |hours, zone: &str| {
        Arc::new(TimestampMillisecondArray::from(millis(hours)).with_timezone(zone)) as ArrayRef
    };
    for (name, column) in [
        ("min", texts(["-1,5", "0"])),
        ("max", texts(["1.234", "2,5"])),
        ("max", dictionary(texts(["1234.0", "2.5"]))),
        ("max", dictionary(numbers([1234.0, 2.5]))),
        ("date", dictionary(Arc::new(Date32Array::from(days([2_700, 2_701]))))),
        ("date", Arc::new(Date64Array::from(millis(0)))),
        ("date", instants(0, "UTC")),
        ("date", instants(-2, "UTC")),
        ("date", instants(-2, "Europe/Amsterdam")),
        ("boxid", fixed([b"A\0", b"A\0"])),
        ("unit", fixed([b"kW\0", b"kW\0"])),
        ("unit", Arc::new(NullArray::new(2))),
        ("phase", Arc::new(NullArray::new(2))),
        ("n", texts(["672", "672"])),
    ] {
        let mut columns = usual();
        columns.retain(|(other, _)| *other != name);
        let kind = format!("{name} as {}", column.data_type());
        columns.push((name, column));
        write(&file, columns);
        let zone = Some(chrono_tz::Europe::Amsterdam);
        let read =
            WeeklyFile::read_judged(&file, &Notation::default(), zone, |_, _| Judgement::Taken).unwrap();
        assert_eq!(read.refused.count, 0, "{kind}: {:?}", read.refused.first);
        let weeks: Vec<_> = read.boxes[&BoxId::new("A").unwrap()].values().collect();
        let found: Vec<_> = weeks.iter().map(|week| (week.week.index(), week.min_kw, week.max_kw)).collect();
        assert_eq!(found, [(2_700, -1.5, 1234.0), (2_701, 0.0, 2.5)], "{kind}");
    }
    let mut columns = usual();
    columns[3].1 = texts(["1.234", "x"]);
    write(&file, columns);
    let error = WeeklyFile::read(&file, &Notation::default()).unwrap_err().to_string();
    assert!(error.contains("1.234 may have decimals or thousands"), "{error}");
    let mut columns = usual();
    columns[3].1 = texts(["1234.5", "x"]);
    write(&file, columns);
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    assert_eq!(read.refused.first[0].to_string(), "row 2: the maximum \"x\" is not a number");
}

#[test]
fn invalid_capacities_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("capacities.csv");
    std::fs::write(&file, "boxid,capacity_kva\nA,400\nB,none\nC,-1\n,5\nA,630\n").unwrap();
    let read = CapacitiesFile::read(&file, &Notation::default()).unwrap();
    assert_eq!(read.capacities.len(), 1);
    let rows: Vec<u64> = read.refused.first.iter().map(|refused| refused.row).collect();
    assert_eq!((read.refused.count, rows), (4, vec![2, 3, 4, 5]));
    std::fs::write(&file, "boxid,capacity_kva,unit\nA,400,kVA\nB,630000,VA\n").unwrap();
    let read = CapacitiesFile::read(&file, &Notation::default()).unwrap();
    assert_eq!((read.capacities.len(), read.refused.first[0].row), (1, 2), "no number is converted");
    std::fs::write(&file, "boxid,kva\nA,400\n").unwrap();
    assert!(matches!(
        CapacitiesFile::read(&file, &Notation::default()),
        Err(FileError::MissingColumn { .. })
    ));
}

#[test]
fn paths_in_a_plan_are_relative_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.toml");
    std::fs::write(&plan, "[[data_set]]\nname = \"one\"\nextremes = \"w.parquet\"\norigins = 2\n").unwrap();
    write(
        &folder.path().join("w.parquet"),
        vec![
            ("boxid", Arc::new(StringArray::from(vec!["A"]))),
            ("date", Arc::new(Date32Array::from(days([2_700])))),
            ("min", Arc::new(Float64Array::from(vec![0.0]))),
            ("max", Arc::new(Float64Array::from(vec![1.0]))),
        ],
    );
    let windows = WindowSettings { training_weeks: Some(156), ..WindowSettings::default() };
    let (job, refused) = Plan::read(&plan).unwrap().data_set[0].open(windows).unwrap();
    assert!(refused.is_empty());
    assert_eq!(job.windows, windows);
    assert_eq!(job.origins.iter().map(|week| week.index()).collect::<Vec<_>>(), [2_700, 2_674]);
    std::fs::write(&plan, "[[data_set]]\nname = \"one\"\n").unwrap();
    assert!(matches!(Plan::read(&plan), Err(PlanError::Malformed { .. })));
}

#[test]
fn a_row_of_units_other_than_kilowatts_refuses_the_file_of_extremes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    for unit in ["MW", "[MW]", "W"] {
        let text = format!("boxid,date,min,max,n\n,,{unit},{unit},\nA,2021-10-04,-0.1,0.2,672\n");
        std::fs::write(&file, text).unwrap();
        let error = WeeklyFile::read(&file, &Notation::default()).unwrap_err().to_string();
        assert!(error.contains(unit) && error.contains("read in kW"), "{error}");
    }
    std::fs::write(&file, "boxid,date,min,max,n\n,,kW,kW,\nA,2021-10-04,-0.1,0.2,672\n").unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    assert_eq!((read.refused.count, read.boxes.len()), (1, 1), "the row itself is none");
}
