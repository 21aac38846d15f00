//! The command line: its results, its refusals, its exit codes.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::shared;

fn gridspark(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(arguments)
        .args(["--database", &format!("sqlite://{}", folder.join("test.db").display())])
        .current_dir(folder)
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

#[test]
fn weekly_extremes_of_a_simulated_network_come_in_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--boxes", "6", "--years", "3", "--seed", "5", "--until", "2026-10-05"];
    let weekly = ["simulate", "--weekly", "--growth", "exponential", "--out", "network"];
    let simulated = gridspark(folder.path(), &[&weekly[..], &options[..]].concat());
    assert_eq!(code(&simulated), 0, "{}", text(&simulated.stderr));
    let import =
        ["import", "--extremes", "network/extremes.parquet", "--boxes", "network/boxes.csv", "--json"];
    let first = gridspark(folder.path(), &import);
    assert_eq!(code(&first), 0, "{}", text(&first.stderr));
    assert_eq!(json(&first)["running_week"], "2026-W41");
    let made = gridspark(folder.path(), &["make-forecasts", "--json"]);
    assert_eq!((code(&made), json(&made)["boxes"].as_i64()), (0, Some(6)), "{}", text(&made.stderr));
    std::fs::create_dir(folder.path().join("weekly")).unwrap();
    std::fs::copy(folder.path().join("network/extremes.parquet"), folder.path().join("weekly/one.parquet"))
        .unwrap();
    std::fs::write(folder.path().join("weekly/notes.txt"), "none").unwrap();
    let of_folder = gridspark(folder.path(), &["import", "--extremes", "weekly", "--json"]);
    assert_eq!(
        (code(&of_folder), json(&of_folder)["unread"].as_i64()),
        (0, Some(1)),
        "{}",
        text(&of_folder.stderr)
    );
    let missing = gridspark(folder.path(), &["import", "--extremes", "nothing.parquet"]);
    assert_eq!(code(&missing), 1, "{}", text(&missing.stderr));
}

#[test]
fn a_simulated_network_goes_all_the_way_and_a_second_pass_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let simulated = gridspark(
        folder.path(),
        &[
            "simulate",
            "--boxes",
            "6",
            "--years",
            "3",
            "--seed",
            "5",
            "--until",
            "2026-10-05",
            "--phase",
            "sumli",
            "--growth",
            "exponential",
            "--out",
            "network",
        ],
    );
    assert_eq!(code(&simulated), 0, "{}", text(&simulated.stderr));
    let import = ["import", "--measurements", "network", "--boxes", "network/boxes.csv", "--json"];
    let first = gridspark(folder.path(), &import);
    assert_eq!(code(&first), 0, "{}", text(&first.stderr));
    assert_eq!(json(&first)["running_week"], "2026-W41");
    let again = json(&gridspark(folder.path(), &import));
    assert!(again["files"].as_array().unwrap().iter().all(|file| file["weeks_changed"] == 0));
    let made = gridspark(folder.path(), &["make-forecasts", "--json"]);
    assert_eq!((code(&made), json(&made)["boxes"].as_i64()), (0, Some(6)), "{}", text(&made.stderr));
    assert!(json(&gridspark(folder.path(), &["make-forecasts", "--json"])).is_null(), "nothing is due");
}

#[test]
fn a_share_of_growing_boxes_is_a_fraction_and_belongs_to_a_mixed_network() {
    let folder = tempfile::tempdir().unwrap();
    let simulated = |growth: &str, share: &str| {
        let size = ["simulate", "--boxes", "2", "--years", "0.1", "--weekly", "--out", "network"];
        gridspark(folder.path(), &[&size[..], &["--growth", growth, "--growing-share", share]].concat())
    };
    let contradiction = simulated("exponential", "0.15");
    assert_eq!(code(&contradiction), 1);
    assert!(text(&contradiction.stderr).contains("--growing-share belongs to --growth mixed"));
    assert_eq!(code(&simulated("mixed", "1.5")), 2);
    assert!(!folder.path().join("network").exists());
    assert_eq!(code(&simulated("mixed", "0.15")), 0);
    assert!(folder.path().join("network/future.json").exists());
}

