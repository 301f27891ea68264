//! Permits for erasures of reports of which nothing is stored.

use std::time::Duration;

use jiff::Timestamp;

use super::ConfigTable;
use super::item::{key, too_many_conflicts, unavailable};
use super::reservation::{NEXT_FREE, Reservation, limits_partition, next_free};
use crate::domain::account::AccountId;
use crate::domain::erasure::UNKNOWN_PER_HOUR;
use crate::ports::store::{ErasureQuota, PermitResponse, StoreError};

const ACTION: &str = "reserving an erasure";
const RATE: &str = "RATE#ERASURES";
/// The interval between permits.
const INTERVAL: Duration = Duration::from_secs(3_600 / UNKNOWN_PER_HOUR as u64);
/// The most tries to reserve a permit while others do.
const MAX_TRIES: usize = 3;

impl ErasureQuota for ConfigTable {
    async fn take_erasure_permit(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<PermitResponse, StoreError> {
        // The last permit of the hour that begins now: an account may use all of them in one burst.
        let last = now + INTERVAL * (UNKNOWN_PER_HOUR - 1);
        let (sk, before) = (RATE.to_owned(), Some(last + Duration::from_micros(1)));
        let reservation = Reservation {
            action: ACTION,
            account,
            sk,
            count: 1,
            interval: INTERVAL,
            now,
            before,
            expects_backlog: true,
        };
        for _ in 0..MAX_TRIES {
            if let Some(first) = self.reserve_once(&reservation).await? {
                return Ok(PermitResponse::Granted(first + INTERVAL));
            }
            let answer = self
                .client
                .get_item()
                .table_name(&self.table)
                .set_key(Some(key(limits_partition(account), RATE.to_owned())))
                .projection_expression(NEXT_FREE)
                .consistent_read(true)
                .send()
                .await
                .map_err(unavailable(ACTION))?;
            let next = answer.item.as_ref().and_then(next_free);
            if let Some(next) = next.filter(|next| *next > last) {
                return Ok(PermitResponse::NoneUntil(now + next.duration_since(last)));
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

    #[tokio::test]
    async fn erasures_of_unknown_reports_are_limited_per_hour() {
        let table = TestTables::start().await.unwrap().config();
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let take = async |account: &str, second| {
            let account = account.parse().unwrap();
            table.take_erasure_permit(&account, at(second)).await.unwrap()
        };
        for _ in 0..UNKNOWN_PER_HOUR {
            assert!(matches!(take("acme", 0).await, PermitResponse::Granted(_)));
        }
        assert_eq!(take("acme", 0).await, PermitResponse::NoneUntil(at(36)));
        assert_eq!(take("acme", 20).await, PermitResponse::NoneUntil(at(36)));
        assert_eq!(take("other", 20).await, PermitResponse::Granted(at(56)));
        assert_eq!(take("acme", 36).await, PermitResponse::Granted(at(3_636)));
        assert_eq!(take("acme", 36).await, PermitResponse::NoneUntil(at(72)));
    }
}
