//! One box: its row, valid forecasts and weeks, each by an index.

use chrono::{DateTime, Utc};
use domain::actions::Action;
use domain::box_detail::{ExtremeForecast, ForecastBasis, Peers, Provenance, SpecialWeeks, Station};
use domain::identity::Scope;
use domain::implausible::ImplausibleReadings;
use domain::proposals::AcceptedProposals;
use model::{BoxId, Exceedance, Flag, Overload, WeekExtremes};

use super::actions::actions_by_key;
use super::assessments::{extreme_from_code, flags_from_text, urgency_from_code};
use super::bands::{EncodedForecast, from_json};
use super::decisions::decisions_by_key;
use super::extremes::series_by_key;
use super::implausible::MaybeImplausible;
use super::overview::running_week;
use super::peers::peers_of;
use super::proposals::accepted_by_key;
use super::{PosteriorSummary, Store, StoreError, scoped, within};

/// A box as the store knows it.
#[derive(Debug, Clone)]
pub struct StoredBox {
    /// The identifier.
    pub box_id: BoxId,
    /// Rank by urgency.
    pub rank: u32,
    /// The class.
    pub urgency: domain::urgency::Urgency,
    /// The station.
    pub station: Station,
    /// Nominal capacity in kVA.
    pub capacity_kva: Option<f64>,
    /// The newest assessment.
    pub assessment: Option<model::Assessment>,
    /// The capacity at which its chance of an overload is the risk, kVA; nothing where it is no more already.
    pub needed_kva: Option<f64>,
    /// What was measured beyond the limit in the last weeks.
    pub exceedance: Option<Exceedance>,
    /// What is known of boxes like it, where the box itself is not measured.
    pub peers: Option<Peers>,
    /// What a planner should know.
    pub flags: Vec<Flag>,
    /// Readings that were not counted, as they lie beyond five times the capacity.
    pub implausible: Option<ImplausibleReadings>,
    /// Weeks that came in as their extremes, without readings.
    pub imported_weeks: u32,
    /// Idle weeks at the start, which are left out of the fit.
    pub idle_weeks: u32,
    /// The weekly minimum's forecast.
    pub minimum: Option<ExtremeForecast>,
    /// The weekly maximum's forecast.
    pub maximum: Option<ExtremeForecast>,
    /// Where the forecasts come from.
    pub provenance: Option<Provenance>,
    /// Its complete weeks.
    pub weeks: Vec<WeekExtremes>,
    /// Weeks that are treated specially in the fit.
    pub special_weeks: SpecialWeeks,
    /// What planners recorded of it, the newest first.
    pub actions: Vec<Action>,
    /// What its forecasts count on.
    pub accepted: AcceptedProposals,
}

#[derive(sqlx::FromRow)]
struct BoxRow {
    box_key: i64,
    box_id: String,
    station_number: String,
    station_name: String,
    station_function: String,
    area: String,
    region: String,
    street: String,
    house_number: String,
    postcode: String,
    town: String,
    municipality: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    tap_position: String,
    capacity_kva: Option<f64>,
    urgency: i32,
    urgency_rank: i32,
    assessment: Option<String>,
    needed_kva: Option<f64>,
    flags: String,
    idle_weeks: i32,
    findings: Option<String>,
    exceedance: Option<String>,
    imported_weeks: i64,
    #[sqlx(flatten)]
    implausible: MaybeImplausible,
}

#[derive(sqlx::FromRow)]
struct ForecastRow {
    extreme: i32,
    #[sqlx(flatten)]
    encoded: EncodedForecast,
    posterior: String,
    overload: Option<String>,
    run_id: i64,
    processed_on: DateTime<Utc>,
    model: String,
    model_version: String,
    code_version: String,
}

