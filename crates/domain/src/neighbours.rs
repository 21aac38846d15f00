//! Transformers nearby that could take over a part of the load.

use model::{BoxId, Headroom};
use serde::{Deserialize, Serialize};

/// A transformer near one that is short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neighbour {
    /// Its box.
    pub box_id: BoxId,
    /// The name of its station; empty if unknown.
    pub station_name: String,
    /// How far away it is, m.
    pub distance_m: f64,
    /// Its room at the same risk.
    pub headroom: Headroom,
}

/// The mean radius of the earth, m (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A place, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Position {
    /// The distance on the sphere, m, by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and
    /// Telescope 68, 1984), which keeps its digits for places close together.
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let (here, there) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin();
        let (north, east) = (half(other.latitude - self.latitude), half(other.longitude - self.longitude));
        let haversine = north * north + here.cos() * there.cos() * east * east;
        2.0 * EARTH_RADIUS_M * haversine.sqrt().min(1.0).asin()
    }

    /// South-west and north-east corner around everything within a distance, m.
    #[must_use]
    pub fn surroundings(self, within_m: f64) -> (Self, Self) {
        let north = (within_m / EARTH_RADIUS_M).to_degrees();
        // Meridians come closer towards the poles: by the latitude at the edge that is nearer to one.
        let nearest_pole = (self.latitude.abs() + north).min(90.0).to_radians();
        let east = if nearest_pole.cos() > 1e-9 { (north / nearest_pole.cos()).min(180.0) } else { 180.0 };
        let corner = |sign: f64| Self {
            latitude: self.latitude + sign * north,
            longitude: self.longitude + sign * east,
        };
        (corner(-1.0), corner(1.0))
    }
}

impl Neighbour {
    /// How many are named.
    const MOST: usize = 3;

    /// Of some transformers the nearest within a distance that have room for all that is short, in each direction that is.
    #[must_use]
    pub fn nearest(mut near: Vec<Self>, short: &Headroom, within_m: f64) -> Vec<Self> {
        let takes = |room_kw: f64, short_kw: f64| short_kw >= 0.0 || room_kw >= -short_kw;
        near.retain(|found| {
            found.distance_m <= within_m
                && takes(found.headroom.import_kw, short.import_kw)
                && takes(found.headroom.feed_in_kw, short.feed_in_kw)
        });
        near.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then_with(|| a.box_id.cmp(&b.box_id)));
        near.truncate(Self::MOST);
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position { latitude, longitude }
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        // A degree along a meridian, and the same eastwards at 52.2° north, shrunk by the cosine.
        let degree = EARTH_RADIUS_M * 1.0_f64.to_radians();
        assert!((at(52.0, 5.0).distance_m(at(53.0, 5.0)) - degree).abs() < 1e-6);
        let east = at(52.2, 5.0).distance_m(at(52.2, 5.001));
        assert!((east - 0.001 * degree * 52.2_f64.to_radians().cos()).abs() < 1e-4, "{east}");
        assert_eq!(at(52.0, 5.0).distance_m(at(52.0, 5.0)), 0.0);
        // Two church towers, against the spherical law of cosines.
        let (dom, wester) = (at(52.0907, 5.1214), at(52.3746, 4.8838));
        let radians = |place: Position| (place.latitude.to_radians(), place.longitude.to_radians());
        let ((a, b), (c, d)) = (radians(dom), radians(wester));
        let cosine = a.sin() * c.sin() + a.cos() * c.cos() * (d - b).cos();
        assert!((dom.distance_m(wester) - EARTH_RADIUS_M * cosine.acos()).abs() < 0.1);
        assert!(
            (at(0.0, 0.0).distance_m(at(0.0, 180.0)) - std::f64::consts::PI * EARTH_RADIUS_M).abs() < 1.0
        );
    }

    #[test]
    fn nothing_within_the_distance_lies_outside_the_surroundings() {
        for latitude in [-60.0, 0.0, 52.2, 70.0] {
            let here = at(latitude, 5.0);
            let (south_west, north_east) = here.surroundings(500.0);
            for step in 0..3_600 {
                let angle = f64::from(step).to_radians() / 10.0;
                let there = at(latitude + 0.0045 * angle.sin(), 5.0 + 0.02 * angle.cos());
                let inside = (south_west.latitude..=north_east.latitude).contains(&there.latitude)
                    && (south_west.longitude..=north_east.longitude).contains(&there.longitude);
                assert!(inside || here.distance_m(there) > 500.0, "{there:?}");
            }
        }
    }

    #[test]
    fn the_nearest_with_room_for_what_is_short_are_named() {
        let one = |id: &str, distance_m, import_kw, feed_in_kw| Neighbour {
            box_id: BoxId::new(id).unwrap(),
            station_name: String::new(),
            distance_m,
            headroom: Headroom { import_kw, feed_in_kw },
        };
        let near = vec![
            one("far", 501.0, 900.0, 900.0),
            one("third", 300.0, 50.0, -20.0),
            one("small", 20.0, 49.0, 900.0),
            one("second", 100.0, 60.0, 0.0),
            one("first", 100.0, 70.0, 0.0),
            one("fourth", 400.0, 80.0, 0.0),
        ];
        let short = Headroom { import_kw: -50.0, feed_in_kw: 10.0 };
        let found = Neighbour::nearest(near.clone(), &short, 500.0);
        assert_eq!(
            found.iter().map(|found| found.box_id.as_str()).collect::<Vec<_>>(),
            ["first", "second", "third"]
        );
        let both = Headroom { import_kw: -50.0, feed_in_kw: -1.0 };
        assert!(Neighbour::nearest(near, &both, 500.0).is_empty());
    }
}
