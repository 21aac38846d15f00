//! Which decimal marks the capacities and the positions of metadata have.
//!
//! `1.600` among capacities is 1600 kVA to one author and 1.6 kVA to another, and positions are often
//! pasted from a program that writes numbers its own way. So capacities tell for themselves;
//! positions are heard only where they make the mark of the capacities one between thousands.

use std::path::Path;

use crate::notation::Stop;
use crate::number::{NumberTrouble, Numbers};
use crate::{DecimalMark, FileError, Notation};

/// Digits before the mark from which on thousands would make a capacity of 100 MVA, which no
/// distribution transformer has.
const DIGITS_BEFORE_DECIMALS: usize = 3;

/// The decimal marks of a file of metadata; None where numbers with a mark can't be read, as nothing
/// tells what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) capacities: Option<DecimalMark>,
    pub(super) degrees: Option<DecimalMark>,
}

impl Marks {
    /// Of numbers that all mean the same either way.
    pub(super) const POINTS: Self =
        Self { capacities: Some(DecimalMark::Point), degrees: Some(DecimalMark::Point) };
}

/// As [`marks`], of a table in a database: nothing can be set for it, and it isn't refused as a whole. The
/// error has the marks that are certain.
pub(super) fn of_table(
    table: &Path,
    capacities: &[String],
    degrees: &[String],
) -> Result<Option<Marks>, Marks> {
    marks(table, &Notation::default(), capacities, degrees).map_err(|_| {
        let degrees = weighed_degrees(degrees).finish();
        Marks { capacities: None, degrees: degrees.ok().map(|mark| mark.unwrap_or(DecimalMark::Point)) }
    })
}

fn weighed_degrees(degrees: &[String]) -> Numbers {
    let mut weighing = Numbers::new(None, None, true);
    degrees.iter().for_each(|text| weighing.weigh_small(text));
    weighing
}

/// What the texts of all capacities and of all degrees say; None where all numbers mean the same
/// either way.
pub(super) fn marks(
    file: &Path,
    notation: &Notation,
    capacities: &[String],
    degrees: &[String],
) -> Result<Option<Marks>, FileError> {
    let of_degrees = weighed_degrees(degrees);
    if let Some(set) = notation.decimal_mark {
        // Degrees have no thousands: whatever was set, their only mark stands before decimals.
        let degrees = of_degrees.finish().ok().flatten().unwrap_or(set);
        return Ok(Some(Marks { capacities: Some(set), degrees: Some(degrees) }));
    }
    let of_degrees = of_degrees.finish().map_err(|trouble| of_trouble(file, trouble))?;
    let of_capacities = match weighed(capacities) {
        Ok(mark) => mark,
        Err(NumberTrouble::Ambiguous(number)) => {
            let mark = if number.contains('.') { DecimalMark::Point } else { DecimalMark::Comma };
            let has = |mark: DecimalMark| capacities.iter().any(|text| text.contains(character(mark)));
            match of_degrees {
                Some(of_degrees) if of_degrees != mark && !has(of_degrees) => Some(of_degrees),
                _ if are_decimals(capacities, mark) => Some(mark),
                _ => return Err(of_trouble(file, NumberTrouble::Ambiguous(number))),
            }
        }
        Err(trouble) => return Err(of_trouble(file, trouble)),
    };
    let is_mixed = of_capacities.zip(of_degrees).is_some_and(|(capacities, degrees)| capacities != degrees);
    if is_mixed {
        let all: Vec<String> = capacities.iter().chain(degrees).cloned().collect();
        if let Err(trouble @ NumberTrouble::Mixed { .. }) = weighed(&all) {
            return Err(of_trouble(file, trouble));
        }
    }
    let mark = of_capacities.or(of_degrees);
    Ok(mark.map(|mark| Marks { capacities: Some(mark), degrees: of_degrees.or(Some(mark)) }))
}

