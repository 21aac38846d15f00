//! Tables of Snowflake, aggregated by the warehouse that holds them.
//!
//! Statements go to the SQL API; readings never travel, only the tallies of weeks, part by part. A statement that nobody
//! waits for any more is cancelled, and ends by itself after the configured time.

mod answer;
mod boxes;
mod client;
mod failure;
mod group_row;
mod proof;
mod regular_weeks;
mod running;
mod statement;
mod table;

pub(crate) use running::all_cancelled;

use std::sync::Arc;

use domain::scan::ScannedWeeks;
use model::IsoWeek;

use super::groups::{Groups, odd};
use super::judgement::{after_calendar, after_latest, latest};
use super::{Answer, BoxesTold, Place, Portions, Scope, Source, SourceError, WeeksTold};
use crate::configuration::source::{BOX_COLUMNS, MEASUREMENT_COLUMNS, SnowflakeSettings};
use crate::credentials::SourceCredentials;
use answer::{ResultSet, Row};
use client::Client;
use failure::{Access, Failure};
use proof::Proof;
use statement::Asked;
use table::{Table, Wanted};

/// Boxes that one statement may be asked for by name.
const MOST_BOXES: usize = 10_000;

/// A reached account whose tables have been looked at.
pub struct SnowflakeSource {
    client: Arc<Client>,
    place: String,
    measurements: Table,
    boxes: Option<Table>,
}

impl SnowflakeSource {
    /// Reaches the account, and looks at tables, columns and rights.
    ///
    /// # Errors
    /// [`SourceError`]: a missing setting, an unreachable account, a key it doesn't know, no such role, warehouse, table
    /// or column, or no right to read.
    pub async fn open(
        settings: &SnowflakeSettings,
        credentials: &SourceCredentials,
    ) -> Result<Self, SourceError> {
        let needed =
            |value: &Option<String>, setting| value.clone().ok_or(SourceError::MissingSetting(setting));
        let account = needed(&settings.account, "[source.snowflake] account = \"ORGANISATION-ACCOUNT\"")?;
        let user = needed(&settings.user, "[source.snowflake] user")?;
        let database = needed(&settings.database, "[source.snowflake] database")?;
        let address = settings.address().unwrap_or_default();
        let proof = Proof::of(settings, credentials, &account, &user)?;
        let access = Access {
            place: address.clone(),
            user,
            role: settings.role.clone(),
            warehouse: settings.warehouse.clone(),
            database,
            schema: settings.schema.clone(),
        };
        let place = format!("{}.{} at {address}", access.database, access.schema);
        let mut client = Client::new(address, proof, access, settings.statement_timeout_seconds)?;
        let readings = Wanted {
            names: &settings.measurement_columns,
            words: &MEASUREMENT_COLUMNS,
            optional: &[],
            setting: "[source.snowflake] measurements",
            section: "source.snowflake.measurement_columns",
        };
        let metadata = Wanted {
            names: &settings.box_columns,
            words: &BOX_COLUMNS,
            optional: &BOX_COLUMNS[2..],
            setting: "[source.snowflake] boxes",
            section: "source.snowflake.box_columns",
        };
        client.reach().await?;
        let client = Arc::new(client);
        let measurements = readings.at(&client, &settings.measurements).await?;
        let boxes = match &settings.boxes {
            Some(name) => Some(metadata.at(&client, name).await?),
            None => None,
        };
        Ok(Self { client, place, measurements, boxes })
    }

    async fn aggregate(&self, scope: &Scope, portions: Portions) -> Result<WeeksTold, SourceError> {
        let (first, from) = match scope.scanned {
            ScannedWeeks::From(week) => (week, Some(scope.calendar.start_of(week)?)),
            ScannedWeeks::Everything => (IsoWeek::from_index(0), None),
        };
        let last = scope.calendar.week_of(latest(scope.now))?.max(first);
        let names: Option<Vec<String>> =
            scope.boxes.as_ref().map(|boxes| boxes.iter().map(|box_id| box_id.as_str().to_owned()).collect());
        let names = names.filter(|names| names.len() <= MOST_BOXES);
        let statement = statement::weeks(
            &self.measurements,
            &Asked {
                starts: scope.calendar.starts_between(first, last)?,
                from,
                after_latest: after_latest(scope.now),
                after_calendar: after_calendar(&scope.calendar),
                boxes: names.as_ref().map(Vec::len),
            },
        );
        let mut groups = Groups::new(Place::Table(self.measurements.name.to_string()));
        let mut parts = Parts::of(&self.client, &statement, &names.unwrap_or_default()).await?;
        while let Some(rows) = parts.next().await? {
            for row in rows {
                let group = group_row::group(row, &scope.calendar)?;
                if let Some(portion) = groups.take(group)? {
                    portions.send(portion).await.map_err(|_| SourceError::NotTaken)?;
                }
            }
        }
        let (portion, told) = groups.finish();
        if !portion.tallies.is_empty() {
            portions.send(portion).await.map_err(|_| SourceError::NotTaken)?;
        }
        Ok(told)
    }
}

impl Source for SnowflakeSource {
    fn description(&self) -> String {
        format!("{} of {}, readable", self.measurements.name, self.place)
    }

    fn name(&self) -> Option<String> {
        Some(format!("snowflake {} {}", self.place, self.measurements.name))
    }

    fn boxes(&mut self) -> Answer<'_, BoxesTold> {
        Box::pin(async {
            match &self.boxes {
                Some(table) => boxes::read(&self.client, table).await,
                None => Ok(BoxesTold::default()),
            }
        })
    }

    fn weeks<'a>(&'a mut self, scope: &'a Scope, portions: Portions) -> Answer<'a, WeeksTold> {
        Box::pin(self.aggregate(scope, portions))
    }
}

/// The parts of a result, in order; all of them, or an error.
struct Parts<'a> {
    client: &'a Client,
    handle: String,
    first: Option<Vec<Row>>,
    /// The number of rows in each.
    rows: Vec<u64>,
    next: usize,
}

impl<'a> Parts<'a> {
    /// Runs a statement to its end.
    async fn of(client: &'a Arc<Client>, statement: &str, texts: &[String]) -> Result<Self, SourceError> {
        let (result, _) =
            running::run(client, statement, texts).await.map_err(|failure| client.told(failure))?;
        let ResultSet { statement_handle: handle, data, result_set_meta_data } = result;
        let Some(told) = result_set_meta_data else { return Err(odd("a result without a description")) };
        let mut rows: Vec<u64> = told.partition_info.iter().map(|part| part.row_count).collect();
        if rows.is_empty() {
            rows.push(told.num_rows);
        }
        if rows.iter().sum::<u64>() != told.num_rows {
            return Err(odd("parts that are not the whole"));
        }
        Ok(Self { client, handle, first: Some(data), rows, next: 0 })
    }

    /// The rows of the next part; nothing after the last.
    async fn next(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        let Some(&wanted) = self.rows.get(self.next) else { return Ok(None) };
        let rows = match self.first.take() {
            Some(rows) => rows,
            None => {
                let part = self.client.part(&self.handle, self.next).await;
                part.map_err(|failure| self.told(failure))?.data
            }
        };
        if rows.len() as u64 != wanted {
            return Err(odd("a part that lacks rows"));
        }
        self.next += 1;
        Ok(Some(rows))
    }

    /// In the middle of a result nothing is the fault of a setting.
    fn told(&self, failure: Failure) -> SourceError {
        match failure {
            Failure::Unreachable(reason) | Failure::NoAccount(reason) => SourceError::Lost { reason },
            other => self.client.told(other),
        }
    }
}
