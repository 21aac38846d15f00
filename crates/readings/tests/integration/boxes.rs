//! Box metadata from every format, with unusable rows and cells.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, Decimal128Array, Float64Array, Int32Array, StringArray, Time32SecondArray,
};
use domain::box_metadata::OperatingStatus;
use model::Capacity;
use readings::{BoxFile, DecimalMark, FileError, FileNote, Notation, Reason, read_boxes};

use crate::files::{Folder, gzip, shared, zstd};

const FULL: &str = "BOXID,VERMOGEN_NOMINAAL,VESTIGING,REGIO_NETAUTOMATISERING,STATIONSNUMMER,STATIONSNAAM,\
    STATIONSFUNCTIE,PLAATS,STRAAT,HUISNUMMER,POSTCODE,GEMEENTE,LAT,LONG,TRAPSTAND_INGESTELD,\
    STATION_BEDRIJFSSTATUS,BOX_BEDRIJFSSTATUS,EXTRA\n\
    ESD.000240-2,630,Breda,Zuid,123.456,\"Markt, hoek Dorpsstraat\",MSR,Breda,Markt,1a,4811 AA,Breda,51.58,4.77,3,\
    In Bedrijf,in bedrijf,x\n\
    ESD.000241-1,,Tilburg,,,,,,,,,,,,,Buiten bedrijf,in bedrijf,\n";

fn parsed(text: &str) -> BoxFile {
    let folder = Folder::new();
    read_boxes(&folder.bytes("boxes.csv", text.as_bytes()), &Notation::default()).unwrap()
}

fn reasons(refusals: &readings::Refusals) -> Vec<(u64, Reason)> {
    refusals.named().iter().map(|named| (named.row, named.reason)).collect()
}

#[test]
fn every_column_finds_its_field() {
    let file = parsed(FULL);
    assert!(file.refusals.is_empty() && file.warnings.is_empty());
    let [first, second] = file.boxes.as_slice() else { panic!("two boxes") };
    assert_eq!(first.box_id.as_str(), "ESD.000240-2");
    assert_eq!(first.capacity, Capacity::new(630.0).ok());
    assert_eq!(first.area.as_deref(), Some("Breda"));
    assert_eq!(first.region.as_deref(), Some("Zuid"));
    assert_eq!(first.station_number.as_deref(), Some("123.456"));
    assert_eq!(first.station_name.as_deref(), Some("Markt, hoek Dorpsstraat"));
    assert_eq!(first.station_function.as_deref(), Some("MSR"));
    assert_eq!(first.town.as_deref(), Some("Breda"));
    assert_eq!(first.street.as_deref(), Some("Markt"));
    assert_eq!(first.house_number.as_deref(), Some("1a"));
    assert_eq!(first.postcode.as_deref(), Some("4811 AA"));
    assert_eq!(first.municipality.as_deref(), Some("Breda"));
    assert_eq!((first.latitude, first.longitude), (Some(51.58), Some(4.77)));
    assert_eq!(first.tap_position.as_deref(), Some("3"));
    assert_eq!(first.station_status, OperatingStatus::InService);
    assert!(first.is_in_service() && first.is_forecast());
    assert_eq!((second.capacity, second.region.as_deref(), second.latitude), (None, None, None));
    assert_eq!(second.station_status, OperatingStatus::Other("Buiten bedrijf".to_owned()));
    assert!(!second.is_in_service());
}

#[test]
fn only_in_service_boxes_with_a_capacity_are_forecast() {
    let file = parsed(
        "boxid,Vermogen_Nominaal,Station_Bedrijfsstatus\nA,630,IN BEDRIJF\nB,630,\nC,630,gesloopt\nD,,in bedrijf\n",
    );
    let in_service: Vec<bool> = file.boxes.iter().map(|found| found.is_in_service()).collect();
    let forecast: Vec<bool> = file.boxes.iter().map(|found| found.is_forecast()).collect();
    assert_eq!(in_service, [true, false, false, true]);
    assert_eq!(forecast, [true, false, false, false]);
}