/// What numbers say of themselves.
fn weighed(numbers: &[String]) -> Result<Option<DecimalMark>, NumberTrouble> {
    let mut proven = None;
    loop {
        let mut weighing = Numbers::new(None, proven.as_ref(), false);
        numbers.iter().for_each(|text| weighing.weigh(text));
        match weighing.finish() {
            Err(NumberTrouble::ReadAnew(proof)) => proven = Some(proof),
            found => return found,
        }
    }
}

/// Whether every capacity that has a mark would be far too large if it stood between thousands.
fn are_decimals(capacities: &[String], mark: DecimalMark) -> bool {
    let mark = character(mark);
    capacities.iter().filter(|text| text.contains(['.', ','])).all(|text| {
        let whole = text.split_once(mark).map(|(whole, _)| whole.trim_start_matches(['+', '-']));
        whole.is_some_and(|whole| whole.len() >= DIGITS_BEFORE_DECIMALS)
    })
}

fn character(mark: DecimalMark) -> char {
    match mark {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    }
}

fn of_trouble(file: &Path, trouble: NumberTrouble) -> FileError {
    Stop::of_numbers(file, trouble).into_error(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    use DecimalMark::{Comma, Point};

    fn found(capacities: &[&str], degrees: &[&str]) -> Result<Option<(DecimalMark, DecimalMark)>, String> {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        marks(Path::new("m.csv"), &Notation::default(), &owned(capacities), &owned(degrees))
            .map(|marks| marks.and_then(|marks| marks.capacities.zip(marks.degrees)))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn positions_make_no_small_capacity_of_one_with_a_point_between_thousands() {
        for degrees in [&["52.3702"][..], &[], &["52"]] {
            let error = found(&["1.600", "630"], degrees).unwrap_err();
            assert!(error.contains("1.600 may have decimals or thousands"), "{error}");
        }
        assert_eq!(found(&["1.600", "630"], &["52,3702"]), Ok(Some((Comma, Comma))));
        assert_eq!(found(&["1,600", "630"], &["52.3702"]), Ok(Some((Point, Point))));
    }

    #[test]
    fn capacities_tell_for_themselves() {
        assert_eq!(found(&["1600.000", "630.000"], &["52.3"]), Ok(Some((Point, Point))));
        assert_eq!(found(&["630.000", "400.000"], &[]), Ok(Some((Point, Point))), "630 MVA is none");
        assert_eq!(found(&["1.600", "250,0"], &["52,3"]), Ok(Some((Comma, Comma))));
        assert_eq!(found(&["630", "400"], &["52.3"]), Ok(Some((Point, Point))));
        assert_eq!(found(&["630", "400"], &[]), Ok(None));
        assert!(found(&["630", "1.600", "1,000"], &["52.3"]).is_err());
    }

    #[test]
    fn one_file_has_one_mark_unless_one_is_set() {
        assert!(found(&["250,5"], &["52.3"]).unwrap_err().contains("decimal comma"));
        assert!(found(&["630"], &["52,3", "52.3"]).unwrap_err().contains("decimal comma"));
        let set = Notation { decimal_mark: Some(Comma), ..Notation::default() };
        let (capacities, degrees) = (["1.600".to_owned()], ["52.3".to_owned()]);
        let found = marks(Path::new("m.csv"), &set, &capacities, &degrees).unwrap();
        assert_eq!(found, Some(Marks { capacities: Some(Comma), degrees: Some(Point) }));
    }

    #[test]
    fn what_a_table_leaves_undecided_is_left_out() {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let of = |capacities: &[&str], degrees: &[&str]| {
            of_table(Path::new("meet.stations"), &owned(capacities), &owned(degrees))
        };
        let undecided = |degrees| Err(Marks { capacities: None, degrees });
        assert_eq!(of(&["16.000", "630"], &["52.3"]), undecided(Some(Point)));
        assert_eq!(of(&["16.000", "1,5", "2.5"], &["52,3", "4.5"]), undecided(None));
        assert_eq!(of(&["630", "400"], &[]), Ok(None));
        let commas = Marks { capacities: Some(Comma), degrees: Some(Comma) };
        assert_eq!(of(&["16.000", "630,0"], &[]), Ok(Some(commas)));
    }
}
