//! Sources of readings and metadata: one trait, one file for each kind of engine.
//!
//! A source aggregates readings to weekly tallies in its engine where it can, and delivers them in
//! batches. It never writes and doesn't know the store: [`extremes`](crate::extremes) imports what
//! it delivers.

mod error;
mod files;
mod groups;
mod postgres;
mod report;
mod row_outcome;
mod snowflake;

use std::collections::{BTreeSet, HashMap};
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::box_metadata::BoxMetadata;
use domain::calendar::Calendar;
use domain::implausible::{BelievedPower, ImplausibleReadings};
use domain::ingest::{IngestWindow, Watermarks};
use domain::tally::TallyRecord;
use model::{BoxId, IsoWeek};
use tokio::sync::mpsc;

use crate::configuration::Configuration;
use crate::configuration::source::{MEASUREMENT_COLUMNS, SourceKind, SourceSettings};
use crate::credentials::{Credentials, SourceCredentials};

pub use error::SourceError;
pub use files::FilesSource;
pub(crate) use files::{read_box_file, unread_sentence};
pub use postgres::PostgresSource;
pub use report::{PartReport, Place, Refused};
pub use snowflake::SnowflakeSource;
pub(crate) use snowflake::all_cancelled;

/// The source system's names of channel, value and time, of which the types matter.
const CHANNEL: &str = MEASUREMENT_COLUMNS[1];
const VALUE: &str = MEASUREMENT_COLUMNS[2];
const TIME: &str = MEASUREMENT_COLUMNS[3];

/// The approximate number of tallies in a batch, imported with one round of queries.
pub(crate) const TALLIES_PER_BATCH: usize = 4_000;

/// The future of a source's answer.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send + 'a>>;

/// The channel that a source delivers batches into; it blocks while the store is slower.
pub type BatchSender = mpsc::Sender<TallyBatch>;

/// A source of readings, and perhaps of metadata.
pub trait Source: Send {
    /// A description for people, without secrets.
    fn description(&self) -> String;

    /// An identifier of kind and place, the key of its watermark in the store. `None` for a source
    /// that always delivers everything.
    fn name(&self) -> Option<String>;

    /// The metadata of all boxes.
    fn boxes(&mut self) -> Answer<'_, BoxReadOutcome>;

    /// Delivers the tallies of the weeks in scope, all in the same mode. Unless it only
    /// [merges](WriteMode::Merge), all tallies of a box are in one batch.
    fn weeks<'a>(&'a mut self, scope: &'a Scope, batches: BatchSender) -> Answer<'a, WeekReadOutcome>;
}

/// How a delivered week is written over the stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// It may be part of the week and is merged: nothing is removed, and the source is queried for
    /// the same weeks again.
    Merge,
    /// It is complete and replaces the stored week.
    Replace,
    /// The source's readings begin within this week, which is merged, as its first days may be
    /// missing. Earlier weeks stay, later ones are replaced.
    ReplaceAfter(IsoWeek),
}

impl WriteMode {
    /// Whether this week is merged with the stored one.
    pub(crate) fn merges(self, week: IsoWeek) -> bool {
        match self {
            Self::Merge => true,
            Self::Replace => false,
            Self::ReplaceAfter(begun) => week <= begun,
        }
    }

    /// The window whose stored weeks are replaced; `None` if weeks are only merged.
    pub(crate) fn replaced(self, window: IngestWindow) -> Option<IngestWindow> {
        match (self, window) {
            (Self::Merge, _) => None,
            (Self::ReplaceAfter(begun), IngestWindow::From(week)) => {
                Some(IngestWindow::From(week.max(begun.plus(1))))
            }
            (Self::Replace | Self::ReplaceAfter(_), window) => Some(window),
        }
    }
}

/// A batch of tallies.
#[derive(Debug)]
pub struct TallyBatch {
    /// How they are written.
    pub mode: WriteMode,
    /// The tallies; each box, phase and week once.
    pub tallies: Vec<TallyRecord>,
}

/// The query to a source.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The weeks of local time.
    pub calendar: Calendar,
    /// The current time: readings more than a day later are refused.
    pub now: DateTime<Utc>,
    /// The weeks to deliver.
    pub window: IngestWindow,
    /// The source's name with the watermarks when the window was chosen; `None` for a source that
    /// always delivers everything.
    pub watermarks: Option<(String, Watermarks)>,
    /// Only these boxes.
    pub boxes: Option<BTreeSet<BoxId>>,
    /// The largest power that is believed of each box.
    pub believed: Arc<BelievedPower>,
}

impl Scope {
    /// The last week that the source delivered earlier.
    ///
    /// # Errors
    /// [`domain::calendar::OutOfCalendar`] if a stored time lies outside of the calendar.
    pub fn last_delivered_week(&self) -> Result<Option<IsoWeek>, domain::calendar::OutOfCalendar> {
        let newest = self.watermarks.as_ref().and_then(|(_, reach)| reach.source);
        newest.map(|newest| self.calendar.week_of(newest)).transpose()
    }

    /// Whether a box is in scope.
    pub fn wants(&self, box_id: &BoxId) -> bool {
        self.boxes.as_ref().is_none_or(|boxes| boxes.contains(box_id))
    }
}

/// The metadata read from a source.
#[derive(Debug, Default)]
pub struct BoxReadOutcome {
    /// Each box once.
    pub boxes: Vec<BoxMetadata>,
    /// The report; `None` if the source has no metadata.
    pub report: Option<PartReport>,
}

/// The outcome of delivering weeks.
#[derive(Debug)]
pub struct WeekReadOutcome {
    /// One report for each table or file.
    pub reports: Vec<PartReport>,
    /// The newest accepted reading.
    pub newest: Option<DateTime<Utc>>,
    /// How all of it is written.
    pub mode: WriteMode,
    /// Readings that weren't counted, of each box that has some.
    pub implausible: HashMap<BoxId, ImplausibleReadings>,
}

/// A configured source with its credentials.
#[derive(Debug, Clone)]
pub struct ConfiguredSource {
    /// Its settings.
    pub settings: SourceSettings,
    /// Its credentials.
    pub credentials: SourceCredentials,
}

impl ConfiguredSource {
    /// The configured source, if any.
    pub fn of(configuration: &Configuration, credentials: &Credentials) -> Option<Self> {
        let settings = configuration.source.clone()?;
        Some(Self { settings, credentials: credentials.source.clone() })
    }

    /// Opens the source and checks its tables, columns and privileges.
    ///
    /// # Errors
    /// [`SourceError`], each with the remedy.
    pub async fn open(&self) -> Result<Box<dyn Source>, SourceError> {
        let Self { settings, credentials } = self;
        Ok(match settings.kind {
            SourceKind::Postgres => {
                Box::new(PostgresSource::open(&settings.postgres, credentials.postgres.as_ref()).await?)
            }
            SourceKind::Snowflake => Box::new(SnowflakeSource::open(&settings.snowflake, credentials).await?),
            SourceKind::Files => Box::new(FilesSource::open(&settings.files)?),
        })
    }
}