#[test]
fn two_columns_suffice_and_missing_status_columns_mean_in_service() {
    let file = parsed("boxid,capacity_kva\nA,200.0\n");
    assert_eq!(file.boxes[0].capacity, Capacity::new(200.0).ok());
    assert_eq!(file.boxes[0].box_status, OperatingStatus::Absent);
    assert!(file.boxes[0].is_forecast());
}

#[test]
fn bad_rows_and_cells_are_counted_and_named() {
    let file = parsed(
        "BOXID,VERMOGEN_NOMINAAL,LAT,LONG\n,630,,\nA,zero,,\nB,0,,\nC,-5,,\nD,NaN,,\nE,400\n\
         F,400,91,4\nG,400,51.5,\nH,400,51.5,4.5\nH,250,51.5,4.5\n",
    );
    assert_eq!(file.rows, 10);
    assert_eq!(reasons(&file.refusals), [(1, Reason::MissingCell), (6, Reason::IncompleteRow)]);
    let capacity = |row| (row, Reason::BadCapacity);
    let position = |row| (row, Reason::BadPosition);
    assert_eq!(
        reasons(&file.warnings),
        [
            capacity(2),
            capacity(3),
            capacity(4),
            capacity(5),
            position(7),
            position(8),
            (10, Reason::RepeatedBox)
        ]
    );
    let kept: Vec<_> = file.boxes.iter().map(|found| found.box_id.as_str()).collect();
    assert_eq!(kept, ["A", "B", "C", "D", "F", "G", "H"]);
    assert_eq!(file.boxes[0].capacity, None);
    assert_eq!(file.boxes[6].capacity, Capacity::new(250.0).ok(), "the later row is taken");
    assert!(file.warnings.named()[0].to_string().contains("A: zero"));
}

#[test]
fn all_formats_give_the_same_boxes() {
    let folder = Folder::new();
    let expected = parsed(FULL).boxes;
    assert_eq!(
        read_boxes(&folder.bytes("a.csv.gz", &gzip(FULL.as_bytes())), &Notation::default()).unwrap().boxes,
        expected
    );
    assert_eq!(
        read_boxes(&folder.bytes("a.csv.zst", &zstd(FULL.as_bytes())), &Notation::default()).unwrap().boxes,
        expected
    );

    let text = |cells: [Option<&str>; 2]| -> ArrayRef { Arc::new(StringArray::from(cells.to_vec())) };
    let columns = vec![
        ("boxid", text([Some("ESD.000240-2"), Some("ESD.000241-1")])),
        ("VERMOGEN_NOMINAAL", Arc::new(Float64Array::from(vec![Some(630.0), None])) as ArrayRef),
        ("VESTIGING", text([Some("Breda"), Some("Tilburg")])),
        ("REGIO_NETAUTOMATISERING", text([Some("Zuid"), None])),
        ("STATIONSNUMMER", text([Some("123.456"), None])),
        ("STATIONSNAAM", text([Some("Markt, hoek Dorpsstraat"), None])),
        ("STATIONSFUNCTIE", text([Some("MSR"), None])),
        ("PLAATS", text([Some("Breda"), None])),
        ("STRAAT", text([Some("Markt"), None])),
        ("HUISNUMMER", text([Some("1a"), Some("")])),
        ("POSTCODE", text([Some("4811 AA"), None])),
        ("GEMEENTE", text([Some("Breda"), None])),
        (
            "LAT",
            Arc::new(Decimal128Array::from(vec![Some(5158), None]).with_precision_and_scale(6, 2).unwrap()),
        ),
        ("LONG", Arc::new(Float64Array::from(vec![Some(4.77), None]))),
        ("TRAPSTAND_INGESTELD", Arc::new(Int32Array::from(vec![Some(3), None]))),
        ("STATION_BEDRIJFSSTATUS", text([Some("In Bedrijf"), Some("Buiten bedrijf")])),
        ("BOX_BEDRIJFSSTATUS", text([Some("in bedrijf"), Some("in bedrijf")])),
        ("IMAGE", Arc::new(BinaryArray::from(vec![b"x".as_slice(); 2]))),
    ];
    assert_eq!(
        read_boxes(&folder.parquet("a.parquet", columns, 10), &Notation::default()).unwrap().boxes,
        expected
    );
}

