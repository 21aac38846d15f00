//! `gridspark fit`: one series from a file, without a database.

use std::collections::HashMap;
use std::path::Path;

use chrono::{NaiveDate, Utc};
use model::{
    Bands, Capacity, Extreme, FaultKind, Forecast, IsoWeek, Limits, Loading, Observation, PowerFactor,
    Quantile, Series, faults_of_values,
};
use readings::{Notation, TextRow, TextTable, Unit, quoted, unit_columns};
use serde::Serialize;

use super::{CommandError, report};
use crate::Ending;
use crate::command_line::{Fit, Shared};
use crate::configuration::{Configuration, ForecastSettings};
use crate::worker::FitSettings;

#[derive(Serialize)]
struct Answer {
    model: &'static str,
    sigma: model::SigmaSummary,
    log_marginal_likelihood: Option<f64>,
    degenerate: bool,
    weeks: Vec<Week>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p_overload_any: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_loading: Option<f64>,
    /// Absent without a capacity, null if there is no overload.
    #[serde(skip_serializing_if = "Option::is_none")]
    overload_date: Option<Option<NaiveDate>>,
}

#[derive(Serialize)]
struct Week {
    date: NaiveDate,
    period: &'static str,
    observed: Option<f64>,
    drift: Levels,
    yearly: Levels,
    total: Levels,
    #[serde(skip_serializing_if = "Option::is_none")]
    p_overload: Option<f64>,
}

#[derive(Serialize)]
struct Levels {
    q05: f64,
    q15: f64,
    q50: f64,
    q85: f64,
    q95: f64,
}

impl Levels {
    fn at(bands: &Bands, place: usize) -> Self {
        let level = |quantile| bands.get(quantile)[place];
        Self {
            q05: level(Quantile::Q05),
            q15: level(Quantile::Q15),
            q50: level(Quantile::Q50),
            q85: level(Quantile::Q85),
            q95: level(Quantile::Q95),
        }
    }
}

pub(super) fn run(options: &Fit, shared: &Shared) -> Result<Ending, CommandError> {
    let configuration = Configuration::load(shared.config.as_deref(), shared.database.as_deref())?;
    let notation = configuration.source.as_ref().map(|source| source.files.notation()).unwrap_or_default();
    let present = IsoWeek::containing(Utc::now().with_timezone(&configuration.time_zone).date_naive());
    let mut rows = read_history(&options.history, &notation, present)?;
    let capacity = options
        .capacity
        .map(|kva| Capacity::new(kva).map_err(|error| CommandError::Capacity(kva, error)))
        .transpose()?;
    set_faults_aside(&mut rows, capacity);
    let series = Series::new(rows).map_err(|error| CommandError::Fit(error.to_string()))?;
    let forecast = ForecastSettings {
        model: options.model,
        horizon_weeks: usize::from(options.horizon),
        ..configuration.forecast
    };
    let configuration = Configuration { forecast, ..configuration };
    // Without a fleet both extremes have the same model.
    let model = FitSettings::new(configuration.clone()).model(Extreme::Max, &[]);
    let posterior = model.fit(&series).map_err(|error| CommandError::Fit(error.to_string()))?;
    let forecast = posterior.forecast();
    let mut answer = Answer {
        model: options.model.as_str(),
        sigma: posterior.sigma(),
        log_marginal_likelihood: posterior.log_marginal_likelihood(),
        degenerate: posterior.is_degenerate(),
        weeks: weeks(&forecast),
        p_overload_any: None,
        peak_loading: None,
        overload_date: None,
    };
    if let Some(capacity) = capacity {
        let limits = configuration.forecast.limits(capacity)?;
        let overload = posterior.overload(&limits);
        for (week, probability) in answer.weeks[forecast.history..].iter_mut().zip(&overload.weekly) {
            week.p_overload = Some(*probability);
        }
        answer.p_overload_any = Some(overload.any_week);
        answer.peak_loading = Some(peak_loading(&forecast, capacity, configuration.forecast.power_factor)?);
        answer.overload_date = Some(overload_week(&forecast, &limits).map(IsoWeek::monday));
    }
    report::print(shared.json, &answer, &as_csv(&answer))?;
    Ok(Ending::Complete)
}

