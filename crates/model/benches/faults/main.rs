//! How well faults of meters are found: `cargo bench -p model --bench faults`.
//!
//! Two tables: precision and recall for faults planted into invented boxes and into real series; findings in real series
//! as they are, a series-century. Real series are those of ../shared/data, if there; their capacities are taken as
//! three quarters of the largest load, so that the criterion of size is a strict one, and they are brought to the size of
//! a transformer, 300 kW, before a fault is planted. With LIST=1 every finding in a real series is printed.

#[path = "../switching/random.rs"]
mod random;
#[expect(dead_code, reason = "the bench of switchings measures the noise, too")]
#[path = "../switching/real.rs"]
mod real;
#[expect(dead_code, reason = "the bench of switchings plants them, too")]
#[path = "../switching/synthetic.rs"]
mod synthetic;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use model::{Capacity, CheckSettings, Extreme, FaultKind, IsoWeek, WeekExtremes, clean};
use random::Random;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Extremes by week.
type Places = BTreeSet<(IsoWeek, Extreme)>;

/// A series at the size of a transformer.
fn scaled(weeks: &[WeekExtremes]) -> Vec<WeekExtremes> {
    let largest_kw = weeks.iter().map(|week| week.max_kw.abs().max(week.min_kw.abs())).fold(1e-9, f64::max);
    let factor = 300.0 / largest_kw;
    let scale = |week: &WeekExtremes| WeekExtremes {
        min_kw: factor * week.min_kw,
        max_kw: factor * week.max_kw,
        ..*week
    };
    weeks.iter().map(scale).collect()
}

/// A fault to plant.
#[derive(Clone, Copy)]
enum Fault {
    /// A code in one extreme of a share of the weeks.
    Code(f64, f64),
    /// Weeks in watts.
    Watts(usize),
    /// A meter that repeats a week.
    Frozen(usize),
}

const FAULTS: [(&str, Fault); 11] = [
    ("-9999 in 2 % of the weeks", Fault::Code(-9_999.0, 0.02)),
    ("-9999 in 50 %", Fault::Code(-9_999.0, 0.5)),
    ("4294967.295 in 20 %", Fault::Code(4_294_967.295, 0.2)),
    ("32767 in 5 %", Fault::Code(32_767.0, 0.05)),
    ("-999 in 5 %", Fault::Code(-999.0, 0.05)),
    ("-999 in 50 %", Fault::Code(-999.0, 0.5)),
    ("watts, 1 week", Fault::Watts(1)),
    ("watts, 20 weeks", Fault::Watts(20)),
    ("frozen, 3 weeks", Fault::Frozen(3)),
    ("frozen, 8 weeks", Fault::Frozen(8)),
    ("frozen, 40 weeks", Fault::Frozen(40)),
];

fn capacity_of(weeks: &[WeekExtremes]) -> Option<Capacity> {
    let largest_kw = weeks.iter().map(|week| week.max_kw.abs().max(week.min_kw.abs())).fold(0.0, f64::max);
    Capacity::new(0.75 * largest_kw).ok()
}

fn plant(weeks: &mut [WeekExtremes], fault: Fault, random: &mut Random) -> Places {
    let mut planted = Places::new();
    let place =
        |random: &mut Random, length: usize| random.between(1.0, (weeks.len() - length) as f64) as usize;
    match fault {
        Fault::Code(code, share) => {
            for week in weeks.iter_mut().filter(|_| random.chance(share)) {
                let extreme = if code < 0.0 { Extreme::Min } else { Extreme::Max };
                let kw = if code < 0.0 { &mut week.min_kw } else { &mut week.max_kw };
                *kw = code;
                planted.insert((week.week, extreme));
            }
        }
        Fault::Watts(length) => {
            let from = place(random, length);
            for week in &mut weeks[from..from + length] {
                (week.min_kw, week.max_kw) = (1_000.0 * week.min_kw, 1_000.0 * week.max_kw);
                planted.extend(Extreme::ALL.map(|extreme| (week.week, extreme)));
            }
        }
        Fault::Frozen(length) => {
            let from = place(random, length);
            let first = weeks[from - 1];
            for week in &mut weeks[from..from + length] {
                (week.min_kw, week.max_kw) = (first.min_kw, first.max_kw);
                planted.extend(Extreme::ALL.map(|extreme| (week.week, extreme)));
            }
        }
    }
    planted
}

fn found(weeks: &[WeekExtremes], capacity: Option<Capacity>) -> Vec<(IsoWeek, Extreme, FaultKind)> {
    let settings = CheckSettings { idling_fraction: 0.0, ..CheckSettings::default() };
    let cleaned = clean(weeks, |_| true, capacity, &settings);
    cleaned.set_aside.iter().map(|fault| (fault.week, fault.extreme, fault.kind)).collect()
}