#[test]
fn a_file_that_can_t_be_used_is_an_error() {
    let folder = Folder::new();
    let error =
        |name: &str, text: &[u8]| read_boxes(&folder.bytes(name, text), &Notation::default()).unwrap_err();
    assert!(matches!(
        error("a.csv", b"BOXID,LAT\n"),
        FileError::MissingColumn { column: "VERMOGEN_NOMINAAL", .. }
    ));
    assert!(matches!(
        error("a.csv", b"VERMOGEN_NOMINAAL\n"),
        FileError::MissingColumn { column: "BOXID", .. }
    ));
    assert!(matches!(error("a.csv", b""), FileError::NoHeader { .. }));
    assert!(matches!(error("a.parquet", b"BOXID"), FileError::Unsupported { .. }));
    let whole = gzip(FULL.as_bytes());
    assert!(matches!(error("a.csv.gz", &whole[..whole.len() - 20]), FileError::Damaged { .. }));
    assert!(matches!(
        read_boxes(&folder.path("absent.csv"), &Notation::default()),
        Err(FileError::Unreadable { .. })
    ));
    let columns = vec![
        ("BOXID", Arc::new(StringArray::from(vec!["A"])) as ArrayRef),
        ("VERMOGEN_NOMINAAL", Arc::new(Time32SecondArray::from(vec![630]))),
    ];
    let path = folder.parquet("b.parquet", columns, 10);
    assert!(matches!(
        read_boxes(&path, &Notation::default()),
        Err(FileError::WrongType { column: "VERMOGEN_NOMINAAL", .. })
    ));
}

#[test]
fn the_capacities_of_the_real_boxes_are_read() {
    let Some(path) = shared("ucsd_capacities.csv") else { return };
    let file = read_boxes(&path, &Notation::default()).unwrap();
    assert_eq!(file.boxes.len(), 18);
    assert!(file.refusals.is_empty() && file.warnings.is_empty());
    assert!(file.boxes.iter().all(|found| found.is_forecast()));
}

#[test]
fn a_header_in_the_middle_is_no_box_and_a_capacity_in_megavolts_is_doubted() {
    let file = parsed("BOXID,VERMOGEN_NOMINAAL\nA,630\nboxid,VERMOGEN_NOMINAAL\nB,1.6\n");
    assert_eq!(reasons(&file.refusals), [(2, Reason::RepeatedHeader)]);
    assert_eq!(reasons(&file.warnings), [(3, Reason::SmallCapacity)]);
    assert_eq!(file.boxes[1].capacity, Capacity::new(1.6).ok());
}

#[test]
fn a_capacity_in_volt_amperes_is_doubted_and_an_identifier_that_lost_digits_is_named() {
    let file = parsed("BOXID,VERMOGEN_NOMINAAL\nA,630000\nB,99999\n8.7E+17,400\n");
    assert_eq!(reasons(&file.warnings), [(1, Reason::LargeCapacity)]);
    assert_eq!(reasons(&file.refusals), [(3, Reason::LostDigits)]);
}

#[test]
fn a_capacity_with_a_point_beside_positions_with_points_is_not_guessed() {
    let folder = Folder::new();
    for text in [
        "BOXID;VERMOGEN_NOMINAAL;LAT;LONG\nA;1.600;52.3702;4.8952\nB;630;52.1;4.9\n",
        "BOXID,VERMOGEN_NOMINAAL,LAT,LONG\nA,1.600,52.3702,4.8952\nB,630,52.1,4.9\n",
    ] {
        let path = folder.bytes("boxes.csv", text.as_bytes());
        let error = read_boxes(&path, &Notation::default()).unwrap_err().to_string();
        assert!(error.contains("1.600 may have decimals or thousands"), "{error}");
        let set = Notation { decimal_mark: Some(DecimalMark::Comma), ..Notation::default() };
        let file = read_boxes(&path, &set).unwrap();
        assert_eq!(file.boxes[0].capacity, Capacity::new(1_600.0).ok());
        assert_eq!(file.boxes[0].latitude, Some(52.3702), "positions have no thousands");
    }
}