#[test]
fn refused_rows_end_with_three_and_a_refused_file_with_one_and_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).unwrap();
    let header = "BOXID,CHANNELID,WAARDE,DATUMTIJD\n";
    let channel = "register://electricity/0/activepower/sumli?avg=15";
    write(
        "some.csv",
        &format!("{header}A,{channel},1.5,2024-01-01T00:00:00Z\nA,{channel},NaN,2024-01-01T00:15:00Z\n"),
    );
    let some = gridspark(folder.path(), &["import", "--measurements", "some.csv", "--json"]);
    assert_eq!(code(&some), 3);
    let file = &json(&some)["files"][0];
    assert_eq!((file["accepted"].as_i64(), file["refused"].as_i64()), (Some(1), Some(1)));
    assert_eq!(file["refusals"][0]["row"], 2);

    write("broken.parquet", "PAR1 and no more");
    let broken = gridspark(folder.path(), &["import", "--measurements", "broken.parquet"]);
    assert_eq!(code(&broken), 1);
    assert!(text(&broken.stderr).contains("broken.parquet"), "{}", text(&broken.stderr));
    let both =
        gridspark(folder.path(), &["import", "--measurements", "broken.parquet", "some.csv", "--json"]);
    assert_eq!(code(&both), 3);
    assert!(json(&both)["files"][0]["error"].is_string());
}

#[test]
fn an_import_of_which_nothing_came_in_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let header = "BOXID;CHANNELID;WAARDE;DATUMTIJD\n";
    let row = |value: &str| {
        format!("A;register://electricity/0/activepower/sumli?avg=15;{value};04-05-2026 00:15\n")
    };
    write("dutch.csv", &[header, &row("1.234")].concat());
    write("empty.csv", header);
    write("bad.csv", &[header, &row("x")].concat());
    write("bare.csv", "BOXID,VERMOGEN_NOMINAAL\nA,\n");
    write("units.csv", "BOXID,VERMOGEN_NOMINAAL\nA,630 kVA\nB,630\n");
    write("boxes.csv", "BOXID,VERMOGEN_NOMINAAL\nA,630\n");
    let import = |arguments: &[&str]| gridspark(folder.path(), &[&["import"], arguments].concat());
    for (arguments, expected) in [
        (&["--measurements", "dutch.csv"][..], 1),
        (&["--measurements", "empty.csv"], 1),
        (&["--measurements", "dutch.csv", "--boxes", "boxes.csv"], 3),
        (&["--measurements", "dutch.csv", "--time-pattern", "%d-%m-%Y %H:%M"], 1),
        (&["--measurements", "dutch.csv", "--time-pattern", "%d-%m-%Y %H:%M", "--decimal-mark", "comma"], 0),
        (&["--measurements", "bad.csv", "--boxes", "boxes.csv"], 1),
        (&["--measurements", "dutch.csv", "--time-pattern", "%d"], 2),
        (&["--measurements", "dutch.csv", "--stamps", "middles"], 2),
        (&["--boxes", "boxes.csv"], 0),
        (&["--boxes", "bare.csv"], 3),
        (&["--boxes", "units.csv"], 3),
    ] {
        let output = import(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}: {}", text(&output.stderr));
    }
    let shown = import(&[
        "--measurements",
        "dutch.csv",
        "--decimal-mark",
        "comma",
        "--time-pattern",
        "%d-%m-%Y %H:%M",
    ]);
    assert!(text(&shown.stdout).contains("with decimal commas"), "{}", text(&shown.stdout));
    let refused = import(&["--measurements", "dutch.csv", "--decimal-mark", "comma"]);
    let shown = text(&refused.stdout);
    assert!(shown.contains("ambiguous-time means: which is day and which is month isn't certain"), "{shown}");
    // What is configured counts where the command line says nothing.
    let configuration = "[source]\nkind = \"files\"\n[source.files]\ndecimal_mark = \"comma\"\ntime_pattern = \"%d-%m-%Y %H:%M\"\n";
    write("gridspark.toml", configuration);
    assert_eq!(code(&import(&["--measurements", "dutch.csv", "--config", "gridspark.toml"])), 0);
}

