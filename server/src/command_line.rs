//! The command line. Scripts and schedulers depend on it.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use model::ModelName;

/// Forecasts which distribution transformers will be overloaded, half a year ahead.
#[derive(Debug, Parser)]
#[command(name = "gridspark", version, propagate_version = true)]
pub struct CommandLine {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogForm {
    /// Lines for people
    Text,
    /// One object per line, for programs that collect logs
    Json,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Shared {
    /// A TOML file; environment variables GRIDSPARK_* override it
    #[arg(long, global = true, value_name = "FILE", env = "GRIDSPARK_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Where results are kept: sqlite://FILE or postgres://… [default: sqlite://data/gridspark.db]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// How the log on stderr is written
    #[arg(long, global = true, value_name = "FORM", default_value = "text", env = "GRIDSPARK_LOG_FORM")]
    pub(crate) log: LogForm,
    /// Print a machine-readable result on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Who or what starts this, for the record of the run [default: account and host]
    #[arg(long, global = true, value_name = "TEXT", env = "GRIDSPARK_STARTED_BY")]
    pub(crate) started_by: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the dashboard
    Serve(Serve),
    /// Condense files of readings into weekly extremes, and import box metadata
    Import(Import),
    /// Ingest what is new in the configured source
    UpdateExtremes(UpdateExtremes),
    /// Fit and assess the boxes that are due
    MakeForecasts(MakeForecasts),
    /// Fit runs planned by make-forecasts or a server, on this host too, until stopped
    Worker(Worker),
    /// List the recorded runs, and compare each with the one before
    Runs(Runs),
    /// Check configuration, database, disk and pages before a rollout; changes nothing
    Check(Check),
    /// Ask a running server on this host for its health; ends with 1 if it does not answer or is
    /// unhealthy
    Health(Health),
    /// Create a key for a program; it is shown once
    CreateKey(CreateKey),
    /// List the keys of programs
    Keys,
    /// Revoke a key, and the embed tokens minted with it
    RevokeKey(RevokeKey),
    /// List the sessions of people who are signed in
    Sessions,
    /// End the sessions of a person
    EndSessions(EndSessions),
    /// Print the audit as CSV: who did what
    Audit(Audit),
    /// Fit one series from a file, without a database
    Fit(Fit),
    /// Score forecasts from past origins against what was measured afterwards
    Backtest(Backtest),
    /// Make the model card of backtests: a page and its figures
    ModelCard(ModelCard),
    /// Write a realistic network's readings and metadata, for demonstrations and load tests
    Simulate(Simulate),
    /// Print the reference of this version: its settings, commands or figures
    Reference(Reference),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:8000", value_name = "ADDRESS", env = "GRIDSPARK_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// The folder with the built pages
    #[arg(long, default_value = "site", value_name = "FOLDER", env = "GRIDSPARK_SITE")]
    pub(crate) site: PathBuf,
    /// Serve only: don't fit boxes that are due
    #[arg(long)]
    pub(crate) no_worker: bool,
}

#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Import {
    /// Readings in the long format of the source: Parquet or CSV (plain, gz, zst); folders are
    /// searched
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present_any = ["extremes", "boxes"])]
    pub(crate) measurements: Vec<PathBuf>,
    /// Weekly extremes, one row per box and week: Parquet or CSV, folders are searched; weeks of which readings are
    /// stored stay as they are
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) extremes: Vec<PathBuf>,
    /// Metadata of the boxes: Parquet or CSV (plain, gz, zst)
    #[arg(long, value_name = "PATH")]
    pub(crate) boxes: Option<PathBuf>,
    /// What stands before decimals in text: point or comma [default: as configured, else what each file tells]
    #[arg(long, value_name = "MARK")]
    pub(crate) decimal_mark: Option<readings::DecimalMark>,
    /// The form of times in text, such as "%d-%m-%Y %H:%M" [default: as configured, else the year first]
    #[arg(long, value_name = "PATTERN")]
    pub(crate) time_pattern: Option<readings::TimePattern>,
    /// Whether times are the starts or the ends of quarter-hours [default: as configured, else starts]
    #[arg(long, value_name = "WHICH")]
    pub(crate) stamps: Option<readings::Stamps>,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateExtremes {
    /// Ingest everything that the source holds, not only what is new
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Only this box; may be repeated
    #[arg(long = "box", value_name = "ID")]
    pub(crate) boxes: Vec<model::BoxId>,
    /// Go on even if a data test fails that would stop it
    #[arg(long)]
    pub(crate) despite_data_tests: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MakeForecasts {
    /// Only this box; may be repeated
    #[arg(long = "box", value_name = "ID")]
    pub(crate) boxes: Vec<String>,
    /// The model [default: gridspark, unless configured]
    #[arg(long, value_name = "NAME")]
    pub(crate) model: Option<ModelName>,
    /// Fit also boxes that are up to date
    #[arg(long)]
    pub(crate) force: bool,
    /// Plan the run, and wait until workers in other processes have done it
    #[arg(long)]
    pub(crate) leave_to_workers: bool,
    /// Go on even if a data test fails that would stop it
    #[arg(long)]
    pub(crate) despite_data_tests: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Runs {
    /// How many, newest first
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) last: u16,
}

#[derive(Debug, Args)]
pub(crate) struct CreateKey {
    /// What it is for
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// What it may do: viewer, planner or operator
    #[arg(long, value_name = "RIGHT", default_value = "viewer", value_parser = right())]
    pub(crate) right: domain::identity::Right,
    /// Only with the boxes of this area; may be repeated [default: all]
    #[arg(long = "area", value_name = "AREA")]
    pub(crate) areas: Vec<String>,
    /// For how many days
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=400))]
    pub(crate) days: i64,
}

