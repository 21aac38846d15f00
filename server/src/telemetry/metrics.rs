//! Metrics for Prometheus, in the OpenMetrics text format.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use chrono::Utc;
use domain::overview::Overview;
use domain::runs::{ExtremeGrowth, GrowthFacts};
use model::Extreme;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use store::NoticeCounts;

/// Bucket bounds of response times, seconds.
const ANSWER_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// The labels of a request: by route rather than by path, as there are as many paths as boxes.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Class {
    urgency: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfExtreme {
    extreme: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct NoticeAttempt {
    webhook: String,
    outcome: &'static str,
}

#[derive(Clone)]
struct AnswerTimes;

impl MetricConstructor<Histogram> for AnswerTimes {
    fn new_metric(&self) -> Histogram {
        Histogram::new(ANSWER_SECONDS)
    }
}

type Number = Gauge<f64, AtomicU64>;

/// The metrics of this process. Cheap to clone: clones share the metrics.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Request, Counter>,
    answer_seconds: Family<Route, Histogram, AnswerTimes>,
    boxes_assessed: Counter,
    runs_begun: Counter,
    run_failures: Counter,
    notice_attempts: Family<NoticeAttempt, Counter>,
    undelivered_notices: Gauge,
    given_up_notices: Gauge,
    boxes: Family<Class, Gauge>,
    open_boxes: Gauge,
    measured_age: Number,
    forecast_age: Number,
    growth_weight: Family<OfExtreme, Number>,
    growth_realised: Family<OfExtreme, Number>,
    future_noise: Family<OfExtreme, Number>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gridspark");
        let metrics = Self {
            registry: Arc::default(),
            requests: Family::default(),
            answer_seconds: Family::new_with_constructor(AnswerTimes),
            boxes_assessed: Counter::default(),
            runs_begun: Counter::default(),
            run_failures: Counter::default(),
            notice_attempts: Family::default(),
            undelivered_notices: Gauge::default(),
            given_up_notices: Gauge::default(),
            boxes: Family::default(),
            open_boxes: Gauge::default(),
            measured_age: Number::default(),
            forecast_age: Number::default(),
            growth_weight: Family::default(),
            growth_realised: Family::default(),
            future_noise: Family::default(),
        };
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        let help = "Time from a request to its answer";
        registry.register_with_unit("http_answer", help, Unit::Seconds, metrics.answer_seconds.clone());
        registry.register(
            "boxes_assessed",
            "Boxes this process has assessed",
            metrics.boxes_assessed.clone(),
        );
        registry.register("runs_begun", "Runs this process has begun or joined", metrics.runs_begun.clone());
        let help = "Runs that this process could not go on with";
        registry.register("run_failures", help, metrics.run_failures.clone());
        let help = "Attempts of this process to deliver a notice to a webhook, by outcome";
        registry.register("notice_attempts", help, metrics.notice_attempts.clone());
        let help = "Notices still to be delivered, counted for each webhook";
        registry.register("undelivered_notices", help, metrics.undelivered_notices.clone());
        let help = "Notices whose delivery was given up within the last week";
        registry.register("given_up_notices", help, metrics.given_up_notices.clone());
        registry.register("boxes", "Boxes in the store by urgency", metrics.boxes.clone());
        let help = "Boxes that the run under way still has to assess";
        registry.register("open_boxes", help, metrics.open_boxes.clone());
        let help = "Time since the end of the last complete week of readings; -1 without readings";
        registry.register_with_unit("measured_age", help, Unit::Seconds, metrics.measured_age.clone());
        let help = "Time since the last run was finished; -1 without one";
        registry.register_with_unit("forecast_age", help, Unit::Seconds, metrics.forecast_age.clone());
        let help = "How far forecasts take growth into account, from 0 to 1, by the newest run that is done";
        registry.register("growth_weight", help, metrics.growth_weight.clone());
        let help = "Realised over forecast growth in the half-years held out; missing if none was verified";
        registry.register("growth_realised", help, metrics.growth_realised.clone());
        let help = "The variance of the noise of the coming months over that of the past, by the newest run that is done";
        registry.register("future_noise", help, metrics.future_noise.clone());
        Self { registry: Arc::new(registry), ..metrics }
    }
}