/// Values that no transformer can have had count as weeks without one, and are named.
fn set_faults_aside(rows: &mut [Observation], capacity: Option<Capacity>) {
    const NAMED: usize = 20;
    let values: Vec<(IsoWeek, f64)> =
        rows.iter().filter_map(|row| row.value_kw.map(|kw| (row.week, kw))).collect();
    let faults = faults_of_values(&values, capacity);
    let mut measured = rows.iter_mut().filter(|row| row.value_kw.is_some()).zip(faults);
    let mut count = 0;
    for (row, kind) in measured.by_ref().filter_map(|(row, fault)| Some((row, fault?))) {
        count += 1;
        if count <= NAMED {
            let why = match kind {
                FaultKind::BeyondCapacity => "beyond five times the capacity",
                FaultKind::ErrorCode => "a value that recurs far outside of the others, as error codes do",
                FaultKind::WrongUnit => "a thousand times what the others are",
                FaultKind::FrozenMeter => "a meter that repeats itself",
            };
            let kw = row.value_kw.unwrap_or_default();
            tracing::warn!("{}: {kw} is not counted: {why}", row.week.monday());
        }
        row.value_kw = None;
    }
    if count > NAMED {
        tracing::warn!("{} more values are not counted", count - NAMED);
    }
}

fn weeks(forecast: &Forecast) -> Vec<Week> {
    let week = |(place, week): (usize, &IsoWeek)| Week {
        date: week.monday(),
        period: if place < forecast.history { "history" } else { "future" },
        observed: forecast.observed_kw[place],
        drift: Levels::at(&forecast.drift, place),
        yearly: Levels::at(&forecast.yearly, place),
        total: Levels::at(&forecast.total, place),
        p_overload: None,
    };
    forecast.weeks.iter().enumerate().map(week).collect()
}

fn future_levels(forecast: &Forecast) -> impl Iterator<Item = (IsoWeek, f64)> {
    forecast.future().flat_map(move |place| {
        Quantile::ALL
            .into_iter()
            .map(move |quantile| (forecast.weeks[place], forecast.total.get(quantile)[place]))
    })
}

fn peak_loading(
    forecast: &Forecast,
    capacity: Capacity,
    power_factor: PowerFactor,
) -> Result<f64, CommandError> {
    let peak_kw = future_levels(forecast).map(|(_, kw)| kw.abs()).fold(0.0, f64::max);
    Loading::of(peak_kw, capacity.active_kw(power_factor))
        .map(Loading::fraction)
        .map_err(|error| CommandError::Fit(error.to_string()))
}

fn overload_week(forecast: &Forecast, limits: &Limits) -> Option<IsoWeek> {
    future_levels(forecast).find(|(_, kw)| limits.reached_by(*kw)).map(|(week, _)| week)
}

