//! Where readings and metadata come from by themselves: one trait, one file for each kind of engine.
//!
//! A source condenses readings to the tallies of weeks where they lie, as far as its engine can, and hands them over
//! in portions. It never writes, and it knows nothing of the store: [`extremes`](crate::extremes) lands what it tells.

mod error;
mod files;
mod groups;
mod judgement;
mod postgres;
mod report;
mod snowflake;

use std::collections::BTreeSet;
use std::pin::Pin;

use chrono::{DateTime, Utc};
use domain::box_metadata::BoxMetadata;
use domain::calendar::Calendar;
use domain::scan::{ScannedWeeks, Watermarks};
use domain::tally::TallyRecord;
use model::{BoxId, IsoWeek};
use tokio::sync::mpsc;

use crate::configuration::Configuration;
use crate::configuration::source::{SourceKind, SourceSettings};
use crate::credentials::{Credentials, SourceCredentials};

pub use error::SourceError;
pub use files::FilesSource;
pub(crate) use files::{read_box_file, unread_sentence};
pub use postgres::PostgresSource;
pub use report::{PartReport, Place, Refused};
pub use snowflake::SnowflakeSource;
pub(crate) use snowflake::all_cancelled;

/// Tallies in one portion, about: what is landed with one round of queries.
pub(crate) const PORTION: usize = 4_000;

/// What a source answers, once it has been asked.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send + 'a>>;

/// Where a source hands its tallies over. It fills up where the store is slower than the source.
pub type Portions = mpsc::Sender<Portion>;

/// A place that holds readings, and perhaps metadata.
pub trait Source: Send {
    /// What it is, for people; without a secret.
    fn description(&self) -> String;

    /// What it is and where, the same whoever asks: the store keeps by this name how far it has told its readings. None
    /// of one that always tells everything.
    fn name(&self) -> Option<String>;

    /// The metadata of all boxes.
    fn boxes(&mut self) -> Answer<'_, BoxesTold>;

    /// Hands over the tallies of the weeks in scope, all in the same way. Unless it only [merges](Landing::Merge) it hands
    /// over all tallies of a box in one portion.
    fn weeks<'a>(&'a mut self, scope: &'a Scope, portions: Portions) -> Answer<'a, WeeksTold>;
}

/// How what a source tells of a week relates to what is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// It may be a part of the week, to be merged with the others: nothing is taken away, and the source is asked for the
    /// same weeks again.
    Merge,
    /// It is all there is: it takes the stored week's place.
    Replace,
    /// The source begins within this week. It is merged, as its first days may be missing, those before it stay, and
    /// what is told of the later ones takes the stored weeks' place.
    ReplaceAfter(IsoWeek),
}

impl Landing {
    /// Whether what is told of a week is merged with what is stored of it.
    pub(crate) fn merges(self, week: IsoWeek) -> bool {
        match self {
            Self::Merge => true,
            Self::Replace => false,
            Self::ReplaceAfter(begun) => week <= begun,
        }
    }

    /// The weeks that what is told takes the place of; none where it is only merged.
    pub(crate) fn replaced(self, scanned: ScannedWeeks) -> Option<ScannedWeeks> {
        match (self, scanned) {
            (Self::Merge, _) => None,
            (Self::ReplaceAfter(begun), ScannedWeeks::From(week)) => {
                Some(ScannedWeeks::From(week.max(begun.plus(1))))
            }
            (Self::Replace | Self::ReplaceAfter(_), scanned) => Some(scanned),
        }
    }
}

/// Tallies that are handed over together.
#[derive(Debug)]
pub struct Portion {
    /// How they relate to what is stored.
    pub landing: Landing,
    /// The tallies, each box, phase and week once.
    pub tallies: Vec<TallyRecord>,
}

/// Which readings a source is asked for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The weeks of local time.
    pub calendar: Calendar,
    /// The present: readings from more than a day after it are refused.
    pub now: DateTime<Utc>,
    /// The weeks.
    pub scanned: ScannedWeeks,
    /// The name of the source, and how far it and the store reached when this was decided; none of a source that always
    /// tells everything.
    pub reached: Option<(String, Watermarks)>,
    /// Only these boxes.
    pub boxes: Option<BTreeSet<BoxId>>,
}

impl Scope {
    /// The last week that the source told something of when it was asked before.
    ///
    /// # Errors
    /// [`domain::calendar::OutOfCalendar`] where the store holds a time that lies outside of the calendar.
    pub fn told_to(&self) -> Result<Option<IsoWeek>, domain::calendar::OutOfCalendar> {
        let newest = self.reached.as_ref().and_then(|(_, reach)| reach.source);
        newest.map(|newest| self.calendar.week_of(newest)).transpose()
    }

    /// Whether the weeks of a box are asked for.
    pub fn wants(&self, box_id: &BoxId) -> bool {
        self.boxes.as_ref().is_none_or(|boxes| boxes.contains(box_id))
    }
}

/// What a source tells of the boxes.
#[derive(Debug, Default)]
pub struct BoxesTold {
    /// Each box once.
    pub boxes: Vec<BoxMetadata>,
    /// What was read; none where the source has no metadata.
    pub report: Option<PartReport>,
}

/// What is to be said of weeks that were handed over.
#[derive(Debug)]
pub struct WeeksTold {
    /// One report for each table or file.
    pub reports: Vec<PartReport>,
    /// The newest reading that counts.
    pub newest: Option<DateTime<Utc>>,
    /// How all of it relates to what is stored.
    pub landing: Landing,
}

/// A source as it is configured, and what it is reached with.
#[derive(Debug, Clone)]
pub struct ConfiguredSource {
    /// Its settings.
    pub settings: SourceSettings,
    /// What it is reached with.
    pub credentials: SourceCredentials,
}

impl ConfiguredSource {
    /// The source that is configured; none where none is.
    pub fn of(configuration: &Configuration, credentials: &Credentials) -> Option<Self> {
        let settings = configuration.source.clone()?;
        Some(Self { settings, credentials: credentials.source.clone() })
    }

    /// The source, reached and looked at: its tables, columns and rights are as they should be.
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
