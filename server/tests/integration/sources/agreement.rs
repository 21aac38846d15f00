//! A table yields the same weeks as a file of the same readings.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::box_metadata::BoxMetadata;
use domain::implausible::{BelievedPower, ImplausibleReadings};
use gridspark::data_quality::Gate;
use gridspark::extremes::Request;
use gridspark::sources::PartReport;
use model::{BoxId, Capacity};
use readings::{FileReport, ReadSettings, read_measurements};
use store::Store;

use super::readings::{Reading, SUMLI, at, quarter_hours, reading, three_weeks, write_parquet};
use super::table::Database;
use super::{content, now, only, rebuild, request, update};
use crate::on_both_databases;
use crate::support::{TestStore, calendar, metadata};

/// Imports a file by the readers of files alone, believing what the stored capacities allow for.
pub(super) async fn import(store: &Store, readings: &[Reading], now: DateTime<Utc>) -> FileReport {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("readings.parquet");
    write_parquet(&path, readings);
    let believed = Arc::new(BelievedPower::of(store.capacities().await.unwrap()));
    let file =
        read_measurements(&path, &calendar(), &ReadSettings { believed, ..ReadSettings::at(now) }).unwrap();
    let mut import = store.begin_import(&calendar(), now).await.unwrap();
    let tallies: Vec<_> = file.tallies.map(Result::unwrap).collect();
    import.merge(&tallies).await.unwrap();
    import.save_implausible(&file.implausible).await.unwrap();
    import.commit(file.report.newest).await.unwrap();
    file.report
}

/// Both ways from the same readings: the reports, after the contents have been found the same.
async fn both(test: &TestStore, readings: &[Reading]) -> (PartReport, FileReport) {
    let database = Database::with(readings).await;
    let ingested = update(&test.store, &database, &rebuild()).await.unwrap();
    let imported = TestStore::sqlite().await;
    let report = import(&imported.store, readings, now()).await;
    let (ours, theirs) = (content(&test.url).await, content(&imported.url).await);
    assert_eq!((ours.weeks, ours.newest), (theirs.weeks, theirs.newest));
    assert_eq!(ours.boxes.len(), report.boxes);
    (ingested.reports.into_iter().next().unwrap(), report)
}

pub(super) fn assert_counts_agree(ours: &PartReport, theirs: &FileReport) {
    let by_reason = theirs.refusals.counts().map(|(reason, rows)| (reason.as_str(), rows)).collect();
    assert_eq!(ours.refused_by_reason, by_reason);
    assert_eq!((ours.rows, ours.accepted, ours.ignored), (theirs.rows, theirs.accepted, theirs.ignored));
    assert_eq!(ours.refused, theirs.refusals.total());
}

/// Two boxes with all phases in the weeks around both clock changes: full weeks of 668, 672 and 676
/// quarter-hours, then some with gaps, repeated readings and odd seconds.
pub(super) fn weeks_with_both_changes_of_the_clocks() -> Vec<Reading> {
    let mut readings = Vec::new();
    for channel in ["sumli", "l1", "l2", "l3"].map(|phase| SUMLI.replace("sumli", phase)) {
        for box_id in ["ESD.000240-2", "ESD.7"] {
            readings.extend(quarter_hours(box_id, &channel, "2024-03-24T23:00:00Z", "2024-04-07T22:00:00Z"));
            readings.extend(quarter_hours(box_id, &channel, "2024-10-20T22:00:00Z", "2024-11-03T23:00:00Z"));
        }
    }
    let gone = |row: &Reading| row.box_id.as_deref() == Some("ESD.7") && row.at.unwrap().timestamp() % 7 == 0;
    readings.retain(|row| !gone(row));
    let mut doubled: Vec<Reading> = readings.iter().step_by(11).cloned().collect();
    for (place, row) in doubled.iter_mut().enumerate() {
        row.at = row.at.map(|time| time + TimeDelta::microseconds(place as i64 * 7_919_113 % 900_000_000));
        row.kw = row.kw.map(|kw| kw * 1.03);
    }
    readings.extend(doubled);
    readings
}

