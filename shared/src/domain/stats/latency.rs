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
mod tests;
