//! Parses a row's cells into the metadata of a box.

use std::path::Path;

use domain::box_metadata::{BoxMetadata, OperatingStatus};
use model::{BoxId, Capacity};

use crate::columns::{BOX_ID, find_column, require_column};
use crate::{FileError, Reason};

/// The columns of metadata, by the source system's names; the first two are required.
pub const BOX_COLUMNS: [&str; 17] = [
    BOX_ID,
    "VERMOGEN_NOMINAAL",
    "VESTIGING",
    "REGIO_NETAUTOMATISERING",
    "STATIONSNUMMER",
    "STATIONSNAAM",
    "STATIONSFUNCTIE",
    "PLAATS",
    "STRAAT",
    "HUISNUMMER",
    "POSTCODE",
    "GEMEENTE",
    "LAT",
    "LONG",
    "TRAPSTAND_INGESTELD",
    "STATION_BEDRIJFSSTATUS",
    "BOX_BEDRIJFSSTATUS",
];

/// An unusable cell of a usable row.
#[derive(Debug)]
pub(super) struct Unusable {
    pub(super) reason: Reason,
    pub(super) text: String,
}

/// The position of each column in a row.
#[derive(Debug)]
pub(super) struct Header {
    /// Number of columns of a complete row.
    columns: usize,
    box_id: usize,
    capacity: usize,
    area: Option<usize>,
    region: Option<usize>,
    station_number: Option<usize>,
    station_name: Option<usize>,
    station_function: Option<usize>,
    town: Option<usize>,
    street: Option<usize>,
    house_number: Option<usize>,
    postcode: Option<usize>,
    municipality: Option<usize>,
    latitude: Option<usize>,
    longitude: Option<usize>,
    tap_position: Option<usize>,
    station_status: Option<usize>,
    box_status: Option<usize>,
}

type Cells = [Option<String>];

impl Header {
    /// Finds the columns by name and checks their types.
    ///
    /// `unsupported_type` names the type of a column whose cells can't be rendered as text.
    pub(super) fn of(
        file: &Path,
        names: &[String],
        unsupported_type: impl Fn(usize) -> Option<String>,
    ) -> Result<Self, FileError> {
        let usable = |name, column: usize| match unsupported_type(column) {
            None => Ok(column),
            Some(found) => {
                let (file, expected) = (file.to_owned(), "text or a number");
                Err(FileError::WrongType { file, column: name, found, expected })
            }
        };
        let find = |name| find_column(file, names, name)?.map(|column| usable(name, column)).transpose();
        let require = |name| usable(name, require_column(file, names, name)?);
        let capacity = match find("capacity_kva")? {
            Some(column) if find("VERMOGEN_NOMINAAL")?.is_none() => column,
            _ => require("VERMOGEN_NOMINAAL")?,
        };
        Ok(Self {
            columns: names.len(),
            box_id: require(BOX_ID)?,
            capacity,
            area: find("VESTIGING")?,
            region: find("REGIO_NETAUTOMATISERING")?,
            station_number: find("STATIONSNUMMER")?,
            station_name: find("STATIONSNAAM")?,
            station_function: find("STATIONSFUNCTIE")?,
            town: find("PLAATS")?,
            street: find("STRAAT")?,
            house_number: find("HUISNUMMER")?,
            postcode: find("POSTCODE")?,
            municipality: find("GEMEENTE")?,
            latitude: find("LAT")?,
            longitude: find("LONG")?,
            tap_position: find("TRAPSTAND_INGESTELD")?,
            station_status: find("STATION_BEDRIJFSSTATUS")?,
            box_status: find("BOX_BEDRIJFSSTATUS")?,
        })
    }

    /// Parses a row into a box and its unusable cells, or the reason why the row is refused.
    pub(super) fn read(&self, cells: &Cells) -> Result<(BoxMetadata, Vec<Unusable>), Reason> {
        if cells.len() < self.columns {
            return Err(Reason::IncompleteRow);
        }
        let mut unusable = Vec::new();
        let id = text(cells, Some(self.box_id)).ok_or(Reason::MissingCell)?;
        let (latitude, longitude) = self.position(cells, &mut unusable);
        let metadata = BoxMetadata {
            box_id: BoxId::new(&id).map_err(|_| Reason::BadBoxId)?,
            capacity: self.capacity(cells, &mut unusable),
            area: text(cells, self.area),
            region: text(cells, self.region),
            station_number: text(cells, self.station_number),
            station_name: text(cells, self.station_name),
            station_function: text(cells, self.station_function),
            town: text(cells, self.town),
            street: text(cells, self.street),
            house_number: text(cells, self.house_number),
            postcode: text(cells, self.postcode),
            municipality: text(cells, self.municipality),
            latitude,
            longitude,
            tap_position: text(cells, self.tap_position),
            station_status: status(cells, self.station_status),
            box_status: status(cells, self.box_status),
        };
        Ok((metadata, unusable))
    }

    fn capacity(&self, cells: &Cells, unusable: &mut Vec<Unusable>) -> Option<Capacity> {
        let text = text(cells, Some(self.capacity))?;
        let capacity = text.parse().ok().and_then(|kva: f64| Capacity::new(kva).ok());
        if capacity.is_none() {
            unusable.push(Unusable { reason: Reason::BadCapacity, text });
        }
        capacity
    }

    fn position(&self, cells: &Cells, unusable: &mut Vec<Unusable>) -> (Option<f64>, Option<f64>) {
        let (latitude, longitude) = (text(cells, self.latitude), text(cells, self.longitude));
        if latitude.is_none() && longitude.is_none() {
            return (None, None);
        }
        let (latitude, longitude) = (latitude.unwrap_or_default(), longitude.unwrap_or_default());
        match (degrees(&latitude, 90.0), degrees(&longitude, 180.0)) {
            (Some(north), Some(east)) => (Some(north), Some(east)),
            _ => {
                let text = format!("{latitude}, {longitude}");
                unusable.push(Unusable { reason: Reason::BadPosition, text });
                (None, None)
            }
        }
    }
}

fn degrees(text: &str, max: f64) -> Option<f64> {
    text.parse().ok().filter(|degrees: &f64| degrees.abs() <= max)
}

/// A trimmed cell; None if it is absent or empty.
fn text(cells: &Cells, column: Option<usize>) -> Option<String> {
    let text = cells.get(column?)?.as_deref()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn status(cells: &Cells, column: Option<usize>) -> OperatingStatus {
    match column {
        None => OperatingStatus::Absent,
        Some(_) => OperatingStatus::from_text(&text(cells, column).unwrap_or_default()),
    }
}
