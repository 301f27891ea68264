//! How many deliveries an account's reports may begin: places in time under its quota.

use jiff::Timestamp;

use super::ConfigTable;
use super::reservation::{Reservation, others_came_before};
use crate::account::AccountId;
use crate::quota::DeliveriesPerSecond;
use crate::store::{DeliveryQuota, PermitRequest, StoreError};

/// The sort key of the places.
pub(super) const DELIVERIES: &str = "RATE#DELIVERIES";
/// How often places are tried to take that others take at the same time.
const MAX_TRIES: usize = 3;

impl DeliveryQuota for ConfigTable {
    async fn take_delivery_permits(
        &self,
        account: &AccountId,
        request: PermitRequest<DeliveriesPerSecond>,
    ) -> Result<Timestamp, StoreError> {
        const ACTION: &str = "taking places under a quota of deliveries";
        let PermitRequest { count, rate, now, expects_backlog } = request;
        let (sk, interval, before) = (DELIVERIES.to_owned(), rate.interval(), None);
        let action = ACTION;
        let reservation =
            Reservation { action, account, sk, count, interval, now, before, expects_backlog };
        // The line may end, or begin, between the two writes of a try.
        for _ in 0..MAX_TRIES {
            if let Some(first) = self.reserve_once(&reservation).await? {
                return Ok(first);
            }
        }
        Err(others_came_before(ACTION, MAX_TRIES))
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::testing::TestTables;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_764_205_483_000 + millis).unwrap()
    }

    #[tokio::test]
    async fn places_follow_each_other_however_late_they_are() {
        let table = TestTables::start().await.unwrap().config();
        let take = async |account: &str, count, rate, now| {
            let rate = DeliveriesPerSecond::new(rate).unwrap();
            let request = PermitRequest { count, rate, now, expects_backlog: now > at(0) };
            table.take_delivery_permits(&account.parse().unwrap(), request).await.unwrap()
        };
        assert_eq!(take("acme", 1_000, 10, at(0)).await, at(0));
        assert_eq!(take("acme", 1_000_000, 10, at(1)).await, at(100_000), "behind all of them");
        assert_eq!(take("acme", 1, 10, at(2)).await, at(100_100_000), "a day later");
        assert_eq!(take("other", 1, 10, at(2)).await, at(2), "each account has its own");
        assert_eq!(take("acme", 1, 100, at(3)).await, at(3), "a raised quota holds at once");
        assert_eq!(take("acme", 1, 10, at(4)).await, at(13), "a lowered one is behind the line");
    }

    #[tokio::test]
    async fn no_two_instances_get_the_same_place() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let rate = DeliveriesPerSecond::new(10).unwrap();
        let request = PermitRequest { count: 3, rate, now: at(0), expects_backlog: false };
        let takes = (0..4).map(|_| table.take_delivery_permits(&account, request));
        let places = futures_util::future::join_all(takes).await;
        let mut places: Vec<_> = places.into_iter().map(Result::unwrap).collect();
        places.sort_unstable();
        assert_eq!(places, [at(0), at(300), at(600), at(900)]);
    }
}
