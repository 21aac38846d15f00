//! What the names of folders say of all rows of a file.

use super::row_sink::{ChannelCode, RowSink};
use crate::columns::Place;
use crate::unit::Unit;
use crate::{FileError, Reason};

/// Box and channel that the names of folders give to all rows.
#[derive(Debug)]
pub(super) struct OfFolders {
    /// The number of the box, or why the folder's name is none.
    box_number: Option<Result<u32, Reason>>,
    channel: Option<ChannelCode>,
    /// Whether they name another unit than kW.
    have_other_unit: bool,
}

impl OfFolders {
    /// # Errors
    /// Those of [`Unit::other_of_folders`].
    pub(super) fn new(box_id: &Place, channel: &Place, sink: &mut RowSink<'_>) -> Result<Self, FileError> {
        Ok(Self {
            box_number: box_id.folder.as_ref().map(|id| sink.boxes.number(id.as_bytes())),
            channel: channel.folder.as_ref().and_then(|channel| ChannelCode::of(channel.as_bytes())),
            have_other_unit: Unit::Kilowatt.other_of_folders(sink.file)?.is_some(),
        })
    }

    /// Whether the values can't be in kW, whatever the rows say.
    #[inline]
    pub(super) fn have_other_unit(&self) -> bool {
        self.have_other_unit
    }

    /// The channel of a row, whose own cell says `of_row` where there is such a column.
    ///
    /// # Errors
    /// [`Reason::OtherThanFolder`], and [`Reason::MissingCell`] where nothing says it.
    #[inline]
    pub(super) fn channel(&self, of_row: Option<ChannelCode>) -> Result<ChannelCode, Reason> {
        agreed(self.channel, of_row)
    }

    /// The number of a row's box, in the same way; [`Reason::MissingCell`] where its cell says none.
    ///
    /// # Errors
    /// As [`Self::channel`]; those of the row and of the folder's name where they are no box ids.
    #[inline]
    pub(super) fn box_number(&self, of_row: Result<u32, Reason>) -> Result<u32, Reason> {
        match (self.box_number, of_row) {
            (Some(folder), Err(Reason::MissingCell)) => folder,
            (None, of_row) | (_, of_row @ Err(_)) => of_row,
            (of_folder, of_row) => agreed(of_folder, Some(of_row))?,
        }
    }
}

#[inline]
fn agreed<T: PartialEq>(of_folder: Option<T>, of_row: Option<T>) -> Result<T, Reason> {
    match (of_folder, of_row) {
        (None, Some(only)) | (Some(only), None) => Ok(only),
        (Some(folder), Some(row)) if folder == row => Ok(row),
        (Some(_), Some(_)) => Err(Reason::OtherThanFolder),
        (None, None) => Err(Reason::MissingCell),
    }
}
