//! Output for the person who waits: headings, lines and durations.

use std::io::Write as _;
use std::time::{Duration, Instant};

/// Writes one line on standard output; a closed pipe is no reason to stop.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Announces a step, visibly set apart from the output of the tools it runs.
pub(crate) fn heading(text: &str) {
    line(&format!("\n==> {text}"));
}

/// Runs a step between its heading and its time.
///
/// # Errors
/// Those of the step.
pub(crate) fn step<T>(text: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    heading(text);
    let start = Instant::now();
    let result = work()?;
    line(&format!("    done in {}", duration(start.elapsed())));
    Ok(result)
}

/// A duration as people say it: `0.4 s`, `38 s`, `5 min 32 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_naturally() {
        assert_eq!(duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(38)), "38 s");
        assert_eq!(duration(Duration::from_secs(332)), "5 min 32 s");
    }
}
