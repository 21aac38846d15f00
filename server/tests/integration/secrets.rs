//! Secrets from a real Vault-compatible server.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::vault::Vault;

/// The entry of the tests.
const PATH: &str = "grid/test/gridspark";

/// A server with both engines, an entry in each that names a database in `folder`, and a role that
/// may read them.
fn prepared(folder: &Path, certificates: Option<&Path>) -> Option<Vault> {
    let vault = Vault::start(certificates)?;
    vault.operator(&["secrets", "enable", "-version=1", "-path=old", "kv"]);
    vault.operator(&["secrets", "enable", "-version=2", "-path=new", "kv"]);
    for mount in ["old", "new"] {
        let database = format!("database=sqlite://{}", folder.join(format!("{mount}.db")).display());
        vault.operator(&["kv", "put", &format!("{mount}/{PATH}"), &database]);
    }
    let policy = folder.join("policy.hcl");
    let rules = ["old/grid/test/*", "new/data/grid/test/*"]
        .map(|path| format!("path \"{path}\" {{ capabilities = [\"read\"] }}"));
    std::fs::write(&policy, rules.join("\n")).unwrap();
    vault.operator(&["policy", "write", "gridspark", &policy.display().to_string()]);
    vault.operator(&["auth", "enable", "approle"]);
    let role = [
        "write",
        "auth/approle/role/gridspark",
        "token_policies=gridspark",
        "token_ttl=2s",
        "token_max_ttl=1h",
    ];
    vault.operator(&role);
    Some(vault)
}

/// The configuration of an entry and a login, and the variables that go with it.
struct Access<'a> {
    vault: &'a Vault,
    folder: &'a Path,
    section: String,
    variables: Vec<(&'static str, String)>,
}

impl<'a> Access<'a> {
    fn new(vault: &'a Vault, folder: &'a Path, mount: &str, version: u8, path: &str) -> Self {
        let address = &vault.address;
        let section = format!(
            "[vault]\naddress = '{address}'\nmount = '{mount}'\nversion = {version}\npath = '{path}'\n"
        );
        Self { vault, folder, section, variables: Vec::new() }
    }

    fn with_token(mut self, policy: &str) -> Self {
        let token = self.vault.operator(&["token", "create", "-field=token", "-policy", policy, "-ttl=1h"]);
        self.section += "login = { method = 'token' }\n";
        self.variables.push(("GRIDSPARK_VAULT_TOKEN", token));
        self
    }

    fn with_role(mut self) -> Self {
        let role = self.vault.operator(&["read", "-field=role_id", "auth/approle/role/gridspark/role-id"]);
        let secret = self.vault.operator(&[
            "write",
            "-f",
            "-field=secret_id",
            "auth/approle/role/gridspark/secret-id",
        ]);
        self.section += &format!("login = {{ method = 'approle', role_id = '{role}' }}\n");
        self.variables.push(("GRIDSPARK_VAULT_SECRET_ID", secret));
        self
    }

    fn command(&self, words: &[&str]) -> Command {
        let file = self.folder.join("gridspark.toml");
        std::fs::write(&file, &self.section).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"));
        command.args(words).arg("--config").arg(file).current_dir(self.folder);
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        let output = self.command(words).output().unwrap();
        for (_, secret) in &self.variables {
            assert!(!said(&output).contains(secret.as_str()), "a secret was printed");
        }
        output
    }

    /// The one sentence of a command that is refused.
    fn refusal(&self) -> String {
        let output = self.run(&["make-forecasts"]);
        assert_eq!(output.status.code(), Some(1));
        said(&output)
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_database_is_found_through_each_login_and_each_version_of_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let Some(vault) = prepared(folder.path(), None) else { return };
    for (mount, version) in [("old", 1), ("new", 2)] {
        let access = || Access::new(&vault, folder.path(), mount, version, PATH);
        for access in [access().with_token("gridspark"), access().with_role()] {
            let database = folder.path().join(format!("{mount}.db"));
            let _ = std::fs::remove_file(&database);
            let output = access.run(&["make-forecasts"]);
            assert!(output.status.success() && database.exists(), "{}", said(&output));
            let check = access.run(&["check"]);
            assert!(
                said(&check).contains("the database's address comes from http://127.0.0.1"),
                "{}",
                said(&check)
            );
        }
    }
}

#[test]
fn a_server_with_a_certificate_of_a_private_authority_is_trusted_by_its_file_only() {
    let folder = tempfile::tempdir().unwrap();
    let Some(vault) = prepared(folder.path(), Some(folder.path())) else { return };
    let trusting = || {
        let mut access = Access::new(&vault, folder.path(), "new", 2, PATH);
        access.section += &format!("authority = '{}'\n", vault.authority().display());
        access.with_token("gridspark")
    };
    let output = trusting().run(&["make-forecasts"]);
    assert!(output.status.success(), "{}", said(&output));
    let refusal = Access::new(&vault, folder.path(), "new", 2, PATH).with_token("gridspark").refusal();
    assert!(refusal.contains("cannot be reached") && refusal.contains("certificate"), "{refusal}");
}

#[test]
fn each_refusal_is_reported_with_its_remedy_and_without_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let Some(vault) = prepared(folder.path(), None) else { return };
    let access = |mount, version, path| Access::new(&vault, folder.path(), mount, version, path);
    vault.operator(&["kv", "put", "new/grid/test/empty", "somethingelse=1"]);
    let expired = {
        let access = access("new", 2, PATH).with_token("gridspark");
        vault.operator(&["token", "revoke", &access.variables[0].1]);
        access.refusal()
    };
    let wrong_secret = {
        let mut access = access("new", 2, PATH).with_role();
        access.variables[0].1 = "d3b07384-0000-0000-0000-000000000000".to_owned();
        access.refusal()
    };
    let without_proof = Access { variables: Vec::new(), ..access("new", 2, PATH).with_role() }.refusal();
    for (refusal, expected) in [
        (expired, "refuses to log us in (status 403"),
        (wrong_secret, "check role, secret and mount of [vault] login"),
        (without_proof, "set GRIDSPARK_VAULT_SECRET_ID, or name a file"),
        (access("new", 2, PATH).with_token("default").refusal(), "its policy does not allow this path"),
        (access("new", 1, PATH).with_token("gridspark").refusal(), "refuses to show new/grid/test/gridspark"),
        (access("new", 2, "grid/test/gone").with_token("gridspark").refusal(), "there is no such entry"),
        (access("new", 2, "grid/test/empty").with_token("gridspark").refusal(), "has no `database`"),
    ] {
        assert!(refusal.contains(expected), "{expected} in {refusal}");
    }
    let sealed = access("new", 2, PATH).with_token("gridspark");
    vault.operator(&["operator", "seal"]);
    assert!(sealed.refusal().contains("is sealed; its operator has to unseal it"), "{}", sealed.refusal());
}

