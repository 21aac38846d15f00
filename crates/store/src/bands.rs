//! The stored form of bands: JSON lists of whole numbers, readable by SQL and fast to write and
//! read.
//!
//! One step is a power of ten between a hundred-thousandth and a ten-thousandth of the span of the
//! bands, so a stored value is within 0.005 % of the span of the computed one.

use model::{Bands, Forecast, IsoWeek, Quantile};

use super::StoreError;

/// A forecast as it is stored, and as its columns are read.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub(super) struct EncodedForecast {
    pub(super) first_week: i32,
    pub(super) history: i32,
    pub(super) weeks: i32,
    pub(super) unit_kw: f64,
    pub(super) observed: String,
    pub(super) drift: String,
    pub(super) yearly: String,
    pub(super) total: String,
}

/// The step for bands that span from `low` to `high`.
fn unit_for(low: f64, high: f64) -> f64 {
    let span = high - low;
    let scale = if span > 0.0 { span } else { high.abs().max(1e-3) };
    10f64.powi(scale.log10().floor() as i32 - 4)
}

fn steps(value_kw: f64, unit_kw: f64) -> i64 {
    (value_kw / unit_kw).round() as i64
}

/// The value of a number of steps: the nearest double to the decimal, which JSON prints with no
/// more digits than the steps have.
fn value_kw(step: i64, unit_kw: f64) -> f64 {
    let decimals = -unit_kw.log10().round() as i32;
    if decimals > 0 { step as f64 / 10f64.powi(decimals) } else { step as f64 * 10f64.powi(-decimals) }
}

fn encode_bands(bands: &Bands, unit_kw: f64) -> Result<String, StoreError> {
    let lists: Vec<Vec<i64>> = Quantile::ALL
        .into_iter()
        .map(|quantile| bands.get(quantile).iter().map(|&kw| steps(kw, unit_kw)).collect())
        .collect();
    to_json(&lists)
}

fn decode_bands(text: &str, unit_kw: f64) -> Result<Bands, StoreError> {
    let lists: [Vec<i64>; 5] = from_json(text)?;
    Bands::new(lists.map(|list| list.into_iter().map(|step| value_kw(step, unit_kw)).collect()))
        .map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Serialises what the store keeps as JSON.
pub(super) fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Reads what the store keeps as JSON.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

impl EncodedForecast {
    /// Encodes a forecast over consecutive weeks.
    pub(super) fn encode(forecast: &Forecast) -> Result<Self, StoreError> {
        let total = &forecast.total;
        let low = total.get(Quantile::Q05).iter().copied().fold(f64::INFINITY, f64::min);
        let high = total.get(Quantile::Q95).iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let unit_kw = unit_for(low, high);
        let observed: Vec<Option<i64>> =
            forecast.observed_kw.iter().map(|value| value.map(|kw| steps(kw, unit_kw))).collect();
        let first_week = forecast
            .weeks
            .first()
            .ok_or_else(|| StoreError::Corrupt("a forecast without weeks".to_owned()))?
            .index();
        Ok(Self {
            first_week,
            history: forecast.history as i32,
            weeks: forecast.weeks.len() as i32,
            unit_kw,
            observed: to_json(&observed)?,
            drift: encode_bands(&forecast.drift, unit_kw)?,
            yearly: encode_bands(&forecast.yearly, unit_kw)?,
            total: encode_bands(total, unit_kw)?,
        })
    }

    /// The forecast as it was, to within half a step.
    pub(super) fn decode(&self) -> Result<Forecast, StoreError> {
        let observed: Vec<Option<i64>> = from_json(&self.observed)?;
        Ok(Forecast {
            weeks: (0..self.weeks).map(|place| IsoWeek::from_index(self.first_week + place)).collect(),
            observed_kw: observed
                .into_iter()
                .map(|step| step.map(|step| value_kw(step, self.unit_kw)))
                .collect(),
            history: self.history as usize,
            drift: decode_bands(&self.drift, self.unit_kw)?,
            yearly: decode_bands(&self.yearly, self.unit_kw)?,
            total: decode_bands(&self.total, self.unit_kw)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use model::{Bands, Forecast, IsoWeek};

    use super::{EncodedForecast, unit_for, value_kw};

    #[test]
    fn a_step_is_a_power_of_ten_below_a_ten_thousandth_of_the_span() {
        for (low, high) in [(0.0, 376.0), (-200.0, 50.0), (1e9, 1e9 + 1.0), (0.0, 1e-3), (-3e6, 4e6)] {
            let unit = unit_for(low, high);
            assert!(
                unit <= (high - low) / 9_999.0 && unit >= (high - low) / 100_001.0,
                "{low} {high} {unit}"
            );
        }
    }

    #[test]
    fn a_stored_value_has_no_more_digits_than_its_steps() {
        for (step, unit_kw, text) in
            [(1233, 0.1, "123.3"), (-7, 0.001, "-0.007"), (12, 1.0, "12.0"), (3, 100.0, "300.0")]
        {
            assert_eq!(serde_json::to_string(&value_kw(step, unit_kw)).unwrap(), text);
        }
    }

    #[test]
    fn a_read_forecast_is_as_short_in_json_as_a_stored_one_but_for_decimal_points() {
        let weeks = 200;
        let level = |scale: f64| (0..weeks).map(|n| scale * (1.0 + f64::from(n * 37 % 101) / 7.0)).collect();
        let bands = |scale: f64| Bands::new([0.7, 0.9, 1.1, 1.3, 1.7].map(|of| level(of * scale))).unwrap();
        let forecast = Forecast {
            weeks: (0..weeks).map(|n| IsoWeek::from_index(2_700 + n)).collect(),
            observed_kw: level(1.1).into_iter().map(Some).collect(),
            history: 173,
            drift: bands(3.3),
            yearly: bands(1.9),
            total: bands(5.7),
        };
        let stored = EncodedForecast::encode(&forecast).unwrap();
        let read = stored.decode().unwrap();
        for (stored, read) in [(&stored.drift, &read.drift), (&stored.total, &read.total)] {
            let read = serde_json::to_string(read).unwrap();
            // A point, and a zero on either side of it.
            assert!(read.len() <= stored.len() + 3 * 5 * weeks as usize, "{} {}", stored.len(), read.len());
        }
        assert_eq!(EncodedForecast::encode(&read).unwrap(), stored);
    }

    #[test]
    fn a_flat_line_still_has_a_step() {
        assert!(unit_for(5.0, 5.0) > 0.0);
        assert!(unit_for(0.0, 0.0) > 0.0);
    }
}
