//! What the card says in words.

use crate::{ModelName, ModelReport, Report};

/// Who made the card from what, and the shortest answer.
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
            " Its pinball loss is {:.1} % below that of the predecessor's model, `spark`; its 90 % band held {:.1} % of \
             what came (`spark`: {:.1} %), its 70 % band {:.1} % ({:.1} %).",
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

- a **level with a drift**: practically linear, with a tight prior on the slope a year;
- a **season**: five harmonics of the year, with priors that keep it smooth;
- **growth**, where the fleet has taught it: a level and a season (two harmonics) that grow from year to year, as feed-in by
  panels does in summer. By which laws (evenly, faster and faster, ended, begun or come at once within the last year) and along
  which directions series grow is learned over the fleet; each series is weighed between them and no growth by how well they
  explain it;
- **noise**, of which a share remembers the weeks before (a first-order autoregression) and the rest does not. Its variance
  has a season of its own, learned over the fleet. The noise of the coming months is allowed to be calmer or wilder than that
  of the past; by how much is learned from half years of the fleet that are held back.

How far growth is taken into account is decided by the same half years, up to four: the share of the growth foretold for them that
really came, less its error. Where too little came, where there are too few boxes or years, there is none, and the model is what
it was before it knew growth. Growth to come may differ from that of the past: by how much is learned, too, and is large where
things grow by leaps.

Weeks that no season explains are drawn in before the fit, and shown as such. Given the noise, all coefficients are normal; the
size of the noise, the share with a memory and its length are integrated over grids. There is no sampler and no optimiser, so
that the same weeks always give the same bands, to the bit. Overload probabilities of single weeks come from the same
mixture, those over the whole horizon from its joint distribution over the weeks.

A box with less than two years of history takes the fleet's season, level, slope and growth for its prior; a box without any gets the
fleet's band, scaled to its capacity. Both are marked where they are shown.";

pub(super) const LIMITS: &str = "\
## What it assumes, and where it fails

- **Growth by leaps is not foretold.** Where a large roof is added at once its week is unknown; the bands of fleets in which that
  happens are wider, and still hold less than they promise where growth has just begun.
- **The future resembles the past.** A new neighbourhood, a closed factory or a changed grid is not foretold; it is seen as a
  shift only after it has happened. *Ask the model* is there for what the planner knows better.
- **One load, by the calendar.** It knows no weather, no prices and no neighbours. A cold spell moves all boxes at once: the
  probabilities of several boxes must not be multiplied.
- **Weekly extremes of quarter-hour means.** Shorter peaks are not in the data. Active power is compared with the capacity
  through one power factor.
- **Half a year.** It was judged up to 26 weeks ahead; further ahead the drift is a guess.
- **Loads other than those below.** Most of these boxes are larger than a distribution transformer; the smallest carry a few
  kW to some hundred. A few constants (the training window, the spread of future noise, the priors) were chosen with these
  very series in view, at these origins. Judge it on your own: `gridspark backtest` does so from the store.
- **Rare overloads.** Capacities here are derived from the first two years, not nameplates, and overloads are few: the upper
  bins of the reliability diagram hold few cases.";

/// How windows were cut.
pub(super) fn protocol(report: &Report) -> String {
    let Some(windows) = report.data.first().map(|data| data.windows) else { return String::new() };
    format!(
        "At each origin a model sees only the weeks before it, within the training window, and is judged on the {} weeks after \
         it. Losses and widths are divided by the range of the training values, so that boxes of all sizes count alike; every \
         series counts once at each origin. Left out are series with fewer than {} observed training weeks, fewer than {} \
         observed weeks to be judged on, a last training week more than {} weeks old, or training values that span less than \
         {} % of the capacity.",
        windows.horizon_weeks,
        windows.least_training_weeks,
        windows.least_hold_out_weeks,
        windows.most_stale_weeks,
        100.0 * windows.least_range_of_capacity,
    )
}

pub(super) const UNCERTAINTY: &str = "\
The ranges hold 90 % of 1,000 draws of the boxes with replacement, within each data set; all origins of a box go with it. They say
how far the figures would move with other boxes of the same kind, not with other years: what all boxes share at an origin, the
weather above all, is not in them.";

pub(super) const GROWTH: &str = "\
**All of this section is simulated.** No measurements of distribution transformers were at hand, and the real loads above hardly
grow. So networks were drawn: customers, the weather of their area, panels, charging and heat pumps that spread by laws which we
chose, with gaps, false readings and bypass switchings. How many boxes grow, how fast and by which law are assumptions, and the
model and the simulation come from the same hands: what the simulation leaves out, these figures cannot tell. A part of the model
was chosen with some of the fleets in view; the others, drawn with other seeds or by other rules, were kept to confirm it.

Classes are the installed power that was added in the year before the forecast, as a share of the capacity: panels for minima,
charging and heat pumps for maxima. Classes with fewer than 200 series-origins are left out. Below 1, the pinball loss is less than
the seasonal naive's on the same series. Ranges as above: 90 % of the draws of the boxes.";

pub(super) const GROWTH_OVERLOADS: &str = "\
Overloads in any week of the half-year, by direction: feed-in of the minima, import of the maxima. The Brier skill is 1 −
Brier / that of the base rate. The slope is that of the linear regression of outcomes on probabilities: 1 where these are right,
less where they are too extreme, more where they are too timid.";

pub(super) const GROWTH_COURSES: &str = "\
By the course of growth, over all fleets kept to confirm. *Just stopped* is growth that ended within the half-year before the
forecast.";

pub(super) const MEASURED_GROWTH: &str = "\
Here the growth is measured in the weeks that the model may see: the median change from a week to the same week of a later year, a
year, over the half of the year under most stress, in the direction of stress, as a share of the capacity (the seasonal Kendall
slope; Hirsch, Slack and Smith, 1982). `gridspark backtest --store` tells the same of your own boxes. Falling stress counts as
stable.";

pub(super) const SHORT: &str = "\
The same series with all but their last weeks hidden. What is known of the fleet was learned from other boxes only: each fifth of
the boxes is judged by what the other four fifths taught, so that no hidden week comes back by another way.";

pub(super) const SWITCHINGS: &str = "\
In use, weeks in which a bypass switching is found are left out of the fit, unless a planner decides otherwise. Whether that
helps on loads where nobody marked the switchings can only be seen in the scores.";

pub(super) const REMAKE: &str = "\
## Made anew

`just model-card` runs the backtests and makes this page and its figures; a test fails where they differ from what
`gridspark model-card --from docs/model-card.json` makes of the scores kept beside it.
";
