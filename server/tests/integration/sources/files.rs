//! An archive with a file per day is queried for what is new, like a table.

use std::path::PathBuf;

use domain::ingest::IngestWindow;
use gridspark::configuration::source::{FilesSettings, SourceKind, SourceSettings};
use gridspark::credentials::SourceCredentials;
use gridspark::extremes::{IngestError, Ingested, Request, ingest, scope_of};
use gridspark::runs::update_extremes;
use gridspark::sources::{ConfiguredSource, FilesSource, Source};
use store::Store;

use super::agreement::{import, weeks_with_both_changes_of_the_clocks};
use super::incremental::{five_weeks, week};
use super::readings::{Reading, SUMLI, at, quarter_hours, write_parquet};
use super::{content, now, rebuild, request};
use crate::on_both_databases;
use crate::support::{TestStore, calendar};

/// A folder `day=YYYY-MM-DD` for each day of UTC, with one file.
struct Archive(tempfile::TempDir);

impl Archive {
    fn with(readings: &[Reading]) -> Self {
        let archive = Self(tempfile::tempdir().unwrap());
        archive.write(readings);
        archive
    }

    /// Five whole weeks of two boxes, 2024-W46 to W50.
    fn of_two_boxes() -> Self {
        Self::with(&[five_weeks("A"), five_weeks("B")].concat())
    }

    fn file(&self, day: &str) -> PathBuf {
        self.0.path().join(format!("day={day}/part.parquet"))
    }

    /// Writes the files of the days that the readings are of, in the place of what these held.
    fn write(&self, readings: &[Reading]) {
        let day = |row: &Reading| row.at.unwrap().date_naive().to_string();
        let mut sorted = readings.to_vec();
        sorted.sort_by_key(day);
        for rows in sorted.chunk_by(|one, other| day(one) == day(other)) {
            let path = self.file(&day(&rows[0]));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            write_parquet(&path, rows);
        }
    }

    /// Writes the files of both boxes with other values at some times of B.
    fn write_with(&self, changed: &[(&str, f64)]) {
        let mut readings = [five_weeks("A"), five_weeks("B")].concat();
        for &(time, kw) in changed {
            let is_meant =
                |row: &&mut Reading| row.at == Some(at(time)) && row.box_id.as_deref() == Some("B");
            readings.iter_mut().find(is_meant).unwrap().kw = Some(kw);
        }
        self.write(&readings);
    }

    fn settings(&self) -> FilesSettings {
        FilesSettings {
            measurements: vec![self.0.path().join("day=*/*.parquet")],
            ..FilesSettings::default()
        }
    }

    fn source(&self) -> FilesSource {
        FilesSource::open(&self.settings()).unwrap()
    }

    async fn window(&self, store: &Store) -> IngestWindow {
        scope_of(store, &self.source(), &request()).await.unwrap().window
    }

    async fn update(&self, store: &Store, request: &Request) -> Result<Ingested, IngestError> {
        let mut source = self.source();
        let scope = scope_of(store, &source, request).await?;
        ingest(store, &mut source, &scope, Some(&request.gate)).await
    }
}

fn rows(ingested: &Ingested) -> u64 {
    ingested.reports.iter().map(|report| report.rows).sum()
}

on_both_databases! {
    async fn an_archive_without_news_is_read_from_the_overlap_on_and_changes_nothing(test: &TestStore) {
        let archive = Archive::of_two_boxes();
        assert_eq!(archive.window(&test.store).await, IngestWindow::Everything);
        let first = archive.update(&test.store, &request()).await.unwrap();
        assert_eq!((first.counts.changed_weeks, rows(&first)), (10, 2 * 5 * 672));
        let before = content(&test.url).await;
        assert_eq!(archive.window(&test.store).await, IngestWindow::From(week("2024-W48")));
        let again = archive.update(&test.store, &request()).await.unwrap();
        assert_eq!((again.counts.changed_weeks, again.counts.removed_weeks), (0, 0));
        assert_eq!(rows(&again), 2 * 3 * 672, "the last three weeks are looked at");
        let whole = archive.update(&test.store, &rebuild()).await.unwrap();
        assert_eq!((whole.counts.changed_weeks, rows(&whole)), (0, 2 * 5 * 672));
        assert_eq!(content(&test.url).await, before);
    }
}

