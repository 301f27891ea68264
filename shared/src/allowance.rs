//! What an instance of a function may use of an account's places a second without asking the table.
//!
//! An account's places are places in time, which all instances take from one item. An ordinary account
//! is far below its quota, and a write for each of its reports would cost as much as the log of
//! deliveries. So each instance has a small free share, and a busy one takes places in advance.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How many places an account has, and which part of them an instance has for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Places a second, for all instances.
    pub per_second: u32,
    /// An instance's free share is this part of them.
    pub shares: u32,
}

impl Capacity {
    /// A free share that was not used lasts for this long.
    const SHARE_SECONDS: u64 = 4;
    /// An instance takes no more than this part of a second's places in advance.
    const MOST_IN_ADVANCE: u32 = 4;

    /// The free share of some microseconds, in millionths of a place.
    fn share_of(self, micros: u64) -> u64 {
        let most = micros.min(Self::SHARE_SECONDS * 1_000_000);
        most * u64::from(self.per_second) / u64::from(self.shares.max(1))
    }
}

/// What an instance has of an account's places.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowance {
    /// Of the free share, in millionths of a place, at `shared_at`.
    share: u64,
    shared_at: Timestamp,
    /// What is left of the places that were taken in advance.
    left: u32,
    taken_at: Timestamp,
    /// Places that were used since then.
    used: u32,
}

/// Places that an instance does not have, and has to ask the table for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// How many are missing.
    pub missing: u32,
    /// How many to ask for: a busy instance takes some in advance.
    pub ask: u32,
}

/// Places that were taken in advance are lost after this time, or an instance that was busy once would
/// have many to give away at any time.
const PLACES_LAST: SignedDuration = SignedDuration::from_secs(4);
/// An instance takes as many as it used within this time.
const AHEAD: Duration = Duration::from_secs(2);
/// Use is measured over this time at least: two reports in a millisecond do not make a thousand a
/// second.
const MEASURED_OVER: Duration = Duration::from_millis(250);

impl Allowance {
    /// Uses `count` places, all or none.
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

    /// Uses `count` places for which the table gave those that `shortage` asked for.
    pub fn spend_with(&mut self, shortage: Shortage, count: u32, now: Timestamp) {
        *self = Self {
            share: 0,
            shared_at: now,
            left: shortage.ask.saturating_sub(shortage.missing),
            taken_at: now,
            used: count,
        };
    }

    /// Of an instance that has nothing left, nor took anything in advance.
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
        if age.abs() < PLACES_LAST { self.left } else { 0 }
    }

    /// How many places last for [`AHEAD`] at the pace since the last were taken.
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

    /// Uses `count` places every `millis` for a minute; how often the table is asked, and for how many.
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
    fn an_instance_asks_more_seldom_than_it_is_used() {
        // Places a second, used at a time, every so many milliseconds: asked in a minute.
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
    fn few_places_are_taken_in_vain() {
        for (count, millis) in [(10, 220), (1, 15), (1, 100), (100, 400), (7, 1_000)] {
            let used = count * u32::try_from(60_000 / millis).unwrap();
            let (_, taken) = minute(THOUSAND, count, millis);
            assert!(taken <= used + 250, "{count} every {millis} ms: {taken} for {used}");
        }
    }

    #[test]
    fn a_free_share_is_never_more_than_four_seconds_of_it() {
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
    fn an_instance_takes_a_quarter_of_a_second_in_advance_at_most_and_loses_it_after_four() {
        let mut allowance = Allowance::default();
        allowance.spend_with(Shortage { missing: 100, ask: 100 }, 100, at(0));
        let shortage = allowance.spend(100, THOUSAND, at(10)).unwrap_err();
        assert_eq!(shortage, Shortage { missing: 100, ask: 250 });
        allowance.spend_with(shortage, 100, at(10));
        assert_eq!(allowance.spend(150, THOUSAND, at(11)), Ok(()));
        allowance.spend_with(shortage, 100, at(20));
        assert!(allowance.spend(150, THOUSAND, at(4_020)).is_err());
        let large = allowance.spend(5_000, THOUSAND, at(9_000)).unwrap_err();
        assert_eq!(large.ask, large.missing, "more than a quarter is taken when it is needed");
    }

    #[test]
    fn no_use_is_counted_past_its_bounds() {
        let capacity = Capacity { per_second: 50_000, shares: 0 };
        let mut allowance = Allowance::default();
        let shortage = allowance.spend(u32::MAX, capacity, Timestamp::MAX).unwrap_err();
        allowance.spend_with(shortage, u32::MAX, Timestamp::MAX);
        assert!(allowance.spend(u32::MAX, capacity, Timestamp::MIN).is_err());
    }
}