#[test]
fn half_of_a_pair_in_utf16_is_said_and_is_no_box() {
    let folder = Folder::new();
    let text = "\u{feff}BOXID;VERMOGEN_NOMINAAL;STATIONSNAAM\r\nA;630;Caf?\r\nB?;400;x\r\n";
    let units = text.encode_utf16().map(|unit| if unit == u16::from(b'?') { 0xd83d } else { unit });
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let file = read_boxes(&folder.bytes("boxes.csv", &bytes), &Notation::default()).unwrap();
    assert_eq!(reasons(&file.refusals), [(2, Reason::BadBoxId)]);
    assert_eq!(file.notes, [FileNote::Utf16, FileNote::MixedEncodings]);
}

#[test]
fn boxes_between_two_stray_quotes_are_read() {
    let file = parsed(
        "BOXID,VERMOGEN_NOMINAAL,STATIONSNAAM,PLAATS\nB1,630,\"Markt, Kerk\",\"Oost\nB2,400,Brug,West\n\
         B3,500,Sluis,Zuid\"\nB4,100,\"Plein,\nbij de kerk\",Noord\n",
    );
    assert_eq!(reasons(&file.refusals), [(1, Reason::UnclosedQuote)]);
    assert_eq!(file.boxes.iter().map(|found| found.box_id.as_str()).collect::<Vec<_>>(), ["B2", "B3", "B4"]);
    assert_eq!(file.boxes[2].station_name.as_deref(), Some("Plein,\nbij de kerk"));
}

#[test]
fn ids_that_became_fractions_are_the_same_in_every_file() {
    let folder = Folder::new();
    let channel = "register://electricity/0/activepower/sumli?avg=15";
    let file = parsed("BOXID,VERMOGEN_NOMINAAL\n1234.0,630\nA,400\n");
    assert_eq!(file.boxes[0].box_id.as_str(), "1234");
    let text = format!(
        "BOXID,CHANNELID,WAARDE,DATUMTIJD\n1234.0,{channel},5,2024-01-01 00:00\n1234,{channel},6,2024-01-01 00:15\n"
    );
    let (report, tallies) = crate::files::read(&folder.bytes("readings.csv", text.as_bytes()));
    assert_eq!((report.accepted, tallies.len()), (2, 1), "one box in one week");
}

#[test]
fn what_stands_for_no_box_is_none() {
    let file = parsed("BOXID,VERMOGEN_NOMINAAL\n17.0,400\nNaN,630\nnull,630\n<NA>,630\n18.0,\n");
    assert_eq!(reasons(&file.refusals), [2, 3, 4].map(|row| (row, Reason::MissingCell)));
    assert_eq!(file.boxes.iter().map(|found| found.box_id.as_str()).collect::<Vec<_>>(), ["17", "18"]);
    let folder = Folder::new();
    let doubles = |values: [f64; 3]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
    let columns = vec![
        ("BOXID", doubles([17.0, f64::NAN, 18.0])),
        ("VERMOGEN_NOMINAAL", doubles([400.0, 630.0, 250.0])),
    ];
    let file = read_boxes(&folder.parquet("a.parquet", columns, 10), &Notation::default()).unwrap();
    assert_eq!((file.boxes.len(), file.refusals.count(Reason::MissingCell)), (2, 1));
}

#[test]
fn a_capacity_in_another_unit_than_kva_is_refused_by_name() {
    let file = parsed("BOXID,VERMOGEN_NOMINAAL,EENHEID\nA,630000,VA\nB,1,MVA\nC,630,[kva]\nD,400,\nE,,VA\n");
    assert_eq!(reasons(&file.warnings), [1, 2].map(|row| (row, Reason::BadCapacity)));
    assert!(file.warnings.named()[0].to_string().ends_with("A: 630000 VA"), "{}", file.warnings.named()[0]);
    let kva: Vec<_> = file.boxes.iter().map(|found| found.capacity.map(Capacity::kva)).collect();
    assert_eq!(kva, [None, None, Some(630.0), Some(400.0), None]);
    let folder = Folder::new();
    let path = folder.bytes("UOM=MVA/a.csv", b"BOXID,VERMOGEN_NOMINAAL\nA,630\n");
    let file = read_boxes(&path, &Notation::default()).unwrap();
    assert_eq!((file.boxes[0].capacity, file.warnings.count(Reason::BadCapacity)), (None, 1));
}