#[test]
fn folders_of_other_channels_beside_one_that_counts_are_well() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for quantity in ["activepower", "reactivepower"] {
        let inside = format!("CHANNELID=register%3A%2F%2Felectricity%2F0%2F{quantity}%2Fsumli%3Favg%3D15");
        write(&format!("readings/{inside}/a.csv"), "BOXID,WAARDE,DATUMTIJD\nA,1,2024-01-01 00:00\n");
    }
    for phase in ["sumli", "l1"] {
        write(&format!("weeks/phase={phase}/a.csv"), "boxid,date,min,max\nA,2024-01-08,1,2\n");
    }
    for (option, path, sentence) in [
        ("--measurements", "readings", "none of its rows is of the active power of a quarter-hour"),
        ("--extremes", "weeks", "none of its rows is of the sum of the phases, sumli"),
    ] {
        let imported = gridspark(folder.path(), &["import", option, path]);
        assert_eq!(code(&imported), 0, "{path}: {}", text(&imported.stderr));
        assert!(text(&imported.stdout).contains(sentence), "{}", text(&imported.stdout));
    }
}

#[test]
fn a_folder_is_imported_and_what_is_left_unread_is_named() {
    let Some(path) = shared::path("cases/11-folders/delta") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = path.display().to_string();
    let imported = gridspark(folder.path(), &["import", "--measurements", &path]);
    assert_eq!(code(&imported), 0, "{}", text(&imported.stderr));
    let shown = text(&imported.stdout);
    assert!(
        shown.contains("2 files or folders were left unread") && shown.contains("part-00000-old"),
        "{shown}"
    );
    let shown = json(&gridspark(folder.path(), &["import", "--measurements", &path, "--json"]));
    assert_eq!((shown["files"].as_array().unwrap().len(), &shown["unread"]), (1, &2.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn error_codes_of_meters_do_not_enter_the_extremes_where_the_capacity_is_known() {
    let Some(path) = shared::path("cases/09-fleet") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (boxes, readings) = (path.join("boxes.csv").display().to_string(), path.display().to_string());
    let imported =
        gridspark(folder.path(), &["import", "--boxes", &boxes, "--measurements", &readings, "--json"]);
    // Rows were left out, and the import says which.
    assert_eq!(code(&imported), 3, "{}", text(&imported.stderr));
    let shown = json(&imported);
    let left_out =
        shown["files"].as_array().unwrap().iter().flat_map(|file| file["refusals"].as_array().unwrap());
    let left_out: Vec<_> = left_out.collect();
    assert!(
        !left_out.is_empty() && left_out.iter().all(|row| row["reason"] == "beyond-capacity"),
        "{left_out:?}"
    );
    assert_eq!(code(&gridspark(folder.path(), &["make-forecasts"])), 0);
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = store::Store::open(&url).await.unwrap();
    for id in ["X-4294967-60", "Y-minus9999-90", "Z-minus9999-weekly"] {
        let stored = store.stored_box(&model::BoxId::new(id).unwrap()).await.unwrap().unwrap();
        assert!(stored.weeks.iter().all(|week| week.min_kw > -3_150.0 && week.max_kw < 3_150.0), "{id}");
        assert!(stored.flags.contains(&model::Flag::ErrorValues), "{id}: {:?}", stored.flags);
        let told = stored.implausible.unwrap();
        assert!(told.magnitude_kw() > 9_998.0, "{id}: {told:?}");
        let loading = stored.assessment.unwrap().peak_loading.fraction();
        assert!((0.5..0.75).contains(&loading), "{id}: {loading}, as its neighbours");
    }
    store.close().await;
}

#[test]
fn wrong_usage_ends_with_two_and_a_failure_with_one() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&gridspark(folder.path(), &["fit"])), 2);
    assert_eq!(code(&gridspark(folder.path(), &["import"])), 2);
    assert_eq!(code(&gridspark(folder.path(), &["make-forecasts", "--model", "crystal-ball"])), 2);
    let unknown = gridspark(folder.path(), &["make-forecasts", "--box", "NOWHERE"]);
    assert_eq!(code(&unknown), 1);
    assert!(text(&unknown.stderr).contains("there is no box NOWHERE"));
    let unbuilt = gridspark(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&unbuilt), 1);
    assert!(text(&unbuilt.stderr).contains("cargo xtask build"), "{}", text(&unbuilt.stderr));
}

