//! The login as the service account of a pod, against a real Vault-compatible server; a receiver of
//! token reviews stands for the cluster.

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::vault::Vault;

/// A token as the cluster gives it to a pod; its signature is the cluster's business.
fn token(account: &str) -> String {
    let encoded = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({
        "iss": "https://kubernetes.default.svc",
        "sub": format!("system:serviceaccount:grid:{account}"),
        "aud": ["https://kubernetes.default.svc"],
        "iat": 1_700_000_000,
        "nbf": 1_700_000_000,
        "exp": 4_000_000_000_u32,
        "kubernetes.io": { "namespace": "grid", "serviceaccount": { "name": account, "uid": "a-uid" } },
    });
    format!(
        "{}.{}.{}",
        encoded(json!({ "alg": "RS256" })),
        encoded(claims),
        BASE64_URL_SAFE_NO_PAD.encode("signed")
    )
}

/// What the cluster was asked, and whether it knows the pod behind the token.
struct Cluster {
    address: String,
    reviewed: Arc<Mutex<Vec<String>>>,
}

/// A cluster that knows one token.
async fn cluster(known: String) -> Cluster {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let reviewed: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&reviewed);
    let review = move |asked: String| async move {
        let asked: Value = serde_json::from_str(&asked).unwrap();
        let token = asked["spec"]["token"].as_str().unwrap_or_default().to_owned();
        let is_known = token == known;
        seen.lock().unwrap().push(token);
        let user = json!({ "username": "system:serviceaccount:grid:gridspark", "uid": "a-uid", "groups": ["system:serviceaccounts", "system:authenticated"] });
        let status = if is_known {
            json!({ "authenticated": true, "user": user, "audiences": asked["spec"]["audiences"] })
        } else {
            json!({ "authenticated": false, "error": "the token is not known" })
        };
        let kind = ("authentication.k8s.io/v1", "TokenReview");
        Json(json!({ "apiVersion": kind.0, "kind": kind.1, "status": status }))
    };
    let router = Router::new().route("/apis/authentication.k8s.io/v1/tokenreviews", post(review));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Cluster { address, reviewed }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_logs_in_by_the_token_of_its_account_and_another_account_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(vault) = Vault::start(Some(folder.path())) else { return };
    let cluster = cluster(token("gridspark")).await;
    let file = |name: &str| folder.path().join(name);
    let policy = "path \"secret/data/grid/test/gridspark\" { capabilities = [\"read\"] }";
    std::fs::write(file("policy.hcl"), policy).unwrap();
    vault.operator(&["policy", "write", "gridspark", &file("policy.hcl").display().to_string()]);
    let database = format!("database=sqlite://{}", file("found.db").display());
    vault.operator(&["kv", "put", "-mount=secret", "grid/test/gridspark", &database]);
    vault.operator(&["auth", "enable", "kubernetes"]);
    vault.operator(&[
        "write",
        "auth/kubernetes/config",
        &format!("kubernetes_host={}", cluster.address),
        "disable_local_ca_jwt=true",
        // The receiver speaks HTTP, so any certificate does.
        &format!("kubernetes_ca_cert=@{}", vault.authority().display()),
    ]);
    vault.operator(&[
        "write",
        "auth/kubernetes/role/gridspark",
        "bound_service_account_names=gridspark",
        "bound_service_account_namespaces=grid",
        "token_policies=gridspark",
        "token_ttl=1h",
    ]);
    let run = |account: &str| -> Output {
        let configuration = format!(
            "[vault]\naddress = '{}'\nauthority = '{}'\npath = 'grid/test/gridspark'\n\
             login = {{ method = 'kubernetes', role = 'gridspark', token_file = '{}' }}\n",
            vault.address,
            vault.authority().display(),
            file("token").display()
        );
        std::fs::write(file("gridspark.toml"), configuration).unwrap();
        std::fs::write(file("token"), token(account)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"));
        command.arg("make-forecasts").arg("--config").arg(file("gridspark.toml"));
        command.current_dir(folder.path()).output().unwrap()
    };
    let good = run("gridspark");
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let reviewed = || cluster.reviewed.lock().unwrap().clone();
    assert!(good.status.success() && file("found.db").exists(), "{} {:?}", said(&good), reviewed());
    assert_eq!(reviewed(), [token("gridspark")], "the cluster was asked");

    let refused = run("somebody-else");
    let shown = said(&refused);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        shown.contains("refuses to log us in (status 403") && !shown.contains(&token("somebody-else")),
        "{shown}"
    );
}
