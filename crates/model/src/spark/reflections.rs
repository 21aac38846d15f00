//! Orthogonal maps that point the first coordinates in chosen directions.

use crate::additive::{Row, dot};

/// An orthogonal map as a product of Householder reflections.
#[derive(Default)]
pub(crate) struct Reflections {
    /// v with reflection 1 − 2 v v', v of unit length and zero before its index.
    reflections: Vec<Row>,
}

impl Reflections {
    /// H η = H_0 (H_1 (… η)).
    pub(crate) fn apply(&self, coordinates: &Row) -> Row {
        let mut x = *coordinates;
        for v in self.reflections.iter().rev() {
            reflect(v, &mut x);
        }
        x
    }

    /// H' ξ.
    pub(crate) fn transpose(&self, coordinates: &Row) -> Row {
        let mut x = *coordinates;
        for v in &self.reflections {
            reflect(v, &mut x);
        }
        x
    }

    /// Adds the reflection that maps coordinate `k` to the direction, of which only the coordinates from `k`
    /// on count; false if there is no direction left.
    pub(crate) fn push(&mut self, k: usize, mut direction: Row) -> bool {
        direction[..k].fill(0.0);
        let scale = direction.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        if scale.is_nan() || scale <= 0.0 || scale.is_infinite() {
            return false;
        }
        direction.iter_mut().for_each(|x| *x /= scale);
        let length = dot(&direction, &direction).sqrt();
        // The sign that does not cancel; the direction's sense does not matter.
        direction[k] += length.copysign(direction[k]);
        let norm = dot(&direction, &direction).sqrt();
        self.reflections.push(direction.map(|x| x / norm));
        true
    }
}

fn reflect(v: &Row, x: &mut Row) {
    let projection = 2.0 * dot(v, x);
    for (x, v) in x.iter_mut().zip(v) {
        *x -= projection * v;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::additive::COEFFICIENTS;

    #[test]
    fn the_map_is_orthogonal_and_points_where_it_was_told() {
        let direction = |k: usize| -> Row { std::array::from_fn(|i| ((i * 7 + k * 3) % 11) as f64 - 4.5) };
        let mut turn = Reflections::default();
        for k in 0..3 {
            let turned = turn.transpose(&direction(k));
            assert!(turn.push(k, turned));
        }
        let unit = |k: usize| -> Row { std::array::from_fn(|i| if i == k { 1.0 } else { 0.0 }) };
        for i in 0..COEFFICIENTS {
            for j in 0..COEFFICIENTS {
                let expected = if i == j { 1.0 } else { 0.0 };
                assert!((dot(&turn.apply(&unit(i)), &turn.apply(&unit(j))) - expected).abs() < 1e-14);
            }
        }
        let first = direction(0);
        let cosine = dot(&turn.apply(&unit(0)), &first) / dot(&first, &first).sqrt();
        assert!((cosine.abs() - 1.0).abs() < 1e-14);
        // The second direction lies in the plane of the first two coordinates.
        let second = turn.transpose(&direction(1));
        assert!(second[2..].iter().all(|x| x.abs() < 1e-13));
    }

    #[test]
    fn a_direction_that_vanishes_is_not_taken() {
        assert!(!Reflections::default().push(0, [0.0; COEFFICIENTS]));
        assert!(!Reflections::default().push(0, [f64::NAN; COEFFICIENTS]));
    }
}