#[test]
fn fit_answers_a_golden_series_by_the_contract() {
    let Some(path) = shared::path("golden/open-03-gap-year.json") else { return };
    let golden: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let input = &golden["input"];
    let mut history = String::from("date,value\n");
    for (date, value) in input["date"].as_array().unwrap().iter().zip(input["value"].as_array().unwrap()) {
        let value = value.as_f64().map(|number| number.to_string()).unwrap_or_default();
        history.push_str(&format!("{},{value}\n", date.as_str().unwrap()));
    }
    std::fs::write(folder.path().join("history.csv"), history).unwrap();
    let capacity = input["capacity_kw"].to_string();
    let fitted = gridspark(
        folder.path(),
        &["fit", "--model", "spark", "--history", "history.csv", "--capacity", &capacity, "--json"],
    );
    assert_eq!(code(&fitted), 0, "{}", text(&fitted.stderr));
    let answer = json(&fitted);
    let reference = &golden["reference"];
    let range = golden["scaling"]["y_max"].as_f64().unwrap() - golden["scaling"]["y_min"].as_f64().unwrap();
    let near = |left: &serde_json::Value, right: &serde_json::Value, tolerance: f64| {
        let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
        assert!((left - right).abs() <= tolerance, "{left} {right}");
    };
    near(&answer["log_marginal_likelihood"], &reference["log_marginal_likelihood"], 1e-6);
    near(&answer["sigma"]["q95"], &reference["sigma"]["q95"], 1e-6);
    let weeks = answer["weeks"].as_array().unwrap();
    assert_eq!(weeks.len(), golden["timestamps"].as_array().unwrap().len());
    for (place, week) in weeks.iter().enumerate() {
        assert_eq!(week["date"], golden["timestamps"][place]);
        assert_eq!(week["period"], golden["period"][place]);
        for (ours, theirs) in [("drift", "drift"), ("yearly", "yearly"), ("total", "Sigma")] {
            for level in ["q05", "q15", "q50", "q85", "q95"] {
                near(&week[ours][level], &reference[theirs][level][place], 1e-6 * range);
            }
        }
    }
    near(&answer["p_overload_any"], &reference["exceedance"]["1.0"]["joint"], 5e-3);
    let future = golden["counts"]["rows"].as_u64().unwrap() as usize;
    near(&weeks[future]["p_overload"], &reference["exceedance"]["1.0"]["weekly"][0], 1e-6);
}

