//! The unit of a quantity, where a file names one: in columns, or in the names of folders.

use std::path::Path;

use crate::FileError;
use crate::columns::{find_column, is_missing};
use crate::paths::partition_value;

/// The names of columns, or of folders, that tell the unit of the values.
pub const UNIT_COLUMNS: [&str; 6] = ["EENHEID", "UNIT", "UNITS", "UOM", "MEETEENHEID", "UNIT_OF_MEASURE"];

/// What a capacity may be given in instead of kVA.
const OTHER_UNITS_OF_POWER: [&str; 21] = [
    "VA",
    "MVA",
    "GVA",
    "W",
    "kW",
    "MW",
    "GW",
    "Wp",
    "kWp",
    "MWp",
    "VAr",
    "kVAr",
    "MVAr",
    "watt",
    "kilowatt",
    "megawatt",
    "voltampere",
    "volt-ampere",
    "megavoltampere",
    "megavolt-ampere",
    "hp",
];

/// What else a row below the header may name for the unit of values.
const FURTHER_UNITS_OF_VALUES: [&str; 7] = ["kVA", "Wh", "kWh", "MWh", "GWh", "kVAh", "kVArh"];

/// The unit that a quantity is read in. Another one is refused wherever a file names it: no number is
/// converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Of power: kW.
    Kilowatt,
    /// Of a transformer's capacity: kVA.
    KilovoltAmpere,
}

impl Unit {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Kilowatt => &["kW", "kilowatt", "kilowatts"],
            Self::KilovoltAmpere => &["kVA", "kilovoltampere", "kilovolt-ampere", "kilovolt-amperes"],
        }
    }

    /// Whether a cell names this unit, in any case and also in brackets, or none. In metadata, where a column of such a
    /// name may speak of departments as well, only other units of power are others.
    #[inline]
    pub fn admits(self, cell: &[u8]) -> bool {
        cell.is_empty() || cell == self.names()[0].as_bytes() || self.admits_spelling(cell)
    }

    fn admits_spelling(self, cell: &[u8]) -> bool {
        let Ok(cell) = std::str::from_utf8(cell) else { return false };
        let is_around = |character: char| character.is_whitespace() || "[](){}\"'\0".contains(character);
        let name = cell.trim_matches(is_around);
        let is_among =
            |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        is_missing(name)
            || is_among(self.names(), name)
            // `M.V.A.` and `MVA (nominal)` are MVA.
            || (self == Self::KilovoltAmpere && {
                let name = name.split(['(', '[', ',', ';']).next().unwrap_or_default();
                let name: String = name.chars().filter(|it| *it != '.' && !it.is_whitespace()).collect();
                !is_among(&OTHER_UNITS_OF_POWER, &name)
            })
    }

    /// What the folders of a file name instead of this unit; None where they name it, or none.
    ///
    /// # Errors
    /// [`FileError::FolderName`] and [`FileError::FoldersDiffer`].
    pub fn other_of_folders(self, file: &Path) -> Result<Option<String>, FileError> {
        for column in UNIT_COLUMNS {
            let unit = partition_value(file, column)?;
            if let Some(other) = unit.filter(|unit| !self.admits(unit.as_bytes())) {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }
}

/// Whether a cell of values holds the name of another unit than kW, as in a row of units below the header.
pub fn is_other_unit_of_values(cell: &[u8]) -> bool {
    let Ok(cell) = std::str::from_utf8(cell) else { return false };
    let name =
        cell.trim_matches(|character: char| character.is_whitespace() || "[](){}\"'".contains(character));
    let mut others = OTHER_UNITS_OF_POWER.iter().chain(&FURTHER_UNITS_OF_VALUES);
    !Unit::Kilowatt.admits(name.as_bytes()) && others.any(|other| other.eq_ignore_ascii_case(name))
}

/// Positions of the columns that name the unit of each row.
///
/// # Errors
/// [`FileError::RepeatedColumn`].
pub fn unit_columns(file: &Path, names: &[String]) -> Result<Vec<usize>, FileError> {
    let mut columns = Vec::new();
    for name in UNIT_COLUMNS {
        columns.extend(find_column(file, names, name)?);
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_unit_itself_is_admitted() {
        let admitted = |unit: Unit, cell: &str| unit.admits(cell.as_bytes());
        for cell in
            ["kW", "KW", " kw ", "[kW]", "(kW)", "kW\u{a0}", "kilowatt", "Kilowatts", "", "  ", "NaN", "kW\0"]
        {
            assert!(admitted(Unit::Kilowatt, cell), "{cell:?}");
        }
        for cell in ["kVA", "KVA", "[kva]", "kilovolt-ampere", ""] {
            assert!(admitted(Unit::KilovoltAmpere, cell), "{cell:?}");
        }
        for cell in [
            "MW",
            "W",
            "kWh",
            "kW/15min",
            "1000 kW",
            "x1000",
            "kVA",
            "milliwatt",
            "TW",
            "Amp\u{e8}re",
            "°C",
            "pk",
            "3",
            "k",
            "W.",
        ] {
            assert!(!admitted(Unit::Kilowatt, cell), "{cell:?}");
        }
        for cell in ["Onderhoud Zuid", "3", "W. de Boer", "Watt & Co"] {
            assert!(admitted(Unit::KilovoltAmpere, cell), "{cell:?}");
            assert!(!admitted(Unit::Kilowatt, cell), "{cell:?}");
        }
        for cell in ["VA", "MVA", "[mva]", "kW", "kVAr", "VA.", "M.V.A.", "MV A", "MVA (nominaal)"] {
            assert!(!admitted(Unit::KilovoltAmpere, cell), "{cell:?}");
        }
        assert!(!Unit::Kilowatt.admits(b"kW\xff"));
    }
}