fn table(out: &mut impl Write, name: &str, boxes: &[Vec<WeekExtremes>]) -> Outcome {
    writeln!(
        out,
        "{name}, {} boxes\n{:<28} {:>8} {:>8} {:>10}",
        boxes.len(),
        "",
        "recall",
        "precision",
        "right kind"
    )?;
    for (number, (fault_name, fault)) in FAULTS.into_iter().enumerate() {
        let (mut planted_all, mut hit, mut flagged, mut right) = (0_u32, 0_u32, 0_u32, 0_u32);
        for (seed, weeks) in boxes.iter().enumerate() {
            let capacity = capacity_of(weeks);
            let before: Places = found(weeks, capacity).into_iter().map(|(at, of, _)| (at, of)).collect();
            let mut weeks = weeks.clone();
            let random = &mut Random::new((1_000 * number + seed) as u64);
            let mut planted = plant(&mut weeks, fault, random);
            planted.retain(|place| !before.contains(place));
            planted_all += u32::try_from(planted.len())?;
            for (week, extreme, kind) in found(&weeks, capacity) {
                if before.contains(&(week, extreme)) {
                    continue;
                }
                flagged += 1;
                if planted.contains(&(week, extreme)) {
                    hit += 1;
                    right += u32::from(match fault {
                        Fault::Code(..) => matches!(kind, FaultKind::BeyondCapacity | FaultKind::ErrorCode),
                        Fault::Watts(_) => kind == FaultKind::WrongUnit,
                        Fault::Frozen(_) => kind == FaultKind::FrozenMeter,
                    });
                }
            }
        }
        let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
        writeln!(
            out,
            "{fault_name:<28} {:>8.3} {:>8.3} {:>10.3}",
            share(hit, planted_all),
            share(hit, flagged),
            share(right, hit)
        )?;
    }
    Ok(())
}

fn alarms(out: &mut impl Write, set: &str, boxes: &[Vec<WeekExtremes>]) -> Outcome {
    let years: f64 = boxes.iter().map(|weeks| weeks.len() as f64 / 52.18).sum();
    // An episode, not a week, is one alarm.
    let mut episodes = [0_u32; 4];
    for weeks in boxes {
        let mut last: Option<(IsoWeek, FaultKind)> = None;
        for (week, extreme, kind) in found(weeks, capacity_of(weeks)) {
            if std::env::var_os("LIST").is_some() {
                let row = weeks.iter().find(|row| row.week == week);
                writeln!(out, "  {set} {week} {extreme} {kind:?} {row:?}")?;
            }
            if last.is_none_or(|(before, of)| of != kind || week - before > 1) {
                let kinds = [
                    FaultKind::BeyondCapacity,
                    FaultKind::ErrorCode,
                    FaultKind::WrongUnit,
                    FaultKind::FrozenMeter,
                ];
                kinds.iter().position(|of| *of == kind).into_iter().for_each(|place| episodes[place] += 1);
            }
            last = Some((week, kind));
        }
    }
    let century = episodes.map(|count| 100.0 * f64::from(count) / years);
    writeln!(
        out,
        "{set:<12} {years:>8.0} {:>10.2} {:>10.2} {:>10.2} {:>10.2}",
        century[0], century[1], century[2], century[3]
    )?;
    Ok(())
}

fn main() -> Outcome {
    let out = &mut std::io::stdout().lock();
    let invented: Vec<Vec<WeekExtremes>> = (0..300).map(|seed| synthetic::invent(seed).weeks).collect();
    table(out, "Invented boxes", &invented)?;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let mut sets = vec![("invented", invented)];
    if folder.is_dir() {
        for set in real::SETS {
            let boxes = real::read(&folder, set)?.into_values().map(|mut weeks| {
                weeks.sort_by_key(|week| week.week);
                weeks
            });
            sets.push((set, boxes.filter(|weeks| weeks.len() > 60).collect()));
        }
        let real: Vec<Vec<WeekExtremes>> =
            sets[1..].iter().flat_map(|(_, boxes)| boxes.iter().map(|weeks| scaled(weeks))).collect();
        table(out, "Real series", &real)?;
    } else {
        writeln!(out, "real series: {} is not there", folder.display())?;
    }
    writeln!(out, "As they are: episodes a series-century")?;
    writeln!(
        out,
        "{:<12} {:>8} {:>10} {:>10} {:>10} {:>10}",
        "set", "years", "capacity", "code", "unit", "frozen"
    )?;
    for (set, boxes) in &sets {
        alarms(out, set, boxes)?;
    }
    Ok(())
}
