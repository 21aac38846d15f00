//! Which rows of a long list are in the document.

use std::ops::Range;

/// The height of a row, px: `--row-height` in style/00-tokens.css.
pub(super) const ROW_HEIGHT: f64 = 44.0;
/// Rows drawn above and below what is in view, so that scrolling meets rows.
const MARGIN: u32 = 16;
/// The largest number of rows in the document at once.
const MAX_ROWS: u32 = 100;
/// The rows that the server draws, before anything is known of the screen.
pub(super) const FIRST_ROWS: u32 = 50;

/// Where the list is scrolled to, and how much of it can be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Viewport {
    /// Pixels scrolled away above.
    pub(super) top: f64,
    /// The visible height, px; zero before it has been measured.
    pub(super) height: f64,
}

impl Viewport {
    /// The rows to draw out of `total`.
    pub(super) fn rows(self, total: u32) -> Range<u32> {
        if self.height <= 0.0 {
            return 0..total.min(FIRST_ROWS);
        }
        let first = self.first_in_view().min(total);
        let in_view = whole(self.height / ROW_HEIGHT).saturating_add(2).min(MAX_ROWS - 2 * MARGIN);
        // In steps of half a margin, so that not every pixel of scrolling changes the document.
        let step = MARGIN / 2;
        let start = first.saturating_sub(MARGIN) / step * step;
        start
            ..first
                .saturating_add(in_view + MARGIN)
                .div_ceil(step)
                .saturating_mul(step)
                .min(total)
                .min(start + MAX_ROWS)
    }

    /// The first row of which something can be seen.
    pub(super) fn first_in_view(self) -> u32 {
        whole(self.top / ROW_HEIGHT)
    }

    /// How many rows fit into the view as a whole.
    pub(super) fn page(self) -> u32 {
        whole(self.height / ROW_HEIGHT).saturating_sub(1).max(1)
    }

    /// Whether a row is in view as a whole.
    pub(super) fn shows(self, row: u32) -> bool {
        self.height > 0.0 && self.top_showing(row) == self.top
    }

    /// Where to scroll so that a row is in view; the present place where it is already.
    pub(super) fn top_showing(self, row: u32) -> f64 {
        let above = f64::from(row) * ROW_HEIGHT;
        if above < self.top { above } else { self.top.max(above + ROW_HEIGHT - self.height) }
    }
}

/// A non-negative number without its fraction.
fn whole(value: f64) -> u32 {
    // Casts of floats saturate: a negative number or none becomes zero.
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_never_holds_more_than_a_hundred_rows() {
        for height in [0.0, 300.0, 900.0, 2000.0, 1e6] {
            for top in [0.0, 43.0, 44.0, 12_345.0, 35_000.0 * ROW_HEIGHT, 1e12, -50.0] {
                let rows = Viewport { top, height }.rows(35_000);
                assert!(rows.len() <= 100 && rows.end <= 35_000, "{rows:?} at {top}, {height} px");
            }
        }
    }

    #[test]
    fn rows_in_view_are_drawn_wherever_one_scrolls() {
        for row in [0_u32, 1, 17, 500, 34_990] {
            let viewport = Viewport { top: f64::from(row) * ROW_HEIGHT, height: 880.0 };
            let rows = viewport.rows(35_000);
            assert!(
                rows.start <= row && rows.end >= (row + 20).min(35_000),
                "{rows:?} lacks rows from {row}"
            );
        }
    }

    #[test]
    fn before_measuring_the_first_fifty_are_drawn() {
        assert_eq!(Viewport::default().rows(35_000), 0..50);
        assert_eq!(Viewport::default().rows(7), 0..7);
        assert_eq!(Viewport { top: 0.0, height: 500.0 }.rows(0), 0..0);
    }

    #[test]
    fn a_row_out_of_view_is_scrolled_to_the_nearer_edge() {
        let viewport = Viewport { top: 440.0, height: 440.0 };
        assert_eq!(viewport.top_showing(12), 440.0);
        assert_eq!(viewport.top_showing(9), 396.0);
        assert_eq!(viewport.top_showing(20), 484.0);
    }
}
