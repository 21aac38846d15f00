//! Which rating would do: the smallest transformer of those that are ordered that holds the risk.

use model::Capacity;
use serde::{Deserialize, Serialize};

/// A rating that transformers are ordered in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StandardRating {
    /// Nominal capacity, kVA.
    pub capacity: Capacity,
    /// What one costs, €; nothing where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_euro: Option<f64>,
}

/// The ratings that are ordered, the smallest first, each once.
#[derive(Debug, Clone, PartialEq)]
pub struct StandardRatings(Vec<StandardRating>);

/// Ratings that can't be a list of them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StandardRatingsError {
    /// A capacity is not above zero, or not larger than the one before.
    #[error("ratings are above 0 kVA and ascend, {kva} does not")]
    Order {
        /// The refused number.
        kva: f64,
    },
    /// There is not one price for each.
    #[error("{prices} prices for {ratings} ratings: give one for each, or none")]
    Prices {
        /// How many ratings there are.
        ratings: usize,
        /// How many prices.
        prices: usize,
    },
    /// A price is negative or not finite.
    #[error("a price must be a finite number of euros of at least 0, not {euro}")]
    Price {
        /// The refused number.
        euro: f64,
    },
}

impl StandardRatings {
    /// From ascending capacities in kVA, and a price in € for each or none at all.
    ///
    /// # Errors
    /// [`StandardRatingsError`].
    pub fn new(ratings_kva: &[f64], prices_euro: &[f64]) -> Result<Self, StandardRatingsError> {
        if !prices_euro.is_empty() && prices_euro.len() != ratings_kva.len() {
            let (ratings, prices) = (ratings_kva.len(), prices_euro.len());
            return Err(StandardRatingsError::Prices { ratings, prices });
        }
        if let Some(&euro) = prices_euro.iter().find(|euro| !(euro.is_finite() && **euro >= 0.0)) {
            return Err(StandardRatingsError::Price { euro });
        }
        let mut before = 0.0;
        let mut ratings = Vec::with_capacity(ratings_kva.len());
        for (place, &kva) in ratings_kva.iter().enumerate() {
            let refused = StandardRatingsError::Order { kva };
            let capacity = Capacity::new(kva).ok().filter(|_| kva > before).ok_or(refused)?;
            before = kva;
            ratings.push(StandardRating { capacity, price_euro: prices_euro.get(place).copied() });
        }
        Ok(Self(ratings))
    }

    /// Their capacities, kVA.
    pub fn capacities_kva(&self) -> Vec<f64> {
        self.0.iter().map(|rating| rating.capacity.kva()).collect()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each has a price.
    pub fn have_prices(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|rating| rating.price_euro.is_some())
    }

    /// Those above a capacity, the smallest first.
    pub fn above(&self, capacity: Capacity) -> impl Iterator<Item = Capacity> {
        self.0.iter().map(|rating| rating.capacity).filter(move |rating| *rating > capacity)
    }

    /// Their capacities in kVA as one text, without the prices: another text means other ratings.
    pub fn capacities_text(&self) -> String {
        let names = self.0.iter().map(|rating| rating.capacity.kva().to_string());
        names.collect::<Vec<_>>().join(" ")
    }

    /// The smallest that does for a transformer that needs so many kVA to keep to the risk ([`model::needed_kva`]); nothing
    /// where no ratings are known. Capacities that are off by rounding alone are equal.
    pub fn advise(&self, needed_kva: f64) -> Option<RatingAdvice> {
        /// Capacities closer than this share are one.
        const ROUNDING: f64 = 1e-9;
        if self.0.is_empty() {
            return None;
        }
        let holds = |rating: &&StandardRating| rating.capacity.kva() >= needed_kva * (1.0 - ROUNDING);
        Some(RatingAdvice { needed_kva, rating: self.0.iter().find(holds).copied() })
    }
}

impl Default for StandardRatings {
    /// The preferred ratings of distribution transformers up to 1,000 kVA that Dutch networks use (EN 50588-1), without prices.
    fn default() -> Self {
        let rating =
            |kva: f64| Capacity::new(kva).ok().map(|capacity| StandardRating { capacity, price_euro: None });
        Self([100.0, 160.0, 250.0, 400.0, 630.0, 1_000.0].into_iter().filter_map(rating).collect())
    }
}

/// What would keep the chance of an overload within the half-year, by import and by feed-in, at or below the risk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatingAdvice {
    /// The capacity that would just do, kVA.
    pub needed_kva: f64,
    /// The smallest rating that does; nothing where none is large enough and the load has to be split.
    pub rating: Option<StandardRating>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratings() -> StandardRatings {
        StandardRatings::new(&[100.0, 160.0, 250.0, 400.0, 630.0], &[9e3, 1e4, 12e3, 15e3, 19e3]).unwrap()
    }

    #[test]
    fn the_smallest_rating_that_is_large_enough_is_advised_with_its_price() {
        let rating = |needed_kva| {
            let rating = ratings().advise(needed_kva).unwrap().rating;
            rating.map(|rating| (rating.capacity.kva(), rating.price_euro.unwrap()))
        };
        assert_eq!(rating(40.0), Some((100.0, 9e3)));
        assert_eq!(
            rating(160.0 * (1.0 + 1e-12)),
            Some((160.0, 1e4)),
            "rounding is no reason for a larger one"
        );
        assert_eq!(rating(160.1), Some((250.0, 12e3)));
        assert_eq!(rating(630.5), None, "its load has to be split");
    }

    #[test]
    fn lists_that_are_none_are_refused() {
        let refused = |ratings: &[f64], prices: &[f64]| StandardRatings::new(ratings, prices).unwrap_err();
        assert_eq!(refused(&[100.0, 100.0], &[]), StandardRatingsError::Order { kva: 100.0 });
        assert_eq!(refused(&[-1.0], &[]), StandardRatingsError::Order { kva: -1.0 });
        assert_eq!(refused(&[100.0], &[1.0, 2.0]), StandardRatingsError::Prices { ratings: 1, prices: 2 });
        assert_eq!(refused(&[100.0], &[-2.0]), StandardRatingsError::Price { euro: -2.0 });
        let none = StandardRatings::new(&[], &[]).unwrap();
        assert_eq!(none.advise(120.0), None);
    }
}
