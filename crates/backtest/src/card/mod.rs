//! The model card: description, evaluation data and scores of a model, as Markdown and figures.
//!
//! All numbers come from backtest reports, and the same reports always yield the same card, so that
//! a stored card can be checked against its reports.

mod figures;
mod growth;
mod prose;
mod scores;
mod svg;

pub use figures::Figure;

use std::fmt::Write;

use domain::language::Language;
use serde::{Deserialize, Serialize};

use crate::{ModelReport, Report};

/// The reports that a card is made from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CardSource {
    /// The main backtest first, then others: with short histories or other thresholds. Reports of
    /// simulated fleets may be in any position.
    pub reports: Vec<Report>,
}

/// A file of the card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardFile {
    /// Its name in the card's folder.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// Why a card can't be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// No report of measured loads was given.
    #[error("a model card needs at least one backtest of measured loads")]
    NoReports,
    /// The histories of the main backtest are truncated.
    #[error(
        "a model card needs a backtest with whole histories first; in this one they are cut to {weeks} weeks"
    )]
    OnlyShort {
        /// Length of the histories in weeks.
        weeks: usize,
    },
    /// The first backtest has no scores.
    #[error("the first backtest scored no series")]
    NothingScored,
}

impl CardSource {
    /// Keeps what a card shows of the reports: excluded series as counts, and the groups in its
    /// tables.
    #[must_use]
    pub fn new(mut reports: Vec<Report>) -> Self {
        for report in &mut reports {
            report.refused.series.clear();
            report.each_series.clear();
            for model in &mut report.models {
                model.per_set_and_extreme.clear();
                model.by_horizon_per_set.clear();
                model.by_growth.retain(|group| group.last_week.is_none());
            }
            // The growth tables show the first model only, and simulated fleets have no other
            // tables.
            report.models.iter_mut().skip(1).for_each(|model| model.by_growth.clear());
            if is_simulated(report) {
                report.models.truncate(1);
                for model in &mut report.models {
                    (model.all, model.uncertainty) = (None, None);
                    model.per_set.clear();
                    model.per_extreme.clear();
                    model.by_horizon.clear();
                    model.uncertainty_per_set.clear();
                }
            }
        }
        Self { reports }
    }

    /// The card, in a file called `name`, followed by its figures.
    ///
    /// # Errors
    /// [`CardError`] without a report of measured loads over whole histories.
    pub fn card(&self, name: &str) -> Result<Vec<CardFile>, CardError> {
        let main = self.main().ok_or(CardError::NoReports)?;
        if let Some(weeks) = main.data.iter().find_map(|data| data.windows.keep_last) {
            return Err(CardError::OnlyShort { weeks });
        }
        let first = main.models.first().ok_or(CardError::NothingScored)?;
        if first.all.is_none() {
            return Err(CardError::NothingScored);
        }
        let stem = name.strip_suffix(".md").unwrap_or(name);
        let figures = Figure::ALL.map(|figure| {
            let report = if figure == Figure::Reliability { self.with_most_overloads(main) } else { main };
            (figure.as_str(), figure.draw(report, Language::English))
        });
        let mut files = vec![CardFile { name: name.to_owned(), text: self.text(stem, main, first) }];
        files.extend(
            figures.into_iter().map(|(figure, text)| CardFile { name: format!("{stem}-{figure}.svg"), text }),
        );
        Ok(files)
    }

    /// The first report of measured loads.
    fn main(&self) -> Option<&Report> {
        self.reports.iter().find(|report| !is_simulated(report))
    }

    /// The report over whole histories with the most overloads, the most informative on their
    /// probabilities.
    fn with_most_overloads<'a>(&'a self, main: &'a Report) -> &'a Report {
        let events = |report: &Report| {
            let all = report.models.first().and_then(|model| model.all.as_ref());
            all.and_then(|all| all.overload_weekly.as_ref()).map_or(0, |weekly| weekly.events)
        };
        // The first of equals.
        self.whole().fold(main, |best, report| if events(report) > events(best) { report } else { best })
    }