on_both_databases! {
    async fn a_corrected_day_lowers_an_extreme_within_the_overlap_and_before_it_with_a_rebuild(test: &TestStore) {
        let archive = Archive::of_two_boxes();
        archive.update(&test.store, &request()).await.unwrap();
        let clean = content(&test.url).await;
        let spikes = ["2024-11-12T10:00:00Z", "2024-11-19T10:00:00Z", "2024-12-03T10:00:00Z"];
        archive.write_with(&spikes.map(|time| (time, 9999.0)));
        archive.update(&test.store, &rebuild()).await.unwrap();
        let spiked = content(&test.url).await;
        assert_eq!([0, 1, 3].map(|n| spiked.max_kw("B", n)), [9999.0; 3]);
        archive.write_with(&[]);
        let ingested = archive.update(&test.store, &request()).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.changed_boxes), (1, 1));
        let mended = content(&test.url).await;
        assert_eq!(mended.max_kw("B", 3), clean.max_kw("B", 3));
        assert_eq!([0, 1].map(|n| mended.max_kw("B", n)), [9999.0; 2], "before the overlap");
        assert_eq!((mended.revision("A"), mended.revision("B")), (clean.revision("A"), spiked.revision("B") + 1));
        assert_eq!(archive.update(&test.store, &rebuild()).await.unwrap().counts.changed_weeks, 2);
        assert_eq!(content(&test.url).await.weeks, clean.weeks);
    }
}

on_both_databases! {
    async fn a_late_day_is_taken_in_and_a_removed_one_is_taken_away(test: &TestStore) {
        let archive = Archive::of_two_boxes();
        let (late, aside) = (archive.file("2024-12-04"), archive.0.path().join("aside"));
        std::fs::rename(&late, &aside).unwrap();
        archive.update(&test.store, &request()).await.unwrap();
        let before = content(&test.url).await;
        std::fs::rename(&aside, &late).unwrap();
        let ingested = archive.update(&test.store, &request()).await.unwrap();
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.changed_boxes), (2, 2));
        let full = content(&test.url).await;
        assert_eq!(full.weeks.iter().filter(|week| week.6.is_some()).count(), 0, "full");
        std::fs::remove_file(&late).unwrap();
        assert_eq!(archive.update(&test.store, &request()).await.unwrap().counts.changed_weeks, 2);
        assert_eq!(content(&test.url).await.weeks, before.weeks);

        // B is silent for the whole overlap.
        let silent = |row: &Reading| row.box_id.as_deref() == Some("B") && row.at >= Some(at("2024-11-24T23:00:00Z"));
        let mut readings = [five_weeks("A"), five_weeks("B")].concat();
        readings.retain(|row| !silent(row));
        archive.write(&readings);
        let ingested = archive.update(&test.store, &request()).await.unwrap();
        assert_eq!(ingested.counts.removed_weeks, 3);
        let stored = content(&test.url).await;
        assert_eq!((stored.count("A"), stored.count("B")), (5, 2));
    }
}