impl BoxRow {
    fn into_stored(self) -> Result<StoredBox, StoreError> {
        let assessment = self.assessment.as_deref().map(from_json).transpose()?;
        Ok(StoredBox {
            box_id: BoxId::new(&self.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            rank: u32::try_from(self.urgency_rank).unwrap_or(u32::MAX),
            urgency: urgency_from_code(self.urgency),
            capacity_kva: self.capacity_kva,
            assessment,
            needed_kva: self.needed_kva,
            exceedance: self.exceedance.as_deref().map(from_json).transpose()?,
            peers: None,
            flags: flags_from_text(&self.flags),
            implausible: self.implausible.readings(),
            imported_weeks: super::overview::count(self.imported_weeks),
            idle_weeks: u32::try_from(self.idle_weeks).unwrap_or(0),
            station: Station {
                number: self.station_number,
                name: self.station_name,
                function: self.station_function,
                area: self.area,
                region: self.region,
                street: self.street,
                house_number: self.house_number,
                postcode: self.postcode,
                town: self.town,
                municipality: self.municipality,
                latitude: self.latitude,
                longitude: self.longitude,
                tap_position: self.tap_position,
            },
            minimum: None,
            maximum: None,
            provenance: None,
            weeks: Vec::new(),
            special_weeks: SpecialWeeks {
                findings: self.findings.as_deref().map(from_json).transpose()?.unwrap_or_default(),
                ..SpecialWeeks::default()
            },
            actions: Vec::new(),
            accepted: AcceptedProposals::default(),
        })
    }
}

impl ForecastRow {
    fn provenance(&self) -> Provenance {
        Provenance {
            run: self.run_id,
            model: self.model.clone(),
            model_version: self.model_version.clone(),
            code_version: self.code_version.clone(),
            processed_on: self.processed_on,
        }
    }

    fn into_extreme(
        self,
        (forecast_basis, added_kw): (Option<ForecastBasis>, Vec<f64>),
    ) -> Result<ExtremeForecast, StoreError> {
        let overload: Option<Overload> = self.overload.as_deref().map(from_json).transpose()?;
        Ok(ExtremeForecast { forecast: self.encoded.decode()?, overload, forecast_basis, added_kw })
    }
}

impl Store {
    /// One box with its valid forecasts, or `None` if there is no such box.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn stored_box(&self, box_id: &BoxId) -> Result<Option<StoredBox>, StoreError> {
        self.stored_box_within(&Scope::All, box_id).await
    }

    /// The same within a scope.
    pub(super) async fn stored_box_within(
        &self,
        scope: &Scope,
        box_id: &BoxId,
    ) -> Result<Option<StoredBox>, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let mut session = self.read().await?;
        let statement = format!(
            "SELECT box_key, box_id, station_number, station_name, station_function, area, region, street, house_number, \
             postcode, town, municipality, latitude, longitude, tap_position, capacity_kva, urgency, urgency_rank, \
             assessment, needed_kva, flags, idle_weeks, findings, exceedance, \
             (SELECT count(*) FROM week_extremes w WHERE w.box_key = box.box_key AND w.phase = 0 AND w.imported) \
                 AS imported_weeks, i.first_week, i.last_week, i.min_kw, i.max_kw \
             FROM box LEFT JOIN implausible_reading i USING (box_key) WHERE box_id = $1 AND {}",
            scoped::condition(&session)
        );
        let row: Option<BoxRow> = within!(session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(box_id.as_str()).bind(kind).bind(&names).fetch_optional(connection).await?);
        let Some(row) = row else { return Ok(None) };
        let key = row.box_key;
        let forecasts: Vec<ForecastRow> = within!(session, connection => sqlx::query_as(
            "SELECT f.extreme, f.first_week, f.history, f.weeks, f.unit_kw, f.posterior, f.overload, s.observed, s.drift, s.yearly, \
             s.total, f.run_id, f.processed_on, r.model, r.model_version, r.code_version \
             FROM forecast f JOIN forecast_bands s USING (forecast_id) JOIN run r USING (run_id) \
             WHERE f.box_key = $1 AND f.is_valid")
            .bind(key).fetch_all(connection).await?);
        let running_week = running_week(&mut session).await?;
        let weeks = series_by_key(&mut session, &[key], running_week).await?.remove(&key).unwrap_or_default();
        let decisions = decisions_by_key(&mut session, &[key]).await?.remove(&key).unwrap_or_default();
        let mut stored = StoredBox { weeks, ..row.into_stored()? };
        stored.special_weeks.decisions = decisions;
        stored.accepted = accepted_by_key(&mut session, &[key]).await?.remove(&key).unwrap_or_default();
        stored.actions = actions_by_key(&mut session, key).await?;
        if stored.urgency == domain::urgency::Urgency::Unmeasured {
            stored.peers = peers_of(&mut session, stored.capacity_kva).await?;
        }
        for forecast in forecasts {
            stored.provenance = Some(forecast.provenance());
            let PosteriorSummary { forecast_basis, left_out, added_kw, .. } = from_json(&forecast.posterior)?;
            let basis = (forecast_basis, added_kw);
            stored.special_weeks.left_out = left_out;
            match extreme_from_code(forecast.extreme) {
                model::Extreme::Min => stored.minimum = Some(forecast.into_extreme(basis)?),
                model::Extreme::Max => stored.maximum = Some(forecast.into_extreme(basis)?),
            }
        }
        Ok(Some(stored))
    }
}