#[test]
fn boxes_between_two_stray_quotes_are_read_whatever_their_capacity() {
    let file = parsed(
        "BOXID,VERMOGEN_NOMINAAL,PLAATS\n17,400,\"Am\n18,630 kVA,Ad\n19,onbekend,x\"\n20,100,\"z\nbij de kerk\"\n",
    );
    assert_eq!(reasons(&file.refusals), [(1, Reason::UnclosedQuote)]);
    assert_eq!(file.boxes.iter().map(|found| found.box_id.as_str()).collect::<Vec<_>>(), ["18", "19", "20"]);
    assert_eq!(reasons(&file.warnings), [2, 3].map(|row| (row, Reason::BadCapacity)));
}

#[test]
fn boxes_between_two_stray_quotes_are_counted_though_their_rows_are_too_short() {
    let file = parsed(
        "BOXID,VERMOGEN_NOMINAAL,PLAATS,NOTE\n17,400,A,\"x\n18,630,B\n19,250,C\"\n20,100,D,\"at, 5\nthe church\"\n",
    );
    let incomplete = [2, 3].map(|row| (row, Reason::IncompleteRow));
    assert_eq!(reasons(&file.refusals), [&[(1, Reason::UnclosedQuote)][..], &incomplete].concat());
    assert_eq!(file.boxes.iter().map(|found| found.box_id.as_str()).collect::<Vec<_>>(), ["20"]);
}

#[test]
fn an_empty_capacity_takes_none_away_that_another_row_tells() {
    let file = parsed("BOXID,VERMOGEN_NOMINAAL,PLAATS\nA,630,Breda\nB,,\nA,,Venlo\nB,400,\nB,many,\n");
    let capacities: Vec<_> = file.boxes.iter().map(|known| known.capacity).collect();
    assert_eq!(capacities, [Capacity::new(630.0).ok(), Capacity::new(400.0).ok()]);
    assert_eq!(file.boxes[0].town.as_deref(), Some("Venlo"), "the later row counts");
    assert_eq!(file.warnings.count(Reason::RepeatedBox), 3);
}

#[test]
fn a_last_line_without_a_line_break_is_told_where_it_was_used() {
    let folder = Folder::new();
    let notes = |text: &str| parsed(text).notes;
    let text = "BOXID,VERMOGEN_NOMINAAL\nA,630\nB,10";
    assert_eq!(notes(text), [FileNote::OpenEnd]);
    assert_eq!(notes("BOXID,VERMOGEN_NOMINAAL\nA,630\n\"B\",\"10\""), [FileNote::OpenEnd]);
    assert_eq!(notes(&format!("{text}\n")), []);
    assert_eq!(notes(&format!("{text}\r")), []);
    assert_eq!(notes("BOXID,VERMOGEN_NOMINAAL\nA,630\nB"), [], "which is refused");
    let packed = folder.bytes("boxes.csv.gz", &gzip(text.as_bytes()));
    assert_eq!(read_boxes(&packed, &Notation::default()).unwrap().notes, [FileNote::OpenEnd]);
}

#[test]
fn a_row_of_units_says_what_all_capacities_are_given_in() {
    for unit in ["MVA", "[MVA]", "VA"] {
        let file = parsed(&format!("BOXID,VERMOGEN_NOMINAAL\n,{unit}\nA,25\nB,40\n"));
        assert_eq!(file.boxes.len(), 2, "{unit}");
        assert!(file.boxes.iter().all(|found| found.capacity.is_none()), "{unit}");
        assert_eq!(file.warnings.total(), 2, "each is named");
    }
    let file = parsed("BOXID,VERMOGEN_NOMINAAL\n,kVA\nA,25\n");
    assert_eq!(file.boxes[0].capacity.map(|capacity| capacity.kva()), Some(25.0));
}