/// Reads `date,value` rows. Any malformed row is an error: part of a history would give a wrong
/// forecast.
fn read_history(
    path: &Path,
    notation: &Notation,
    present: IsoWeek,
) -> Result<Vec<Observation>, CommandError> {
    let wrong = |row, reason: String| CommandError::History { path: path.to_owned(), row, reason };
    let table = TextTable::open(path, &["date", "value"], &["value"], notation)?;
    let unusable = |reason: String| CommandError::HistoryFile { path: path.to_owned(), reason };
    let mut table = table.ok_or_else(|| unusable("is Parquet; a series is read from CSV".to_owned()))?;
    let column = |name: &str| {
        let mut named =
            table.names().iter().enumerate().filter(|(_, header)| header.eq_ignore_ascii_case(name));
        match (named.next(), named.next()) {
            (Some((place, _)), None) => Ok(place),
            (None, _) => Err(unusable(format!("the column `{name}` is missing"))),
            _ => Err(unusable(format!("the column `{name}` is there twice"))),
        }
    };
    let (date_column, value_column) = (column("date")?, column("value")?);
    let units = unit_columns(path, table.names())?;
    if let Some(unit) = Unit::Kilowatt.other_of_folders(path)? {
        return Err(unusable(format!("lies in a folder of values in {}, not in kW", quoted(&unit))));
    }
    let mut rows = Vec::new();
    let mut row_of = HashMap::new();
    let mut row: u64 = 0;
    let (mut future, mut date_length) = (Vec::new(), 0);
    while let Some(read) = table.next_row()? {
        row += 1;
        let cells = match read {
            TextRow::Cells(cells) => cells,
            TextRow::Refused(reason, text) => return Err(wrong(row, format!("{reason}: {text}"))),
        };
        if let Some(unit) = units.iter().map(|&unit| &cells[unit]).find(|unit| !is_kilowatt(unit)) {
            return Err(wrong(row, format!("the value is in `{}`, not in kW", quoted(unit))));
        }
        let (date, value) = (&cells[date_column], &cells[value_column]);
        let (shown_date, shown_value) = (quoted(date), quoted(value));
        // `2026-11-2` of `2026-11-23` is a date, and another one.
        if table.is_open() && date_column + 1 == cells.len() && date.len() < date_length {
            return Err(wrong(
                row,
                format!("`{shown_date}` is cut off: the file's last line has no line break"),
            ));
        }
        date_length = date.len();
        let monday = NaiveDate::parse_from_str(date, "%Y-%m-%d")
            .map_err(|_| wrong(row, format!("`{shown_date}` is not a date such as 2026-11-16")))?;
        let week = IsoWeek::containing(monday);
        if week.monday() != monday {
            return Err(wrong(row, format!("{date} is not a Monday; its week begins on {}", week.monday())));
        }
        if week > present {
            future.push((row, date.clone()));
        }
        if let Some(first) = row_of.insert(week, row) {
            let file = path.display();
            tracing::warn!("{file}, row {row}: {date} stands on row {first} already; both values count");
        }
        let value_kw = if value.is_empty() {
            None
        } else {
            let number = table.number(value);
            let number = number.ok_or_else(|| wrong(row, format!("`{shown_value}` is not a number")))?;
            if !number.is_finite() {
                return Err(wrong(row, format!("`{shown_value}` is not a finite number")));
            }
            Some(number)
        };
        rows.push(Observation { week, value_kw });
    }
    if let Some((row, date)) = future.first() {
        let more = match future.len() - 1 {
            0 => String::new(),
            more => format!(", as do those of {more} more rows"),
        };
        return Err(wrong(*row, format!("the week of {date} lies in the future{more}")));
    }
    for note in table.notes() {
        tracing::info!("{}: {note}", path.display());
    }
    Ok(rows)
}

fn is_kilowatt(unit: &str) -> bool {
    Unit::Kilowatt.admits(unit.as_bytes())
}

fn as_csv(answer: &Answer) -> String {
    let mut text = String::from("date,period,observed");
    for part in ["drift", "yearly", "total"] {
        for level in ["q05", "q15", "q50", "q85", "q95"] {
            text.push_str(&format!(",{part}_{level}"));
        }
    }
    text.push_str(",p_overload\n");
    let optional = |value: Option<f64>| value.map(|number| number.to_string()).unwrap_or_default();
    for week in &answer.weeks {
        text.push_str(&format!("{},{},{}", week.date, week.period, optional(week.observed)));
        for levels in [&week.drift, &week.yearly, &week.total] {
            let Levels { q05, q15, q50, q85, q95 } = levels;
            text.push_str(&format!(",{q05},{q15},{q50},{q85},{q95}"));
        }
        text.push_str(&format!(",{}\n", optional(week.p_overload)));
    }
    text
}
