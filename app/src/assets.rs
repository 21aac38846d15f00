//! The built files that the HTML document names. Their names carry the hash of their content.

/// Paths from the root of the site. The server puts them into the context of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The stylesheet, such as `/pkg/gridspark.1a2b.css`.
    pub stylesheet: String,
    /// The charts' script, loaded after the list is usable, such as `/pkg/echarts.1a2b.js`.
    pub charts: String,
}
