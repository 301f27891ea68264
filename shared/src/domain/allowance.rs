//! Permits of an account that an instance uses without a call to DynamoDB.
//!
//! All instances take an account's permits from one item. A usual account is far below its quota, and a
//! write for each of its reports would cost as much as the log of deliveries. So each instance has a
//! small free share, and a busy instance takes permits in advance.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// An account's permits a second, and an instance's free share of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Permits a second, for all instances.
    pub per_second: u32,
    /// An instance's free share is `per_second / shares`.
    pub shares: u32,
}

impl Capacity {
    /// An unused free share accumulates for this long.
    const SHARE_SECONDS: u64 = 4;
    /// An instance takes at most `per_second` divided by this in advance.
    const MOST_IN_ADVANCE: u32 = 4;

    /// The free share of some microseconds, in millionths of a permit.
    fn share_of(self, micros: u64) -> u64 {
        let most = micros.min(Self::SHARE_SECONDS * 1_000_000);
        most * u64::from(self.per_second) / u64::from(self.shares.max(1))
    }
}

/// An instance's permits of an account.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowance {
    /// The free share at `shared_at`, in millionths of a permit.
    share: u64,
    shared_at: Timestamp,
    /// Permits left of those taken in advance.
    left: u32,
    taken_at: Timestamp,
    /// Permits used since `taken_at`.
    used: u32,
}

/// Permits that an instance lacks and has to take from the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// How many it lacks.
    pub missing: u32,
    /// How many to take: a busy instance takes some in advance.
    pub ask: u32,
}

/// Permits taken in advance expire after this time. Otherwise an instance that was busy once could burst at
/// any later time.
const ADVANCE_TTL: SignedDuration = SignedDuration::from_secs(4);
/// An instance takes permits in advance for this long, at its current pace.
const AHEAD: Duration = Duration::from_secs(2);
/// The pace is measured over at least this time: two reports within a millisecond are not a pace of
/// thousands a second.
const MEASURED_OVER: Duration = Duration::from_millis(250);

impl Allowance {
    /// Uses `count` permits, all or none.
    pub fn spend(
        &mut self,
        count: u32,
        capacity: Capacity,
        now: Timestamp,
    ) -> Result<(), Shortage> {
        let (share, left) = (self.share_at(capacity, now), self.left_at(now));
        let of_share = u32::try_from(share / 1_000_000).unwrap_or(u32::MAX);
        let missing = count.saturating_sub(left.saturating_add(of_share));
        if missing > 0 {
            let in_advance = self.used_ahead(count, now);
            let in_advance = in_advance.min(capacity.per_second / Capacity::MOST_IN_ADVANCE);
            return Err(Shortage { missing, ask: missing.max(in_advance) });
        }
        let of_left = count.min(left);
        self.left = left - of_left;
        self.share = share.saturating_sub(u64::from(count - of_left) * 1_000_000);
        self.shared_at = now;
        self.used = self.used.saturating_add(count);
        Ok(())
    }

    /// Uses `count` permits after the table granted those that `shortage` asked for.
    pub fn spend_with(&mut self, shortage: Shortage, count: u32, now: Timestamp) {
        *self = Self {
            share: 0,
            shared_at: now,
            left: shortage.ask.saturating_sub(shortage.missing),
            taken_at: now,
            used: count,
        };
    }

    /// The allowance of an instance without any permits.
    pub fn spent(now: Timestamp) -> Self {
        Self { shared_at: now, taken_at: now, ..Self::default() }
    }

    fn share_at(&self, capacity: Capacity, now: Timestamp) -> u64 {
        let micros = now.duration_since(self.shared_at).as_micros();
        let new = capacity.share_of(u64::try_from(micros).unwrap_or(0));
        let most = capacity.share_of(u64::MAX);
        self.share.saturating_add(new).min(most)
    }

    fn left_at(&self, now: Timestamp) -> u32 {
        let age = now.duration_since(self.taken_at);
        if age.abs() < ADVANCE_TTL { self.left } else { 0 }
    }

