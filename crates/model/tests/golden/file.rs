//! The golden files as they are on disk.

use std::collections::BTreeMap;
use std::path::PathBuf;

use model::{IsoWeek, Observation, Series};
use serde::Deserialize;

/// One golden file; what the tests do not read is left out.
#[derive(Deserialize)]
pub(crate) struct Golden {
    pub(crate) id: String,
    pub(crate) counts: Counts,
    pub(crate) settings: Settings,
    pub(crate) scaling: Scaling,
    pub(crate) timestamps: Vec<String>,
    pub(crate) input: Input,
    pub(crate) reference: Reference,
}

#[derive(Deserialize)]
pub(crate) struct Counts {
    pub(crate) rows: usize,
    pub(crate) future: usize,
}

#[derive(Deserialize)]
pub(crate) struct Settings {
    pub(crate) horizon_weeks: usize,
}

#[derive(Deserialize)]
pub(crate) struct Scaling {
    pub(crate) y_min: f64,
    pub(crate) y_max: f64,
}

#[derive(Deserialize)]
pub(crate) struct Input {
    pub(crate) date: Vec<chrono::NaiveDate>,
    pub(crate) value: Vec<Option<f64>>,
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) drift: Bands,
    pub(crate) yearly: Bands,
    #[serde(rename = "Sigma")]
    pub(crate) total: Bands,
    pub(crate) sigma: Sigma,
    pub(crate) beta: Beta,
    pub(crate) log_marginal_likelihood: f64,
    pub(crate) exceedance: BTreeMap<String, Exceedance>,
}

#[derive(Deserialize)]
pub(crate) struct Bands {
    pub(crate) q05: Vec<f64>,
    pub(crate) q15: Vec<f64>,
    pub(crate) q50: Vec<f64>,
    pub(crate) q85: Vec<f64>,
    pub(crate) q95: Vec<f64>,
    pub(crate) mean: Vec<f64>,
    pub(crate) sd: Vec<f64>,
}

#[derive(Deserialize)]
pub(crate) struct Sigma {
    pub(crate) mean: f64,
    pub(crate) sd: f64,
    pub(crate) q05: f64,
    pub(crate) q15: f64,
    pub(crate) q50: f64,
    pub(crate) q85: f64,
    pub(crate) q95: f64,
}

#[derive(Deserialize)]
pub(crate) struct Beta {
    pub(crate) names: Vec<String>,
    pub(crate) mean: Vec<f64>,
    pub(crate) sd: Vec<f64>,
}

#[derive(Deserialize)]
pub(crate) struct Exceedance {
    pub(crate) threshold: f64,
    pub(crate) weekly: Vec<f64>,
    pub(crate) joint: f64,
    pub(crate) joint_se: f64,
}

impl Golden {
    /// The rows as a series.
    pub(crate) fn series(&self) -> Series {
        let row = |(&date, &value_kw)| Observation { week: IsoWeek::containing(date), value_kw };
        Series::new(self.input.date.iter().zip(&self.input.value).map(row).collect()).unwrap()
    }
}

/// All golden files, or none where the shared folder is absent; with GRIDSPARK_REQUIRE_SHARED=1 absence
/// fails.
pub(crate) fn golden_files() -> Vec<Golden> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden");
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
