//! A pair of neighbouring boxes with the bypasses between them, the unit in which boxes are
//! generated.

use model::{Phase, WeekExtremes};

use super::phases::round_to_hundredths;
use super::{Network, Transformer, weekly};
use crate::bypass::{self, Bypass};
use crate::calendar::{FUTURE_WEEKS, WEEKS_AHEAD};
use crate::critical_quarters::CriticalQuarter;
use crate::truth::growth;
use crate::{Bypassed, FirstOverload, Future, Growth, Outlier, Role, SimulationError, Span, Truth};

/// Boxes 2j and 2j + 1.
pub(crate) struct Pair<'n> {
    pub(crate) boxes: [Transformer<'n>; 2],
    bypasses: Vec<Bypass>,
    network: &'n Network,
}

impl<'n> Pair<'n> {
    /// Draws both boxes of a pair (numbered from 0) and the bypasses that their transformers can
    /// carry.
    pub(crate) fn new(network: &'n Network, pair: usize) -> Result<Self, SimulationError> {
        let boxes = [Transformer::new(network, 2 * pair)?, Transformer::new(network, 2 * pair + 1)?];
        let calendar = &network.calendar;
        let capacities = boxes.each_ref().map(|own| own.components.capacity_kva);
        let mut bypasses = Vec::new();
        for span in bypass::spans(network.seed, pair, calendar) {
            let weeks = calendar.day_of(span.start) / 7..calendar.day_of(span.end) / 7 + 1;
            let peak = |own: &Transformer<'_>| {
                own.weeks[weeks.clone()].iter().map(|week| week.magnitude_kw()).fold(0.0, f64::max)
            };
            let connected = boxes.iter().all(|own| own.faults.idle_until <= span.start);
            let relieved = bypass::relieved(boxes.each_ref().map(peak), capacities);
            if let (true, Some(relieved)) = (connected, relieved) {
                bypasses.push(Bypass { span, relieved });
            }
        }
        Ok(Self { boxes, bypasses, network })
    }

    /// The seed of the network.
    pub(super) fn seed(&self) -> u64 {
        self.network.seed
    }

    /// Quarter-hours of both boxes over the history, kW, with bypasses but without gaps and
    /// outliers.
    pub(crate) fn quarter_hours(&self) -> [Vec<f64>; 2] {
        let mut loads = self.boxes.each_ref().map(Transformer::quarter_hours);
        for bypass in &self.bypasses {
            bypass::switch(&mut loads, bypass, self.boxes[bypass.relieved].idle_kw());
        }
        loads
    }

    /// The reported readings of one box (0 or 1) and phase: quarter-hours counted from the
    /// calendar's first, and kW. `loads` are those of `quarter_hours`.
    pub(crate) fn readings(
        &self,
        side: usize,
        loads: &[Vec<f64>; 2],
        phase: Phase,
    ) -> impl Iterator<Item = (usize, f64)> {
        let own = &self.boxes[side];
        let mut sums: Vec<f64> = loads[side].iter().map(|kw| round_to_hundredths(*kw)).collect();
        for outlier in &own.faults.outliers {
            sums[outlier.quarter] = outlier.value_kw;
        }
        let values = own.shares.split(&sums, phase);
        let mut gaps = own.faults.gaps.iter().peekable();
        let reports = own.faults.reports.clone();
        reports.filter_map(move |quarter| {
            while gaps.next_if(|gap| gap.end <= quarter).is_some() {}
            let missing = gaps.peek().is_some_and(|gap| gap.start <= quarter);
            (!missing).then(|| (quarter, values[quarter]))
        })
    }

    /// The quarter-hours that weekly extremes are taken from; None if the fast model draws the
    /// extremes.
    pub(crate) fn loads_of_weeks(&self) -> Option<[Vec<f64>; 2]> {
        matches!(self.network.growth, Growth::Mixed(_)).then(|| self.quarter_hours())
    }

    /// Extremes of the complete weeks with readings of one box (0 or 1) and phase. `loads` are
    /// those of `loads_of_weeks`.
    pub(crate) fn weekly_extremes(
        &self,
        side: usize,
        phase: Phase,
        loads: Option<&[Vec<f64>; 2]>,
    ) -> Vec<WeekExtremes> {
        let calendar = &self.network.calendar;
        if let Some(loads) = loads {
            return weekly::of_readings(calendar, self.readings(side, loads, phase));
        }
        let shares = &self.boxes[side].shares;
        let sums = (0..calendar.history_weeks()).filter_map(|week| self.week(side, week));
        sums.map(|sum| shares.extremes(sum, phase)).collect()
    }

    /// Extremes of a week by the fast model, if it has readings.
    fn week(&self, side: usize, week: usize) -> Option<WeekExtremes> {
        let (calendar, own) = (&self.network.calendar, &self.boxes[side]);
        let span = calendar.quarters_of_week(week);
        let readings = own.faults.readings(&span);
        if readings == 0 {
            return None;
        }
        let switched = |bypass: &&Bypass| bypass.span.start < span.end && span.start < bypass.span.end;
        let bypasses: Vec<&Bypass> = self.bypasses.iter().filter(switched).collect();
        let ordinary = bypasses.is_empty() && readings == span.len() && own.faults.idle_until <= span.start;
        let (mut min, mut max) = if ordinary {
            (own.weeks[week].min_kw, own.weeks[week].max_kw)
        } else {
            self.unusual_week(side, week, &bypasses)
        };
        for outlier in own.faults.outliers_in(&span) {
            min = min.min(outlier.value_kw);
            max = max.max(outlier.value_kw);
        }
        Some(WeekExtremes {
            week: calendar.iso_week(week),
            min_kw: round_to_hundredths(min),
            max_kw: round_to_hundredths(max),
            readings: readings as u16,
        })
    }

    /// Extremes of a week with bypasses, gaps or idling, from the critical quarter-hours that were
    /// reported, each with the load that the transformer carried then.
    fn unusual_week(&self, side: usize, week: usize, bypasses: &[&Bypass]) -> (f64, f64) {
        let (calendar, own, other) = (&self.network.calendar, &self.boxes[side], &self.boxes[1 - side]);
        let load_range = |critical: CriticalQuarter| {
            let (low, high) = own.load_range(week, critical);
            match bypasses.iter().find(|bypass| bypass.span.contains(&critical.quarter)) {
                Some(bypass) if bypass.relieved == side => (own.idle_kw(), own.idle_kw()),
                Some(_) => {
                    let (low_other, high_other) = other.load_range(week, critical);
                    (low + low_other, high + high_other)
                }
                None => (low, high),
            }
        };
        let quarters = &self.network.critical_quarters[own.area as usize][week];
        let reported = quarters.iter().copied().filter(|critical| own.faults.present(critical.quarter));
        let widest = |(min, max): (f64, f64), (low, high): (f64, f64)| (min.min(low), max.max(high));
        if let Some(extremes) = reported.map(load_range).reduce(widest) {
            return extremes;
        }
        // No critical quarter-hour was reported: use all that were.
        let present = calendar.quarters_of_week(week).filter(|quarter| own.faults.present(*quarter));
        let quarters = present.map(|quarter| CriticalQuarter { quarter, day: calendar.day_of(quarter) });
        quarters.map(load_range).reduce(widest).unwrap_or_default()
    }

    /// The ground truth of one box (0 or 1).
    pub(crate) fn truth(&self, side: usize) -> Truth {
        let (calendar, own) = (&self.network.calendar, &self.boxes[side]);
        let (components, faults) = (&own.components, &own.faults);
        let span = |quarters: &std::ops::Range<usize>| Span {
            from: calendar.instant(quarters.start),
            until: calendar.instant(quarters.end),
        };
        let date = |quarter: usize| calendar.days[calendar.day_of(quarter)].date;
        let start_years = calendar.days[0].years_from_end;
        let loading = |kw: f64| kw / components.capacity_kva;
        let history = calendar.history_weeks();
        let ahead = &own.weeks[history..(history + WEEKS_AHEAD).min(own.weeks.len())];
        let largest = |weeks: &[super::transformer::WeekDraw]| {
            loading(weeks.iter().map(|week| week.magnitude_kw()).fold(0.0, f64::max))
        };
        let first_over = ahead.iter().position(|week| loading(week.magnitude_kw()) > 1.0);
        let bypassed = |bypass: &Bypass| Bypassed {
            span: span(&bypass.span),
            role: if bypass.relieved == side { Role::Relieved } else { Role::Carrying },
            neighbour: self.boxes[1 - side].metadata.box_id.clone(),
        };
        let outlier = |outlier: &crate::faults::Outlier| Outlier {
            at: calendar.instant(outlier.quarter),
            value_kw: outlier.value_kw,
        };
        Truth {
            box_id: own.metadata.box_id.clone(),
            number: own.number,
            area: own.area,
            customers: components.customers,
            stress: components.stress,
            capacity_kva: components.capacity_kva,
            in_service: components.in_service,
            first_day: (!faults.reports.is_empty()).then(|| date(faults.reports.start)),
            end_day: date(faults.reports.end),
            idle_until: (faults.idle_until > 0).then(|| date(faults.idle_until)),
            solar_kwp: [components.solar.kw(start_years), components.solar.kw(0.0)],
            vehicles_kw: [components.vehicles.kw(start_years), components.vehicles.kw(0.0)],
            heat_pumps_kw: [components.heat_pumps.kw(start_years), components.heat_pumps.kw(0.0)],
            bypasses: self.bypasses.iter().map(bypassed).collect(),
            outliers: faults.outliers.iter().map(outlier).collect(),
            gaps: faults.gaps.iter().filter(|gap| gap.len() >= 92).map(span).collect(),
            missing_quarter_hours: crate::faults::missing(&faults.gaps, &faults.reports),
            peak_loading_history: largest(&own.weeks[..history]),
            peak_loading_ahead: largest(ahead),
            overload_week: first_over.map(|week| calendar.iso_week(history + week)),
            growth: matches!(self.network.growth, Growth::Mixed(_)).then(|| growth::of(components, calendar)),
        }
    }

    /// The weeks of one box (0 or 1) after the history.
    pub(crate) fn future(&self, side: usize) -> Future {
        let (calendar, own) = (&self.network.calendar, &self.boxes[side]);
        let capacity_kva = own.components.capacity_kva;
        let history = calendar.history_weeks();
        let ahead = history..history + FUTURE_WEEKS;
        let week = |week: usize| {
            let draw = own.weeks[week];
            (calendar.iso_week(week), round_to_hundredths(draw.min_kw), round_to_hundredths(draw.max_kw))
        };
        Future {
            box_id: own.metadata.box_id.clone(),
            number: own.number,
            capacity_kva,
            first_week: calendar.iso_week(history),
            min_kw: ahead.clone().map(|at| week(at).1).collect(),
            max_kw: ahead.clone().map(|at| week(at).2).collect(),
            first_overload_in_history: FirstOverload::of((0..history).map(week), capacity_kva),
            first_overload_ahead: FirstOverload::of(ahead.map(week), capacity_kva),
        }
    }
}
