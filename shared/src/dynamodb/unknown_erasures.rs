//! Places for erasures of reports of which nothing is stored.

use std::time::Duration;

use jiff::Timestamp;

use super::ConfigTable;
use super::item::{key, unavailable};
use super::reservation::{NEXT_FREE, Reservation, limits_partition, next_free, others_came_before};
use crate::account::AccountId;
use crate::erasure::UNKNOWN_PER_HOUR;
use crate::store::{Places, StoreError, UnknownErasures};

const ACTION: &str = "taking a place for an erasure";
const RATE: &str = "RATE#ERASURES";
/// How far apart places are.
const INTERVAL: Duration = Duration::from_secs(3_600 / UNKNOWN_PER_HOUR as u64);
/// How often a place is tried to take that others take at the same time.
const MAX_TRIES: usize = 3;

impl UnknownErasures for ConfigTable {
    async fn take_unknown_erasure(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Places, StoreError> {
        // The last place of the hour that begins now: an account may take all of them at once.
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
            expects_line: true,
        };
        for _ in 0..MAX_TRIES {
            if let Some(first) = self.reserve_once(&reservation).await? {
                return Ok(Places::Taken(first + INTERVAL));
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
                return Ok(Places::NoneUntil(now + next.duration_since(last)));
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

    #[tokio::test]
    async fn an_account_has_so_many_places_an_hour_for_unknown_reports() {
        let table = TestTables::start().await.unwrap().config();
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let take = async |account: &str, second| {
            let account = account.parse().unwrap();
            table.take_unknown_erasure(&account, at(second)).await.unwrap()
        };
        for _ in 0..UNKNOWN_PER_HOUR {
            assert!(matches!(take("acme", 0).await, Places::Taken(_)));
        }
        assert_eq!(take("acme", 0).await, Places::NoneUntil(at(36)));
        assert_eq!(take("acme", 20).await, Places::NoneUntil(at(36)));
        assert_eq!(take("other", 20).await, Places::Taken(at(56)));
        assert_eq!(take("acme", 36).await, Places::Taken(at(3_636)));
        assert_eq!(take("acme", 36).await, Places::NoneUntil(at(72)));
    }
}
