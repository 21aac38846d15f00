//! Weekly extremes as input: beside measured weeks, and in the forms that people have.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use gridspark::extremes::{ExtremesImport, RemovedWeeks};
use model::IsoWeek;
use readings::Notation;
use store::ImportCounts;

use crate::on_both_databases;
use crate::support::{FIRST_WEEK, TestStore, box_id, calendar, end_of, fill, forecast, metadata, tallies};

const WEEKS: i32 = 150;

/// A file of the predecessor's columns with the weeks of two boxes, a kilowatt above what is measured.
fn file(folder: &tempfile::TempDir, weeks: i32) -> PathBuf {
    let mut text = "BOXID;Year;Week;Min;Max;processed_on\n".to_owned();
    for (n, level_kw) in [(0, 300.0), (1, 420.0)] {
        for record in tallies(n, weeks, level_kw) {
            let (year, week) = (record.week.year(), record.week.number());
            let number = |kw: f64| (kw + 1.0).to_string().replace('.', ",");
            let (min, max) = (number(record.tally.min_kw()), number(record.tally.max_kw()));
            writeln!(text, "{};{year};{week};{min};{max};2026-01-01", record.box_id).unwrap();
        }
    }
    let path = folder.path().join("extremes.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn now() -> DateTime<Utc> {
    end_of(WEEKS + 1)
}

fn importing(test: &TestStore) -> ExtremesImport<'_> {
    ExtremesImport::new(&test.store, Notation::default(), calendar())
}

async fn import(test: &TestStore, path: PathBuf) -> ImportCounts {
    let (report, extent) = importing(test).take(path, now()).await.unwrap();
    assert_eq!((report.error, report.refused), (None, 0), "{:?}", report.refusals);
    extent
}

on_both_databases! {
    async fn measured_weeks_take_the_place_of_imported_ones_and_never_the_other_way_round(test: &TestStore) {
        let folder = tempfile::tempdir().unwrap();
        test.store.save_boxes(&[metadata(0), metadata(1)]).await.unwrap();
        let measure = async |n: usize, level_kw: f64| {
            let mut import = test.store.begin_import(&calendar(), now()).await.unwrap();
            import.merge(&tallies(n, WEEKS, level_kw)[100..]).await.unwrap();
            import.commit(Some(end_of(WEEKS))).await.unwrap()
        };
        measure(0, 300.0).await;
        let first = import(test, file(&folder, WEEKS)).await;
        assert_eq!((first.changed_weeks, first.changed_boxes), (100 + 150, 2));
        assert_eq!(first.running_week, Some(IsoWeek::from_index(FIRST_WEEK + WEEKS)));
        assert_eq!(import(test, file(&folder, WEEKS)).await.changed_weeks, 0, "again changes nothing");
        assert_eq!(measure(1, 420.0).await.changed_weeks, 50, "readings of weeks that were imported");
        assert_eq!(import(test, file(&folder, WEEKS)).await.changed_weeks, 0, "and they stay");
        for (n, level_kw) in [(0, 300.0), (1, 420.0)] {
            let stored = test.store.stored_box(&box_id(n)).await.unwrap().unwrap();
            assert_eq!((stored.weeks.len(), stored.imported_weeks), (150, 100));
            for (place, (week, truth)) in stored.weeks.iter().zip(tallies(n, WEEKS, level_kw)).enumerate() {
                let shown = if place < 100 { 1.0 } else { 0.0 };
                assert!((week.max_kw - truth.tally.max_kw() - shown).abs() < 1e-9, "{n} {place}");
                assert!((week.min_kw - truth.tally.min_kw() - shown).abs() < 1e-9, "{n} {place}");
                assert_eq!(week.readings, truth.tally.readings());
            }
        }
        forecast(&test.store).await.unwrap();
        assert!(test.store.stored_box(&box_id(1)).await.unwrap().unwrap().maximum.is_some());
    }
}