/// Six accepted rows, nine of other channels, 21 refused.
pub(super) fn channels_of_every_shape() -> Vec<Reading> {
    let channels = [
        "register://electricity/0/activepower/sumli?avg=15",
        "REGISTER://Electricity/0/ActivePower/SUMLI?AVG=15",
        "\u{3000} register://electricity/0/activepower/l1?avg=15\t",
        "register://electricity/0/activepower/l2?unit=kw&avg=15",
        "register://electricity/0/activepower/l3?avg=5&avg=15&unit=kw",
        "register://electricity/0/activepower/l3?avg=15&avg=5",
        "register://electricity/0/activepower/l1?avg=15&avgs=5",
        "register://electricity/0/activepower/l1?AVG=15&avg=15.0",
        "register://electricity/00/activepower/l1?avg=15",
        "register://electricity/0/activepower/l4?avg=15",
        "register://electricity/0/activepower/l1/l2?avg=15",
        "register://electricity/0/activepower/l1",
        "register://electricity/1/activepower/l1?avg=15",
        "register://gas/0/volume?avg=60&unit=m3",
        "register://a.b_c-d/7/x",
        "",
        " ",
        "sumli",
        "register://",
        "register://electricity/0",
        "register://electricity/0/activepower/l1?",
        "register://electricity/0/activepower/l1?avg",
        "register://electricity/0/activepower/l1?avg=",
        "register://electricity/0/activepower/l1?avg=15&",
        "register://electricity/0/activepower/l1?avg=15?",
        "register://electricity/0/activepower/l1?avg=15=15",
        "register://electricity/0/activepower//l1?avg=15",
        "register://electricity/0/activepower/l1/?avg=15",
        "register://electricity/x/activepower/l1?avg=15",
        "register://electricity/\u{663}/activepower/l1?avg=15",
        "register://electricity/0/activepower/l1\n?avg=15",
        "register://electricity/0/activepower/l1?avg=15\nx",
        "register://electricity/0/a\u{212a}tivepower/l1?avg=15",
        "register:/electricity/0/activepower/l1?avg=15",
        "x register://electricity/0/activepower/l1?avg=15",
    ];
    let mut readings: Vec<Reading> = channels
        .iter()
        .enumerate()
        .map(|(n, channel)| reading(&format!("BOX {n}"), channel, n as f64, "2024-12-02T10:00:00Z"))
        .collect();
    readings.push(Reading { channel: None, ..readings[0].clone() });
    readings
}

/// Four accepted rows among others that are refused, each for another reason.
pub(super) fn rows_that_cannot_be_used() -> Vec<Reading> {
    let time = "2024-12-02T10:00:00Z";
    let good = reading("A", SUMLI, 1.5, time);
    let mut readings = vec![
        good.clone(),
        reading(" A\u{a0}", SUMLI, -0.0, "2024-12-02T10:15:00Z"),
        reading("A", SUMLI, f64::NAN, time),
        reading("A", SUMLI, f64::NAN, "2024-12-02T09:00:00Z"),
        reading("B", SUMLI, f64::INFINITY, time),
        reading("C", SUMLI, f64::NEG_INFINITY, time),
        reading("", SUMLI, 1.0, time),
        reading("NaN", SUMLI, 1.0, time),
        reading(&"x".repeat(65), SUMLI, 1.0, time),
        reading("a\u{1b}b", SUMLI, 1.0, time),
        reading("A", SUMLI, 1.0, "1969-12-31T00:00:00Z"),
        reading("A", SUMLI, 1.0, "2150-01-01T00:00:00Z"),
        Reading { at: Some(now() + TimeDelta::days(1)), ..good.clone() },
        Reading { at: Some(now() + TimeDelta::days(1) + TimeDelta::seconds(1)), ..good.clone() },
        Reading { box_id: None, ..good.clone() },
        Reading { kw: None, ..good.clone() },
        Reading { at: None, ..good.clone() },
    ];
    readings.push(good);
    readings
}