#[test]
fn fit_reads_text_as_people_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let row = |week: i32| {
        let kw = 100.0 + f64::from(week * 7_919 % 101) / 10.0;
        (model::IsoWeek::from_index(2_700 + week).monday(), kw)
    };
    let plain: String = (0..120).map(row).map(|(date, kw)| format!("{date},{kw:.1}\n")).collect();
    let dutch: String =
        (0..120).map(row).map(|(date, kw)| format!("\"{date}\";{kw:.1}\r\n").replace('.', ",")).collect();
    std::fs::write(folder.path().join("plain.csv"), format!("date,value\n{plain}")).unwrap();
    std::fs::write(folder.path().join("dutch.csv"), format!("\u{feff}sep=;\r\nDate;Value\r\n{dutch}"))
        .unwrap();
    let fit = |name: &str| gridspark(folder.path(), &["fit", "--model", "spark", "--history", name]);
    let (plain, dutch) = (fit("plain.csv"), fit("dutch.csv"));
    assert_eq!((code(&plain), code(&dutch)), (0, 0), "{}", text(&dutch.stderr));
    assert_eq!(text(&plain.stdout), text(&dutch.stdout));
}

#[test]
fn fit_leaves_out_what_no_transformer_can_have_had() {
    let folder = tempfile::tempdir().unwrap();
    let history = |value: &dyn Fn(i32, f64) -> String| {
        let row = |week: i32| {
            let kw = 200.0 + f64::from(week * 7_919 % 101) / 2.0;
            format!("{},{}\n", model::IsoWeek::from_index(2_700 + week).monday(), value(week, kw))
        };
        format!("date,value\n{}", (0..156).map(row).collect::<String>())
    };
    let is_wrong = |week: i32| week % 10 == 5 || (51..60).contains(&week);
    let wrong =
        |week: i32, kw: f64| if week % 10 == 5 { "-9999".to_owned() } else { (1_000.0 * kw).to_string() };
    for (name, text) in [
        ("gaps.csv", history(&|week, kw| if is_wrong(week) { String::new() } else { kw.to_string() })),
        ("wrong.csv", history(&|week, kw| if is_wrong(week) { wrong(week, kw) } else { kw.to_string() })),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let fit = |name: &str| {
        gridspark(folder.path(), &["fit", "--model", "spark", "--history", name, "--capacity", "300"])
    };
    let (gaps, wrong) = (fit("gaps.csv"), fit("wrong.csv"));
    assert_eq!((code(&gaps), text(&gaps.stdout)), (0, text(&wrong.stdout)));
    let said = text(&wrong.stderr);
    assert!(said.contains("-9999 is not counted: beyond five times the capacity"), "{said}");
    assert!(said.contains("a thousand times what the others are"), "{said}");
    assert!(said.contains("4 more values are not counted"), "{said}");
}

#[test]
fn fit_names_the_row_that_is_not_right() {
    let folder = tempfile::tempdir().unwrap();
    for (row, reason) in [
        ("2024-01-02,1", "is not a Monday"),
        ("2024-01-01,one", "`one` is not a number"),
        ("2024-01-01,inf", "is not a finite number"),
        ("yesterday,1", "`yesterday` is not a date"),
        ("2024-01-01,1,MW", "the value is in `MW`, not in kW"),
    ] {
        std::fs::write(folder.path().join("history.csv"), {
            let unit = if row.ends_with('W') { (",unit", ",kW") } else { ("", "") };
            format!("date,value{}\n2023-12-25,1{}\n{row}\n", unit.0, unit.1)
        })
        .unwrap();
        let refused = gridspark(folder.path(), &["fit", "--model", "spark", "--history", "history.csv"]);
        assert_eq!(code(&refused), 1);
        let message = text(&refused.stderr);
        assert!(message.contains("history.csv, row 2") && message.contains(reason), "{message}");
    }
}

#[test]
fn folders_above_the_working_folder_name_units_too() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("UNIT=MW");
    std::fs::create_dir(&data).unwrap();
    let channel = "register://electricity/0/activepower/sumli?avg=15";
    let rows = format!("BOXID,CHANNELID,WAARDE,DATUMTIJD\nA,{channel},0.9,2024-05-06 00:00\n");
    std::fs::write(data.join("a.csv"), rows).unwrap();
    for measurements in ["a.csv", "."] {
        let refused = gridspark(&data, &["import", "--measurements", measurements]);
        assert_eq!(code(&refused), 1, "{}", text(&refused.stdout));
        assert!(text(&refused.stdout).contains("other-unit"), "{}", text(&refused.stdout));
    }
}

