//! `gridspark update-extremes` and `gridspark check` from their configuration to their exit code.

use std::path::Path;
use std::process::{Command, Output};

use super::super::readings::three_weeks;
use super::*;

fn gridspark(folder: &Path, configuration: &str, key: Option<&str>, arguments: &[&str]) -> Output {
    std::fs::write(folder.join("gridspark.toml"), configuration).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"));
    command.args(arguments).args(["--config", "gridspark.toml", "--database", "sqlite://test.db"]);
    command.current_dir(folder).env_remove("GRIDSPARK_SOURCE_URL");
    if let Some(key) = key {
        command.env("GRIDSPARK_SNOWFLAKE_PRIVATE_KEY", key);
    }
    command.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_and_a_check_take_the_key_from_a_variable_and_tell_nothing_of_it() {
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