/// Boxes that are spelled in several ways, with many others between the spellings; each spelling has the
/// extreme of a week.
pub(super) fn boxes_of_several_spellings() -> Vec<Reading> {
    let mut readings = Vec::new();
    let between = (0..1_500).map(|n| n.to_string()).chain(["00017".to_owned(), "-5".to_owned()]);
    for box_id in between {
        for day in ["02", "09"] {
            readings.push(reading(&box_id, SUMLI, box_id.len() as f64, &format!("2024-12-{day}T10:00:00Z")));
        }
    }
    let spellings = [
        ["0017", "'0017", "=\"0017\"", "0017.0"],
        ["1234", " 1234.00", "'1234\t", "=\"1234.0\""],
        ["x", "=\"x\"", "=\" x\"", "x\u{a0}"],
        ["'x", "'x ", " 'x", "'x\u{3000}"],
    ];
    for box_ids in spellings {
        for (n, box_id) in box_ids.into_iter().enumerate() {
            let kw = [50.0, -900.0, 900.0, 7.0][n];
            readings.push(reading(box_id, SUMLI, kw, &format!("2024-12-02T1{n}:15:00Z")));
            readings.push(reading(box_id, SUMLI, -kw, &format!("2024-12-1{n}T11:00:00Z")));
            readings.push(reading(box_id, &SUMLI.replace("sumli", "l2"), kw, "2024-12-09T11:00:00Z"));
        }
    }
    readings
}

/// Times a hair short of quarter-hours, among them the first of a week, and others that aren't.
pub(super) fn times_a_hair_short() -> Vec<Reading> {
    let times = [
        ("2024-12-01T22:59:59.997Z", 999.0),
        ("2024-12-01T22:44:59.997Z", 5.0),
        ("2024-12-02T10:14:59.000001Z", 7.0),
        ("2024-12-02T10:14:59Z", 8.0),
        ("2024-12-02T10:15:00.500Z", 9.0),
        ("2024-12-02T10:44:58.999999Z", 10.0),
    ];
    times.into_iter().map(|(time, kw)| reading("A", SUMLI, kw, time)).collect()
}

/// Three boxes of 100 kVA, `A` spelled in two ways, with readings beyond five times that, among them
/// all of a week; a box of 1,000 kVA and one of an unknown capacity, all of whose readings count.
pub(super) fn readings_beyond_capacities() -> Vec<Reading> {
    let mut readings = Vec::new();
    for box_id in ["A", "B", "C", "D", "E"] {
        readings.extend(quarter_hours(box_id, SUMLI, "2024-11-03T23:00:00Z", "2024-11-24T23:00:00Z"));
    }
    readings.extend([
        reading("A", SUMLI, -9_999.0, "2024-11-05T10:00:00Z"),
        reading(" A ", &SUMLI.replace("sumli", "l2"), 500.000_001, "2024-11-15T10:00:00Z"),
        reading(" A ", SUMLI, 499.5, "2024-11-15T10:15:00Z"),
        reading("A", "register://water/0/flow", 1.0, "2024-11-15T10:00:00Z"),
        reading("A", SUMLI, f64::NAN, "2024-11-15T10:00:00Z"),
        reading("B", SUMLI, 500.0, "2024-11-05T10:00:00Z"),
        reading("C", &SUMLI.replace("sumli", "l3"), 32_767.0, "2024-11-05T10:00:00Z"),
        reading("C", &SUMLI.replace("sumli", "l3"), 32_767.0, "2024-11-06T10:00:00Z"),
        reading("D", SUMLI, 4_999.0, "2024-11-05T10:00:00Z"),
        reading("E", SUMLI, 999_999.0, "2024-11-05T10:00:00Z"),
    ]);
    readings
}

/// Saves the capacities of [`readings_beyond_capacities`].
pub(super) async fn save_capacities(store: &Store) {
    let capacities = [("A", 100.0), ("B", 100.0), ("C", 100.0), ("D", 1_000.0)];
    let boxes = capacities.map(|(box_id, kva)| BoxMetadata {
        box_id: BoxId::new(box_id).unwrap(),
        capacity: Some(Capacity::new(kva).unwrap()),
        ..metadata(0)
    });
    store.save_boxes(&boxes).await.unwrap();
}

/// What is stored of readings that were not counted, by box.
pub(super) async fn implausible(store: &Store) -> Vec<Option<ImplausibleReadings>> {
    let mut found = Vec::new();
    for box_id in ["A", "B", "C", "D", "E"] {
        found.push(store.stored_box(&BoxId::new(box_id).unwrap()).await.unwrap().unwrap().implausible);
    }
    found
}

