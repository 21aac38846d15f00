//! Two neighbouring boxes, and the bypasses between them: the unit in which boxes are made.

use model::{Phase, WeekExtremes};

use super::phases::hundredths;
use super::{Network, Transformer};
use crate::bypass::{self, Bypass};
use crate::calendar::WEEKS_AHEAD;
use crate::telltale::Telltale;
use crate::{Bypassed, Outlier, Role, SimulationError, Span, Truth};

/// Boxes 2j and 2j + 1.
pub(crate) struct Pair<'n> {
    pub(crate) boxes: [Transformer<'n>; 2],
    bypasses: Vec<Bypass>,
    network: &'n Network,
}

impl<'n> Pair<'n> {
    /// Draws both boxes of a pair (numbered from 0) and the bypasses that their transformers can bear.
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

    /// Quarter-hours of both boxes over the whole history, kW, with bypasses, without gaps and glitches.
    pub(crate) fn quarter_hours(&self) -> [Vec<f64>; 2] {
        let mut loads = self.boxes.each_ref().map(Transformer::quarter_hours);
        for bypass in &self.bypasses {
            bypass::switch(&mut loads, bypass, self.boxes[bypass.relieved].idle_kw());
        }
        loads
    }

    /// What is reported of one box (0 or 1) and phase: quarter-hours counted from the calendar's first, and
    /// kW. `loads` are those of `quarter_hours`.
    pub(crate) fn readings(
        &self,
        side: usize,
        loads: &[Vec<f64>; 2],
        phase: Phase,
    ) -> impl Iterator<Item = (usize, f64)> {
        let own = &self.boxes[side];
        let mut sums: Vec<f64> = loads[side].iter().map(|kw| hundredths(*kw)).collect();
        for glitch in &own.faults.glitches {
            sums[glitch.quarter] = glitch.value_kw;
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

    /// Extremes of the complete weeks of one box (0 or 1) that have readings, by the quick model.
    pub(crate) fn weekly_extremes(&self, side: usize) -> Vec<WeekExtremes> {
        let weeks = 0..self.network.calendar.history_weeks();
        weeks.filter_map(|week| self.week(side, week)).collect()
    }

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
        for glitch in own.faults.glitches_in(&span) {
            min = min.min(glitch.value_kw);
            max = max.max(glitch.value_kw);
        }
        Some(WeekExtremes {
            week: calendar.iso_week(week),
            min_kw: hundredths(min),
            max_kw: hundredths(max),
            readings: readings as u16,
        })
    }

    /// Extremes of a week with bypasses, gaps or idling: only the tell-tale quarter-hours that were reported
    /// count, each with what hung on the transformer then.
    fn unusual_week(&self, side: usize, week: usize, bypasses: &[&Bypass]) -> (f64, f64) {
        let (calendar, own, other) = (&self.network.calendar, &self.boxes[side], &self.boxes[1 - side]);
        let reach = |tale: Telltale| {
            let (low, high) = own.reach(week, tale);
            match bypasses.iter().find(|bypass| bypass.span.contains(&tale.quarter)) {
                Some(bypass) if bypass.relieved == side => (own.idle_kw(), own.idle_kw()),
                Some(_) => {
                    let (low_other, high_other) = other.reach(week, tale);
                    (low + low_other, high + high_other)
                }
                None => (low, high),
            }
        };
        let tales = &self.network.telltales[own.area as usize][week];
        let reported = tales.iter().copied().filter(|tale| own.faults.present(tale.quarter));
        let widest = |(min, max): (f64, f64), (low, high): (f64, f64)| (min.min(low), max.max(high));
        if let Some(extremes) = reported.map(reach).reduce(widest) {
            return extremes;
        }
        // The few readings of this week miss every tell-tale quarter-hour: take the readings themselves.
        let present = calendar.quarters_of_week(week).filter(|quarter| own.faults.present(*quarter));
        let tales = present.map(|quarter| Telltale { quarter, day: calendar.day_of(quarter) });
        tales.map(reach).reduce(widest).unwrap_or_default()
    }

    /// What was put into one box (0 or 1).
    pub(crate) fn truth(&self, side: usize) -> Truth {
        let (calendar, own) = (&self.network.calendar, &self.boxes[side]);
        let (components, faults) = (&own.components, &own.faults);
        let span = |quarters: &std::ops::Range<usize>| Span {
            from: calendar.instant(quarters.start),
            until: calendar.instant(quarters.end),
        };
        let date = |quarter: usize| calendar.days[calendar.day_of(quarter)].date;
        let begun = calendar.days[0].years_from_end;
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
        let outlier = |glitch: &crate::faults::Glitch| Outlier {
            at: calendar.instant(glitch.quarter),
            value_kw: glitch.value_kw,
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
            solar_kwp: [components.solar.kw(begun), components.solar.kw(0.0)],
            vehicles_kw: [components.vehicles.kw(begun), components.vehicles.kw(0.0)],
            heat_pumps_kw: [components.heat_pumps.kw(begun), components.heat_pumps.kw(0.0)],
            bypasses: self.bypasses.iter().map(bypassed).collect(),
            outliers: faults.glitches.iter().map(outlier).collect(),
            gaps: faults.gaps.iter().filter(|gap| gap.len() >= 92).map(span).collect(),
            missing_quarter_hours: crate::faults::missing(&faults.gaps, &faults.reports),
            peak_loading_history: largest(&own.weeks[..history]),
            peak_loading_ahead: largest(ahead),
            overload_week: first_over.map(|week| calendar.iso_week(history + week)),
        }
    }
}
