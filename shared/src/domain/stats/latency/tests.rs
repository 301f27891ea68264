use super::*;
use proptest::prelude::*;

fn counts(millis: &[u64]) -> LatencyCounts {
    let mut counts = LatencyCounts::default();
    for millis in millis {
        counts.add(Duration::from_millis(*millis));
    }
    counts
}

#[test]
fn a_limit_belongs_to_its_class() {
    let counts = counts(&[0, 50, 51, 30_000, 30_001]);
    let found: Vec<_> = counts.classes().filter(|(_, count)| *count > 0).collect();
    assert_eq!(found, [(Some(50), 2), (Some(100), 1), (Some(30_000), 1), (None, 1)]);
}

#[test]
fn percentiles_lie_within_their_class() {
    assert_eq!(counts(&[]).percentile(0.5), None);
    assert_eq!(counts(&[40]).percentile(0.5), Some(50));
    let even = counts(&[60; 100]);
    assert_eq!((even.percentile(0.5), even.percentile(0.95)), (Some(75), Some(98)));
    let slow = counts(&[10, 40_000, 40_000]);
    assert_eq!(slow.percentile(0.95), Some(30_000));
    let mixed = counts(&[[40; 90].as_slice(), &[700; 10]].concat());
    assert_eq!((mixed.percentile(0.5), mixed.percentile(0.95)), (Some(28), Some(750)));
}

proptest! {
    #[test]
    fn percentiles_do_not_fall_and_merging_adds_all_counts(
        one in proptest::collection::vec(0_u64..40_000, 1..50),
        other in proptest::collection::vec(0_u64..40_000, 0..50),
    ) {
        let mut merged = counts(&one);
        merged.merge(&counts(&other));
        prop_assert_eq!(merged, counts(&[one, other].concat()));
        prop_assert!(merged.percentile(0.5) <= merged.percentile(0.95));
        prop_assert!(merged.percentile(1.0) <= Some(30_000));
    }
}