impl Metrics {
    /// Counts a response.
    pub fn answered(&self, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.answer_seconds.get_or_create(&Route { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Request { route, status }).inc();
    }

    /// Counts a run that is begun or joined.
    pub fn run_begun(&self) {
        self.runs_begun.inc();
    }

    /// Counts a failed run.
    pub fn run_failed(&self) {
        self.run_failures.inc();
    }

    /// Counts assessed boxes.
    pub fn assessed(&self, boxes: u64) {
        self.boxes_assessed.inc_by(boxes);
    }

    /// Counts an attempt to deliver a notice.
    pub fn notice_attempted(&self, webhook: &str, outcome: &'static str) {
        let webhook = webhook.to_owned();
        self.notice_attempts.get_or_create(&NoticeAttempt { webhook, outcome }).inc();
    }

    /// What the newest run learned about growth; a run that learned none clears earlier values.
    fn learned(&self, growth: Option<&GrowthFacts>) {
        for extreme in Extreme::ALL {
            let of = OfExtreme { extreme: extreme.as_str() };
            let learned = growth.map(|growth| growth.of(extreme));
            for (family, figure) in [
                (&self.growth_weight, learned.map(|learned| learned.weight)),
                (&self.growth_realised, learned.and_then(ExtremeGrowth::realised)),
                (&self.future_noise, learned.map(|learned| learned.future_noise)),
            ] {
                match figure {
                    Some(figure) => {
                        family.get_or_create(&of).set(figure);
                    }
                    None => {
                        family.remove(&of);
                    }
                }
            }
        }
    }

    /// All metrics as text, including those of the store's current state.
    ///
    /// # Errors
    /// [`std::fmt::Error`] if a metric can't be written, which can't happen for a string.
    pub fn text(
        &self,
        fleet: &Overview,
        open_boxes: i64,
        notices: NoticeCounts,
        growth: Option<&GrowthFacts>,
    ) -> Result<String, std::fmt::Error> {
        self.learned(growth);
        self.undelivered_notices.set(notices.undelivered);
        self.given_up_notices.set(notices.given_up);
        let classes = [
            ("exceeded", fleet.exceeded),
            ("overload", fleet.overloaded),
            ("near", fleet.near),
            ("ample", fleet.ample),
            ("no-forecast", fleet.no_forecast),
            ("unmeasured", fleet.unmeasured),
        ];
        for (urgency, count) in classes {
            self.boxes.get_or_create(&Class { urgency }).set(i64::from(count));
        }
        self.open_boxes.set(open_boxes);
        let now = Utc::now();
        let measured_to = fleet.measured_to.and_then(|week| week.plus(1).monday().and_hms_opt(0, 0, 0));
        let age = |seconds: Option<i64>| seconds.map_or(-1.0, |seconds| seconds as f64);
        self.measured_age.set(age(measured_to.map(|end| (now - end.and_utc()).num_seconds())));
        self.forecast_age.set(age(fleet.forecast_at.map(|at| (now - at).num_seconds())));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A minimum with learned growth, and a maximum with too few series.
    fn growth() -> GrowthFacts {
        let minimum = ExtremeGrowth {
            weight: 1.0,
            realised: 0.95,
            standard_error: 0.1,
            half_years: 4,
            judged: 48,
            learned_from: 12,
            future_noise: 0.8,
            growing_future_noise: 1.1,
        };
        GrowthFacts { minimum, maximum: ExtremeGrowth { future_noise: 0.78, ..ExtremeGrowth::default() } }
    }

    #[test]
    fn figures_are_counted_by_route_and_status_and_the_store_s_are_those_of_now() {
        let metrics = Metrics::default();
        metrics.answered("/api/describe_box", 200, Duration::from_millis(3));
        metrics.answered("/api/describe_box", 200, Duration::from_millis(30));
        metrics.answered("/", 500, Duration::from_millis(3));
        metrics.assessed(32);
        let fleet = Overview { boxes: 5, overloaded: 2, ample: 3, ..Overview::default() };
        let text =
            metrics.text(&fleet, 7, NoticeCounts { undelivered: 2, given_up: 1 }, Some(&growth())).unwrap();
        for line in [
            r#"gridspark_http_requests_total{route="/api/describe_box",status="200"} 2"#,
            r#"gridspark_http_requests_total{route="/",status="500"} 1"#,
            r#"gridspark_http_answer_seconds_bucket{le="0.005",route="/api/describe_box"} 1"#,
            "gridspark_boxes_assessed_total 32",
            r#"gridspark_boxes{urgency="overload"} 2"#,
            r#"gridspark_boxes{urgency="near"} 0"#,
            "gridspark_open_boxes 7",
            "gridspark_undelivered_notices 2",
            "gridspark_given_up_notices 1",
            "gridspark_forecast_age_seconds -1.0",
            r#"gridspark_growth_weight{extreme="min"} 1.0"#,
            r#"gridspark_growth_realised{extreme="min"} 0.95"#,
            r#"gridspark_future_noise{extreme="max"} 0.78"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert!(text.ends_with("# EOF\n"));
        assert!(
            !text.contains(r#"gridspark_growth_realised{extreme="max"}"#),
            "nothing was verified: {text}"
        );
        let none = metrics.text(&fleet, 7, NoticeCounts::default(), None).unwrap();
        assert!(!none.contains("gridspark_growth_weight{"), "the newest run learned nothing: {none}");
    }

    #[test]
    fn alerts_and_dashboard_ask_only_for_figures_that_there_are() {
        let metrics = Metrics::default();
        metrics.answered("/api/box", 200, Duration::from_millis(3));
        let text = metrics.text(&Overview::default(), 0, NoticeCounts::default(), Some(&growth())).unwrap();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/monitoring");
        for file in ["alerts.yml", "grafana.json"] {
            let asked = std::fs::read_to_string(folder.join(file)).unwrap();
            let is_part = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            let names: Vec<&str> = asked
                .match_indices("gridspark_")
                .map(|(at, _)| asked[at..].split(|letter| !is_part(letter)).next().unwrap_or_default())
                .collect();
            assert!(names.len() > 5, "{file} asks for {names:?}");
            for name in names {
                let found = text.lines().any(|line| line.split(['{', ' ']).next() == Some(name));
                assert!(found, "{file} asks for {name}");
            }
        }
    }
}