    /// The permits that last for [`AHEAD`] at the pace since `taken_at`.
    fn used_ahead(&self, count: u32, now: Timestamp) -> u32 {
        let since = now.duration_since(self.taken_at).as_micros();
        let since = since.max(i128::try_from(MEASURED_OVER.as_micros()).unwrap_or(i128::MAX));
        let ahead = i128::try_from(AHEAD.as_micros()).unwrap_or(0);
        let used = i128::from(self.used.saturating_add(count));
        u32::try_from(used * ahead / since).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_764_205_483_000 + millis).unwrap()
    }

    const THOUSAND: Capacity = Capacity { per_second: 1_000, shares: 200 };

    /// Uses `count` permits every `millis` for a minute. Returns how often the table is asked, and for how many.
    fn minute(capacity: Capacity, count: u32, millis: i64) -> (u32, u32) {
        let (mut allowance, mut asked, mut taken) = (Allowance::default(), 0, 0);
        for step in 0..60_000 / millis {
            let now = at(step * millis);
            if let Err(shortage) = allowance.spend(count, capacity, now) {
                allowance.spend_with(shortage, count, now);
                asked += 1;
                taken += shortage.ask;
            }
        }
        (asked, taken)
    }

    #[test]
    fn an_instance_asks_the_table_less_often_than_it_uses_permits() {
        // Permits a second; permits used at a time, every so many milliseconds; calls in a minute at most.
        for (per_second, count, millis, most) in [
            (1_000, 1, 1_000, 0),
            (1_000, 1, 200, 0),
            (1_000, 10, 2_000, 0),
            (1_000, 10, 220, 30),
            (1_000, 1, 15, 31),
            (1_000, 250, 1_000, 60),
            (20, 1, 1_000, 60),
            (1, 1, 1_000, 60),
        ] {
            let (asked, _) = minute(Capacity { per_second, shares: 200 }, count, millis);
            assert!(asked <= most, "{per_second}, {count} every {millis} ms: asked {asked} times");
        }
    }

    #[test]
    fn few_permits_stay_unused() {
        for (count, millis) in [(10, 220), (1, 15), (1, 100), (100, 400), (7, 1_000)] {
            let used = count * u32::try_from(60_000 / millis).unwrap();
            let (_, taken) = minute(THOUSAND, count, millis);
            assert!(taken <= used + 250, "{count} every {millis} ms: {taken} for {used}");
        }
    }

    #[test]
    fn the_free_share_accumulates_for_four_seconds_at_most() {
        let mut allowance = Allowance::default();
        assert_eq!(allowance.spend(20, THOUSAND, at(0)), Ok(()));
        let asks = |allowance: &mut Allowance, count, millis| {
            allowance.spend(count, THOUSAND, at(millis)).unwrap_err().missing
        };
        assert_eq!(asks(&mut allowance, 1, 0), 1);
        assert_eq!(asks(&mut allowance, 1, 199), 1);
        assert_eq!(allowance.spend(1, THOUSAND, at(200)), Ok(()));
        assert_eq!(asks(&mut allowance, 21, 3_600_000), 1);
        assert_eq!(allowance.spend(20, THOUSAND, at(3_600_000)), Ok(()));
        assert_eq!(asks(&mut allowance, 1, 3_599_000), 1, "a clock that goes back gives nothing");
    }

    #[test]
    fn a_small_quota_has_no_free_share() {
        let capacity = Capacity { per_second: 10, shares: 200 };
        let shortage = Shortage { missing: 1, ask: 1 };
        assert_eq!(Allowance::default().spend(1, capacity, at(0)), Err(shortage));
    }

    #[test]
    fn permits_in_advance_are_at_most_a_quarter_of_a_seconds_and_expire_after_four_seconds() {
        let mut allowance = Allowance::default();
        allowance.spend_with(Shortage { missing: 100, ask: 100 }, 100, at(0));
        let shortage = allowance.spend(100, THOUSAND, at(10)).unwrap_err();
        assert_eq!(shortage, Shortage { missing: 100, ask: 250 });
        allowance.spend_with(shortage, 100, at(10));
        assert_eq!(allowance.spend(150, THOUSAND, at(11)), Ok(()));
        allowance.spend_with(shortage, 100, at(20));
        assert!(allowance.spend(150, THOUSAND, at(4_020)).is_err());
        let large = allowance.spend(5_000, THOUSAND, at(9_000)).unwrap_err();
        assert_eq!(large.ask, large.missing, "more than a quarter if more is missing");
    }

    #[test]
    fn extreme_counts_and_times_do_not_overflow() {
        let capacity = Capacity { per_second: 50_000, shares: 0 };
        let mut allowance = Allowance::default();
        let shortage = allowance.spend(u32::MAX, capacity, Timestamp::MAX).unwrap_err();
        allowance.spend_with(shortage, u32::MAX, Timestamp::MAX);
        assert!(allowance.spend(u32::MAX, capacity, Timestamp::MIN).is_err());
    }
}
