//! Command-line options.

use std::error::Error;
use std::path::PathBuf;

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) boxes: usize,
    pub(crate) years: f64,
    /// Only these; all if empty.
    pub(crate) fleets: Vec<String>,
    pub(crate) list: bool,
    pub(crate) only_real: bool,
    pub(crate) only_simulated: bool,
    pub(crate) measured_classes: bool,
    pub(crate) all_weeks: bool,
    pub(crate) brief: bool,
    pub(crate) draws: usize,
    pub(crate) threads: Option<usize>,
    /// Where to write the reports.
    pub(crate) json: Option<PathBuf>,
}

impl Options {
    /// Parses the command line.
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            boxes: 600,
            years: 5.0,
            fleets: Vec::new(),
            list: false,
            only_real: false,
            only_simulated: false,
            measured_classes: false,
            all_weeks: false,
            brief: false,
            draws: 400,
            threads: None,
            json: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--boxes" => options.boxes = value()?.parse()?,
                "--years" => options.years = value()?.parse()?,
                "--fleet" => options.fleets.push(value()?),
                "--list" => options.list = true,
                "--real" => options.only_real = true,
                "--simulated" => options.only_simulated = true,
                "--measured-classes" => options.measured_classes = true,
                "--all-weeks" => options.all_weeks = true,
                "--brief" => options.brief = true,
                "--draws" => options.draws = value()?.parse()?,
                "--threads" => options.threads = Some(value()?.parse()?),
                "--json" => options.json = Some(value()?.into()),
                other => return Err(format!("{other} is no option").into()),
            }
        }
        Ok(options)
    }

    pub(crate) fn wants(&self, fleet: &str) -> bool {
        self.fleets.is_empty() || self.fleets.iter().any(|name| name == fleet)
    }
}
