//! Checks and cleaning of a box's weekly extremes before the fit.

mod faults;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use faults::find_faults;
pub use faults::{BEYOND_CAPACITY, FaultKind, SetAside, faults_of_values, is_wrong_unit};

use crate::{Capacity, Extreme, IsoWeek, ModelName, Observation, Series, SeriesError};

/// The extremes of one week, of one phase of one box.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct WeekExtremes {
    /// The week.
    pub week: IsoWeek,
    /// The smallest reading, kW (negative is feed-in).
    pub min_kw: f64,
    /// The largest reading, kW.
    pub max_kw: f64,
    /// The number of readings in the week; complete is 672 quarters of an hour, 668 or 676 when clocks
    /// change.
    pub readings: u16,
}

impl WeekExtremes {
    /// One of the two extremes, kW.
    #[must_use]
    pub const fn get(&self, extreme: Extreme) -> f64 {
        match extreme {
            Extreme::Min => self.min_kw,
            Extreme::Max => self.max_kw,
        }
    }

    /// max(|min|, |max|), kW.
    fn magnitude_kw(&self) -> f64 {
        self.min_kw.abs().max(self.max_kw.abs())
    }

    fn is_sound(&self) -> bool {
        self.min_kw.is_finite() && self.max_kw.is_finite() && self.min_kw <= self.max_kw
    }
}

/// Notes on a box's data; some flags forbid a forecast, see [`Flag::blocks_forecast`].
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
#[strum(serialize_all = "kebab-case", parse_err_ty = ParseFlagError, parse_err_fn = ParseFlagError::of)]
pub enum Flag {
    /// There is no week at all.
    NoReadings,
    /// The capacity is unknown.
    NoCapacity,
    /// The station or the box is not in service. Known from the metadata, so the caller adds it.
    NotInService,
    /// Too few weeks, before or after leading idle weeks were removed.
    TooShort,
    /// No value comes near the capacity.
    TooSmall,
    /// Leading idle weeks were removed.
    Idling,
    /// Weeks whose values are not finite, or whose minimum exceeds the maximum, were left out.
    UnsoundValues,
    /// A week came several times; the last row was kept.
    RepeatedWeeks,
    /// All values of an extreme are equal: the forecast is a flat line. Known after the fit, so the caller
    /// adds it, see [`Posterior::is_degenerate`](crate::spark::Posterior::is_degenerate).
    Degenerate,
    /// Weeks with few of their readings were taken as gaps. Known before the checks, so the caller adds it.
    SparseWeeks,
    /// The box was added after the last run and has not been fitted yet. Set by the caller.
    AwaitingForecast,
    /// The last weeks before the running one have no readings. Known to the caller only, who adds it.
    Silent,
    /// The history is too short for a season of its own: the forecast takes it from the fleet, or is the
    /// fleet's altogether. Known after the fit, so the caller adds it.
    FromPopulation,
    /// Weeks of bypass switching were found. Known beside the checks, so the caller adds it.
    Switching,
    /// The newest readings are so old that a forecast would begin in the past. Told by the caller.
    Outdated,
    /// Extremes beyond five times the capacity, or error codes, were set aside.
    ErrorValues,
    /// Weeks whose values are a thousand times too large were set aside.
    WrongUnit,
    /// Weeks in which the meter repeated itself exactly were set aside.
    FrozenMeter,
}

/// A text that names no flag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a flag")]
pub struct ParseFlagError {
    /// The text as it was given.
    pub text: String,
}

impl ParseFlagError {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

impl Flag {
    /// All flags.
    pub const ALL: [Self; 18] = [
        Self::NoReadings,
        Self::NoCapacity,
        Self::NotInService,
        Self::TooShort,
        Self::TooSmall,
        Self::Idling,
        Self::UnsoundValues,
        Self::RepeatedWeeks,
        Self::Degenerate,
        Self::SparseWeeks,
        Self::AwaitingForecast,
        Self::Silent,
        Self::FromPopulation,
        Self::Switching,
        Self::Outdated,
        Self::ErrorValues,
        Self::WrongUnit,
        Self::FrozenMeter,
    ];

    /// The name in files, addresses and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether a box with this flag gets no forecast from the model; the others only inform.
    ///
    /// `spark` needs two years that come near the capacity, as in the source system; `gridspark` accepts any
    /// history.
    #[must_use]
    pub const fn blocks_forecast(self, model: ModelName) -> bool {
        match self {
            Self::NoCapacity | Self::NotInService | Self::NoReadings | Self::Outdated => true,
            Self::TooShort | Self::TooSmall => matches!(model, ModelName::Spark),
            _ => false,
        }
    }
}

/// From where on a box's data is flagged.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct CheckSettings {
    /// A series of this many weeks or fewer is too short.
    pub too_short_weeks: usize,
    /// A largest |value| below this fraction of the capacity is too small.
    pub too_small_fraction: f64,
    /// A leading week is idle while max(|min|, |max|) does not exceed this fraction of the capacity.
    pub idling_fraction: f64,
}

impl Default for CheckSettings {
    /// 104 weeks, half of the capacity, 1 % of the capacity.
    fn default() -> Self {
        Self { too_short_weeks: 104, too_small_fraction: 0.5, idling_fraction: 0.01 }
    }
}

