use model::IsoWeek;

use super::*;
use crate::configuration::Configuration;

fn settings() -> FitSettings {
    FitSettings::new(Configuration::default())
}

fn calendar() -> Calendar {
    Calendar::new(chrono_tz::Europe::Amsterdam)
}

/// Three years around `level_kw` with a winter peak, less a fifth of noise that looks random and isn't.
fn weeks(count: i32, level_kw: f64) -> Vec<WeekExtremes> {
    (0..count)
        .map(|place| {
            let season = (f64::from(place) / 52.1775 * std::f64::consts::TAU).cos();
            let noise = f64::from((place * 7919) % 101) / 101.0 - 0.5;
            WeekExtremes {
                week: IsoWeek::from_index(2_700 + place),
                min_kw: 0.1 * level_kw * (1.0 + 0.3 * season + 0.1 * noise),
                max_kw: level_kw * (0.8 + 0.2 * season + 0.05 * noise),
                readings: 672,
            }
        })
        .collect()
}

fn fit(weeks: &[WeekExtremes], capacity_kva: Option<f64>, in_service: bool) -> BoxResult {
    fit_box(&BoxInput { weeks, capacity_kva, in_service, running_week: None }, &settings(), &calendar())
        .unwrap()
}

#[test]
fn a_box_whose_winter_peak_passes_its_capacity_is_an_overload() {
    let result = fit(&weeks(156, 410.0), Some(400.0), true);
    assert_eq!(result.urgency, Urgency::Overload);
    let assessment = result.assessment.unwrap();
    assert!(assessment.peak_loading.fraction() > 1.0 && assessment.overload_probability > 0.1);
    assert_eq!(result.extremes.len(), 2);
}

#[test]
fn a_box_far_below_its_capacity_is_ample_and_one_close_to_it_is_near() {
    assert_eq!(fit(&weeks(156, 250.0), Some(400.0), true).urgency, Urgency::Ample);
    assert_eq!(fit(&weeks(156, 360.0), Some(400.0), true).urgency, Urgency::Near);
}

#[test]
fn without_a_forecast_the_flags_say_why() {
    for (weeks, capacity, in_service, flag) in [
        (weeks(104, 300.0), Some(400.0), true, Flag::TooShort),
        (weeks(156, 100.0), Some(400.0), true, Flag::TooSmall),
        (weeks(156, 300.0), None, true, Flag::NoCapacity),
        (weeks(156, 300.0), Some(400.0), false, Flag::NotInService),
        (Vec::new(), Some(400.0), true, Flag::NoReadings),
    ] {
        let result = fit(&weeks, capacity, in_service);
        assert_eq!(result.urgency, Urgency::NoForecast);
        assert!(result.flags.contains(&flag) && result.extremes.is_empty(), "{flag}: {:?}", result.flags);
    }
}

#[test]
fn a_week_with_few_of_its_readings_counts_as_a_gap() {
    let mut sparse = weeks(160, 300.0);
    sparse[100].readings = 100;
    sparse[100].max_kw = 5_000.0;
    let result = fit(&sparse, Some(400.0), true);
    assert_eq!(result.flags, [Flag::SparseWeeks]);
    assert!(result.assessment.unwrap().peak_loading.fraction() < 1.5);
}

#[test]
fn a_gap_is_a_row_without_a_value() {
    let mut gappy = weeks(120, 300.0);
    gappy.drain(50..53);
    let cleaned = clean(&gappy, Capacity::new(400.0).ok(), &settings().configuration.checks());
    let series = series_with_gaps(&cleaned, Extreme::Max).unwrap();
    assert_eq!(series.rows().len(), 120);
    assert_eq!(series.rows().iter().filter(|row| row.value_kw.is_none()).count(), 3);
    assert!(series.rows().windows(2).all(|pair| pair[1].week - pair[0].week == 1));
}

#[test]
fn a_box_without_readings_in_the_last_weeks_is_silent() {
    let weeks = weeks(156, 300.0);
    for (missing, silent) in [(0, false), (4, false), (5, true)] {
        let running_week = Some(weeks[155].week.plus(1 + missing));
        let input = BoxInput { weeks: &weeks, capacity_kva: Some(400.0), in_service: true, running_week };
        let result = fit_box(&input, &settings(), &calendar()).unwrap();
        assert_eq!(result.flags.contains(&Flag::Silent), silent, "{missing} weeks missing");
    }
}
