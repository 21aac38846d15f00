//! Writes the register `boxes.csv` with the source's column names.

use std::path::PathBuf;

use readings::BOX_COLUMNS;

use super::atomic_file;
use crate::{Metadata, Settings, SimulationError};

/// Writes the register; a missing rating is an empty field.
pub(crate) fn write<'m>(
    settings: &Settings,
    boxes: impl Iterator<Item = &'m Metadata>,
) -> Result<PathBuf, SimulationError> {
    let path = settings.output.join("boxes.csv");
    atomic_file::write(&path, |file| {
        let failed = |source| SimulationError::Csv { path: path.clone(), source };
        let mut csv = csv::Writer::from_writer(file);
        csv.write_record(BOX_COLUMNS).map_err(failed)?;
        for metadata in boxes {
            csv.write_record(record(metadata)).map_err(failed)?;
        }
        csv.flush().map_err(|source| SimulationError::File { path: path.clone(), source })
    })
}

fn record(metadata: &Metadata) -> [String; BOX_COLUMNS.len()] {
    let town = metadata.area.town();
    [
        metadata.box_id.to_string(),
        metadata.capacity.map(|capacity| capacity.kva().to_string()).unwrap_or_default(),
        metadata.area.as_str().to_owned(),
        town.region.to_owned(),
        metadata.station_number.clone(),
        metadata.station_name.clone(),
        metadata.station_function.to_owned(),
        town.name.to_owned(),
        metadata.street.clone(),
        metadata.house_number.to_string(),
        metadata.postcode.clone(),
        town.municipality.to_owned(),
        metadata.latitude.to_string(),
        metadata.longitude.to_string(),
        metadata.tap_position.to_string(),
        metadata.station_status.to_owned(),
        metadata.box_status.to_owned(),
    ]
}
