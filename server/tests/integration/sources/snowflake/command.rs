//! `gridspark update-extremes` and `gridspark check` from their configuration to their exit code.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::super::readings::three_weeks;
use super::*;

fn gridspark(folder: &Path, configuration: &str, key: Option<&str>, arguments: &[&str]) -> Output {
    command(folder, configuration, key, arguments).output().unwrap()
}

fn command(folder: &Path, configuration: &str, key: Option<&str>, arguments: &[&str]) -> Command {
    std::fs::write(folder.join("gridspark.toml"), configuration).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"));
    command.args(arguments).args(["--config", "gridspark.toml", "--database", "sqlite://test.db"]);
    command.current_dir(folder).env_remove("GRIDSPARK_SOURCE_URL");
    if let Some(key) = key {
        command.env("GRIDSPARK_SNOWFLAKE_PRIVATE_KEY", key);
    }
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_and_a_check_take_the_key_from_a_variable_and_report_nothing_of_it() {
    let Some(account) = Account::start() else { return };
    insert(&account, &three_weeks("A")).await;
    let folder = tempfile::tempdir().unwrap();
    let key = std::fs::read_to_string(account.file("key.p8")).unwrap();
    let configuration = section(&account, "").replace("private_key_file", "# private_key_file");
    let output = gridspark(folder.path(), &configuration, Some(&key), &["update-extremes", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), json["rows_aggregated"].as_u64()), (Some(0), Some(3 * 672)));
    assert_eq!(
        (&json["complete_to"], &json["parts"][0]["table"]),
        (&"2024-W50".into(), &"MEASUREMENTS".into())
    );

    let said = |key: Option<&str>| {
        let output = gridspark(folder.path(), &configuration, key, &["check"]);
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let (good, missing) = (said(Some(&key)), said(None));
    assert!(
        good.contains("✓ source") && good.contains("MEASUREMENTS of METEN.PUBLIC at http://127.0.0.1"),
        "{good}"
    );
    assert!(missing.contains("✗ source") && missing.contains("GRIDSPARK_SNOWFLAKE_PRIVATE_KEY"), "{missing}");
    let strange = std::fs::read_to_string(account.file("strange.p8")).unwrap();
    let refused = said(Some(&strange));
    assert!(refused.contains("✗ source") && refused.contains("RSA_PUBLIC_KEY"), "{refused}");
    for line in key.lines().chain(strange.lines()).filter(|line| !line.starts_with("---")) {
        assert!(!good.contains(line) && !refused.contains(line), "a secret was printed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_asked_to_stop_cancels_its_statement_before_it_ends() {
    let Some(account) = Account::start() else { return };
    insert(&account, &three_weeks("A")).await;
    account.faults(serde_json::json!({ "never_ends": true })).await;
    let folder = tempfile::tempdir().unwrap();
    let mut update = command(folder.path(), &section(&account, ""), None, &["update-extremes"]);
    let update = update.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while account.seen().await["polled"].as_u64().unwrap() < 3 {
        assert!(Instant::now() < deadline, "{}", account.seen().await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(Command::new("kill").arg(update.id().to_string()).status().unwrap().success());
    let ended = update.wait_with_output().unwrap();
    let expected = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{expected}");
    assert!(expected.contains("interrupted before"), "{expected}");
    assert_eq!(account.seen().await["cancelled"].as_array().unwrap().len(), 1, "{expected}");
}