/// The rights that a key can have, so that the help lists them.
fn right() -> impl clap::builder::TypedValueParser<Value = domain::identity::Right> {
    PossibleValuesParser::new(["viewer", "planner", "operator"])
        .try_map(|word| word.parse::<domain::identity::Right>().map_err(|error| error.to_string()))
}

#[derive(Debug, Args)]
pub(crate) struct RevokeKey {
    /// Its number, as `gridspark keys` has it
    #[arg(long, value_name = "NUMBER")]
    pub(crate) id: i64,
}

#[derive(Debug, Args)]
pub(crate) struct EndSessions {
    /// The person, as `gridspark sessions` has them
    #[arg(long, value_name = "NAME")]
    pub(crate) person: String,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// How many entries, newest first
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) last: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The address and port that a server with these settings listens on
    #[arg(long, default_value = "127.0.0.1:8000", value_name = "ADDRESS", env = "GRIDSPARK_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// The folder with the built pages
    #[arg(long, default_value = "site", value_name = "FOLDER", env = "GRIDSPARK_SITE")]
    pub(crate) site: PathBuf,
    /// Send every webhook a test message
    #[arg(long)]
    pub(crate) notify: bool,
    /// Skip the source, which a dashboard doesn't need to start
    #[arg(long)]
    pub(crate) without_source: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Health {
    /// The address and port that the server listens on
    #[arg(long, default_value = "127.0.0.1:8000", value_name = "ADDRESS", env = "GRIDSPARK_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// Also ask whether it is ready, that is, reaches its database
    #[arg(long)]
    pub(crate) ready: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Worker {
    /// End once no run is planned, instead of waiting for the next one
    #[arg(long)]
    pub(crate) once: bool,
    /// Address and port of /metrics, /healthz and /readyz [default: none]
    #[arg(long, value_name = "ADDRESS", env = "GRIDSPARK_WORKER_LISTEN")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// CSV with the columns date and value, one row per week; an empty value is an unobserved week
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) history: PathBuf,
    /// Capacity of the transformer in kVA, for overload probabilities
    #[arg(long, value_name = "KVA")]
    pub(crate) capacity: Option<f64>,
    /// The model
    #[arg(long, default_value_t, value_name = "NAME")]
    pub(crate) model: ModelName,
    /// Future weeks
    #[arg(long, default_value_t = 27, value_name = "WEEKS", value_parser = clap::value_parser!(u16).range(1..=520))]
    pub(crate) horizon: u16,
}