on_both_databases! {
    async fn a_file_that_cannot_be_read_takes_nothing_away_and_is_looked_at_again(test: &TestStore) {
        let archive = Archive::of_two_boxes();
        archive.update(&test.store, &request()).await.unwrap();
        let before = content(&test.url).await;
        let name = archive.source().name().unwrap();
        let watermarks = test.store.watermarks(&calendar(), &name).await.unwrap().source;
        assert_eq!(watermarks, Some(at("2024-12-15T22:45:00Z")));

        // One day truncated, another one missing, and some of a new week.
        let (damaged, whole) = (archive.file("2024-12-04"), std::fs::read(archive.file("2024-12-04")).unwrap());
        std::fs::write(&damaged, &whole[..whole.len() / 2]).unwrap();
        std::fs::remove_file(archive.file("2024-12-10")).unwrap();
        archive.write(&quarter_hours("A", SUMLI, "2024-12-16T00:00:00Z", "2024-12-19T00:00:00Z"));
        let ingested = archive.update(&test.store, &request()).await.unwrap();
        let refused: Vec<_> = ingested.reports.iter().filter_map(|report| report.error.as_deref()).collect();
        assert!(refused.len() == 1 && refused[0].contains("day=2024-12-04"), "{refused:?}");
        assert_eq!((ingested.counts.changed_weeks, ingested.counts.removed_weeks), (1, 0), "the new week");
        let stored = content(&test.url).await;
        assert!(before.weeks.iter().all(|week| stored.weeks.contains(week)));
        assert_eq!(stored.count("A"), 6);
        assert_eq!(test.store.watermarks(&calendar(), &name).await.unwrap().source, watermarks);
        assert_eq!(archive.window(&test.store).await, IngestWindow::From(week("2024-W48")));

        std::fs::write(&damaged, &whole).unwrap();
        let ingested = archive.update(&test.store, &request()).await.unwrap();
        assert_eq!(ingested.counts.changed_weeks, 2, "the day that is gone");
        assert_eq!(archive.window(&test.store).await, IngestWindow::From(week("2024-W49")));
    }
}

on_both_databases! {
    async fn an_archive_that_keeps_its_files_for_some_days_takes_nothing_away_before_them(test: &TestStore) {
        let archive = Archive::of_two_boxes();
        archive.update(&test.store, &request()).await.unwrap();
        let before = content(&test.url).await;
        for day in std::fs::read_dir(archive.0.path()).unwrap().map(|day| day.unwrap()) {
            // From the middle of W49 on.
            if day.file_name().to_str().unwrap() < "day=2024-12-05" {
                std::fs::remove_dir_all(day.path()).unwrap();
            }
        }
        for request in [request(), rebuild()] {
            let ingested = archive.update(&test.store, &request).await.unwrap();
            assert_eq!((ingested.counts.changed_weeks, ingested.counts.removed_weeks), (0, 0));
            assert_eq!(content(&test.url).await, before);
        }
        // Weeks that it holds completely are still corrected.
        std::fs::remove_file(archive.file("2024-12-11")).unwrap();
        assert_eq!(archive.update(&test.store, &request()).await.unwrap().counts.changed_weeks, 2);
    }
}

on_both_databases! {
    async fn a_file_a_day_comes_to_the_weeks_of_one_file_to_the_bit(test: &TestStore) {
        let readings = weeks_with_both_changes_of_the_clocks();
        let archive = Archive::with(&readings);
        archive.update(&test.store, &request()).await.unwrap();
        let imported = TestStore::sqlite().await;
        import(&imported.store, &readings, now()).await;
        let theirs = content(&imported.url).await;
        assert_eq!(content(&test.url).await, theirs);
        // The last week begins on the day after a change of the clocks, and is looked at by itself.
        let last = Request { overlap_weeks: 0, ..request() };
        let again = archive.update(&test.store, &last).await.unwrap();
        assert_eq!((again.counts.changed_weeks, again.counts.removed_weeks), (0, 0));
        assert!(rows(&again) < readings.len() as u64 / 2);
    }
}

on_both_databases! {
    async fn an_update_from_an_archive_is_compared_with_the_one_before(test: &TestStore) {
        let archive = Archive::of_two_boxes();
        let settings =
            SourceSettings { files: archive.settings(), ..SourceSettings::of_kind(SourceKind::Files) };
        let configured = ConfiguredSource { settings, credentials: SourceCredentials::default() };
        for _ in 0..2 {
            let source = Box::new(archive.source());
            update_extremes(&test.store, source, &configured, &request(), "a test").await.unwrap();
        }
        let of_fleet: Vec<_> = test.store.records(2).await.unwrap().iter().map(|record| record.of_fleet).collect();
        assert_eq!(of_fleet, [true, false]);
    }
}
