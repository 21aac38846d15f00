use proptest::prelude::*;

use super::*;

fn tally(min_kw: f64, max_kw: f64, quarters: &[u16]) -> WeekTally {
    let mut seen = SeenQuarters::default();
    for &quarter in quarters {
        assert!(seen.insert(quarter));
    }
    WeekTally::new(min_kw, max_kw, seen).unwrap()
}

fn any_tally() -> impl Strategy<Value = WeekTally> {
    let quarters = proptest::collection::vec(0_u16..676, 1..40);
    (-500_i32..500, 0_i32..500, quarters)
        .prop_map(|(min, range, quarters)| tally(f64::from(min), f64::from(min + range), &quarters))
}

#[test]
fn a_tally_that_covers_the_stored_one_replaces_it() {
    let stored = tally(-1.0, 99.0, &[1, 2]);
    let newer = tally(-1.0, 9.0, &[1, 2, 3]);
    assert_eq!(stored.merged(&newer), newer);
}

#[test]
fn a_tally_that_lacks_a_stored_quarter_hour_forms_a_union_with_it() {
    let stored = tally(-1.0, 5.0, &[1, 2]);
    let newer = tally(0.0, 9.0, &[2, 3]);
    assert_eq!(stored.merged(&newer), tally(-1.0, 9.0, &[1, 2, 3]));
}

#[test]
fn invalid_values_are_rejected() {
    let seen = SeenQuarters::full(3);
    assert!(matches!(WeekTally::new(f64::NAN, 1.0, seen), Err(TallyError::NotFinite { .. })));
    assert!(matches!(WeekTally::new(0.0, f64::INFINITY, seen), Err(TallyError::NotFinite { .. })));
    assert!(matches!(WeekTally::new(2.0, 1.0, seen), Err(TallyError::Crossed { .. })));
    assert_eq!(WeekTally::new(1.0, 1.0, SeenQuarters::default()), Err(TallyError::Empty));
}

#[test]
fn a_negative_zero_becomes_positive() {
    assert!(tally(-0.0, -0.0, &[1]).min_kw().is_sign_positive());
}

#[test]
fn a_full_week_has_every_quarter_hour_and_no_more() {
    for quarters in [0, 1, 63, 64, 65, 668, 672, 676, 704] {
        let full = SeenQuarters::full(quarters);
        assert_eq!(full.count(), quarters);
        assert!(full.is_full(quarters));
        assert!(!full.contains(quarters));
        assert_eq!(full.is_full(quarters + 1), quarters == 704);
    }
    let mut almost = SeenQuarters::full(671);
    assert!(!almost.is_full(672));
    almost.insert(671);
    assert!(almost.is_full(672));
}

#[test]
fn a_quarter_hour_beyond_the_longest_week_is_not_added() {
    let mut seen = SeenQuarters::default();
    assert!(!seen.insert(SeenQuarters::CAPACITY));
    assert!(seen.insert(SeenQuarters::CAPACITY - 1));
    assert_eq!(seen.count(), 1);
}

#[test]
fn bytes_that_encode_no_set_are_rejected() {
    assert_eq!(SeenQuarters::from_bytes(&[1; 89]), Err(SeenQuartersError::TooLong(89)));
    assert_eq!(SeenQuarters::from_bytes(&[1, 0]), Err(SeenQuartersError::NotCompact));
    assert_eq!(SeenQuarters::from_bytes(&[]), Ok(SeenQuarters::default()));
    assert_eq!(SeenQuarters::full(672).to_bytes(), [0xff; 84]);
}

#[test]
fn a_quarter_hour_is_a_bit_of_a_word() {
    let mut words = [0; SeenQuarters::WORDS];
    words[1] = 1 << 63 | 1;
    let seen = SeenQuarters::from_words(words);
    assert!(seen.contains(64) && seen.contains(127) && seen.count() == 2);
}

proptest! {
    #[test]
    fn a_set_survives_the_round_trip_through_bytes(tally in any_tally()) {
        let bytes = tally.seen().to_bytes();
        prop_assert!(bytes.len() <= 85);
        prop_assert_eq!(SeenQuarters::from_bytes(&bytes), Ok(*tally.seen()));
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        if let Ok(seen) = SeenQuarters::from_bytes(&bytes) {
            prop_assert_eq!(seen.to_bytes(), bytes);
        }
    }

    #[test]
    fn importing_again_changes_nothing(stored in any_tally(), newer in any_tally()) {
        let once = stored.merged(&newer);
        prop_assert_eq!(once.merged(&once), once);
        prop_assert_eq!(once.merged(&newer), once);
        prop_assert_eq!(stored.merged(&stored), stored);
    }

    #[test]
    fn union_is_commutative_associative_and_idempotent(a in any_tally(), b in any_tally(), c in any_tally()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(a.union(&a), a);
    }
}
