//! `gridspark update-extremes` from its configuration to its exit code.

use std::path::Path;
use std::process::{Command, Output};

use super::readings::{Reading, SUMLI, reading, three_weeks, write_parquet};
use super::table::Database;

fn gridspark(folder: &Path, configuration: &str, arguments: &[&str]) -> Output {
    std::fs::write(folder.join("gridspark.toml"), configuration).unwrap();
    Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(arguments)
        .args(["--config", "gridspark.toml", "--database"])
        .arg(format!("sqlite://{}", folder.join("test.db").display()))
        .current_dir(folder)
        .env_remove("GRIDSPARK_SOURCE_URL")
        .output()
        .unwrap()
}

fn answer(output: &Output) -> (i32, serde_json::Value, String) {
    let json = serde_json::from_slice(&output.stdout).unwrap_or(serde_json::Value::Null);
    (output.status.code().unwrap(), json, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_from_postgresql_is_reported_in_json_and_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = Database::with(&three_weeks("A")).await;
    let configuration = format!(
        "[source]\nkind = \"postgres\"\noverlap_weeks = 1\n[source.postgres]\nurl = \"{}\"\n",
        database.url
    );
    let (code, json, stderr) =
        answer(&gridspark(folder.path(), &configuration, &["update-extremes", "--json"]));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!((json["rows_aggregated"].as_u64(), json["weeks_changed"].as_u64()), (Some(3 * 672), Some(3)));
    assert_eq!((&json["scanned_from"], &json["complete_to"]), (&serde_json::Value::Null, &"2024-W50".into()));
    assert_eq!(json["parts"][0]["table"], "measurements");

    database.insert(&[reading("A", SUMLI, f64::NAN, "2024-12-10T10:00:00Z")]).await;
    let (code, json, _) = answer(&gridspark(folder.path(), &configuration, &["update-extremes", "--json"]));
    assert_eq!((code, json["weeks_changed"].as_u64(), json["rows_refused"].as_u64()), (3, Some(0), Some(1)));
    assert_eq!(
        (&json["scanned_from"], &json["parts"][0]["refusals"][0]["box"]),
        (&"2024-W49".into(), &"A".into())
    );
    let output = gridspark(folder.path(), &configuration, &["update-extremes", "--rebuild", "--box", "A"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in [
        "measurements: 2017 rows, 2016 used, 0 of other channels, 1 refused",
        "measurements, box A at 2024-12-10T10:00:00Z: not-finite: the value is not finite, 1 row",
        "0 new or changed, 0 removed",
        "Complete to week 2024-W50.",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn an_update_from_files_takes_patterns_and_names_what_it_refuses() {
    let folder = tempfile::tempdir().unwrap();
    for (day, readings) in three_weeks("A").chunks(96).enumerate() {
        let path = folder.path().join(format!("readings/day={day:02}/part.parquet"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_parquet(&path, readings);
    }
    std::fs::write(folder.path().join("boxes.csv"), "BOXID,VERMOGEN_NOMINAAL\nA,400\nB,630\n").unwrap();
    let configuration = "[source]\nkind = \"files\"\n[source.files]\n\
         measurements = [\"readings/day=0*/*.parquet\", \"readings/day=1?\", \"readings\"]\nboxes = \"boxes.csv\"\n";
    let (code, json, stderr) =
        answer(&gridspark(folder.path(), configuration, &["update-extremes", "--json"]));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!((json["weeks_changed"].as_u64(), json["metadata_changed"].as_u64()), (Some(3), Some(2)));
    assert_eq!(json["parts"].as_array().unwrap().len(), 1 + 21, "each file once");
    let (code, again, _) = answer(&gridspark(folder.path(), configuration, &["update-extremes", "--json"]));
    assert_eq!(
        (code, again["weeks_changed"].as_u64(), &again["complete_to"]),
        (0, Some(0), &"2024-W50".into())
    );
    assert_eq!(
        (&json["scanned_from"], &again["scanned_from"]),
        (&serde_json::Value::Null, &"2024-W48".into())
    );

    std::fs::write(folder.path().join("readings/day=00/broken.parquet"), "PAR1").unwrap();
    let more = Reading { box_id: Some("B".to_owned()), ..three_weeks("A")[0].clone() };
    write_parquet(&folder.path().join("readings/day=20/more.parquet"), &[more]);
    let (code, json, stderr) =
        answer(&gridspark(folder.path(), configuration, &["update-extremes", "--json"]));
    assert_eq!((code, json["weeks_changed"].as_u64()), (3, Some(1)));
    assert!(stderr.contains("broken.parquet"), "{stderr}");
    let (code, json, _) =
        answer(&gridspark(folder.path(), configuration, &["update-extremes", "--json", "--box", "C"]));
    assert_eq!((code, &json["silent_boxes"][0]), (3, &"C".into()));
}

#[test]
fn a_capacity_that_could_not_be_read_is_no_complete_update() {
    let folder = tempfile::tempdir().unwrap();
    write_parquet(&folder.path().join("weeks.parquet"), &three_weeks("A"));
    let configuration = "[source]\nkind = \"files\"\n[source.files]\nmeasurements = [\"weeks.parquet\"]\nboxes = \"boxes.csv\"\n";
    let update = |boxes: &str| {
        std::fs::write(folder.path().join("boxes.csv"), format!("BOXID,VERMOGEN_NOMINAAL\n{boxes}")).unwrap();
        answer(&gridspark(folder.path(), configuration, &["update-extremes", "--json"]))
    };
    for (boxes, code) in [("A,400\nB,630\n", 0), ("A,400\nB,many\n", 3), ("A,\nB,\n", 3), ("A,400\nB,\n", 0)]
    {
        let (ended, json, stderr) = update(boxes);
        assert_eq!(ended, code, "{boxes:?} {stderr}");
        assert_eq!(json["parts"][0]["capacities_refused"], u64::from(boxes.contains("many")));
    }
}

#[test]
fn an_update_all_of_which_lies_beyond_the_capacities_says_so() {
    let folder = tempfile::tempdir().unwrap();
    write_parquet(&folder.path().join("weeks.parquet"), &three_weeks("A"));
    std::fs::write(folder.path().join("boxes.csv"), "BOXID,VERMOGEN_NOMINAAL\nA,0.001\n").unwrap();
    let configuration = "[source]\nkind = \"files\"\n[source.files]\nmeasurements = [\"weeks.parquet\"]\nboxes = \"boxes.csv\"\n";
    let (code, _, stderr) = answer(&gridspark(folder.path(), configuration, &["update-extremes"]));
    assert_eq!(code, 1);
    assert!(stderr.contains("2016 of 2016 rows lie beyond five times the capacity"), "{stderr}");
    assert!(stderr.contains("in MVA"), "{stderr}");
}

#[test]
fn imports_and_sources_that_cannot_be_opened_are_among_the_runs() {
    let folder = tempfile::tempdir().unwrap();
    write_parquet(&folder.path().join("weeks.parquet"), &three_weeks("A"));
    std::fs::write(folder.path().join("broken.parquet"), "PAR1").unwrap();
    let files = |pattern: &str| {
        format!("[source]\nkind = \"files\"\n[source.files]\nmeasurements = [\"{pattern}\"]\n")
    };
    let import = |file: &str, code| {
        let started_by = ["--started-by", "a clerk"];
        let output =
            gridspark(folder.path(), "", &[&["import", "--measurements", file][..], &started_by].concat());
        assert_eq!(answer(&output).0, code, "{}", answer(&output).2);
    };
    import("weeks.parquet", 0);
    import("broken.parquet", 1);
    // Queried twice, recorded once.
    for _ in 0..2 {
        let output = gridspark(folder.path(), &files("gone/*.parquet"), &["update-extremes"]);
        assert_eq!(answer(&output).0, 1);
    }
    let (_, json, _) = answer(&gridspark(folder.path(), "", &["runs", "--json"]));
    let expected: Vec<_> = json["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| {
            let text = |key: &str| run[key].as_str().unwrap_or_default().to_owned();
            (text("started_by"), text("outcome"), text("reason"), run["facts"]["measures"]["rows"].as_f64())
        })
        .collect();
    let [unopened, broken, good] = &expected[..] else { panic!("{json:#}") };
    assert_eq!(
        (unopened.1.as_str(), unopened.2.contains("gone/*.parquet")),
        ("failed", true),
        "{expected:?}"
    );
    assert_eq!((broken.1.as_str(), broken.2.contains("broken.parquet")), ("failed", true), "{expected:?}");
    assert_eq!(
        (good.0.as_str(), good.1.as_str(), good.3),
        ("import: a clerk", "complete", Some(2_016.0)),
        "{expected:?}"
    );
}

#[test]
fn what_cannot_work_ends_before_a_store_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let postgres = "[source]\nkind = \"postgres\"\n";
    let files = "[source]\nkind = \"files\"\n";
    for (configuration, arguments, code, expected) in [
        ("", &["update-extremes"][..], 1, "add a section [source]"),
        (postgres, &["update-extremes"], 1, "GRIDSPARK_SOURCE_URL"),
        (files, &["update-extremes"], 1, "[source.files] measurements"),
        ("[source]\nkind = \"snow\"\n", &["update-extremes"], 1, "line 2"),
        (
            &format!("{files}[source.files]\nmeasurements = [\"no*.csv\"]\n"),
            &["update-extremes"],
            1,
            "no*.csv",
        ),
        (files, &["update-extremes", "--box", ""], 2, "must not be empty"),
    ] {
        let (ended, _, stderr) = answer(&gridspark(folder.path(), configuration, arguments));
        assert_eq!(ended, code, "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
    assert!(!folder.path().join("test.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn check_reports_how_the_source_stands() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::with(&[]).await;
    let configuration = |table: &str| {
        let url = database.url.replace("postgres@", "postgres:hidden@");
        format!(
            "[source]\nkind = \"postgres\"\n[source.postgres]\nurl = \"{url}\"\nmeasurements = \"{table}\"\n"
        )
    };
    for (table, code, state, expected) in
        [("measurements", 0, "good", "readable"), ("elsewhere", 1, "wrong", "no table or view elsewhere")]
    {
        let (ended, json, stderr) =
            answer(&gridspark(folder.path(), &configuration(table), &["check", "--json"]));
        let findings = json.as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["what"] == "source").unwrap();
        assert_eq!((ended, &finding["state"]), (code, &state.into()), "{stderr}");
        let text = finding["text"].as_str().unwrap();
        assert!(text.contains(expected) && !text.contains("hidden"), "{text}");
    }
}
