//! The prose of the card.

use crate::{ModelName, ModelReport, Report};

/// How the card was made, and its main result.
pub(super) fn summary(report: &Report, first: &ModelReport) -> String {
    let boxes: usize = report.data.iter().map(|data| data.description.boxes).sum();
    let mut words = format!(
        "Made by `gridspark model-card` (Gridspark {}) from a backtest of {} series-origins: {boxes} boxes of {} data \
         {}, both weekly extremes, {} origins.",
        report.code_version,
        report.series(),
        report.data.len(),
        if report.data.len() == 1 { "set" } else { "sets" },
        report.origins(),
    );
    if let (Some(all), Some(spark)) =
        (&first.all, report.model(ModelName::Spark).and_then(|spark| spark.all.as_ref()))
        && first.model != ModelName::Spark
    {
        words.push_str(&format!(
            " Its pinball loss is {:.1} % below that of the predecessor's model, `spark`; its 90 % band covered {:.1} % \
             of the observations (`spark`: {:.1} %), its 70 % band {:.1} % ({:.1} %).",
            100.0 * (1.0 - all.pinball / spark.pinball),
            100.0 * all.coverage_90,
            100.0 * spark.coverage_90,
            100.0 * all.coverage_70,
            100.0 * spark.coverage_70,
        ));
    }
    words
}

pub(super) const MODEL: &str = "\
## What it is

For each transformer, the lowest and the highest quarter-hour of every week are forecast half a year ahead, each as a
distribution. A week's value is

- a **level with a drift**: practically linear, with a tight prior on the slope per year;
- a **season**: five annual harmonics, with priors that keep it smooth;
- **growth**, if the fleet shows any: a level and a season (two harmonics) that grow from year to year, as solar feed-in
  does in summer. The laws of growth (linear, accelerating, ended, started or stepped within the last year) and its
  directions are learned from the fleet; each series is weighted between them and no growth by how well they explain it;
- **noise**: a share of it is autocorrelated, AR(1), the rest is white. Its variance has a season of its own, learned from
  the fleet. The noise of the coming months may be calmer or stronger than that of the past; by how much is learned from
  held-out half-years of the fleet.

The same half-years, up to four, decide how much of the growth is used: the share of the growth predicted for them that
was observed, less its error. If too little was observed, or if there are too few boxes or years, growth is left out and the
model is the same as without it. Future growth may differ from that of the past; by how much is learned as well, and it is
large where loads grow in steps.

Weeks that no season explains are winsorised before the fit, and shown as such. Given the noise, all coefficients are
Gaussian; the size of the noise, its autocorrelated share and the autocorrelation are integrated over grids. There is no
sampler and no optimiser, so the same weeks always give the same bands, to the bit. Overload probabilities of single weeks
come from the same mixture, those over the whole horizon from its joint distribution over the weeks.

A box with less than two years of history takes the fleet's season, level, slope and growth as its prior; a box without any
history gets the fleet's band, scaled to its capacity. Both are marked where they are shown.";

pub(super) const LIMITS: &str = "\
## What it assumes, and where it fails

- **Step growth can't be predicted.** The week in which a large roof is connected is unknown; the bands of fleets with such
  steps are wider, and still cover less than their nominal share where growth has just started.
- **The future resembles the past.** A new neighbourhood, a closed factory or a changed grid is not predicted; it is
  recognised as a shift only after it has happened.
- **One load and the calendar.** The model knows no weather, no prices and no neighbours. A cold spell affects all boxes at
  once: the probabilities of several boxes must not be multiplied.
- **Weekly extremes of quarter-hour means.** Shorter peaks are not in the data. Active power is compared with the capacity
  through a single power factor.
- **Half a year.** The scores below are of 26 weeks ahead; weeks 28 to 53 are scored apart. Beyond that the drift is a guess.
- **Loads unlike those below.** Most of these boxes are larger than a distribution transformer; the smallest carry from a
  few kW to a few hundred. Some constants (the training window, the spread of future noise, the priors) were tuned on
  these very series, at these origins. Evaluate the model on your own: `gridspark backtest` does so from the store.
