//! Commands report their failure, without a secret anywhere.

use std::path::Path;
use std::process::{Command, Output};

use super::{KEY, SECRET, failure, notifier, webhook};
use crate::on_both_databases;
use crate::support::TestStore;
use crate::support::receiver::{Answer, Receiver};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command with these settings; the webhook's address comes from a variable, its key from a
/// file.
fn gridspark(folder: &Path, settings: &str, address: &str, words: &[&str]) -> Output {
    let file = folder.join("gridspark.toml");
    std::fs::write(&file, settings).unwrap();
    std::fs::write(folder.join("key"), format!("{KEY}\n")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(words)
        .arg("--config")
        .arg(&file)
        .env("GRIDSPARK_WEBHOOK_OUR_BUS_URL", format!("{address}/{SECRET}?sig=another-secret-part"))
        .env("RUST_LOG", "debug")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn expect_no_secret(output: &Output) {
    let all = text(&output.stdout) + &text(&output.stderr);
    for secret in ["very-secret-part", "another-secret-part", "T0000", KEY] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

const BUS: &str = "database = 'sqlite://test.db'\n[source]\nkind = 'files'\nfiles = { measurements = ['/no/such/folder/*'] }\n\
    [[notification.webhook]]\nname = 'our-bus'\nkind = 'json'\nkey_file = 'key'\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_that_fails_is_reported_once_a_day_and_no_secret_is_shown_whatever_the_receiver_answers() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().await;
    let echo = format!("cannot post to /{SECRET}?sig=another-secret-part");
    receiver.answers([Answer { body: echo, ..Answer::status(500) }]);
    for _ in 0..2 {
        let output = gridspark(folder.path(), BUS, &receiver.address, &["update-extremes"]);
        assert_eq!(output.status.code(), Some(1));
        expect_no_secret(&output);
    }
    let received = receiver.received();
    assert_eq!(received.len(), 1, "the second failure is the same, and the first rests");
    let body = received[0].json();
    assert_eq!(body["data"]["notice"]["task"], "update-extremes");
    assert!(body["data"]["notice"]["reason"].as_str().unwrap().contains("/no/such/folder"));
    assert!(received[0].path.ends_with("sig=another-secret-part"));
    drop(receiver);
    let output = gridspark(folder.path(), BUS, "http://127.0.0.1:9", &["make-forecasts"]);
    assert!(output.status.success());
    expect_no_secret(&output);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_that_cannot_be_reached_is_reported_to_whoever_has_an_address_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "a-token").unwrap();
    let receiver = Receiver::start().await;
    let vault = "[vault]\naddress = 'http://127.0.0.1:9'\npath = 'grid/test/gridspark'\n\
        login = { method = 'token', token_file = 'token' }\n\
        [[notification.webhook]]\nname = 'address-in-vault'\nkind = 'slack'\n";
    let output = gridspark(folder.path(), &(BUS.to_owned() + vault), &receiver.address, &["update-extremes"]);
    assert_eq!(output.status.code(), Some(1));
    expect_no_secret(&output);
    let [shown] = &receiver.received()[..] else { panic!("{}", text(&output.stderr)) };
    let reason = shown.json()["data"]["notice"]["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("http://127.0.0.1:9"), "{reason}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_cannot_be_reached_is_reported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().await;
    let there = crate::support::postgres::new_database().await;
    let absent = there.replace("postgres@", "postgres:hidden-password@").replace("/test_", "/absent_");
    let settings = BUS.replace("sqlite://test.db", &absent);
    let output = gridspark(folder.path(), &settings, &receiver.address, &["make-forecasts"]);
    assert_eq!(output.status.code(), Some(1));
    expect_no_secret(&output);
    let body = receiver.received()[0].json();
    assert_eq!(body["type"], "gridspark.run-failed");
    assert!(!body.to_string().contains("hidden-password"), "{body}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_proves_the_settings_without_sending_and_with_notify_sends_a_test_message() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().await;
    let check = |settings: &str, words: &[&str]| gridspark(folder.path(), settings, &receiver.address, words);
    let sound = check(BUS, &["check"]);
    expect_no_secret(&sound);
    assert!(
        text(&sound.stdout).contains("our-bus on 127.0.0.1 receives run-failed, run-late"),
        "{}",
        text(&sound.stdout)
    );
    assert!(receiver.received().is_empty());
    let sent = check(BUS, &["check", "--notify"]);
    assert!(text(&sent.stdout).contains("our-bus has taken a test message"), "{}", text(&sent.stdout));
    assert_eq!(receiver.received()[0].json()["type"], "gridspark.test");
    receiver.answers([Answer { body: "no such channel".to_owned(), ..Answer::status(404) }]);
    let refused = check(BUS, &["check", "--notify"]);
    assert!(text(&refused.stdout).contains("✗ notification"), "{}", text(&refused.stdout));
    assert!(text(&refused.stdout).contains("it answered 404 Not Found (no such channel)"));
    expect_no_secret(&refused);
    let keyless = check(&BUS.replace("key_file = 'key'\n", ""), &["check"]);
    assert!(text(&keyless.stdout).contains("GRIDSPARK_WEBHOOK_OUR_BUS_KEY"), "{}", text(&keyless.stdout));
    let mistyped = check(&format!("{BUS}kei = '{KEY}'\n"), &["make-forecasts"]);
    assert!(text(&mistyped.stderr).contains("unknown field `kei`"), "{}", text(&mistyped.stderr));
    expect_no_secret(&mistyped);
}

on_both_databases! {
    async fn a_notice_whose_process_is_killed_before_the_answer_comes_again_from_the_next(test: &TestStore) {
        let folder = tempfile::tempdir().unwrap();
        let receiver = Receiver::start().await;
        let minutes = std::time::Duration::from_secs(120);
        receiver.answers([Answer { after: minutes, ..Answer::status(200) }]);
        let lines = webhook("a", "json", &receiver.address);
        let file = folder.path().join("gridspark.toml");
        let section = lines.replace("[[webhook]]", "[[notification.webhook]]");
        std::fs::write(&file, format!("database = '{}'\n{section}", test.url)).unwrap();
        test.store.announce(&failure(1), chrono::Utc::now()).await.unwrap();
        let mut worker = Command::new(env!("CARGO_BIN_EXE_gridspark"))
            .args(["worker", "--config"])
            .arg(&file)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        receiver.wait_for(1).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        let next = notifier(&test.store, &lines);
        let now = chrono::Utc::now();
        assert_eq!(next.deliver_due(now).await.unwrap().arrived, 0, "it is leased");
        assert_eq!(next.deliver_due(now + chrono::TimeDelta::seconds(61)).await.unwrap().arrived, 1);
        let received = receiver.received();
        let identifiers: Vec<&str> = received.iter().map(|received| received.header("webhook-id")).collect();
        assert_eq!(identifiers.len(), 2);
        assert_eq!(identifiers[0], identifiers[1], "the receiver can tell that it is the same");
    }
}
