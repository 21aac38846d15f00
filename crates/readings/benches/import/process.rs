//! Runs a task in a child process and measures its CPU time and peak memory.

use std::fs;
use std::path::Path;
use std::process::Command;

/// First argument of a child process.
pub(crate) const CHILD_FLAG: &str = "--child";

/// Runs per measurement, of which the fastest counts: the machine may be shared.
const RUNS: usize = 3;

pub(crate) struct Measured {
    pub(crate) rows: u64,
    pub(crate) cpu_seconds: f64,
    pub(crate) peak_megabytes: f64,
}

impl Measured {
    pub(crate) fn million_per_second(&self) -> f64 {
        self.rows as f64 / self.cpu_seconds / 1e6
    }
}

/// In the child: runs the task and prints rows, CPU seconds and peak megabytes.
pub(crate) fn report(task: impl FnOnce() -> u64) {
    let start = cpu_seconds();
    let rows = task();
    println!("{rows} {} {}", cpu_seconds() - start, peak_megabytes());
}

pub(crate) fn measure_in_child(task: &str, path: &Path) -> Measured {
    let runs = (0..RUNS).map(|_| measure_once(task, path));
    runs.min_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds)).unwrap()
}

fn measure_once(task: &str, path: &Path) -> Measured {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg(CHILD_FLAG).arg(task).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<f64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [rows, cpu_seconds, peak_megabytes] = numbers[..] else { panic!("{text}") };
    Measured { rows: rows as u64, cpu_seconds, peak_megabytes }
}

/// The first number of `schedstat` is this thread's nanoseconds on a CPU; reading is
/// single-threaded.
fn cpu_seconds() -> f64 {
    let statistics = fs::read_to_string("/proc/self/schedstat").unwrap();
    statistics.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