#[derive(Debug, Args)]
pub(crate) struct Backtest {
    /// Weekly extremes in Parquet: boxid, date (or year and week), min, max, n [default: those of
    /// the database]
    #[arg(long, value_name = "FILE.parquet")]
    pub(crate) extremes: Option<PathBuf>,
    /// Capacities in CSV: boxid, capacity_kva
    #[arg(long, value_name = "FILE.csv", requires = "extremes")]
    pub(crate) capacities: Option<PathBuf>,
    /// Several data sets, each with its files and origins
    #[arg(long, value_name = "FILE.toml", conflicts_with_all = ["extremes", "until", "origins", "train_weeks"])]
    pub(crate) plan: Option<PathBuf>,
    /// The Monday of an origin's last hold-out week; may be repeated
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "origins")]
    pub(crate) until: Vec<NaiveDate>,
    /// Without --until: the number of origins, half a year apart, back from the last week
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=104))]
    pub(crate) origins: u16,
    /// Weeks of each hold-out
    #[arg(long, default_value_t = 26, value_name = "WEEKS", value_parser = clap::value_parser!(u16).range(1..=104))]
    pub(crate) horizon: u16,
    /// Weeks before the hold-out that a model may see [default: all]
    #[arg(long, value_name = "WEEKS", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) train_weeks: Option<u16>,
    /// Show a model only this many of the last observed weeks, to score forecasts of short
    /// histories
    #[arg(long, value_name = "WEEKS", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) keep_last: Option<u16>,
    /// The model; may be repeated, the first is the one reported on [default: all]
    #[arg(long = "model", value_name = "NAME", value_parser = known_model())]
    pub(crate) models: Vec<backtest::ModelName>,
    /// The share of the capacity at which a box counts as overloaded [default: the configuration's]
    #[arg(long, value_name = "SHARE")]
    pub(crate) threshold: Option<f64>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Leave out the switchings found in the training weeks of gridspark [default: as configured
    /// for the database, not for files]
    #[arg(long)]
    pub(crate) leave_out_switchings: bool,
    /// With --json: also the scores of each series
    #[arg(long)]
    pub(crate) each_series: bool,
    /// Store the result in the database, for the dashboard
    #[arg(long)]
    pub(crate) store: bool,
}

/// The models by name, so that the help lists them.
fn known_model() -> impl clap::builder::TypedValueParser<Value = backtest::ModelName> {
    let names = backtest::ModelName::ALL.map(backtest::ModelName::as_str);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<backtest::ModelName>())
}

#[derive(Debug, Args)]
pub(crate) struct ModelCard {
    /// The output of `backtest --json` or `model-card --keep`; the main one first, then short
    /// histories, other thresholds
    #[arg(long, value_name = "RESULT.json", num_args = 1.., required = true)]
    pub(crate) from: Vec<PathBuf>,
    /// The page; its figures are written beside it
    #[arg(long, value_name = "FILE.md")]
    pub(crate) out: PathBuf,
    /// Store the input of the card in one file
    #[arg(long, value_name = "FILE.json")]
    pub(crate) keep: Option<PathBuf>,
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
    /// Only this phase; may be repeated [default: all four]
    #[arg(long = "phase", value_name = "PHASE")]
    pub(crate) phases: Vec<model::Phase>,
    /// Write weekly extremes instead of readings, for load tests; fastest with exponential growth
    #[arg(long)]
    pub(crate) weekly: bool,
    /// How solar power, vehicles and heat pumps grow: by many laws at a share of the boxes, or at
    /// all of them by constant rates
    #[arg(long, value_enum, default_value_t)]
    pub(crate) growth: GrowthKind,
    /// Share of the boxes that grow in a mixed network, 0 to 1 [default: 0.5]
    #[arg(long, value_name = "SHARE")]
    pub(crate) growing_share: Option<simulation::GrowingShare>,
}

/// The laws of growth that `simulate` knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum GrowthKind {
    /// Linear, exponential and saturating growth, stops, late starts, large installations;
    /// batteries and limits to feed-in
    #[default]
    Mixed,
    /// Constant rates at every box
    Exponential,
}

#[derive(Debug, Args)]
pub(crate) struct Reference {
    /// Which part
    #[arg(value_name = "PART")]
    pub(crate) page: crate::reference::Page,
}