on_both_databases! {
    async fn readings_beyond_a_capacity_are_left_out_one_by_one(test: &TestStore) {
        let readings = readings_beyond_capacities();
        let database = Database::with(&readings).await;
        let imported = TestStore::sqlite().await;
        save_capacities(&test.store).await;
        save_capacities(&imported.store).await;
        let ours = update(&test.store, &database, &rebuild()).await.unwrap();
        let theirs = import(&imported.store, &readings, now()).await;
        assert_counts_agree(&ours.reports[0], &theirs);
        assert_eq!(ours.reports[0].refused_by_reason["beyond-capacity"], 4);
        let (stored, expected) = (content(&test.url).await, content(&imported.url).await);
        assert_eq!((stored.weeks, stored.newest), (expected.weeks, expected.newest));
        let found = implausible(&test.store).await;
        assert_eq!(found, implausible(&imported.store).await);
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, false, false]);
        let named = ours.reports[0].refusals.iter().filter(|refused| refused.reason == "beyond-capacity");
        assert_eq!(named.count(), 3, "by box as it is spelled, and week");
    }
}

on_both_databases! {
    async fn weeks_with_both_changes_of_the_clocks_are_the_same_to_the_bit(test: &TestStore) {
        let (ours, theirs) = both(test, &weeks_with_both_changes_of_the_clocks()).await;
        assert_counts_agree(&ours, &theirs);
        let stored = content(&test.url).await;
        assert_eq!(stored.weeks.len(), 2 * 4 * 4);
        let mut full: Vec<i32> = stored.weeks.iter().filter(|week| week.6.is_none()).map(|week| week.5).collect();
        full.sort();
        full.dedup();
        assert_eq!(full, [668, 672, 676]);
    }
}

on_both_databases! {
    async fn channels_of_every_shape_are_judged_alike(test: &TestStore) {
        let (ours, theirs) = both(test, &channels_of_every_shape()).await;
        assert_counts_agree(&ours, &theirs);
        assert_eq!((ours.accepted, ours.ignored, ours.refused), (6, 9, 21));
    }
}

on_both_databases! {
    async fn rows_that_cannot_be_used_are_counted_and_named_and_the_others_count(test: &TestStore) {
        let (ours, theirs) = both(test, &rows_that_cannot_be_used()).await;
        assert_counts_agree(&ours, &theirs);
        assert_eq!(ours.accepted, 4);
        let not_finite = ours.refusals.iter().find(|refused| refused.reason == "not-finite").unwrap();
        assert_eq!(not_finite.box_id.as_deref(), Some("A"));
        assert_eq!((not_finite.first_at, not_finite.rows), (Some(at("2024-12-02T09:00:00Z")), 2));
        assert!(ours.refusals.iter().all(|refused| !refused.box_id.clone().unwrap_or_default().contains('\u{1b}')));
    }
}

on_both_databases! {
    async fn spellings_of_a_box_are_one_box_whatever_lies_between_them(test: &TestStore) {
        let (ours, theirs) = both(test, &boxes_of_several_spellings()).await;
        assert_counts_agree(&ours, &theirs);
        let stored = content(&test.url).await;
        assert_eq!(stored.weeks.iter().filter(|week| f64::from_bits(week.4) == 900.0).count(), 4 * 3);
        // Asked for by its name it is the same box.
        let database = Database::with(&boxes_of_several_spellings()).await;
        let request = Request { rebuild: true, ..only("0017") };
        let again = update(&test.store, &database, &request).await.unwrap();
        assert_eq!((again.counts.changed_weeks, again.counts.removed_weeks, again.reports[0].rows), (0, 0, 12));
    }
}

on_both_databases! {
    async fn spellings_of_a_box_with_readings_beyond_its_capacity_are_one_box(test: &TestStore) {
        let mut readings = boxes_of_several_spellings();
        readings.push(reading("=\"0017\"", SUMLI, 9_999.0, "2024-12-02T10:00:00Z"));
        let database = Database::with(&readings).await;
        let imported = TestStore::sqlite().await;
        for store in [&test.store, &imported.store] {
            let small = |id| BoxMetadata {
                box_id: BoxId::new(id).unwrap(),
                capacity: Some(Capacity::new(100.0).unwrap()),
                ..metadata(0)
            };
            store.save_boxes(&["0017", "1234"].map(small)).await.unwrap();
        }
        let ours = update(&test.store, &database, &rebuild()).await.unwrap();
        let theirs = import(&imported.store, &readings, now()).await;
        assert_counts_agree(&ours.reports[0], &theirs);
        assert_eq!(ours.reports[0].refused_by_reason["beyond-capacity"], 1 + 2 * 6);
        assert_eq!(content(&test.url).await.weeks, content(&imported.url).await.weeks);
    }
}