on_both_databases! {
    async fn a_source_that_reports_nothing_of_imported_weeks_leaves_them(test: &TestStore) {
        let folder = tempfile::tempdir().unwrap();
        fill(&test.store, &[300.0], 20).await;
        import(test, file(&folder, WEEKS)).await;
        let mut update = test.store.begin_import(&calendar(), now()).await.unwrap();
        let scanned = domain::ingest::IngestWindow::From(IsoWeek::from_index(FIRST_WEEK));
        let last_delivered_week = Some(IsoWeek::from_index(FIRST_WEEK + WEEKS));
        update.replace(&tallies(0, 10, 310.0), scanned, last_delivered_week).await.unwrap();
        update.remove_absent_boxes(scanned, last_delivered_week, None).await.unwrap();
        let extent = update.commit(Some(end_of(WEEKS))).await.unwrap();
        assert_eq!((extent.changed_weeks, extent.removed_weeks), (10, 10), "readings alone are taken away");
        let stored = test.store.stored_box(&box_id(0)).await.unwrap().unwrap();
        assert_eq!((stored.weeks.len(), stored.imported_weeks), (140, 130));
    }
}

#[tokio::test]
async fn a_week_that_is_not_over_is_left_out_and_bad_rows_are_named() {
    let test = TestStore::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let (report, extent) = importing(&test).take(file(&folder, WEEKS + 2), now()).await.unwrap();
    assert_eq!(extent.running_week, Some(IsoWeek::from_index(FIRST_WEEK + WEEKS)));
    assert_eq!((report.rows, report.accepted, report.ignored, report.unfinished), (304, 300, 0, 2));
    assert_eq!(report.refused_by_reason["from-the-future"], 2);
    let path = folder.path().join("bad.csv");
    std::fs::write(
        &path,
        "box,date,min_kw,max_kw\nA-1,2022-01-03,1,2\nA-1,2022-01-04,1,2\nA-1,2022-01-10,3,x\n",
    )
    .unwrap();
    let (report, _) = importing(&test).take(path, now()).await.unwrap();
    assert_eq!((report.accepted, report.refused), (1, 2));
    assert!(report.refusals[0].text.contains("not a Monday"), "{:?}", report.refusals);
    let path = folder.path().join("channels.csv");
    let channel = |name: &str| format!("register://electricity/0/activepower/{name}?avg=15");
    let text = format!(
        "boxid,channelid,year,week,min,max\nB-1,{},2022,2,5,6\nB-1,{},2022,2,1,2\n",
        channel("sumli"),
        channel("l1")
    );
    std::fs::write(&path, text).unwrap();
    let (report, _) = importing(&test).take(path, now()).await.unwrap();
    assert_eq!((report.accepted, report.ignored), (1, 1));
    let stored = test.store.stored_box(&model::BoxId::new("B-1").unwrap()).await.unwrap().unwrap();
    assert_eq!((stored.weeks[0].min_kw, stored.weeks[0].max_kw), (5.0, 6.0), "the sum, not a phase");
    let path = folder.path().join("other.csv");
    std::fs::write(&path, "a,b\n1,2\n").unwrap();
    let (report, _) = importing(&test).take(path, now()).await.unwrap();
    assert!(report.error.unwrap().contains("has no column"));
}

on_both_databases! {
    async fn extremes_beyond_the_capacity_are_refused_and_leave_the_store_when_it_becomes_known(test: &TestStore) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("codes.csv");
        let id = box_id(0);
        let text = format!(
            "boxid,date,min,max,n\n{id},2022-01-03,1,200,672\n{id},2022-01-10,2,4294967.295,84\n\
             {id},2022-01-17,3,210,9999\n{id},9999-01-04,1,2,672\n"
        );
        std::fs::write(&path, text).unwrap();
        let read = async || {
            let mut import = importing(test);
            let (report, counts) = import.take(path.clone(), now()).await.unwrap();
            (report, counts, import.finish(now()).await.unwrap())
        };
        let (report, _, removed) = read().await;
        assert_eq!((report.accepted, report.refused), (2, 2), "no capacity is known");
        assert_eq!(removed, []);
        assert_eq!(report.refused_by_reason["bad-readings"], 1);
        assert_eq!(report.refused_by_reason["out-of-calendar"], 1);
        test.store.save_boxes(&[metadata(0)]).await.unwrap();
        let (report, counts, removed) = read().await;
        assert_eq!((report.accepted, report.refused_by_reason["beyond-capacity"]), (1, 1));
        assert_eq!(counts.changed_weeks, 0);
        assert_eq!(removed, [RemovedWeeks { file: path.clone(), weeks: 1 }]);
        let text = &report.refusals.iter().find(|row| row.reason == "beyond-capacity").unwrap().text;
        assert!(text.contains("2022-W02") && text.contains("4294967.295"), "{text}");
        let stored = test.store.stored_box(&id).await.unwrap().unwrap();
        assert_eq!(stored.weeks.len(), 1);
        assert_eq!(stored.implausible.map(|found| (found.min_kw, found.max_kw)), Some((4_294_967.295, 4_294_967.295)));
    }
}

