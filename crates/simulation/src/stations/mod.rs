//! Locations of the boxes and their register entries.

mod area;
mod names;
mod register;

pub use area::Area;
pub(crate) use register::{Entry, metadata};

use model::{BoxId, Capacity};

/// The register entry of a box, as written to `boxes.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// The box, unique in the network (BOXID), for example `ESD.000240-2`.
    pub box_id: BoxId,
    /// Nominal power of the transformer (VERMOGEN_NOMINAAL); missing at a few boxes.
    pub capacity: Option<Capacity>,
    /// The planning area of the station (VESTIGING).
    pub area: Area,
    /// Number of the station, `BRD-004.217` (STATIONSNUMMER).
    pub station_number: String,
    /// Name of the station (STATIONSNAAM).
    pub station_name: String,
    /// Function of the station (STATIONSFUNCTIE).
    pub station_function: &'static str,
    /// Street (STRAAT), invented.
    pub street: String,
    /// House number (HUISNUMMER).
    pub house_number: u32,
    /// Postcode, `4811 AB` (POSTCODE).
    pub postcode: String,
    /// Degrees north, WGS 84 (LAT).
    pub latitude: f64,
    /// Degrees east, WGS 84 (LONG).
    pub longitude: f64,
    /// Tap position of the transformer, 1 to 5 (TRAPSTAND_INGESTELD).
    pub tap_position: u8,
    /// Operating state of the station (STATION_BEDRIJFSSTATUS), in the register's own spelling.
    pub station_status: &'static str,
    /// Operating state of the box (BOX_BEDRIJFSSTATUS), in the register's own spelling.
    pub box_status: &'static str,
}
