//! The dashboard's router, asked without a network.

use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use gridspark::configuration::Configuration;
use gridspark::credentials::Credentials;
use gridspark::http::{Site, dashboard};
use gridspark::identity::Identity;
use gridspark::telemetry::Metrics;
use store::Store;
use tower::ServiceExt;

/// A dashboard over a store and a folder of files that stand for the built site.
pub(crate) struct Pages {
    router: Router,
    _site: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Puts files that stand for the built site into a folder.
pub(crate) fn site_folder(folder: &Path) -> &Path {
    std::fs::create_dir_all(folder.join("pkg")).unwrap();
    for (name, content) in [
        ("pkg/assets.json", r#"{"gridspark.css": "gridspark.abc.css", "echarts.js": "echarts.abc.js"}"#),
        ("pkg/hash.txt", "js: abc\nwasm: abc\n"),
        ("pkg/gridspark.abc.css", "body{}"),
        ("pkg/gridspark.abc.css.br", "stands for body{} as brotli"),
    ] {
        std::fs::write(folder.join(name), content).unwrap();
    }
    folder
}

impl Pages {
    pub(crate) fn new(store: &Store, time_zone: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        site_folder(folder.path());
        let configuration =
            Configuration { time_zone: time_zone.parse().unwrap(), ..Configuration::default() };
        Self::with(store, configuration, folder)
    }

    /// The same with other settings.
    pub(crate) fn configured(store: &Store, identity: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        site_folder(folder.path());
        let path = folder.path().join("gridspark.toml");
        std::fs::write(&path, identity).unwrap();
        let configuration = Configuration::load(Some(&path), None).unwrap();
        Self::with(store, configuration, folder)
    }

    fn with(store: &Store, configuration: Configuration, folder: tempfile::TempDir) -> Self {
        let site = Site::open(folder.path()).unwrap();
        let credentials = Credentials::of(&configuration);
        let identity = Identity::new(store.clone(), &configuration, &credentials, site.assets()).unwrap();
        let router = dashboard(
            store.clone(),
            &configuration,
            &site,
            &identity,
            Default::default(),
            &Metrics::default(),
        );
        Self { router, _site: folder }
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.get_accepting(path, "identity").await
    }

    /// Asks as a browser does that takes this encoding.
    pub(crate) async fn get_accepting(&self, path: &str, encoding: &str) -> Page {
        let request = Request::get(path.replace('[', "%5B").replace(']', "%5D"))
            .header("accept-encoding", encoding)
            .body(Body::empty())
            .unwrap();
        self.answer(request).await
    }

    /// Sends JSON as the page does.
    pub(crate) async fn post(&self, path: &str, json: &str) -> Page {
        let request = Request::post(path).header("content-type", "application/json");
        self.answer(request.body(Body::from(json.to_owned())).unwrap()).await
    }

    /// The router itself.
    pub(crate) fn router(&self) -> &Router {
        &self.router
    }

    pub(crate) async fn answer(&self, mut request: Request<Body>) -> Page {
        let headers = request.headers_mut();
        headers.entry("host").or_insert(axum::http::HeaderValue::from_static("localhost"));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Page { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}
