//! The weeks of files of weekly extremes: by date, by year and number, by folder.

use std::path::Path;
use std::sync::Arc;

use backtest::{Judgement, WeeklyFile};
use model::{BoxId, IsoWeek};
use parquet::data_type::{ByteArrayType, DoubleType, Int96, Int96Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use readings::{Notation, Reason};

#[test]
fn folders_of_years_and_weeks_tell_the_week() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("year=2021/week=40/weekly.csv");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "boxid,min,max\nA,1,2\n").unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    assert!(read.boxes[&BoxId::new("A").unwrap()].contains_key(&IsoWeek::from_index(2_700)));
    std::fs::write(&file, "boxid,date,min,max\nA,2021-10-11,1,2\n").unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    assert_eq!(read.refused.count, 0, "the folder of the export");
    std::fs::write(&file, "boxid,year,week,min,max\nA,,,1,2\nB,2021,40,1,2\nC,2021,41,1,2\nD,,40.5,1,2\n")
        .unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    let taken: Vec<&str> = read.boxes.keys().map(BoxId::as_str).collect();
    assert_eq!(taken, ["A", "B"], "empty cells take what the folders say");
    let reasons: Vec<Reason> = read.refused.first.iter().map(|row| row.code).collect();
    assert_eq!(reasons, [Reason::OtherThanFolder; 2]);
}

#[test]
fn year_and_week_are_optional_beside_a_date_and_a_date_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.csv");
    let rows = "A,2021-10-04,,,1,2\nB,,2021,40,1,2\nC,2021-10-04,2021,41,1,2\nD,,2021,,1,2\nE,,2021,40.5,1,2\n\
                F,x,2021,40,1,2\n";
    std::fs::write(&file, format!("boxid,date,year,week,min,max\n{rows}")).unwrap();
    let read = WeeklyFile::read(&file, &Notation::default()).unwrap();
    assert_eq!(read.boxes.keys().map(BoxId::as_str).collect::<Vec<_>>(), ["A", "B"]);
    assert!(read.boxes.values().all(|weeks| weeks.contains_key(&IsoWeek::from_index(2_700))));
    let reasons: Vec<Reason> = read.refused.first.iter().map(|row| row.code).collect();
    let expected = [Reason::NotTheMonday, Reason::MissingCell, Reason::OutOfCalendar, Reason::BadTime];
    assert_eq!(reasons, expected);
}

#[test]
fn dates_of_the_legacy_type_int96_are_instants_unless_impala_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weekly.parquet");
    let zone = Some(chrono_tz::Europe::Amsterdam);
    // 2021-10-04 is a day of summer time: its midnight is 22:00 UTC of the day before.
    for (writer, hours, weeks) in [
        ("parquet-mr version 1.12.0", -2, 1),
        ("parquet-mr version 1.12.0", 0, 1),
        ("impala version 4.0.0", 0, 1),
        ("impala version 4.0.0", -2, 0),
    ] {
        write_int96(&file, writer, MONDAY * 24 + hours);
        let read =
            WeeklyFile::read_judged(&file, &Notation::default(), zone, |_, _| Judgement::Taken).unwrap();
        assert_eq!(read.boxes.len(), weeks, "{writer} {hours}: {:?}", read.refused.first);
        assert!(read.boxes.values().all(|weeks| weeks.contains_key(&IsoWeek::from_index(2_700))));
    }
}

/// Days from 1970 to the Monday of the week of index 2700.
const MONDAY: i64 = 2_700 * 7 + 4;

/// One week of box A, dated so many hours behind 1970.
fn write_int96(file: &Path, writer: &str, hours: i64) {
    let message = "message weekly { required binary boxid (UTF8); required int96 date; required double min; \
                   required double max; }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(message).unwrap());
    let properties = WriterProperties::builder().set_created_by(writer.to_owned()).build();
    let output = std::fs::File::create(file).unwrap();
    let mut writer = SerializedFileWriter::new(output, schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let (day, nanos) = (hours.div_euclid(24), hours.rem_euclid(24) * 3_600_000_000_000);
    let mut date = Int96::new();
    date.set_data(nanos as u32, (nanos >> 32) as u32, (day + 2_440_588) as u32);
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&["A".into()], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int96Type>().write_batch(&[date], None, None).unwrap();
    column.close().unwrap();
    for kw in [1.0, 2.0] {
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[kw], None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}