on_both_databases! {
    async fn a_hair_short_of_the_quarter_hour_is_the_quarter_hour(test: &TestStore) {
        let (ours, theirs) = both(test, &times_a_hair_short()).await;
        assert_counts_agree(&ours, &theirs);
        assert_eq!(content(&test.url).await.max_kw("A", 1), 999.0, "the first of its week");
        // An update that begins with this week takes it in as well.
        let mut database = Database::with(&times_a_hair_short()).await;
        let newest = reading("A", SUMLI, 1.0, "2024-12-16T10:00:00Z");
        database.insert(std::slice::from_ref(&newest)).await;
        update(&test.store, &database, &request()).await.unwrap();
        let again = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!((again.reports[0].rows, again.counts.changed_weeks), (6, 0), "all but that of the week before");
        assert_eq!(content(&test.url).await.max_kw("A", 1), 999.0);
    }
}

on_both_databases! {
    async fn rows_of_another_unit_are_refused_and_counted(test: &TestStore) {
        let readings: Vec<_> = ["A", "B", "C", "D"].into_iter().flat_map(three_weeks).collect();
        let mut database = Database::with(&readings).await;
        database.execute("ALTER TABLE measurements ADD \"Eenheid\" TEXT, ADD uom VARCHAR(9)").await;
        database.execute("UPDATE measurements SET \"Eenheid\" = ' [KW] ', uom = 'nan' WHERE boxid = 'A'").await;
        database.execute("UPDATE measurements SET \"Eenheid\" = 'MW' WHERE boxid = 'B'").await;
        database.execute("UPDATE measurements SET uom = 'kWh' WHERE boxid = 'C' AND datumtijd < '2024-12-01T00:00:00Z'").await;
        database.execute("INSERT INTO measurements SELECT boxid, 'register://water/0/flow', waarde, datumtijd, \"Eenheid\" \
             FROM measurements WHERE boxid = 'B' LIMIT 5").await;
        let gate = Gate { despite: true, ..Gate::default() };
        let ingested = update(&test.store, &database, &Request { gate, ..rebuild() }).await.unwrap();
        let report = &ingested.reports[0];
        let of_week = readings.iter().filter(|row| row.at.unwrap() < at("2024-12-01T00:00:00Z"));
        let refused = 3 * 672 + of_week.count() as u64 / 4;
        assert_eq!((report.refused_by_reason["other-unit"], report.ignored), (refused, 5));
        assert_eq!(report.accepted, 4 * 3 * 672 - refused);
        assert!(report.refusals.iter().any(|row| row.box_id.as_deref() == Some("B") && row.rows == 3 * 672));
        let stored = content(&test.url).await;
        assert_eq!(["A", "B", "C", "D"].map(|id| stored.count(id)), [3, 0, 3, 3]);
    }
}

on_both_databases! {
    async fn a_time_without_end_is_refused_and_other_types_of_numbers_are_read(test: &TestStore) {
        let mut database = Database::with(&[reading("A", SUMLI, 1.25, "2024-12-02T10:00:00Z")]).await;
        database.execute("INSERT INTO measurements SELECT boxid, channelid, waarde, 'infinity' FROM measurements").await;
        database.execute("INSERT INTO measurements SELECT boxid, channelid, waarde, '-infinity' FROM measurements").await;
        database.execute("ALTER TABLE measurements ALTER waarde TYPE NUMERIC(10, 3)").await;
        database.execute("CREATE VIEW \"Waarden\" AS SELECT boxid::CHAR(12) AS \"Box\", channelid, waarde, datumtijd \
             FROM measurements").await;
        database.toml = "measurements = \"public.Waarden\"\nmeasurement_columns = { boxid = \"Box\" }".to_owned();
        let ingested = update(&test.store, &database, &rebuild()).await.unwrap();
        assert_eq!((ingested.reports[0].accepted, ingested.reports[0].refused_by_reason["out-of-calendar"]), (1, 3));
        assert_eq!(content(&test.url).await.max_kw("A", 0), 1.25);
    }
}