#[test]
fn a_file_that_its_table_has_replaced_is_taken_in_by_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("t/_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    std::fs::write(log.join("00000000000000000000.json"), "{\"add\":{\"path\":\"new.parquet\"}}").unwrap();
    for name in ["new.parquet", "old.parquet"] {
        std::fs::write(folder.path().join("t").join(name), "PAR1").unwrap();
    }
    for option in ["--measurements", "--extremes", "--boxes"] {
        let refused = gridspark(folder.path(), &["import", option, "t/old.parquet"]);
        let message = text(&refused.stderr);
        assert_eq!(code(&refused), 1);
        assert!(
            message.contains("t/old.parquet") && message.contains("name the table's folder"),
            "{message}"
        );
    }
    assert!(!folder.path().join("test.db").exists());
}

#[test]
fn fit_takes_no_week_of_the_future_and_none_that_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let fit = |history: &str| {
        std::fs::write(folder.path().join("history.csv"), history).unwrap();
        let fitted = gridspark(folder.path(), &["fit", "--model", "spark", "--history", "history.csv"]);
        (code(&fitted), text(&fitted.stderr))
    };
    let present = model::IsoWeek::containing(chrono::Utc::now().date_naive());
    let weeks = |last: i32| -> String {
        let row = |week: i32| format!("{},{}.5\n", present.plus(week).monday(), 200 + week % 7);
        (-60..=last).map(row).collect()
    };
    let (ended, stderr) = fit(&format!("date,value\n{}", weeks(-1)));
    assert_eq!(ended, 0, "{stderr}");
    let (ended, stderr) = fit(&format!("date,value\n{}", weeks(4)));
    let told = format!("the week of {} lies in the future", present.plus(2).monday());
    let first = format!("the week of {} lies in the future", present.plus(1).monday());
    assert!(ended == 1 && stderr.contains(&first) && !stderr.contains(&told), "{stderr}");
    assert!(stderr.contains("row 62") && stderr.contains("as do those of 3 more rows"), "{stderr}");

    let reversed = "value,date\n200,2026-11-16\n210,2026-11-2";
    let (ended, stderr) = fit(reversed);
    assert!(ended == 1 && stderr.contains("row 2") && stderr.contains("is cut off"), "{stderr}");
}

#[test]
fn fit_says_that_points_may_stand_between_thousands() {
    let folder = tempfile::tempdir().unwrap();
    let row = |week: i32| {
        let kw = 950 + week % 100;
        let kw = if kw < 1_000 { kw.to_string() } else { format!("1.{:03}", kw - 1_000) };
        format!("{},{kw}\n", model::IsoWeek::from_index(2_700 + week).monday())
    };
    std::fs::write(
        folder.path().join("history.csv"),
        format!("date,value\n{}", (0..120).map(row).collect::<String>()),
    )
    .unwrap();
    let fitted = gridspark(folder.path(), &["fit", "--model", "spark", "--history", "history.csv"]);
    assert_eq!(code(&fitted), 0);
    assert!(text(&fitted.stderr).contains("decimal_mark"), "{}", text(&fitted.stderr));
}

#[test]
fn check_proves_a_configuration_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let good = gridspark(folder.path(), &["check", "--json"]);
    assert_eq!(code(&good), 0, "{}", text(&good.stderr));
    let findings = json(&good);
    let state = |what: &str| {
        let found = findings.as_array().unwrap().iter().find(|finding| finding["what"] == what);
        found.unwrap_or_else(|| panic!("{what} in {findings}"))["state"].as_str().unwrap().to_owned()
    };
    assert_eq!([state("configuration"), state("database"), state("tables")], ["good"; 3]);
    assert_eq!(state("pages"), "doubtful", "there are none in this folder");
    assert!(!folder.path().join("test.db").exists(), "the database was not made");
}

