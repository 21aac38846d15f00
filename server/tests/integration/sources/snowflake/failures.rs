//! Whatever is wrong, one sentence says what to do, without a secret.

use super::*;

async fn sentence(account: &Account, changed: &str) -> String {
    let error = open(&settings(account, changed)).await.err().unwrap();
    assert!(!format!("{error:?}").contains("PRIVATE KEY-"), "{error:?}");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_reported_with_its_remedy() {
    let Some(account) = Account::start() else { return };
    account
        .execute(
            "CREATE TABLE ODD (BOXID VARCHAR, CHANNELID VARCHAR, WAARDE VARCHAR, DATUMTIJD TIMESTAMP_NTZ)",
        )
        .await;
    let strange = format!("private_key_file = '{}'", account.file("strange.p8").display());
    let no_key = format!("private_key_file = '{}'", account.file("port").display());
    let token = account.file("token");
    std::fs::write(&token, "not-the-token").unwrap();
    for (changed, expected) in [
        (
            strange.as_str(),
            &[
                "does not let the user gridspark in",
                "ALTER USER gridspark SET RSA_PUBLIC_KEY",
                "SHA256:",
                "390144",
            ][..],
        ),
        (&no_key, &["no PEM of PKCS #8", "openssl genpkey"]),
        ("private_key_file = '/nowhere/key.p8'", &["/nowhere/key.p8", "private_key_file"]),
        ("user = 'somebody'", &["does not let the user somebody in", "account and user must be right"]),
        ("account = 'other'", &["does not let the user gridspark in"]),
        (
            "role = 'ADMIN'",
            &["does not allow the user gridspark the role ADMIN", "GRANT ROLE ADMIN TO USER gridspark"],
        ),
        ("warehouse = 'HUGE'", &["the warehouse HUGE", "GRANT USAGE ON WAREHOUSE HUGE TO ROLE READER"]),
        ("database = 'OTHER'", &["the schema OTHER.PUBLIC", "GRANT USAGE ON DATABASE OTHER TO ROLE READER"]),
        (
            "role = 'STRANGER'",
            &[
                "the role STRANGER to read METEN.PUBLIC.MEASUREMENTS",
                "GRANT SELECT ON METEN.PUBLIC.MEASUREMENTS TO ROLE STRANGER",
            ],
        ),
        (
            "measurements = 'WAARDEN'",
            &[
                "no table or view METEN.PUBLIC.WAARDEN that the role READER may see",
                "[source.snowflake] measurements",
            ],
        ),
        (
            "measurement_columns = { waarde = 'KW' }",
            &[
                "no column KW",
                "BOXID, CHANNELID, WAARDE, DATUMTIJD",
                "[source.snowflake.measurement_columns]",
            ],
        ),
        ("measurements = 'ODD'", &["WAARDE of ODD", "of type text, wanted is a number"]),
        (
            "measurements = 'ODD'\nmeasurement_columns = { waarde = 'BOXID' }",
            &["BOXID of ODD", "wanted is a number"],
        ),
        (
            "host = 'http://127.0.0.1:1'",
            &["http://127.0.0.1:1 cannot be reached", "[source.snowflake] account or host"],
        ),
    ] {
        let said = sentence(&account, changed).await;
        for words in expected {
            assert!(said.contains(words), "{said} does not say {words}");
        }
    }
    account.execute("ALTER TABLE ODD DROP COLUMN WAARDE").await;
    account.execute("ALTER TABLE ODD ADD COLUMN WAARDE DOUBLE").await;
    let said = sentence(&account, "measurements = 'ODD'").await;
    assert!(said.contains("DATUMTIJD of ODD") && said.contains("timestamp_ntz"), "{said}");

    let by_token = |text: &str| {
        std::fs::write(&token, text).unwrap();
        let mut settings = settings(&account, &format!("token_file = '{}'", token.display()));
        settings.private_key_file = None;
        settings
    };
    let error = open(&by_token("not-the-token")).await.err().unwrap().to_string();
    assert!(
        error.contains("make a new programmatic access token") && !error.contains("not-the-token"),
        "{error}"
    );
    assert!(open(&by_token("a-programmatic-access-token\n")).await.is_ok());
}
