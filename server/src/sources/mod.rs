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
use model::{BoxId, IsoWeek};
use readings::{BoxMetadata, Calendar, TallyRecord};
use tokio::sync::mpsc;

use crate::configuration::source::{SourceKind, SourceSettings};
use crate::store::{Reach, Scanned};

pub use error::SourceError;
pub use files::FilesSource;
pub(crate) use files::read_box_file;
pub use postgres::PostgresSource;
pub use report::{PartReport, Place, Refused};
pub use snowflake::SnowflakeSource;
pub(crate) use snowflake::all_cancelled;

/// Tallies in one portion, about: what is landed with one round of queries.
pub(crate) const PORTION: usize = 4_000;

/// What a source answers, once it has been asked.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send + 'a>>;

/// Where a source hands its tallies over. It fills up where the store is slower than the source.
pub type Portions = mpsc::Sender<Vec<TallyRecord>>;

/// A place that holds readings, and perhaps metadata.
pub trait Source: Send {
    /// What it is, for people; without a secret.
    fn description(&self) -> String;

    /// What it is and where, the same whoever asks: the store keeps by this name how far it has told its readings. None
    /// of one that always tells everything.
    fn name(&self) -> Option<String>;

    /// How what it tells of a week relates to what is stored of it.
    fn landing(&self) -> Landing;

    /// The metadata of all boxes.
    fn boxes(&mut self) -> Answer<'_, BoxesTold>;

    /// Hands over the tallies of the weeks in scope. A source that [replaces](Landing::Replace) hands over all tallies
    /// of a box in one portion.
    fn weeks<'a>(&'a mut self, scope: &'a Scope, portions: Portions) -> Answer<'a, WeeksTold>;
}

/// How what a source tells of a week relates to what is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// It may be a part of the week, to be merged with the others.
    Merge,
    /// It is all there is: it takes the stored week's place.
    Replace,
}

/// Which readings a source is asked for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The weeks of local time.
    pub calendar: Calendar,
    /// The present: readings from more than a day after it are refused.
    pub now: DateTime<Utc>,
    /// The weeks. A source that merges may tell earlier ones as well.
    pub scanned: Scanned,
    /// The name of the source, and how far it and the store reached when this was decided; none of a source that always
    /// tells everything.
    pub reached: Option<(String, Reach)>,
    /// Only these boxes.
    pub boxes: Option<BTreeSet<BoxId>>,
}

impl Scope {
    /// The last week that the source told something of when it was asked before.
    ///
    /// # Errors
    /// [`readings::OutOfCalendar`] where the store holds a time that lies outside of the calendar.
    pub fn told_to(&self) -> Result<Option<IsoWeek>, readings::OutOfCalendar> {
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
#[derive(Debug, Default)]
pub struct WeeksTold {
    /// One report for each table or file.
    pub reports: Vec<PartReport>,
    /// The newest reading that counts.
    pub newest: Option<DateTime<Utc>>,
}

/// The configured source, reached and looked at: its tables, columns and rights are as they should be.
///
/// # Errors
/// [`SourceError`], each with the remedy.
pub async fn open(settings: Option<&SourceSettings>) -> Result<Box<dyn Source>, SourceError> {
    let settings = settings.ok_or(SourceError::Unconfigured)?;
    Ok(match settings.kind {
        SourceKind::Postgres => Box::new(PostgresSource::open(&settings.postgres).await?),
        SourceKind::Snowflake => Box::new(SnowflakeSource::open(&settings.snowflake).await?),
        SourceKind::Files => Box::new(FilesSource::open(&settings.files)?),
    })
}
