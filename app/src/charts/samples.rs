//! Invented boxes for the tests.

use domain::box_detail::{
    BoxDetail, DataQuality, ExtremeForecast, ForecastBasis, Provenance, SpecialWeeks, Station,
};
use domain::urgency::Urgency;
use model::gridspark::Basis;
use model::{Assessment, Bands, BoxId, Extreme, Forecast, IsoWeek, Limits, Loading, Overload, Quantile};

use super::palette::Palette;

/// A custom property of the style sheet.
pub(crate) fn token(name: &str) -> String {
    let sheet = include_str!("../../../style/00-tokens.css");
    let definition = sheet.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
    definition
        .unwrap_or_else(|| panic!("{name} is not in the style sheet"))
        .trim()
        .trim_end_matches(';')
        .to_owned()
}

/// The light palette of the style sheet.
pub(crate) fn palette() -> Palette {
    Palette::read(false, token)
}

const HISTORY: i32 = 120;
const FUTURE: i32 = 27;

/// 120 weeks from week 1 of 2024 with a gap of three, and `future` ones; twice a year the season swings around `level_kw`.
fn forecast(level_kw: f64, swing_kw: f64, width_kw: f64, future: i32) -> Forecast {
    let first = IsoWeek::from_year_and_number(2024, 1).unwrap();
    let weeks: Vec<IsoWeek> = (0..HISTORY + future).map(|week| first.plus(week)).collect();
    let season = |week: i32| swing_kw * (f64::from(week) / 26.09 * std::f64::consts::TAU).cos();
    let bands = |middle: &dyn Fn(i32) -> f64, width_kw: f64| {
        let level = |quantile: Quantile| {
            let shift = match quantile {
                Quantile::Q05 => -1.0,
                Quantile::Q15 => -0.6,
                Quantile::Q50 => 0.0,
                Quantile::Q85 => 0.6,
                Quantile::Q95 => 1.0,
            };
            (0..HISTORY + future).map(|week| middle(week) + shift * width_kw).collect()
        };
        Bands::new(Quantile::ALL.map(level)).unwrap()
    };
    Forecast {
        observed_kw: (0..HISTORY + future)
            .map(|week| (week < HISTORY && !(60..63).contains(&week)).then(|| level_kw + season(week)))
            .collect(),
        history: HISTORY as usize,
        drift: bands(&|_| level_kw, width_kw / 3.0),
        yearly: bands(&season, width_kw / 2.0),
        total: bands(&|week| level_kw + season(week), width_kw),
        weeks,
    }
}

fn overload(probability: f64) -> Overload {
    let weekly = vec![probability; FUTURE as usize];
    Overload {
        weekly_import: weekly.clone(),
        weekly_feed_in: vec![0.0; FUTURE as usize],
        first_week: vec![probability / f64::from(FUTURE); FUTURE as usize],
        any_week: probability,
        any_week_standard_error: 0.001,
        weekly,
    }
}

/// The basis of a forecast whose noise is half autocorrelated, with these outliers.
pub(super) fn basis(outliers: Vec<IsoWeek>) -> ForecastBasis {
    ForecastBasis {
        basis: Basis::OwnHistory,
        training_first: None,
        training_last: None,
        training_weeks: 117,
        outliers,
        autocorrelated_share: 0.5,
        autocorrelation: 0.9,
        growth: None,
    }
}

/// A box whose minimum runs from −200 to +50 kW, and whose maximum reaches the limit of 400 kW.
pub(crate) fn crossing_zero() -> BoxDetail {
    let weekly = vec![0.1; FUTURE as usize];
    BoxDetail {
        box_id: BoxId::new("ESD.000240-2").unwrap(),
        rank: 3,
        urgency: Urgency::Overload,
        exceedance: None,
        peers: None,
        station: Station { name: "Dorpsstraat".to_owned(), area: "Venlo".to_owned(), ..Station::default() },
        capacity_kva: Some(400.0),
        limits: Some(Limits { import_kw: 400.0, feed_in_kw: 400.0 }),
        minimum: Some(ExtremeForecast {
            forecast: forecast(-75.0, -100.0, 25.0, FUTURE),
            overload: Some(overload(0.0)),
            forecast_basis: None,
            added_kw: Vec::new(),
        }),
        maximum: Some(ExtremeForecast {
            forecast: forecast(340.0, 50.0, 30.0, FUTURE),
            overload: Some(overload(0.1)),
            forecast_basis: None,
            added_kw: Vec::new(),
        }),
        assessment: Some(Assessment {
            peak_loading: Loading::new(1.05).unwrap(),
            peak_week: IsoWeek::from_year_and_number(2026, 20).unwrap(),
            peak_extreme: Extreme::Max,
            overload_week: Some(IsoWeek::from_year_and_number(2026, 20).unwrap()),
            overload_probability: 0.64,
            overload_probability_standard_error: 0.001,
            weekly_probability: weekly.clone(),
            first_week_probability: weekly,
            ranked: None,
        }),
        advice: None,
        neighbours: Vec::new(),
        measured_coverage: None,
        flags: Vec::new(),
        quality: DataQuality { weeks: 117, completeness: 0.987, ..DataQuality::default() },
        provenance: Some(Provenance {
            run: 7,
            model: "spark".to_owned(),
            model_version: "1".to_owned(),
            code_version: "0.1.0".to_owned(),
            processed_on: chrono::DateTime::from_timestamp(1_763_800_800, 0).unwrap(),
        }),
        special_weeks: SpecialWeeks::default(),
        measured: Vec::new(),
        actions: Vec::new(),
    }
}

/// The same box with a forecast of a year, whose second half is indicative.
pub(crate) fn a_year_ahead() -> BoxDetail {
    let mut detail = crossing_zero();
    for (extreme, (level_kw, swing_kw, width_kw)) in
        [(&mut detail.minimum, (-75.0, -100.0, 25.0)), (&mut detail.maximum, (340.0, 50.0, 30.0))]
    {
        if let Some(extreme) = extreme {
            extreme.forecast = forecast(level_kw, swing_kw, width_kw, 53);
        }
    }
    detail
}
