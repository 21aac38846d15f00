//! The coming weeks of one extreme, as small as a word.

use leptos::prelude::*;

use super::plane::{Plane, tenth};

/// The units of the picture.
const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;
/// Room for half a line's width.
const EDGE: f64 = 1.5;

/// What a sparkline shows: the coming weeks of the extreme that sets the peak, kW, all of one length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SparklineInput<'a> {
    /// The 5 % quantile.
    pub(crate) low_kw: &'a [f64],
    /// The median.
    pub(crate) median_kw: &'a [f64],
    /// The 95 % quantile.
    pub(crate) high_kw: &'a [f64],
    /// The limit on that side, negative for feed-in; none without a capacity.
    pub(crate) limit_kw: Option<f64>,
}

/// The parts of a sparkline: paths in a picture of 120 × 28.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SparklinePaths {
    band: String,
    median: String,
    limit: String,
    zero: String,
}

/// The 90 % band, its median and the limit on one scale that holds zero; nothing without weeks.
pub(crate) fn sparkline(input: SparklineInput<'_>) -> Option<SparklinePaths> {
    let SparklineInput { low_kw, median_kw, high_kw, limit_kw } = input;
    let values = || low_kw.iter().chain(median_kw).chain(high_kw).copied().chain(limit_kw).chain([0.0]);
    if median_kw.is_empty() || !values().all(f64::is_finite) {
        return None;
    }
    let range_kw =
        values().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), kw| (low.min(kw), high.max(kw)));
    let plane = Plane {
        across: (EDGE, WIDTH - 2.0 * EDGE),
        down: (EDGE, HEIGHT - 2.0 * EDGE),
        steps: median_kw.len() - 1,
        range_kw,
    };
    let level = |kw: f64| format!("M0 {y}L{WIDTH} {y}", y = tenth(plane.y(kw)));
    Some(SparklinePaths {
        band: plane.band(0, low_kw, high_kw),
        median: plane.line(0, median_kw.iter().map(|kw| Some(*kw))),
        limit: limit_kw.map(level).unwrap_or_default(),
        zero: level(0.0),
    })
}

/// The picture. It takes the colours of the style sheet by its classes.
#[component]
pub(crate) fn Sparkline(
    /// The paths.
    paths: SparklinePaths,
    /// `maximum` or `minimum`: whose colours it takes.
    class: &'static str,
    /// What it shows, for those who don't see it; empty where the text beside says so.
    label: String,
) -> impl IntoView {
    let hidden = label.is_empty().then_some("true");
    let role = (!label.is_empty()).then_some("img");
    let label = (!label.is_empty()).then_some(label);
    view! {
        <svg
            class=format!("sparkline {class}")
            viewBox="0 0 120 28"
            preserveAspectRatio="none"
            role=role
            aria-label=label
            aria-hidden=hidden
        >
            <path class="spark-zero" d=paths.zero />
            <path class="band-90" d=paths.band />
            <path class="median" d=paths.median />
            <path class="limit" d=paths.limit />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn band_median_and_limit_share_a_scale_with_zero() {
        let input = SparklineInput {
            low_kw: &[10.0, 20.0],
            median_kw: &[20.0, 30.0],
            high_kw: &[30.0, 50.0],
            limit_kw: Some(50.0),
        };
        let paths = sparkline(input).unwrap();
        // 50 kW at 1.5, zero at 26.5: half a unit a kilowatt.
        assert_eq!(paths.median, "M1.5 16.5L118.5 11.5");
        assert_eq!(paths.band, "M1.5 11.5L118.5 1.5L118.5 16.5L1.5 21.5Z");
        assert_eq!((paths.limit.as_str(), paths.zero.as_str()), ("M0 1.5L120 1.5", "M0 26.5L120 26.5"));
    }

    #[test]
    fn feed_in_hangs_from_zero_and_nothing_is_drawn_of_nothing() {
        let input =
            SparklineInput { low_kw: &[-80.0], median_kw: &[-60.0], high_kw: &[-40.0], limit_kw: None };
        let paths = sparkline(input).unwrap();
        assert_eq!((paths.zero.as_str(), paths.limit.as_str()), ("M0 1.5L120 1.5", ""));
        assert!(sparkline(SparklineInput { low_kw: &[], median_kw: &[], high_kw: &[], ..input }).is_none());
        assert!(sparkline(SparklineInput { median_kw: &[f64::NAN], ..input }).is_none());
    }
}
