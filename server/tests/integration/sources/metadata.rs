//! Metadata from a table are those of a file with the same words.

use gridspark::configuration::source::{BOX_COLUMNS, FilesSettings};
use gridspark::extremes::{ingest, scope_of};
use gridspark::sources::FilesSource;
use model::BoxId;

use super::readings::{three_weeks, write_parquet};
use super::table::Database;
use super::{only, request, update};
use crate::on_both_databases;
use crate::support::TestStore;

const ROWS: [[&str; 17]; 3] = [
    [
        "ESD.1",
        "400",
        "Breda",
        "Zuid",
        "0001",
        "Markt",
        "net",
        "Breda",
        "Markt",
        "1a",
        "4811 XR",
        "Breda",
        "51.58",
        "4.77",
        "3",
        "In bedrijf",
        "in bedrijf",
    ],
    [
        "ESD.2",
        "630.5",
        "Venlo",
        "",
        "",
        "Maas",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "uit bedrijf",
        "in bedrijf",
    ],
    [
        "ESD.3",
        "many",
        "Venlo",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "north",
        "1",
        "",
        "in bedrijf",
        "in bedrijf",
    ],
];

async fn with_metadata() -> Database {
    let readings: Vec<_> = ["ESD.1", "ESD.2", "ESD.3"].into_iter().flat_map(three_weeks).collect();
    let mut database = Database::with(&readings).await;
    let columns: Vec<String> =
        BOX_COLUMNS.iter().map(|word| format!("{} TEXT", word.to_lowercase())).collect();
    database.execute(&format!("CREATE TABLE stations ({})", columns.join(", "))).await;
    for row in ROWS {
        let cells: Vec<String> = row.iter().map(|cell| format!("NULLIF('{cell}', '')")).collect();
        database.execute(&format!("INSERT INTO stations VALUES ({})", cells.join(", "))).await;
    }
    database.toml = "boxes = \"stations\"".to_owned();
    database
}

on_both_databases! {
    async fn a_table_of_metadata_is_read_by_the_words_of_metadata_files(test: &TestStore) {
        let database = with_metadata().await;
        let ingested = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((ingested.metadata_changed, ingested.reports[0].holds_boxes), (3, true));
        assert_eq!(ingested.reports[0].warnings.len(), 2, "a capacity and a position");

        let folder = tempfile::tempdir().unwrap();
        let readings: Vec<_> = ["ESD.1", "ESD.2", "ESD.3"].into_iter().flat_map(three_weeks).collect();
        write_parquet(&folder.path().join("readings.parquet"), &readings);
        let lines: Vec<String> = std::iter::once(BOX_COLUMNS).chain(ROWS).map(|row| row.join(",")).collect();
        let boxes = folder.path().join("boxes.csv");
        std::fs::write(&boxes, lines.join("\n")).unwrap();
        let settings = FilesSettings { measurements: vec![folder.path().to_owned()], boxes: Some(boxes), ..FilesSettings::default() };
        let other = TestStore::sqlite().await;
        let mut files = FilesSource::open(&settings).unwrap();
        let scope = scope_of(&other.store, &files, &request()).await.unwrap();
        ingest(&other.store, &mut files, &scope, None).await.unwrap();

        for row in ROWS {
            let box_id = BoxId::new(row[0]).unwrap();
            let ours = test.store.stored_box(&box_id).await.unwrap().unwrap();
            let theirs = other.store.stored_box(&box_id).await.unwrap().unwrap();
            assert_eq!((&ours.station, ours.capacity_kva), (&theirs.station, theirs.capacity_kva));
            assert_eq!(ours.weeks, theirs.weeks);
            assert!(!ours.station.area.is_empty());
        }
        let again = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((again.metadata_changed, again.counts.changed_weeks), (0, 0));
    }
}

