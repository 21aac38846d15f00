//! Invented street names: a tree, a flower or a trade, and a kind of street.

use rand::{Rng, RngExt};

const STEMS: [&str; 36] = [
    "Kastanje",
    "Linden",
    "Meidoorn",
    "Vlier",
    "Lijsterbes",
    "Berken",
    "Elzen",
    "Populieren",
    "Ahorn",
    "Hazelaar",
    "Klaproos",
    "Korenbloem",
    "Boterbloem",
    "Zwaluw",
    "Leeuwerik",
    "Merel",
    "Wulpen",
    "Kievit",
    "Molen",
    "Smids",
    "Kuipers",
    "Wevers",
    "Leerlooiers",
    "Bakkers",
    "Veen",
    "Heide",
    "Akker",
    "Broek",
    "Beemd",
    "Donk",
    "Oever",
    "Sluis",
    "Haven",
    "Poort",
    "Abdij",
    "Hoeve",
];
const ENDS: [&str; 8] = ["straat", "laan", "weg", "plein", "hof", "dreef", "pad", "kade"];

/// A street such as `Meidoornlaan`.
pub(crate) fn street(random: &mut impl Rng) -> String {
    let stem = STEMS[random.random_range(0..STEMS.len())];
    let end = ENDS[random.random_range(0..ENDS.len())];
    format!("{stem}{end}")
}

/// The two letters of a Dutch postcode, without S: the combinations SA, SD and SS are never issued.
pub(crate) fn postcode_letters(random: &mut impl Rng) -> String {
    const LETTERS: &[u8] = b"ABCDEGHJKLMNPRTVWXZ";
    let mut letter = || char::from(LETTERS[random.random_range(0..LETTERS.len())]);
    [letter(), letter()].iter().collect()
}
