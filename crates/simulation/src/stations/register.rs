//! Register entries: number, name, address and location of each station.

use model::{BoxId, Capacity};
use rand::RngExt;

use super::{Area, Metadata, names};
use crate::SimulationError;
use crate::random::{Purpose, stream};

/// The simulated properties of a box that its register entry depends on.
pub(crate) struct Entry {
    /// Number of the box, from 0.
    pub(crate) number: usize,
    pub(crate) area: Area,
    /// The registered rating; None at boxes without one.
    pub(crate) capacity_kva: Option<f64>,
    pub(crate) in_service: bool,
    pub(crate) function: &'static str,
}

/// Invents the register entry. Boxes 2j and 2j + 1 are neighbours, a few hundred metres apart.
///
/// # Errors
/// If an invented name violates a rule of the model: a bug in this crate.
pub(crate) fn metadata(seed: u64, entry: &Entry) -> Result<Metadata, SimulationError> {
    let number = entry.number;
    let fault = |reason: String| SimulationError::Metadata { number, reason };
    let town = entry.area.town();
    let (latitude, longitude) = place(seed, number, town.centre);
    let mut random = stream(seed, Purpose::Register, number as u64);
    let street = names::street(&mut random);
    let house_number = random.random_range(1..240);
    let postcode = format!(
        "{} {}",
        random.random_range(town.postcodes.0..=town.postcodes.1),
        names::postcode_letters(&mut random)
    );
    let box_id = format!("ESD.{:06}-{}", 240 + 7 * number, random.random_range(1..=3));
    let capacity = entry.capacity_kva.map(Capacity::new).transpose();
    let in_service = if random.random_bool(0.2) { "In bedrijf" } else { "in bedrijf" };
    let station_out = random.random_bool(0.5);
    let (station_status, box_status) = match (entry.in_service, station_out) {
        (true, _) => (in_service, in_service),
        (false, true) => ("buiten bedrijf", in_service),
        (false, false) => (in_service, "buiten bedrijf"),
    };
    Ok(Metadata {
        box_id: BoxId::new(&box_id).map_err(|error| fault(error.to_string()))?,
        capacity: capacity.map_err(|error| fault(error.to_string()))?,
        area: entry.area,
        station_number: format!("{}-{:03}.{:03}", town.code, number / 1000, number % 1000),
        station_name: format!("{street} {house_number}"),
        station_function: entry.function,
        street,
        house_number,
        postcode,
        latitude,
        longitude,
        tap_position: random.random_range(1..=5),
        station_status,
        box_status,
    })
}

/// Places pairs of neighbours within 9 km of the town's centre, more densely towards it.
fn place(seed: u64, number: usize, centre: (f64, f64)) -> (f64, f64) {
    const KM_PER_DEGREE: f64 = 111.2;
    let mut pair = stream(seed, Purpose::Placing, (number / 2) as u64);
    let distance_km = 0.3 + 8.0 * pair.random::<f64>().powf(1.3);
    let bearing = std::f64::consts::TAU * pair.random::<f64>();
    let mut own = stream(seed, Purpose::Placing, u64::MAX - number as u64);
    let mut near = || 0.2 * (2.0 * own.random::<f64>() - 1.0);
    let (north_km, east_km) = (distance_km * bearing.cos() + near(), distance_km * bearing.sin() + near());
    let latitude = centre.0 + north_km / KM_PER_DEGREE;
    let longitude = centre.1 + east_km / (KM_PER_DEGREE * centre.0.to_radians().cos());
    (round_to_metres(latitude), round_to_metres(longitude))
}

/// Rounds to five decimals, about a metre, the precision of a register.
fn round_to_metres(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}
