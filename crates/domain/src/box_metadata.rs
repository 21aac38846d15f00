//! Box metadata as the source reports it.

use model::{BoxId, Capacity};

/// Metadata of a box (one measuring box = one transformer). Each field names the source's column.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxMetadata {
    /// BOXID (or `boxid`).
    pub box_id: BoxId,
    /// VERMOGEN_NOMINAAL (or `capacity_kva`), kVA; None where it is empty or unusable.
    pub capacity: Option<Capacity>,
    /// VESTIGING: the sub-service area that planners work in.
    pub area: Option<String>,
    /// REGIO_NETAUTOMATISERING.
    pub region: Option<String>,
    /// STATIONSNUMMER.
    pub station_number: Option<String>,
    /// STATIONSNAAM.
    pub station_name: Option<String>,
    /// STATIONSFUNCTIE.
    pub station_function: Option<String>,
    /// PLAATS.
    pub town: Option<String>,
    /// STRAAT.
    pub street: Option<String>,
    /// HUISNUMMER.
    pub house_number: Option<String>,
    /// POSTCODE.
    pub postcode: Option<String>,
    /// GEMEENTE.
    pub municipality: Option<String>,
    /// LAT, degrees north, −90 to 90; None together with the longitude.
    pub latitude: Option<f64>,
    /// LONG, degrees east, −180 to 180; None together with the latitude.
    pub longitude: Option<f64>,
    /// TRAPSTAND_INGESTELD: the tap position as the source writes it.
    pub tap_position: Option<String>,
    /// STATION_BEDRIJFSSTATUS.
    pub station_status: OperatingStatus,
    /// BOX_BEDRIJFSSTATUS.
    pub box_status: OperatingStatus,
}

impl BoxMetadata {
    /// Whether station and box are in service. A file without a status column counts as in service.
    pub fn is_in_service(&self) -> bool {
        self.station_status.is_in_service() && self.box_status.is_in_service()
    }

    /// Whether the box is to be forecast: in service, and with a capacity.
    pub fn is_forecast(&self) -> bool {
        self.is_in_service() && self.capacity.is_some()
    }
}

/// The operating status of a station or box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatingStatus {
    /// The file has no such column.
    Absent,
    /// `in bedrijf`, in any case.
    InService,
    /// Any other text; an empty one too.
    Other(String),
}

impl OperatingStatus {
    /// Whether the status is `in bedrijf` or not reported at all.
    pub fn is_in_service(&self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// Reads a status as the source writes it.
    pub fn from_text(text: &str) -> Self {
        let text = text.trim();
        if text.eq_ignore_ascii_case("in bedrijf") { Self::InService } else { Self::Other(text.to_owned()) }
    }
}
