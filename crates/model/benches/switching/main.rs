//! How well bypass switchings are found, and how fast: `cargo bench -p model --bench switching`.
//!
//! Four tables: switchings of known size and length in invented boxes and in real series; a simulated network
//! with its ground truth; false alarms in real series; time a box. Real series are those of ../shared/data,
//! if there. With LIST=1 every finding in a real series is printed.

mod network;
mod random;
mod real;
mod score;
mod synthetic;

use std::hint::black_box;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use model::{
    IsoWeek, WeekExtremes,
    switching::{SwitchingSettings, find_switchings},
};
use score::{Score, word};
use synthetic::{invent, plant};

const SIZES: [f64; 7] = [2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0];
const WEEKS_LONG: [f64; 7] = [1.0, 2.0, 3.0, 4.0, 8.0, 13.0, 26.0];

/// Name of a set, its boxes by name.
type Set = (&'static str, Vec<(String, Vec<WeekExtremes>)>);

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let settings = SwitchingSettings::default();
    let out = &mut std::io::stdout().lock();
    let asked = std::env::args().nth(1).filter(|word| !word.starts_with('-')).unwrap_or_default();
    let wants = |part: &str| asked.is_empty() || asked == part;
    if wants("invented") {
        invented(out, &settings)?;
    }
    if wants("network") {
        simulated(out, &settings)?;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if folder.is_dir() {
        let sets: Vec<Set> = real::SETS
            .iter()
            .map(|set| Ok((*set, real::read(&folder, set)?.into_iter().collect())))
            .collect::<Result<_, Box<dyn std::error::Error>>>()?;
        if wants("planted") {
            planted_in_real(out, &sets, &settings)?;
        }
        if wants("alarms") {
            alarms(out, &sets, &settings)?;
        }
    } else {
        writeln!(out, "real series: {} is not there", folder.display())?;
    }
    if wants("time") {
        time(out, &settings)?;
    }
    Ok(())
}

fn table(out: &mut impl Write, name: &str, cell: impl Fn(usize, usize) -> Score) -> Outcome {
    let mut all = Score::default();
    let mut aimed = Score::default();
    writeln!(out, "{name}\n  recall | precision by step (standard deviations of the noise) and weeks")?;
    write!(out, "{:>8}", "")?;
    for weeks in WEEKS_LONG {
        write!(out, "{weeks:>14}")?;
    }
    writeln!(out)?;
    for (i, size) in SIZES.iter().enumerate() {
        write!(out, "{size:>8}")?;
        for (j, weeks) in WEEKS_LONG.iter().enumerate() {
            let score = cell(i, j);
            write!(out, "   {:>4.2} | {:>4.2}", score.recall(), score.precision())?;
            all.merge(&score);
            if *size >= 4.0 && *weeks >= 3.0 {
                aimed.merge(&score);
            }
        }
        writeln!(out)?;
    }
    for (name, score) in [("all", all), ("at 4 and more, 3 weeks and more", aimed)] {
        writeln!(
            out,
            "  {name}: recall {:.3}, precision {:.3}, right kind {:.3}, weeks amiss at both edges {:.2}",
            score.recall(),
            score.precision(),
            score.right_kind as f64 / score.hit.max(1) as f64,
            f64::from(score.edge_error_weeks) / score.hit.max(1) as f64
        )?;
    }
    Ok(())
}

fn invented(out: &mut impl Write, settings: &SwitchingSettings) -> Outcome {
    const BOXES: u64 = 100;
    table(out, "Invented boxes", |i, j| {
        let mut score = Score::default();
        for number in 0..BOXES {
            let seed = number + 1_000 * (i * 10 + j) as u64;
            let mut made = invent(seed);
            let planted = plant(&mut made.weeks, made.deviation_kw, SIZES[i], 7.0 * WEEKS_LONG[j], seed);
            score.add(planted.as_slice(), &find_switchings(&made.weeks, settings).switchings);
        }
        score
    })?;
    let (mut alarms, mut shifts, mut years) = (0, 0, 0.0);
    for seed in 0..1_000 {
        let made = invent(1_000_000 + seed);
        let found = find_switchings(&made.weeks, settings);
        alarms += found.switchings.len();
        shifts += found.level_shifts.len();
        years += made.weeks.len() as f64 / 52.18;
    }
    let century = 100.0 / years;
    writeln!(
        out,
        "  without any switching: {:.2} false alarms and {:.2} false level shifts a century",
        f64::from(i32::try_from(alarms)?) * century,
        f64::from(i32::try_from(shifts)?) * century
    )?;
    writeln!(out, "  a level shift instead: step, found, called a switching")?;
    for size in SIZES {
        let (mut hit, mut miscalled) = (0, 0);
        for seed in 0..200 {
            let mut made = invent(2_000_000 + seed);
            let at = 30 + (seed as i32 * 7) % 95;
            let from = IsoWeek::from_index(2_700 + at);
            for row in made.weeks.iter_mut().filter(|row| row.week >= from) {
                row.max_kw += size * made.deviation_kw[1];
                row.min_kw += (0.5 * size * made.deviation_kw[0]).min(row.max_kw - row.min_kw);
            }
            let found = find_switchings(&made.weeks, settings);
            hit += i32::from(found.level_shifts.iter().any(|shift| (shift.from - from).abs() <= 4));
            let near = |week: IsoWeek| (week - from).abs() <= 4;
            miscalled += i32::from(found.switchings.iter().any(|s| near(s.first) || near(s.last)));
        }
        writeln!(out, "{size:>8} {:>8.3} {:>8.3}", f64::from(hit) / 200.0, f64::from(miscalled) / 200.0)?;
    }
    Ok(())
}

fn planted_in_real(out: &mut impl Write, sets: &[Set], settings: &SwitchingSettings) -> Outcome {
    let histories: Vec<&[WeekExtremes]> = sets
        .iter()
        .flat_map(|(_, boxes)| boxes.iter().map(|(_, weeks)| &weeks[weeks.len().saturating_sub(180)..]))
        .filter(|weeks| weeks.len() >= 110 && real::deviations_kw(weeks).iter().all(|kw| *kw > 0.0))
        .collect();
    let before: Vec<_> = histories.iter().map(|weeks| find_switchings(weeks, settings).switchings).collect();
    table(out, "Real series, last 180 weeks", |i, j| {
        let mut score = Score::default();
        for (number, (history, before)) in histories.iter().zip(&before).enumerate() {
            let mut weeks = history.to_vec();
            let seed = (number + 1_000 * (i * 10 + j)) as u64;
            let deviation_kw = real::deviations_kw(history);
            if let Some(planted) = plant(&mut weeks, deviation_kw, SIZES[i], 7.0 * WEEKS_LONG[j], seed) {
                let mut found = find_switchings(&weeks, settings).switchings;
                // What is found without it, too, is no matter of it.
                found.retain(|new| before.iter().all(|old| old.last < new.first || new.last < old.first));
                score.add(&[planted], &found);
            }
        }
        score
    })
}

fn simulated(out: &mut impl Write, settings: &SwitchingSettings) -> Outcome {
    let scores = network::score(settings)?;
    writeln!(
        out,
        "Simulated network\n  step of the maximum / capacity: bypasses, recall, up to 14 days | longer"
    )?;
    for (step, [short, long]) in &scores.by_step {
        writeln!(
            out,
            "{:>7.0} % {:>8} {:>6.3} | {:>8} {:>6.3}",
            100.0 * step,
            short.planted,
            short.recall(),
            long.planted,
            long.recall()
        )?;
    }
    let all = &scores.all;
    writeln!(
        out,
        "  all: {} bypasses, recall {:.3}, precision {:.3}, right kind {:.3}, weeks amiss {:.2}; {} findings where nothing was, {:.2} a century",
        all.planted,
        all.recall(),
        all.precision(),
        all.right_kind as f64 / all.hit.max(1) as f64,
        f64::from(all.edge_error_weeks) / all.hit.max(1) as f64,
        scores.extra.len(),
        100.0 * scores.extra.len() as f64 / scores.box_years
    )?;
    if std::env::var_os("LIST").is_some() {
        for line in &scores.extra {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

fn alarms(out: &mut impl Write, sets: &[Set], settings: &SwitchingSettings) -> Outcome {
    writeln!(out, "Real series as they are: findings a series-century")?;
    writeln!(out, "{:<12} {:>8} {:>12} {:>8} {:>14}", "set", "years", "switchings", "open", "level shifts")?;
    let mut total = [0.0; 4];
    for (set, boxes) in sets {
        let mut counts = [0.0; 4];
        for (name, weeks) in boxes {
            let found = find_switchings(weeks, settings);
            counts[0] += weeks.len() as f64 / 52.18;
            counts[1] += found.switchings.len() as f64;
            counts[2] += found.switchings.iter().filter(|finding| !finding.ended).count() as f64;
            counts[3] += found.level_shifts.len() as f64;
            if std::env::var_os("LIST").is_some() {
                for s in &found.switchings {
                    writeln!(
                        out,
                        "  {name:<30} {} {} {:>3} weeks {:<10} max {:>10.1} min {:>10.1} strength {:>6.1} {}",
                        s.first,
                        s.last,
                        s.last - s.first + 1,
                        word(s.kind),
                        s.step_kw_max,
                        s.step_kw_min,
                        s.strength,
                        if s.ended { "" } else { "open" }
                    )?;
                }
            }
        }
        let century = 100.0 / counts[0];
        writeln!(
            out,
            "{set:<12} {:>8.0} {:>12.2} {:>8.2} {:>14.2}",
            counts[0],
            counts[1] * century,
            counts[2] * century,
            counts[3] * century
        )?;
        total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let century = 100.0 / total[0];
    let [years, switchings, open, shifts] = total;
    writeln!(
        out,
        "{:<12} {years:>8.0} {:>12.2} {:>8.2} {:>14.2}",
        "all",
        switchings * century,
        open * century,
        shifts * century
    )?;
    Ok(())
}

fn time(out: &mut impl Write, settings: &SwitchingSettings) -> Outcome {
    let boxes: Vec<Vec<WeekExtremes>> = (0..200).map(|seed| invent(seed).weeks).collect();
    let switched: Vec<Vec<WeekExtremes>> = (0..200)
        .map(|seed| {
            let mut made = invent(seed);
            plant(&mut made.weeks, made.deviation_kw, 8.0, 40.0, seed);
            made.weeks
        })
        .collect();
    writeln!(out, "Time a box of {} weeks, µs: best, median", synthetic::WEEKS)?;
    for (name, boxes) in [("as it is", boxes), ("with a switching", switched)] {
        let mut rounds: Vec<f64> = (0..30)
            .map(|round| {
                let start = Instant::now();
                for i in 0..20 {
                    black_box(find_switchings(&boxes[(round * 20 + i) % boxes.len()], settings));
                }
                start.elapsed().as_secs_f64() * 1e6 / 20.0
            })
            .collect();
        rounds.sort_by(f64::total_cmp);
        writeln!(out, "  {name:<18} {:>8.0} {:>8.0}", rounds[0], rounds[rounds.len() / 2])?;
    }
    Ok(())
}
