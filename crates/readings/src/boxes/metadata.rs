//! Parses a row's cells into the metadata of a box.

use std::cmp::Ordering;
use std::path::Path;

use domain::box_metadata::{BoxMetadata, OperatingStatus};
use model::{BoxId, Capacity};

use super::table::Row;
use crate::columns::{BOX_ID, find_column, is_missing, require_column};
use crate::number::may_be_number;
use crate::text::RowTest;
use crate::unit::{Unit, unit_columns};
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

/// Smaller transformers are not built for distribution: a number in MVA, or read by the wrong mark.
const SMALL_CAPACITY_KVA: f64 = 5.0;
/// No distribution transformer is as large: such capacities are rather in VA.
const LARGE_CAPACITY_KVA: f64 = 100_000.0;

/// An unusable or doubtful cell of a usable row.
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
    pub(super) box_id: usize,
    pub(super) capacity: usize,
    /// Those that name a unit, of the capacity.
    units: Vec<usize>,
    /// Another unit than kVA that a folder names.
    /// What a folder, or a row of units below the header, names instead of kVA.
    other_unit: Option<String>,
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
            units: unit_columns(file, names)?,
            other_unit: Unit::KilovoltAmpere.other_of_folders(file)?,
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

    /// Whether a line may be the row of a box: by the number of its fields, or by its capacity. One that
    /// is too short has to have both a capacity and a number for a box, as other texts have not.
    pub(super) fn row_test(&self) -> RowTest {
        let (columns, box_id, capacity) = (self.columns, self.box_id, self.capacity);
        Box::new(move |line| {
            let (Some(id), Some(kva)) = (line.bare(box_id), line.bare(capacity)) else { return false };
            match line.len().cmp(&columns) {
                Ordering::Equal => true,
                Ordering::Greater => !id.is_empty() && (kva.is_empty() || may_be_number(kva)),
                Ordering::Less => {
                    let is_id = id.iter().any(u8::is_ascii_digit) && !id.iter().any(u8::is_ascii_whitespace);
                    is_id && may_be_number(kva)
                }
            }
        })
    }

    /// The texts of a row that tell how the file's numbers are written: the capacity, then degrees.
    pub(super) fn written(
        &self,
        cells: &Cells,
        is_written: impl Fn(usize) -> bool,
    ) -> (Option<String>, [Option<String>; 2]) {
        if self.check_width(cells).is_err() {
            return (None, [None, None]);
        }
        let written = |column: Option<usize>| text(cells, column.filter(|&column| is_written(column)));
        (written(Some(self.capacity)), [written(self.latitude), written(self.longitude)])
    }

    /// Looks for a row of units: where it names another unit than kVA, no capacity is one.
    pub(super) fn look_for_unit(&mut self, row: &Row) {
        let Row::Cells(cells) = row else { return };
        let other = text(cells, Some(self.capacity));
        if let Some(unit) = other.filter(|unit| !Unit::KilovoltAmpere.admits(unit.as_bytes())) {
            self.other_unit = Some(unit);
        }
    }

    /// Leaves out the `.0` behind the identifiers if all of them are such numbers: whole numbers
    /// that became fractions in a table with gaps. Returns whether it did.
    pub(super) fn leave_out_zeros(&self, rows: &mut [Row]) -> bool {
        let whole = |id: &str| {
            let digits = id.trim().strip_suffix(".0")?;
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.to_owned())
        };
        let mut ids: Vec<&mut String> = rows
            .iter_mut()
            .filter_map(|row| match row {
                Row::Cells(cells) => cells.get_mut(self.box_id)?.as_mut().filter(|id| !is_missing(id.trim())),
                Row::Refused(..) => None,
            })
            .collect();
        let all: Option<Vec<String>> = ids.iter().map(|id| whole(id)).collect();
        let Some(all) = all.filter(|all| !all.is_empty()) else { return false };
        ids.iter_mut().zip(all).for_each(|(id, whole)| **id = whole);
        true
    }

    /// Rows have as many cells as the header; more only where these are empty.
    fn check_width(&self, cells: &Cells) -> Result<(), Reason> {
        let is_empty = |cell: &Option<String>| cell.as_deref().is_none_or(|cell| cell.trim().is_empty());
        match cells.get(self.columns..) {
            None => Err(Reason::IncompleteRow),
            Some(surplus) if surplus.iter().all(is_empty) => Ok(()),
            Some(_) => Err(Reason::SurplusFields),
        }
    }

    /// Parses a row into a box and its unusable cells, or the reason why the row is refused.
    /// `number` reads a number in a column.
    pub(super) fn read(
        &self,
        cells: &Cells,
        number: impl Fn(usize, &str) -> Option<f64>,
    ) -> Result<(BoxMetadata, Vec<Unusable>), Reason> {
        self.check_width(cells)?;
        let mut unusable = Vec::new();
        let id = text(cells, Some(self.box_id)).filter(|id| !is_missing(id)).ok_or(Reason::MissingCell)?;
        if id.eq_ignore_ascii_case(BOX_ID) {
            return Err(Reason::RepeatedHeader);
        }
        let (latitude, longitude) = self.position(cells, &number, &mut unusable);
        let metadata = BoxMetadata {
            box_id: BoxId::from_source(&id).map_err(|error| Reason::from(&error))?,
            capacity: self.capacity(cells, &number, &mut unusable),
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

    fn capacity(
        &self,
        cells: &Cells,
        number: impl Fn(usize, &str) -> Option<f64>,
        unusable: &mut Vec<Unusable>,
    ) -> Option<Capacity> {
        let text = text(cells, Some(self.capacity))?;
        if let Some(unit) = self.other_unit(cells) {
            unusable.push(Unusable { reason: Reason::BadCapacity, text: format!("{text} {unit}") });
            return None;
        }
        let capacity = number(self.capacity, &text).and_then(|kva| Capacity::new(kva).ok());
        match capacity {
            None => unusable.push(Unusable { reason: Reason::BadCapacity, text }),
            Some(capacity) if capacity.kva() < SMALL_CAPACITY_KVA => {
                unusable.push(Unusable { reason: Reason::SmallCapacity, text });
            }
            Some(capacity) if capacity.kva() >= LARGE_CAPACITY_KVA => {
                unusable.push(Unusable { reason: Reason::LargeCapacity, text });
            }
            Some(_) => {}
        }
        capacity
    }

    /// The unit that the row, or a folder, names instead of kVA.
    fn other_unit<'a>(&'a self, cells: &'a Cells) -> Option<&'a str> {
        let mut units = self.units.iter().filter_map(|&column| cells.get(column)?.as_deref());
        let other = units.find(|unit| !Unit::KilovoltAmpere.admits(unit.as_bytes()));
        other.map(str::trim).or(self.other_unit.as_deref())
    }

    fn position(
        &self,
        cells: &Cells,
        number: impl Fn(usize, &str) -> Option<f64>,
        unusable: &mut Vec<Unusable>,
    ) -> (Option<f64>, Option<f64>) {
        let (latitude, longitude) = (text(cells, self.latitude), text(cells, self.longitude));
        if latitude.is_none() && longitude.is_none() {
            return (None, None);
        }
        let (latitude, longitude) = (latitude.unwrap_or_default(), longitude.unwrap_or_default());
        let degrees = |column: Option<usize>, text: &str, most: f64| {
            number(column?, text).filter(|degrees| degrees.abs() <= most)
        };
        match (degrees(self.latitude, &latitude, 90.0), degrees(self.longitude, &longitude, 180.0)) {
            (Some(north), Some(east)) => (Some(north), Some(east)),
            _ => {
                let text = format!("{latitude}, {longitude}");
                unusable.push(Unusable { reason: Reason::BadPosition, text });
                (None, None)
            }
        }
    }
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
