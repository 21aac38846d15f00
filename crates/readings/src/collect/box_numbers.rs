//! Maps box ids to dense numbers.

use std::collections::HashMap;
use std::sync::Arc;

use domain::implausible::BelievedPower;
use model::BoxId;

use crate::Reason;
use crate::columns::is_missing;

/// The boxes of a file, numbered in order of their first row.
#[derive(Debug, Default)]
pub(crate) struct BoxNumbers {
    ids: Vec<BoxId>,
    believed: Arc<BelievedPower>,
    /// The largest believed magnitude by number, kW.
    max_kw: Vec<f64>,
    /// Numbers by the file's spelling, which may include surrounding white space.
    numbers: HashMap<Box<[u8]>, u32>,
}

impl BoxNumbers {
    /// No boxes yet, with what will be believed of them.
    pub(crate) fn believing(believed: Arc<BelievedPower>) -> Self {
        Self { believed, ..Self::default() }
    }

    /// The number of the box with this spelling.
    ///
    /// # Errors
    /// [`Reason::MissingCell`] of what stands for none, [`Reason::BadBoxId`] and [`Reason::LostDigits`] of what is no box id.
    pub(crate) fn number(&mut self, spelling: &[u8]) -> Result<u32, Reason> {
        if let Some(&number) = self.numbers.get(spelling) {
            return Ok(number);
        }
        let text = std::str::from_utf8(spelling).map_err(|_| Reason::BadBoxId)?;
        if is_missing(text) {
            return Err(Reason::MissingCell);
        }
        let id = BoxId::from_source(text).map_err(|error| Reason::from(&error))?;
        let number = match self.numbers.get(id.as_str().as_bytes()) {
            Some(&number) => number,
            None => {
                let number = u32::try_from(self.ids.len()).ok().filter(|&number| number < u32::MAX / 8);
                let number = number.ok_or(Reason::BadBoxId)?;
                self.numbers.insert(id.as_str().as_bytes().into(), number);
                self.max_kw.push(self.believed.max_kw(&id));
                self.ids.push(id);
                number
            }
        };
        self.numbers.insert(spelling.into(), number);
        Ok(number)
    }

    /// The largest magnitude that is believed of a box, kW.
    #[inline]
    pub(crate) fn max_kw(&self, number: u32) -> f64 {
        self.max_kw.get(number as usize).copied().unwrap_or(f64::INFINITY)
    }

    /// The id of a number.
    pub(crate) fn id(&self, number: u32) -> Option<&BoxId> {
        self.ids.get(number as usize)
    }

    /// The ids by number.
    pub(crate) fn into_ids(self) -> Vec<BoxId> {
        self.ids
    }
}