#[test]
fn check_leaves_out_the_source_for_what_starts_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let away = "[source]\nkind = 'files'\nfiles = { measurements = ['/no/such/folder/*'] }\n";
    std::fs::write(folder.path().join("away.toml"), away).unwrap();
    let check = |more: &[&str]| {
        let words = [&["check", "--json", "--config", "away.toml"][..], more].concat();
        let output = gridspark(folder.path(), &words);
        let findings = json(&output);
        (code(&output), findings.as_array().unwrap().iter().any(|finding| finding["what"] == "source"))
    };
    assert_eq!(check(&[]), (1, true));
    assert_eq!(check(&["--without-source"]), (0, false));
}

#[test]
fn check_names_what_is_wrong_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wrong.toml"), "power_factor = 2.0\n").unwrap();
    let wrong = gridspark(folder.path(), &["check", "--config", "wrong.toml"]);
    assert_eq!(code(&wrong), 1);
    assert!(
        text(&wrong.stdout).contains("power_factor = 2 is not right: above 0 and at most 1"),
        "{}",
        text(&wrong.stdout)
    );
    let away = Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(["check", "--database", "postgres://somebody:secret@127.0.0.1:1/nothing"])
        .output()
        .unwrap();
    assert_eq!(code(&away), 1);
    let said = text(&away.stdout) + &text(&away.stderr);
    assert!(said.contains("check that --database is right") && !said.contains("secret"), "{said}");
}

#[test]
fn the_log_is_json_where_a_program_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = gridspark(folder.path(), &["make-forecasts", "--box", "NO.SUCH.BOX", "--log", "json"]);
    assert_eq!(code(&output), 1);
    // On a busy machine the store may have warned before.
    let lines: Vec<serde_json::Value> =
        text(&output.stderr).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.last().unwrap();
    assert_eq!(line["level"], "ERROR");
    assert!(line["message"].as_str().unwrap().contains("there is no box NO.SUCH.BOX"));
}

#[test]
fn health_reports_a_server_that_is_well_from_one_that_is_not_and_from_none() {
    use std::io::{Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answers = std::thread::spawn(move || {
        // A database that is away: alive, not ready.
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 256];
            let length = stream.read(&mut asked).unwrap();
            let status = if asked[..length].starts_with(b"GET /healthz ") { "200 OK" } else { "503 No" };
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    });
    let alive = gridspark(folder.path(), &["health", "--listen", &address]);
    assert_eq!(code(&alive), 0, "{}", text(&alive.stderr));
    let ready = gridspark(folder.path(), &["health", "--ready", "--listen", &address]);
    assert_eq!(code(&ready), 1);
    assert!(text(&ready.stderr).contains("answers with 503"), "{}", text(&ready.stderr));
    answers.join().unwrap();
    let gone = gridspark(folder.path(), &["health", "--listen", &address]);
    assert_eq!(code(&gone), 1);
    assert!(text(&gone.stderr).contains("start `gridspark serve`"), "{}", text(&gone.stderr));
}

#[test]
fn who_reads_the_audit_by_command_stands_in_it_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = gridspark(folder.path(), &["audit", "--last", "5", "--started-by", "ada", "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let entries = json(&output);
    assert_eq!(entries.as_array().unwrap().len(), 1, "{entries}");
    let entry = &entries[0];
    assert_eq!((&entry["action"], &entry["outcome"]), (&"export".into(), &"done".into()));
    assert_eq!((&entry["way_in"], &entry["detail"]), (&"command-line".into(), &"the last 5".into()));
    assert!(entry["person"].as_str().unwrap().contains("ada"), "{entry}");
}
