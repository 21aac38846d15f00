//! How the store stands, as gauges.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;
use domain::overview::Overview;
use domain::runs::{ExtremeGrowth, GrowthFacts};
use model::Extreme;
use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use store::{NoticeCounts, Store, StoreError};

/// What the gauges show of the store; alike on every server that shares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoreState {
    pub(crate) fleet: Overview,
    pub(crate) open_boxes: i64,
    pub(crate) notices: NoticeCounts,
    pub(crate) growth: Option<GrowthFacts>,
}

impl StoreState {
    /// Reads it.
    ///
    /// # Errors
    /// [`StoreError`] where the store can't be queried.
    pub(crate) async fn of(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            fleet: store.overview().await?,
            open_boxes: store.open_boxes().await?,
            notices: store.notice_counts(Utc::now()).await?,
            growth: store.newest_growth().await?,
        })
    }

    fn by_urgency(&self) -> [(&'static str, u32); 6] {
        let fleet = &self.fleet;
        [
            ("exceeded", fleet.exceeded),
            ("overload", fleet.overloaded),
            ("near", fleet.near),
            ("ample", fleet.ample),
            ("no-forecast", fleet.no_forecast),
            ("unmeasured", fleet.unmeasured),
        ]
    }

    fn measured_age_seconds(&self) -> f64 {
        let end = self.fleet.measured_to.and_then(|week| week.plus(1).monday().and_hms_opt(0, 0, 0));
        end.map_or(-1.0, |end| (Utc::now() - end.and_utc()).num_seconds() as f64)
    }

    fn forecast_age_seconds(&self) -> f64 {
        self.fleet.forecast_at.map_or(-1.0, |at| (Utc::now() - at).num_seconds() as f64)
    }

    fn of_growth(&self, figure: impl Fn(&ExtremeGrowth) -> Option<f64>) -> Vec<(&'static str, f64)> {
        let Some(growth) = &self.growth else { return Vec::new() };
        let of = |extreme: Extreme| Some((extreme.as_str(), figure(growth.of(extreme))?));
        Extreme::ALL.into_iter().filter_map(of).collect()
    }
}

/// The gauges of the store. They show nothing before the store was looked into.
pub(super) struct StoreGauges(Arc<Mutex<Option<StoreState>>>);

impl StoreGauges {
    /// Describes them.
    pub(super) fn new(meter: &Meter) -> Self {
        let gauges = Self(Arc::default());
        let one = |name, unit, help, figure: fn(&StoreState) -> f64| {
            gauges.observed(meter, name, unit, help, move |state| vec![(None, figure(state))]);
        };
        let labelled =
            |name, help, label: &'static str, figures: fn(&StoreState) -> Vec<(&'static str, f64)>| {
                gauges.observed(meter, name, "", help, move |state| {
                    figures(state)
                        .into_iter()
                        .map(|(value, figure)| (Some(KeyValue::new(label, value)), figure))
                        .collect()
                });
            };
        one(
            "gridspark_undelivered_notices",
            "",
            "Notices still to be delivered, counted for each webhook",
            |state| state.notices.undelivered as f64,
        );
        one(
            "gridspark_given_up_notices",
            "",
            "Notices whose delivery was given up within the last week",
            |state| state.notices.given_up as f64,
        );
        one("gridspark_open_boxes", "", "Boxes that the run under way still has to assess", |state| {
            state.open_boxes as f64
        });
        one(
            "gridspark_measured_age",
            "s",
            "Time since the end of the last complete week of readings; -1 without readings",
            StoreState::measured_age_seconds,
        );
        one(
            "gridspark_forecast_age",
            "s",
            "Time since the last run was finished; -1 without one",
            StoreState::forecast_age_seconds,
        );
        labelled("gridspark_boxes", "Boxes in the store by urgency", "urgency", |state| {
            state.by_urgency().map(|(urgency, count)| (urgency, f64::from(count))).to_vec()
        });
        labelled(
            "gridspark_growth_weight",
            "How far forecasts take growth into account, from 0 to 1, by the newest run that is done",
            "extreme",
            |state| state.of_growth(|learned| Some(learned.weight)),
        );
        labelled(
            "gridspark_growth_realised",
            "Realised over forecast growth in the half-years held out; missing if none was verified",
            "extreme",
            |state| state.of_growth(ExtremeGrowth::realised),
        );
        labelled(
            "gridspark_future_noise",
            "The variance of the noise of the coming months over that of the past, by the newest run that is done",
            "extreme",
            |state| state.of_growth(|learned| Some(learned.future_noise)),
        );
        gauges
    }

    /// Shows the store as it stands now.
    pub(super) fn show(&self, state: StoreState) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }

    fn observed(
        &self,
        meter: &Meter,
        name: &'static str,
        unit: &'static str,
        help: &'static str,
        figures: impl Fn(&StoreState) -> Vec<(Option<KeyValue>, f64)> + Send + Sync + 'static,
    ) {
        let state = Arc::clone(&self.0);
        let gauge = meter.f64_observable_gauge(name).with_description(help).with_unit(unit);
        gauge
            .with_callback(move |observer| {
                let state = state.lock().unwrap_or_else(PoisonError::into_inner);
                for (label, figure) in state.as_ref().map(&figures).unwrap_or_default() {
                    observer.observe(figure, label.as_slice());
                }
            })
            .build();
    }
}
