//! The coming weeks of a box, narrow enough for every row of a list of tens of thousands.

use model::{Extreme, Forecast, IsoWeek, Limits, Part, Quantile};
use serde::{Deserialize, Serialize};

/// What the forecast says of the coming weeks on the side that sets the peak, in percent of the limit on that side: 100
/// touches it, whether by import or by feed-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeksAhead {
    /// The first week.
    pub first_week: IsoWeek,
    /// By week: the end of the 90 % band away from the limit, the median, and its end towards the limit.
    pub weeks: Vec<[i16; 3]>,
}

impl WeeksAhead {
    /// The most weeks that a row holds: half a year, of whichever length.
    pub const MAX_WEEKS: usize = 27;

    /// The first weeks of a forecast beside the limit of its side; nothing without a limit.
    pub fn of(forecast: &Forecast, extreme: Extreme, limits: &Limits) -> Option<Self> {
        let limit_kw = match extreme {
            Extreme::Max => limits.import_kw,
            Extreme::Min => -limits.feed_in_kw,
        };
        let total = forecast.part(Part::Total);
        let (away, towards) = match extreme {
            Extreme::Max => (Quantile::Q05, Quantile::Q95),
            Extreme::Min => (Quantile::Q95, Quantile::Q05),
        };
        // Casts of floats saturate.
        let percent = |quantile, row: usize| {
            let kw = total.get(quantile).get(row)?;
            Some((100.0 * kw / limit_kw).round() as i16)
        };
        let first_week = *forecast.weeks.get(forecast.future().start)?;
        let weeks: Option<Vec<_>> = forecast
            .future()
            .take(Self::MAX_WEEKS)
            .map(|row| Some([percent(away, row)?, percent(Quantile::Q50, row)?, percent(towards, row)?]))
            .collect();
        weeks.filter(|_| limit_kw != 0.0).map(|weeks| Self { first_week, weeks })
    }
}

#[cfg(test)]
mod tests {
    use model::Bands;

    use super::*;

    fn forecast(quantiles_kw: [f64; 5]) -> Forecast {
        let weeks: Vec<IsoWeek> = (0..130).map(|week| IsoWeek::from_index(2_900 + week)).collect();
        let bands = Bands::new(quantiles_kw.map(|kw| vec![kw; weeks.len()])).unwrap();
        Forecast {
            observed_kw: vec![None; weeks.len()],
            history: 100,
            drift: bands.clone(),
            yearly: bands.clone(),
            total: bands,
            weeks,
        }
    }

    #[test]
    fn a_hundred_is_the_limit_on_either_side() {
        let limits = Limits { import_kw: 400.0, feed_in_kw: 200.0 };
        let import = WeeksAhead::of(&forecast([100.0, 150.0, 200.0, 300.0, 420.0]), Extreme::Max, &limits);
        let import = import.unwrap();
        assert_eq!(
            (import.first_week, import.weeks.len()),
            (IsoWeek::from_index(3_000), WeeksAhead::MAX_WEEKS)
        );
        assert_eq!(import.weeks[0], [25, 50, 105]);
        let feed_in = WeeksAhead::of(&forecast([-210.0, -150.0, -100.0, -50.0, 20.0]), Extreme::Min, &limits);
        assert_eq!(feed_in.unwrap().weeks[0], [-10, 50, 105]);
    }

    #[test]
    fn values_beyond_all_measure_stay_numbers() {
        let limits = Limits { import_kw: 0.01, feed_in_kw: 0.01 };
        let found = WeeksAhead::of(&forecast([1.0, 2.0, 3.0, 4.0, 1e9]), Extreme::Max, &limits).unwrap();
        assert_eq!(found.weeks[0][2], i16::MAX);
    }
}
