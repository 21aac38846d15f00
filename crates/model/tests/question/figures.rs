//! One question with something of everything, and its answer as plain numbers; run natively and as
//! WebAssembly.

use model::{
    Capacity, IsoWeek, Observation, PowerFactor, Quantile, Risk, Series,
    question::{
        Count, ExtraLoad, Growth, Models, Question, RatedPower, Technology, Threshold, Transformer, ask,
    },
};

/// A load that repeats itself over the years, with a remainder that looks like noise.
fn series(level_kw: f64, season_kw: f64) -> Result<Series, Box<dyn std::error::Error>> {
    let row = |i: i32| {
        let angle = std::f64::consts::TAU * f64::from(i) / 52.1775;
        let remainder = f64::from((i * i * 31 + i * 17) % 101) / 10.0;
        let value_kw = (i % 23 != 5).then_some(level_kw + season_kw * angle.cos() + remainder);
        Observation { week: IsoWeek::from_index(2_800 + i), value_kw }
    };
    Ok(Series::new((0..170).map(row).collect())?)
}

/// Bands, probabilities and assessment, one number after the other.
pub(crate) fn figures() -> Result<Vec<f64>, Box<dyn std::error::Error>> {
    let transformer = Transformer {
        capacity: Capacity::new(400.0)?,
        power_factor: PowerFactor::new(0.98)?,
        import_threshold: Threshold::default(),
        feed_in_threshold: Threshold::new(0.5)?,
        risk: Risk::default(),
    };
    let growth = Some(Growth::new(IsoWeek::from_index(2_975), IsoWeek::from_index(2_990))?);
    let chargers = Technology::EvChargers { count: Count::new(30)?, each_kw: RatedPower::new(11.0)? };
    let pumps = Technology::HeatPumps { count: Count::new(20)?, each_kw: RatedPower::new(3.0)? };
    let panels = Technology::SolarPanels { peak_kw: RatedPower::new(150.0)? };
    let homes = Technology::Homes { count: Count::new(15)?, each_kw: RatedPower::new(5.0)? };
    let question = Question {
        masked_weeks: (2_850..2_858).map(IsoWeek::from_index).collect(),
        extra_loads: vec![
            ExtraLoad::at_once(chargers),
            ExtraLoad { technology: pumps, growth },
            ExtraLoad::at_once(panels),
            ExtraLoad { technology: homes, growth },
        ],
        capacity: Some(Capacity::new(320.0)?),
        import_threshold: Some(Threshold::new(0.95)?),
        feed_in_threshold: None,
    };
    let (minimum, maximum) = (series(-10.0, 15.0)?, series(180.0, 40.0)?);
    let answer = ask(&minimum, &maximum, &Models::default(), &transformer, &question)?;
    let mut figures = Vec::new();
    for forecast in [&answer.minimum, &answer.maximum] {
        for level in Quantile::ALL {
            figures.extend_from_slice(forecast.drift.get(level));
            figures.extend_from_slice(forecast.yearly.get(level));
            figures.extend_from_slice(forecast.total.get(level));
        }
    }
    for overload in [&answer.minimum_overload, &answer.maximum_overload] {
        figures.extend_from_slice(&overload.weekly_import);
        figures.extend_from_slice(&overload.weekly_feed_in);
        figures.extend_from_slice(&overload.first_week);
        figures.push(overload.any_week);
    }
    figures.push(answer.assessment.peak_loading.fraction());
    figures.push(answer.assessment.overload_probability);
    figures.push(answer.unasked.overload_probability);
    Ok(figures)
}