#[test]
fn a_login_is_renewed_while_the_program_runs() {
    let folder = tempfile::tempdir().unwrap();
    let Some(vault) = prepared(folder.path(), None) else { return };
    let access = Access::new(&vault, folder.path(), "new", 2, PATH).with_role();
    let mut worker = access.command(&["worker"]).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // The role's tokens live for two seconds: one that has been renewed tells when.
    let deadline = Instant::now() + Duration::from_secs(30);
    let renewed = || {
        let accessors = vault.operator(&["list", "-format=json", "auth/token/accessors"]);
        let accessors: Vec<String> = serde_json::from_str(&accessors).unwrap();
        accessors.iter().any(|accessor| {
            let found = vault.attempt(&["token", "lookup", "-format=json", "-accessor", accessor]);
            let found: serde_json::Value = serde_json::from_str(&found).unwrap_or_default();
            found["data"]["path"] == "auth/approle/login" && !found["data"]["last_renewal"].is_null()
        })
    };
    while !renewed() {
        assert!(Instant::now() < deadline, "the login was not renewed");
        std::thread::sleep(Duration::from_millis(50));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
}

#[test]
fn a_server_that_is_away_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut vault) = prepared(folder.path(), None) else { return };
    vault.stop();
    let mut access = Access::new(&vault, folder.path(), "new", 2, PATH);
    access.section += "login = { method = 'token' }\n";
    access.variables.push(("GRIDSPARK_VAULT_TOKEN", "a-token-of-no-server".to_owned()));
    let refusal = access.refusal();
    assert!(refusal.contains("cannot be reached") && refusal.contains(&vault.address), "{refusal}");
}

#[test]
fn the_address_of_the_source_is_found_there_too_and_its_password_is_not_reported() {
    let folder = tempfile::tempdir().unwrap();
    let Some(vault) = prepared(folder.path(), None) else { return };
    let database = format!("database=sqlite://{}", folder.path().join("new.db").display());
    let source = "source=postgres://reader:a-password@127.0.0.1:1/readings";
    vault.operator(&["kv", "put", &format!("new/{PATH}"), &database, source]);
    let mut access = Access::new(&vault, folder.path(), "new", 2, PATH).with_token("gridspark");
    access.section += "[source]\nkind = 'postgres'\n";
    let output = access.run(&["update-extremes"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("127.0.0.1:1") && !said.contains("a-password"), "{said}");
    assert!(!folder.path().join("new.db").exists(), "no store is made for a source that is away");
}

#[test]
fn the_addresses_and_keys_of_webhooks_are_found_there_too() {
    let folder = tempfile::tempdir().unwrap();
    let Some(vault) = prepared(folder.path(), None) else { return };
    let database = format!("database=sqlite://{}", folder.path().join("new.db").display());
    let url = "webhook-our-bus-url=https://bus.example.org/a-secret-path";
    let webhook = "[[notification.webhook]]\nname = 'our-bus'\nkind = 'json'\n";
    let check = |key: &[&str]| {
        let entry = format!("new/{PATH}");
        vault.operator(&[&["kv", "put", &entry, &database, url][..], key].concat());
        let mut access = Access::new(&vault, folder.path(), "new", 2, PATH).with_token("gridspark");
        access.section += webhook;
        said(&access.run(&["check"]))
    };
    let without_key = check(&[]);
    assert!(without_key.contains("put `webhook-our-bus-key` into the entry in Vault"), "{without_key}");
    let sound = check(&["webhook-our-bus-key=a-secret-key-of-the-bus"]);
    assert!(sound.contains("our-bus on bus.example.org receives"), "{sound}");
    assert!(!sound.contains("a-secret") && !without_key.contains("a-secret"), "{sound}");
}
