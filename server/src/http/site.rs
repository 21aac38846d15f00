//! The built site: hashed files that never change, and a few that may.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::Assets;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::routing::get_service;
use leptos::prelude::LeptosOptions;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// The policy of handbook pages: nothing inline, nothing from elsewhere.
const HANDBOOK_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data:; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// Why the built site can't be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// The manifest of built files is missing.
    #[error(
        "the pages are not built: {path} cannot be read ({source}); run `cargo xtask build`, or name their folder with --site"
    )]
    NotBuilt {
        /// The manifest.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The manifest lacks an entry.
    #[error("the list of built files {path} is not right: {reason}; run `cargo xtask build` again")]
    List {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// The folder with the built site.
#[derive(Debug, Clone)]
pub struct Site {
    folder: PathBuf,
    assets: Assets,
}

impl Site {
    /// Opens the folder built by `cargo xtask build`.
    ///
    /// # Errors
    /// [`SiteError`] if the folder wasn't built or is incomplete.
    pub fn open(folder: &Path) -> Result<Self, SiteError> {
        let path = folder.join("pkg/assets.json");
        let not_built = |source| SiteError::NotBuilt { path: path.clone(), source };
        let folder = folder.canonicalize().map_err(not_built)?;
        let text = std::fs::read_to_string(&path).map_err(not_built)?;
        let wrong = |reason: String| SiteError::List { path: path.clone(), reason };
        let names: BTreeMap<String, String> =
            serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let find = |name: &str| {
            names
                .get(name)
                .map(|hashed| format!("/pkg/{hashed}"))
                .ok_or_else(|| wrong(format!("{name} is missing")))
        };
        let assets = Assets { stylesheet: find("gridspark.css")?, charts: find("echarts.js")? };
        Ok(Self { folder, assets })
    }

    /// The names of the files that pages refer to.
    pub fn assets(&self) -> Assets {
        self.assets.clone()
    }

    /// The Leptos options that name the page's script and WebAssembly.
    pub(super) fn options(&self) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name("frontend")
            .site_root(self.folder.to_string_lossy())
            .site_pkg_dir("pkg")
            .hash_files(true)
            .hash_file(self.folder.join("pkg/hash.txt").to_string_lossy().as_ref().into())
            .build()
    }

    /// Serves the files, precompressed where available and accepted; `not_found` answers other
    /// paths.
    pub(super) fn files(&self, not_found: Router) -> Router {
        let serve = |folder: PathBuf| {
            ServeDir::new(folder)
                .precompressed_br()
                .precompressed_gzip()
                .append_index_html_on_directories(false)
        };
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        let hashed = get_service(serve(self.folder.join("pkg"))).layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            move |response: &axum::response::Response| {
                (response.status() == StatusCode::OK).then(|| forever.clone())
            },
        ));
        // mdBook's pages have scripts and fonts in files; the page for unknown paths has its own
        // policy.
        let handbook = serve(self.folder.join("handbook")).append_index_html_on_directories(true);
        let handbook =
            get_service(handbook.fallback(not_found.clone())).layer(SetResponseHeaderLayer::if_not_present(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(HANDBOOK_POLICY),
            ));
        // A cache must not serve a compressed copy to a client that can't decode it.
        let by_encoding =
            SetResponseHeaderLayer::if_not_present(header::VARY, HeaderValue::from_static("accept-encoding"));
        Router::new()
            .nest_service("/pkg", hashed)
            .nest_service("/handbook", handbook)
            .fallback_service(serve(self.folder.clone()).fallback(not_found))
            .layer(by_encoding)
    }
}