    /// The reports of measured loads over whole histories that look as far ahead and treat switchings like the
    /// main one.
    fn whole(&self) -> impl Iterator<Item = &Report> {
        let as_main = self.main().map(|main| (main.settings.leave_out_switchings, weeks_ahead(main)));
        self.reports.iter().filter(move |report| {
            !is_simulated(report)
                && keep_last(report).is_none()
                && Some((report.settings.leave_out_switchings, weeks_ahead(report))) == as_main
        })
    }

    /// The report of measured loads that looks further ahead than the main one.
    fn further(&self, main: &Report) -> Option<&Report> {
        self.reports.iter().find(|report| !is_simulated(report) && weeks_ahead(report) > weeks_ahead(main))
    }

    fn text(&self, stem: &str, main: &Report, first: &ModelReport) -> String {
        let mut text = String::new();
        let picture = |name: &str, words: &str| format!("![{words}]({stem}-{name}.svg)");
        let mut add = |words: String| {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{words}\n");
        };
        add(format!("# Model card: {} {}", first.model, first.version));
        add(prose::summary(main, first));
        add(prose::MODEL.to_owned());
        add(prose::LIMITS.to_owned());
        add("## Evaluation data".to_owned());
        add(scores::data(main));
        add(prose::protocol(main));
        add("## Scores".to_owned());
        add(scores::pinball(main));
        add(picture("pinball", "Pinball loss by data set and model, with the spread over boxes"));
        add(scores::coverage(main));
        add(prose::UNCERTAINTY.to_owned());
        add("## Calibration".to_owned());
        add(scores::quantiles(main));
        add(picture("horizon", "Coverage of the two bands by weeks ahead"));
        if let Some(further) = self.further(main) {
            add("### Beyond the half-year".to_owned());
            add(prose::FURTHER.to_owned());
            add(scores::by_distance(further));
        }
        add("### Overload probabilities".to_owned());
        add(scores::overloads(self.whole()));
        add(picture("reliability", "Predicted probabilities against observed frequencies"));
        let simulated: Vec<&Report> = self.reports.iter().filter(|report| is_simulated(report)).collect();
        if !simulated.is_empty() {
            add("## Growing loads".to_owned());
            add(prose::GROWTH.to_owned());
            add(growth::data(&simulated));
            add(growth::classes(&simulated));
            add(prose::GROWTH_OVERLOADS.to_owned());
            add(growth::overloads(&simulated));
            add(prose::GROWTH_COURSES.to_owned());
            add(growth::courses(&simulated));
        }
        if first.by_growth.iter().any(|group| group.class.is_some()) {
            add("### The real loads by measured growth".to_owned());
            add(prose::MEASURED_GROWTH.to_owned());
            add(growth::measured(main));
        }
        let short: Vec<&Report> = self.reports.iter().filter(|report| keep_last(report).is_some()).collect();
        if !short.is_empty() {
            add("## Short histories".to_owned());
            add(prose::SHORT.to_owned());
            add(scores::short_histories(&short));
        }
        let otherwise = self.reports.iter().find(|report| {
            !is_simulated(report)
                && keep_last(report).is_none()
                && weeks_ahead(report) == weeks_ahead(main)
                && report.settings.leave_out_switchings != main.settings.leave_out_switchings
        });
        if let Some(otherwise) = otherwise {
            add("## Switchings".to_owned());
            add(prose::SWITCHINGS.to_owned());
            add(scores::switchings(main, otherwise));
        }
        add("## Excluded series".to_owned());
        add(scores::left_out(main));
        add("## Time".to_owned());
        add(scores::times(main));
        text.push_str(prose::REMAKE);
        text
    }
}

/// Whether a report evaluates simulated fleets.
fn is_simulated(report: &Report) -> bool {
    report.data.iter().any(|data| data.description.source.is_simulated())
}

/// How many weeks ahead a report evaluates.
fn weeks_ahead(report: &Report) -> Option<usize> {
    report.data.iter().map(|data| data.windows.horizon_weeks).max()
}

/// The length in weeks to which a report's histories were truncated.
fn keep_last(report: &Report) -> Option<usize> {
    report.data.iter().find_map(|data| data.windows.keep_last)
}
