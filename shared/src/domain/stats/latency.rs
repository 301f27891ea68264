//! Histograms of latencies.

use std::time::Duration;

/// A histogram of the latencies of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LatencyCounts {
    /// The counts of the classes with a limit, by [`LatencyCounts::LIMITS_MS`].
    within: [u64; LatencyCounts::LIMITS_MS.len()],
    /// The count above the last limit.
    slower: u64,
}

impl LatencyCounts {
    /// The upper limits of the classes, inclusive, in milliseconds. The last is the longest timeout of an
    /// attempt.
    pub const LIMITS_MS: [u64; 9] = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

    /// Adds a request.
    pub fn add(&mut self, latency: Duration) {
        let fits = |limit: &u64| latency <= Duration::from_millis(*limit);
        let class = Self::LIMITS_MS.iter().position(fits);
        *self.class(class) += 1;
    }

    /// Adds the counts of `other`.
    pub fn merge(&mut self, other: &Self) {
        for (limit, count) in other.classes() {
            *self.count_of(limit) += count;
        }
    }

    /// The limits in milliseconds and the counts of the classes, in order; the last has no limit.
    pub fn classes(&self) -> impl Iterator<Item = (Option<u64>, u64)> + use<> {
        let within = Self::LIMITS_MS.into_iter().map(Some).zip(self.within);
        within.chain([(None, self.slower)])
    }

    /// The count of the class with this limit in milliseconds; that of the last class for unknown limits.
    pub fn count_of(&mut self, limit: Option<u64>) -> &mut u64 {
        let class = Self::LIMITS_MS.iter().position(|known| Some(*known) == limit);
        self.class(class)
    }

    /// The estimated latency that a `share` (0 to 1) of the requests did not exceed, in milliseconds,
    /// interpolated linearly within a class. At most the last limit, however slow they were; `None`
    /// without requests.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate between 0 and 30,000"
    )]
    pub fn percentile(&self, share: f64) -> Option<u64> {
        let total: u64 = self.classes().map(|(_, count)| count).sum();
        if total == 0 {
            return None;
        }
        let wanted = (total as f64 * share).max(1.0);
        let (mut before, mut fastest) = (0_u64, 0_u64);
        for (limit, count) in self.classes() {
            let Some(limit) = limit else { break };
            if count > 0 && (before + count) as f64 >= wanted {
                let part = (wanted - before as f64) / count as f64;
                return Some(fastest + ((limit - fastest) as f64 * part).round() as u64);
            }
            before += count;
            fastest = limit;
        }
        Some(fastest)
    }

    fn class(&mut self, index: Option<usize>) -> &mut u64 {
        index.and_then(|index| self.within.get_mut(index)).unwrap_or(&mut self.slower)
    }
}

#[cfg(test)]
mod tests {
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
}