- **Rare overloads.** Capacities here are derived from the first two years, not from nameplates, and overloads are rare: the
  upper bins of the reliability diagram contain few cases.";

/// The rules of the windows.
pub(super) fn protocol(report: &Report) -> String {
    let Some(windows) = report.data.first().map(|data| data.windows) else { return String::new() };
    format!(
        "At each origin a model sees only the weeks before it, within the training window, and is scored on the {} weeks \
         after it. Losses and widths are divided by the range of the training values, so that boxes of all sizes have equal \
         weight; every series counts once at each origin. Series are excluded if they have fewer than {} observed training \
         weeks, fewer than {} observed hold-out weeks, a last training week more than {} weeks old, or training values that \
         span less than {} % of the capacity.",
        windows.horizon_weeks,
        windows.min_training_weeks,
        windows.min_hold_out_weeks,
        windows.max_stale_weeks,
        100.0 * windows.min_range_of_capacity,
    )
}

pub(super) const UNCERTAINTY: &str = "\
The ranges are 90 % bootstrap intervals from 1,000 resamples of the boxes within each data set; all origins of a box stay
together. They show how the figures would vary with other boxes of the same kind, not with other years: what all boxes share
at an origin, above all the weather, is not covered.";

pub(super) const GROWTH: &str = "\
**All of this section is simulated.** No measurements of distribution transformers were available, and the real loads above
hardly grow. Networks were therefore simulated: customers, the weather of their area, and solar panels, vehicle charging and
heat pumps that spread by laws of our choice, with gaps, outliers and bypass switchings. How many boxes grow, how fast and by
which law are assumptions, and model and simulation have the same authors: these figures can't show what the simulation
omits. Some of the fleets were used for choosing parts of the model; the others, drawn with other seeds or rules, were
reserved for confirming it.

Classes are by the power installed in the year before the forecast, as a share of the capacity: panels for minima, charging
and heat pumps for maxima. Classes with fewer than 200 series-origins are omitted. A relative pinball loss below 1 is better
than the seasonal naive on the same series. Ranges are 90 % bootstrap intervals as above.";

pub(super) const GROWTH_OVERLOADS: &str = "\
Overloads in any week of the half-year, by direction: feed-in for minima, import for maxima. The Brier skill is 1 − Brier /
that of the base rate. The slope is that of the linear regression of outcomes on probabilities: 1 if these are calibrated,
less if they are overconfident, more if they are underconfident.";

pub(super) const GROWTH_COURSES: &str = "\
By the course of growth, over all fleets reserved for confirming. *Just stopped* is growth that ended within the half-year
before the forecast.";

pub(super) const MEASURED_GROWTH: &str = "\
Here growth is measured in the training weeks: the median change per year between the same week of different years, over the
half of the year with the highest stress, in the direction of stress, as a share of the capacity (the seasonal Kendall slope;
Hirsch, Slack and Smith, 1982). `gridspark backtest --store` reports the same for your own boxes. Falling stress counts as
stable.";

pub(super) const SHORT: &str = "\
The same series with all but their last weeks hidden. The fleet's prior is learned from other boxes only: each fifth of the
boxes is evaluated with a prior learned from the other four fifths, so that no hidden week leaks back.";

pub(super) const FURTHER: &str = "\
The page shows a second half-year as indicative: classes, ranking and verdict leave it out. Another backtest of the same loads holds out
as many weeks as the page shows, and its two parts are scored apart. Its origins lie further back, where histories are shorter, so the first part is not
that of the tables above.";

pub(super) const SWITCHINGS: &str = "\
In production, weeks in which a bypass switching is detected are left out of the fit, unless a planner decides otherwise.
Whether that helps on loads without confirmed switchings can only be seen in the scores.";

pub(super) const REMAKE: &str = "\
## Reproducing this page

`just model-card` runs the backtests and generates this page and its figures; a test fails if they differ from what
`gridspark model-card --from docs/model-card.json` generates from the stored scores.
";
