//! What can be typed. Scripts and schedulers depend on it.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

/// Forecasts which distribution transformers will be overloaded, half a year ahead.
#[derive(Debug, Parser)]
#[command(name = "gridspark", version, propagate_version = true)]
pub struct CommandLine {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Shared {
    /// A TOML file; environment variables GRIDSPARK_* override it
    #[arg(long, global = true, value_name = "FILE", env = "GRIDSPARK_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Where results are kept: sqlite://FILE or postgres://… [default: sqlite://data/gridspark.db]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// Print a machine-readable result on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the dashboard
    Serve(Serve),
    /// Condense files of readings into weekly extremes, and take in what is known of the boxes
    Import(Import),
    /// Fit and assess the boxes that have news
    MakeForecasts(MakeForecasts),
    /// Fit one series from a file, without a database
    Fit(Fit),
    /// Write a realistic network's readings and metadata, for demonstrations and load tests
    Simulate(Simulate),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:8000", value_name = "ADDRESS", env = "GRIDSPARK_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// The folder with the built pages
    #[arg(long, default_value = "site", value_name = "FOLDER", env = "GRIDSPARK_SITE")]
    pub(crate) site: PathBuf,
    /// Serve only: don't fit boxes that have news
    #[arg(long)]
    pub(crate) no_worker: bool,
}

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Import {
    /// Readings in the long format of the source: Parquet or CSV (plain, gz, zst); folders are searched
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present = "boxes")]
    pub(crate) measurements: Vec<PathBuf>,
    /// Metadata of the boxes: Parquet or CSV (plain, gz, zst)
    #[arg(long, value_name = "PATH")]
    pub(crate) boxes: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct MakeForecasts {
    /// Only this box; may be given more than once
    #[arg(long = "box", value_name = "ID")]
    pub(crate) boxes: Vec<String>,
    /// The model
    #[arg(long, default_value = "spark", value_parser = ["spark"])]
    pub(crate) model: String,
    /// Fit also boxes without news
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// CSV with the columns date and value, a row a week; an empty value is an unobserved week
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) history: PathBuf,
    /// Capacity of the transformer in kVA, for overload probabilities
    #[arg(long, value_name = "KVA")]
    pub(crate) capacity: Option<f64>,
    /// The model
    #[arg(long, default_value = "spark", value_parser = ["spark"])]
    pub(crate) model: String,
    /// Future weeks
    #[arg(long, default_value_t = 27, value_name = "WEEKS", value_parser = clap::value_parser!(u16).range(1..=520))]
    pub(crate) horizon: u16,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Number of boxes
    #[arg(long, default_value_t = 120)]
    pub(crate) boxes: usize,
    /// Years of history
    #[arg(long, default_value_t = 4.0)]
    pub(crate) years: f64,
    /// The same seed and end give the same files, byte for byte
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The day after the last one [default: this week's Monday]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<NaiveDate>,
    /// The folder to write to
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Only this phase; may be given more than once [default: all four]
    #[arg(long = "phase", value_name = "PHASE")]
    pub(crate) phases: Vec<model::Phase>,
    /// Write weekly extremes instead of readings: quick, for load tests
    #[arg(long)]
    pub(crate) weekly: bool,
}
