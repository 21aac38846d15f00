//! The six areas and the locations of their towns.

use serde::{Deserialize, Serialize};

/// An area with its own planners and its own weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Area {
    /// Breda.
    Breda,
    /// Tilburg.
    Tilburg,
    /// Venlo.
    Venlo,
    /// Eindhoven.
    Eindhoven,
    /// Hengelo.
    Hengelo,
    /// 's-Hertogenbosch.
    #[serde(rename = "Den Bosch")]
    DenBosch,
}

/// The data of a town for register and map.
pub(crate) struct Town {
    pub(crate) name: &'static str,
    pub(crate) municipality: &'static str,
    pub(crate) region: &'static str,
    pub(crate) code: &'static str,
    /// Latitude and longitude of the centre, degrees (WGS 84).
    pub(crate) centre: (f64, f64),
    /// First and last four-digit postcode.
    pub(crate) postcodes: (u32, u32),
}

impl Area {
    /// All areas, in the order of their discriminants.
    pub const ALL: [Self; 6] =
        [Self::Breda, Self::Tilburg, Self::Venlo, Self::Eindhoven, Self::Hengelo, Self::DenBosch];

    /// The name in the register (VESTIGING).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Breda => "Breda",
            Self::Tilburg => "Tilburg",
            Self::Venlo => "Venlo",
            Self::Eindhoven => "Eindhoven",
            Self::Hengelo => "Hengelo",
            Self::DenBosch => "Den Bosch",
        }
    }

    pub(crate) const fn town(self) -> Town {
        match self {
            Self::Breda => Town {
                name: "Breda",
                municipality: "Breda",
                region: "West-Brabant",
                code: "BRD",
                centre: (51.5866, 4.7757),
                postcodes: (4811, 4839),
            },
            Self::Tilburg => Town {
                name: "Tilburg",
                municipality: "Tilburg",
                region: "Midden-Brabant",
                code: "TLB",
                centre: (51.5606, 5.0836),
                postcodes: (5011, 5049),
            },
            Self::Venlo => Town {
                name: "Venlo",
                municipality: "Venlo",
                region: "Noord-Limburg",
                code: "VNL",
                centre: (51.3704, 6.1724),
                postcodes: (5911, 5928),
            },
            Self::Eindhoven => Town {
                name: "Eindhoven",
                municipality: "Eindhoven",
                region: "Zuidoost-Brabant",
                code: "EHV",
                centre: (51.4392, 5.4780),
                postcodes: (5611, 5658),
            },
            Self::Hengelo => Town {
                name: "Hengelo",
                municipality: "Hengelo",
                region: "Twente",
                code: "HGL",
                centre: (52.2659, 6.7931),
                postcodes: (7551, 7559),
            },
            Self::DenBosch => Town {
                name: "'s-Hertogenbosch",
                municipality: "'s-Hertogenbosch",
                region: "Noordoost-Brabant",
                code: "HTB",
                centre: (51.6892, 5.3036),
                postcodes: (5211, 5236),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_listed_in_the_order_of_their_discriminants() {
        for (at, area) in Area::ALL.into_iter().enumerate() {
            assert_eq!(area as usize, at);
        }
    }
}