on_both_databases! {
    async fn weeks_that_another_file_brought_with_other_values_are_counted(test: &TestStore) {
        let folder = tempfile::tempdir().unwrap();
        let read = async |name: &str, rows: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("boxid,date,min,max\n{rows}")).unwrap();
            let read = importing(test).take(path, now()).await;
            read.unwrap().0.notes
        };
        assert_eq!(read("a.csv", "A,2022-01-03,1,2\nA,2022-01-10,1,2\n").await, [""; 0]);
        assert_eq!(read("same.csv", "A,2022-01-03,1,2\n").await, [""; 0]);
        let notes = read("b.csv", "A,2022-01-03,1,2\nA,2022-01-10,1,7\nA,2022-01-17,1,2\n").await;
        assert_eq!(notes, ["1 of its weeks had been imported with other values, which these replace"]);
    }
}

on_both_databases! {
    async fn a_week_beyond_the_capacity_takes_away_what_earlier_imports_brought_and_nothing_else(test: &TestStore) {
        let folder = tempfile::tempdir().unwrap();
        let id = box_id(0);
        let write = |name: &str, rows: &[(&str, &str)]| {
            let channel = "register://electricity/0/activepower/sumli?avg=15";
            let row = |(date, extremes): &(&str, &str)| match *extremes {
                "code" => format!("{id},{date},{},-9999999,20\n", channel.to_uppercase()),
                extremes => format!("{id},{date},{channel},{extremes}\n"),
            };
            let path = folder.path().join(name);
            let text = rows.iter().map(row).collect::<String>();
            std::fs::write(&path, format!("boxid,date,channelid,min,max\n{text}")).unwrap();
            path
        };
        test.store.save_boxes(&[metadata(0)]).await.unwrap();
        let good = ("2022-01-03", "1,90");
        let (code, other) = (("2022-01-03", "code"), ("2022-01-10", "1,80"));
        for (name, files) in [
            ("after", vec![vec![good, code, other]]),
            ("before", vec![vec![code, good, other]]),
            ("in another file", vec![vec![good, other], vec![code]]),
            ("in another file that comes first", vec![vec![code], vec![good, other]]),
        ] {
            let mut import = importing(test);
            for (number, rows) in files.iter().enumerate() {
                let (report, counts) = import.take(write(&format!("{number}.csv"), rows), now()).await.unwrap();
                let changed = if name == "after" { counts.changed_weeks } else { 0 };
                assert_eq!((counts.changed_weeks, report.notes), (changed, vec![]), "{name}");
            }
            assert_eq!(import.finish(now()).await.unwrap(), [], "{name}");
            let stored = test.store.stored_box(&id).await.unwrap().unwrap();
            let weeks: Vec<_> = stored.weeks.iter().map(|week| (week.min_kw, week.max_kw)).collect();
            assert_eq!(weeks, [(1.0, 90.0), (1.0, 80.0)], "{name}");
        }
        let (path, mut import) = (write("c.csv", &[code]), importing(test));
        import.take(path.clone(), now()).await.unwrap();
        let removed = import.finish(now()).await.unwrap();
        assert_eq!(removed, [RemovedWeeks { file: path, weeks: 1 }]);
        assert!(removed[0].sentence().starts_with("1 of its weeks had been imported and are taken away"));
        assert_eq!(test.store.stored_box(&id).await.unwrap().unwrap().weeks.len(), 1);
    }
}