/// A box's weeks after cleaning, and what was found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Cleaned {
    /// The weeks to fit, ascending, each once; weeks that were absent are absent (nothing is filled in).
    pub kept: Vec<WeekExtremes>,
    /// How many leading idle weeks were removed.
    pub idle_weeks_removed: usize,
    /// How many weeks were left out because their values are not sound.
    pub unsound_weeks_removed: usize,
    /// How many weeks were left out because they have too few of their readings.
    pub sparse_weeks_removed: usize,
    /// Extremes that are not to be believed, by week, also of weeks that were left out. They stay in `kept` as
    /// they are.
    pub set_aside: Vec<SetAside>,
    /// What was found, each flag once, in the order of [`Flag::ALL`].
    pub flags: Vec<Flag>,
}

impl Cleaned {
    /// Whether any week had enough of its readings, idle or not.
    #[must_use]
    pub fn has_filled_weeks(&self) -> bool {
        self.idle_weeks_removed > 0 || !self.kept.is_empty()
    }

    /// Whether an extreme of a week is to be believed.
    #[must_use]
    pub fn counts(&self, week: IsoWeek, extreme: Extreme) -> bool {
        let place =
            self.set_aside.binary_search_by(|fault| (fault.week, fault.extreme).cmp(&(week, extreme)));
        place.is_err()
    }

    /// The kept weeks of which both extremes are to be believed.
    #[must_use]
    pub fn sound(&self) -> Vec<WeekExtremes> {
        let counts = |week: &&WeekExtremes| Extreme::ALL.iter().all(|&of| self.counts(week.week, of));
        self.kept.iter().filter(counts).copied().collect()
    }

    /// The series of one extreme, as it is (minima keep their sign); a value that is set aside is none.
    ///
    /// # Errors
    /// [`SeriesError::Empty`] if no week was kept.
    pub fn series(&self, extreme: Extreme) -> Result<Series, SeriesError> {
        let value_kw = |week: &WeekExtremes| self.counts(week.week, extreme).then(|| week.get(extreme));
        let row = |week: &WeekExtremes| Observation { week: week.week, value_kw: value_kw(week) };
        Series::new(self.kept.iter().map(row).collect())
    }
}

/// Checks a box's weekly extremes, given in any order, and removes the weeks before the transformer was in
/// use.
///
/// Leading idling are the weeks before the first one with max(|min|, |max|) > idling fraction × capacity. The
/// capacity enters as nominal kVA, compared with kW as the source system does; without it neither idling nor
/// size can be judged. Of a week that comes several times the last row given is kept.
///
/// A week without enough readings, by `is_filled`, is not kept either, but is looked at for faults as the
/// others are: one reading suffices to pass a limit.
#[must_use]
pub fn clean(
    extremes: &[WeekExtremes],
    is_filled: impl Fn(&WeekExtremes) -> bool,
    capacity: Option<Capacity>,
    settings: &CheckSettings,
) -> Cleaned {
    let mut flags = Vec::new();
    let mut kept: Vec<WeekExtremes> = extremes.iter().copied().filter(WeekExtremes::is_sound).collect();
    let unsound_weeks_removed = extremes.len() - kept.len();

    // The sort is stable: among equal weeks the last one is the one given last.
    kept.sort_by_key(|week| week.week);
    let sound = kept.len();
    kept.reverse();
    kept.dedup_by_key(|week| week.week);
    kept.reverse();
    let repeated = kept.len() < sound;

    let set_aside = find_faults(&kept, capacity);
    let looked_at = kept.len();
    kept.retain(is_filled);
    let sparse_weeks_removed = looked_at - kept.len();
    if kept.is_empty() {
        flags.push(Flag::NoReadings);
    }
    let is_set_aside: HashSet<(IsoWeek, Extreme)> =
        set_aside.iter().map(|fault| (fault.week, fault.extreme)).collect();
    // Of what is to be believed; a week without any is neither idle nor large.
    let magnitude_kw = |week: &WeekExtremes| {
        let believed = Extreme::ALL.into_iter().filter(|&of| !is_set_aside.contains(&(week.week, of)));
        believed.map(|extreme| week.get(extreme).abs()).reduce(f64::max)
    };
    let mut idle_weeks_removed = 0;
    let mut too_small = false;
    match capacity.map(Capacity::kva) {
        None => flags.push(Flag::NoCapacity),
        Some(capacity_kw) => {
            let idle_kw = settings.idling_fraction * capacity_kw;
            idle_weeks_removed =
                kept.iter().take_while(|week| magnitude_kw(week).is_none_or(|kw| kw <= idle_kw)).count();
            let largest_kw = kept.iter().filter_map(magnitude_kw).fold(0.0, f64::max);
            too_small = largest_kw < settings.too_small_fraction * capacity_kw;
            kept.drain(..idle_weeks_removed);
        }
    }
    let has = |kinds: &[FaultKind]| set_aside.iter().any(|fault| kinds.contains(&fault.kind));
    // Removing weeks only shortens, so the test after the removal covers the one before it.
    let findings = [
        (kept.len() <= settings.too_short_weeks, Flag::TooShort),
        (too_small, Flag::TooSmall),
        (idle_weeks_removed > 0, Flag::Idling),
        (unsound_weeks_removed > 0, Flag::UnsoundValues),
        (repeated, Flag::RepeatedWeeks),
        (sparse_weeks_removed > 0, Flag::SparseWeeks),
        (has(&[FaultKind::BeyondCapacity, FaultKind::ErrorCode]), Flag::ErrorValues),
        (has(&[FaultKind::WrongUnit]), Flag::WrongUnit),
        (has(&[FaultKind::FrozenMeter]), Flag::FrozenMeter),
    ];
    flags.extend(findings.into_iter().filter_map(|(found, flag)| found.then_some(flag)));
    Cleaned { kept, idle_weeks_removed, unsound_weeks_removed, sparse_weeks_removed, set_aside, flags }
}

#[cfg(test)]
mod tests;
