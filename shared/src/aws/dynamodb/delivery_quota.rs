//! Permits for deliveries under an account's quota.

use jiff::Timestamp;

use super::ConfigTable;
use super::item::too_many_conflicts;
use super::reservation::Reservation;
use crate::domain::account::AccountId;
use crate::domain::quota::DeliveriesPerSecond;
use crate::ports::store::{DeliveryQuota, PermitRequest, StoreError};

/// The sort key of the permits.
pub(super) const DELIVERIES: &str = "RATE#DELIVERIES";
/// The most tries to reserve permits while others do.
const MAX_TRIES: usize = 3;

impl DeliveryQuota for ConfigTable {
    async fn take_delivery_permits(
        &self,
        account: &AccountId,
        request: PermitRequest<DeliveriesPerSecond>,
    ) -> Result<Timestamp, StoreError> {
        const ACTION: &str = "reserving deliveries under a quota";
        let PermitRequest { count, rate, now, expects_backlog } = request;
        let (sk, interval, before) = (DELIVERIES.to_owned(), rate.interval(), None);
        let action = ACTION;
        let reservation =
            Reservation { action, account, sk, count, interval, now, before, expects_backlog };
        // The backlog may end, or begin, between the two writes of a try.
        for _ in 0..MAX_TRIES {
            if let Some(first) = self.reserve_once(&reservation).await? {
                return Ok(first);
            }
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES))
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
    async fn permits_are_consecutive_however_late_they_are() {
        let table = TestTables::start().await.unwrap().config();
        let take = async |account: &str, count, rate, now| {
            let rate = DeliveriesPerSecond::new(rate).unwrap();
            let request = PermitRequest { count, rate, now, expects_backlog: now > at(0) };
            table.take_delivery_permits(&account.parse().unwrap(), request).await.unwrap()
        };
        assert_eq!(take("acme", 1_000, 10, at(0)).await, at(0));
        assert_eq!(take("acme", 1_000_000, 10, at(1)).await, at(100_000), "after the first");
        assert_eq!(take("acme", 1, 10, at(2)).await, at(100_100_000), "a day later");
        assert_eq!(take("other", 1, 10, at(2)).await, at(2), "each account has its own permits");
        assert_eq!(take("acme", 1, 100, at(3)).await, at(3), "a raised quota applies immediately");
        assert_eq!(take("acme", 1, 10, at(4)).await, at(13), "a lowered one queues");
    }

    #[tokio::test]
    async fn concurrent_instances_get_different_permits() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let rate = DeliveriesPerSecond::new(10).unwrap();
        let request = PermitRequest { count: 3, rate, now: at(0), expects_backlog: false };
        let takes = (0..4).map(|_| table.take_delivery_permits(&account, request));
        let permits = futures_util::future::join_all(takes).await;
        let mut permits: Vec<_> = permits.into_iter().map(Result::unwrap).collect();
        permits.sort_unstable();
        assert_eq!(permits, [at(0), at(300), at(600), at(900)]);
    }
}
