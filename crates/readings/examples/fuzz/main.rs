//! Mutated files through every parser: nothing may panic, use unbounded memory, or count wrongly.
//!
//! `just fuzz` runs each target in a process of its own for so many seconds (`--seconds 20`) or
//! inputs (`--inputs 1000000`), `--target NAME` only one, from the seed `--seed 1`: the same inputs
//! in every run. It starts from the files of `../shared/cases`, where they are, and from some of its
//! own. An input that fails is kept and named.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for developers: it prints, and stops at any failure"
)]

mod mutate;
mod seeds;
mod targets;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use mutate::Mutator;
use targets::{TARGETS, Target, Watch};

/// Inputs between two looks at the clock.
const INPUTS_PER_LOOK: u64 = 64;
/// More than this of memory at any time is unbounded: inputs are of a few kilobytes.
const MAX_PEAK_MEGABYTES: f64 = 512.0;

struct Options {
    seconds: u64,
    inputs: u64,
    seed: u64,
    target: Option<String>,
    is_child: bool,
}

fn options() -> Options {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1).cloned()
    };
    let number = |name: &str| value(name).map(|text| text.parse::<u64>().expect(name));
    let inputs = number("--inputs");
    Options {
        // With a number of inputs the time is not limited, unless it is given too.
        seconds: number("--seconds").unwrap_or(if inputs.is_some() { u64::MAX / 2 } else { 20 }),
        inputs: inputs.unwrap_or(u64::MAX),
        seed: number("--seed").unwrap_or(1),
        target: value("--target"),
        is_child: arguments.iter().any(|argument| argument == "--child"),
    }
}

fn main() -> ExitCode {
    let options = options();
    let wanted = |target: &&Target| options.target.as_ref().is_none_or(|name| name == target.name);
    if options.is_child {
        return TARGETS.iter().find(wanted).map_or(ExitCode::FAILURE, |target| run(target, &options));
    }
    println!(
        "{:<20} {:>10} {:>10} {:>10} {:>12} {:>8}",
        "target", "inputs", "a second", "readable", "contained", "peak MB"
    );
    let mut has_failed = false;
    for target in TARGETS.iter().filter(wanted) {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(std::env::args().skip(1)).args(["--child", "--target", target.name]);
        has_failed |= !child.status().unwrap().success();
    }
    if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs one target in this process, and prints its line of the table.
fn run(target: &Target, options: &Options) -> ExitCode {
    let folder = tempfile::Builder::new().prefix("gridspark-fuzz").tempdir_in(memory_folder()).unwrap();
    let watch = Watch::start();
    let mut mutator = Mutator::new(options.seed, (target.seeds)());
    let start = Instant::now();
    let limit = Duration::from_secs(options.seconds);
    let (mut inputs, mut readable) = (0_u64, 0_u64);
    while inputs < options.inputs && (!inputs.is_multiple_of(INPUTS_PER_LOOK) || start.elapsed() < limit) {
        let input = mutator.next_input();
        inputs += 1;
        let outcome = watch.guard(|| (target.parse)(folder.path(), &input));
        let peak = peak_megabytes();
        let outcome = match peak > MAX_PEAK_MEGABYTES {
            true => Err(format!("{peak:.0} MB of memory")),
            false => outcome,
        };
        match outcome {
            Ok(is_readable) => readable += u64::from(is_readable),
            Err(failure) => {
                let kept = std::env::temp_dir().join(format!("gridspark-fuzz-{}-{inputs}", target.name));
                std::fs::write(&kept, &input).unwrap();
                let (name, seed) = (target.name, options.seed);
                println!("{name}: input {inputs} of seed {seed}: {failure}; kept as {}", kept.display());
                return ExitCode::FAILURE;
            }
        }
    }
    let peak = peak_megabytes();
    println!(
        "{:<20} {inputs:>10} {:>10.0} {readable:>10} {:>12} {peak:>8.1}",
        target.name,
        inputs as f64 / start.elapsed().as_secs_f64(),
        watch.contained(),
    );
    ExitCode::SUCCESS
}

/// A folder in memory, if there is one: each input is a file.
fn memory_folder() -> std::path::PathBuf {
    let shared_memory = Path::new("/dev/shm");
    if shared_memory.is_dir() { shared_memory.to_owned() } else { std::env::temp_dir() }
}

/// The most memory that this process had at any time; 0 where the system doesn't tell.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
