//! Random streams by purpose and number, independent of the order in which boxes are generated.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

/// The purpose of a stream: two purposes never share random numbers, even with equal seed and
/// number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    CountryWeather = 1,
    AreaWeather,
    AreaClouds,
    Area,
    Placing,
    Register,
    Components,
    DayNoise,
    WeekNoise,
    QuarterNoise,
    PhaseNoise,
    OtherChannels,
    Switching,
    Faults,
    Growth,
    GrowingShare,
    Installations,
}

/// The stream of a purpose and a number (of a box, pair or day) under a seed.
pub(crate) fn stream(seed: u64, purpose: Purpose, number: u64) -> Xoshiro256PlusPlus {
    let key = mix(mix(seed ^ 0x6a09_e667_f3bc_c908).wrapping_add(purpose as u64)).wrapping_add(number);
    Xoshiro256PlusPlus::seed_from_u64(mix(key))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): a bijection that decorrelates
/// adjacent keys.
fn mix(key: u64) -> u64 {
    let key = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    #[test]
    fn a_stream_depends_on_seed_purpose_and_number_alone() {
        let first = |seed, purpose, number| stream(seed, purpose, number).random::<u64>();
        let here = first(1, Purpose::Faults, 7);
        assert_eq!(here, first(1, Purpose::Faults, 7));
        assert_ne!(here, first(2, Purpose::Faults, 7));
        assert_ne!(here, first(1, Purpose::Switching, 7));
        assert_ne!(here, first(1, Purpose::Faults, 8));
    }
}