on_both_databases! {
    async fn a_column_that_is_named_must_be_there_and_others_may_be_absent(test: &TestStore) {
        let mut database = with_metadata().await;
        database.execute("ALTER TABLE stations DROP COLUMN trapstand_ingesteld").await;
        database.execute("ALTER TABLE stations RENAME COLUMN vestiging TO area").await;
        let without = update(&test.store, &database, &only("ESD.1")).await.unwrap();
        assert_eq!(without.metadata_changed, 1);
        let station = |test: &TestStore| {
            let store = test.store.clone();
            async move { store.stored_box(&BoxId::new("ESD.1").unwrap()).await.unwrap().unwrap().station }
        };
        assert_eq!((station(test).await.area.as_str(), station(test).await.tap_position.as_str()), ("", ""));
        database.toml.push_str("\nbox_columns = { vestiging = \"area\" }");
        update(&test.store, &database, &request()).await.unwrap();
        assert_eq!(station(test).await.area, "Breda");
        database.toml = database.toml.replace("\"area\"", "\"gebied\"");
        let error = update(&test.store, &database, &request()).await.unwrap_err().to_string();
        assert!(error.contains("stations") && error.contains("no column gebied"), "{error}");
    }
}

on_both_databases! {
    async fn capacities_of_another_unit_or_with_a_mark_that_nothing_explains_are_left_out(test: &TestStore) {
        let mut database = with_metadata().await;
        let station = async |id: &str| {
            test.store.stored_box(&BoxId::new(id).unwrap()).await.unwrap().map(|known| known.capacity_kva)
        };
        let capacities = async || [station("ESD.1").await, station("ESD.2").await, station("ESD.3").await];
        let set = |cells: [&str; 3]| {
            let cells = cells.iter().enumerate();
            let cells = cells.map(|(n, cell)| format!("WHEN 'ESD.{}' THEN '{cell}'", n + 1));
            let cells = cells.collect::<Vec<_>>().join(" ");
            format!("UPDATE stations SET lat = NULL, long = NULL, vermogen_nominaal = CASE boxid {cells} END")
        };
        // A point between thousands, as another capacity proves.
        database.execute(&set(["1.600", "630,0", "400"])).await;
        let read = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!(capacities().await, [Some(Some(1_600.0)), Some(Some(630.0)), Some(Some(400.0))]);
        assert!(read.reports[0].notes.iter().any(|note| note.contains("decimal commas")));
        for cells in [["16.000", "500", "250"], ["16.000", "500,5", "250.5"]] {
            database.execute(&set(cells)).await;
            let read = update(&test.store, &database, &request()).await.unwrap();
            let report = &read.reports[0];
            assert!(report.warnings.iter().any(|it| it.reason == "bad-capacity" && it.text == "ESD.1: 16.000"));
            assert!(report.notes.iter().any(|note| note.contains("don't tell")), "{:?}", report.notes);
            assert_eq!(capacities().await[0], Some(Some(1_600.0)), "the one known before");
        }
        // What the engine writes has a decimal point.
        database.execute(&set(["416.000", "500", "250"])).await;
        database.execute("ALTER TABLE stations ALTER vermogen_nominaal TYPE NUMERIC(12, 3) USING vermogen_nominaal::NUMERIC").await;
        update(&test.store, &database, &request()).await.unwrap();
        assert_eq!(capacities().await[0], Some(Some(416.0)));
        database.execute("ALTER TABLE stations ADD unit TEXT").await;
        database.execute("UPDATE stations SET vermogen_nominaal = 99, unit = CASE boxid WHEN 'ESD.1' THEN 'MVA' ELSE 'kVA' END").await;
        let read = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!(read.reports[0].capacities_refused, 1);
        assert!(read.reports[0].warnings.iter().any(|it| it.text == "ESD.1: 99.000 MVA"));
        assert_eq!(capacities().await, [Some(Some(416.0)), Some(Some(99.0)), Some(Some(99.0))]);
    }
}
