//! The golden files as they are on disk.

use std::collections::BTreeMap;
use std::path::PathBuf;

use model::{IsoWeek, Observation, Series};
use serde::Deserialize;

/// One golden file; what the tests do not read is left out.
#[derive(Deserialize)]
pub struct Golden {
    pub id: String,
    pub counts: Counts,
    pub settings: Settings,
    pub scaling: Scaling,
    pub timestamps: Vec<String>,
    pub input: Input,
    pub reference: Reference,
}

#[derive(Deserialize)]
pub struct Counts {
    pub rows: usize,
    pub future: usize,
}

#[derive(Deserialize)]
pub struct Settings {
    pub horizon_weeks: usize,
}

#[derive(Deserialize)]
pub struct Scaling {
    pub y_min: f64,
    pub y_max: f64,
}

#[derive(Deserialize)]
pub struct Input {
    pub date: Vec<chrono::NaiveDate>,
    pub value: Vec<Option<f64>>,
}

#[derive(Deserialize)]
pub struct Reference {
    pub drift: Bands,
    pub yearly: Bands,
    #[serde(rename = "Sigma")]
    pub total: Bands,
    pub sigma: Sigma,
    pub beta: Beta,
    pub log_marginal_likelihood: f64,
    pub exceedance: BTreeMap<String, Exceedance>,
}

#[derive(Deserialize)]
pub struct Bands {
    pub q05: Vec<f64>,
    pub q15: Vec<f64>,
    pub q50: Vec<f64>,
    pub q85: Vec<f64>,
    pub q95: Vec<f64>,
    pub mean: Vec<f64>,
    pub sd: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Sigma {
    pub mean: f64,
    pub sd: f64,
    pub q05: f64,
    pub q15: f64,
    pub q50: f64,
    pub q85: f64,
    pub q95: f64,
}

#[derive(Deserialize)]
pub struct Beta {
    pub names: Vec<String>,
    pub mean: Vec<f64>,
    pub sd: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Exceedance {
    pub threshold: f64,
    pub weekly: Vec<f64>,
    pub joint: f64,
    pub joint_se: f64,
}

impl Golden {
    /// The rows as a series.
    pub fn series(&self) -> Series {
        let row = |(&date, &value_kw)| Observation { week: IsoWeek::containing(date), value_kw };
        Series::new(self.input.date.iter().zip(&self.input.value).map(row).collect()).unwrap()
    }
}

/// All golden files, or none where the shared folder is absent; with GRIDSPARK_REQUIRE_SHARED=1 absence fails.
pub fn golden_files() -> Vec<Golden> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/golden");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        let required = std::env::var("GRIDSPARK_REQUIRE_SHARED").is_ok_and(|value| value == "1");
        assert!(!required, "the golden files are required, but {} is absent", folder.display());
        println!("skipped: no golden files in {}", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    assert!(!paths.is_empty(), "{} holds no golden file", folder.display());
    paths.iter().map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}
