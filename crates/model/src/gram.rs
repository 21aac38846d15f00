//! Products of the columns of a tall matrix.

use crate::lanes::{LANES, Lanes};

/// Products that are summed up at once, so that no sum has to wait for itself.
const AT_ONCE: usize = 4;

/// The lower triangle of A'A for the matrix A of the given rows: entry (i, j ≤ i) is Σ a_i a_j; the rest is
/// zero.
///
/// Several rows are worked on side by side, so that a product is one running sum.
pub(crate) fn products<const N: usize>(rows: impl Iterator<Item = [f64; N]>) -> [[f64; N]; N] {
    let mut blocks: Vec<[Lanes; N]> = Vec::with_capacity(rows.size_hint().0 / LANES + 1);
    for (index, row) in rows.enumerate() {
        if index % LANES == 0 {
            // Missing rows at the end stay zero.
            blocks.push([Lanes::ZERO; N]);
        }
        if let Some(block) = blocks.last_mut() {
            for (column, value) in block.iter_mut().zip(row) {
                column.0[index % LANES] = value;
            }
        }
    }
    let mut products = [[0.0; N]; N];
    for i in 0..N {
        for first in (0..=i).step_by(AT_ONCE) {
            let columns: [usize; AT_ONCE] = std::array::from_fn(|k| (first + k).min(i));
            let mut sums = [Lanes::ZERO; AT_ONCE];
            for block in &blocks {
                for (sum, j) in sums.iter_mut().zip(columns) {
                    *sum += block[i] * block[j];
                }
            }
            for (sum, j) in sums.iter().zip(columns) {
                products[i][j] = sum.0.iter().sum();
            }
        }
    }
    products
}
