//! How many reports an account may hand over: its quota, and places in time under it.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use super::ConfigTable;
use super::accounts::{ACCOUNT, partition};
use super::batch::{BatchRead, batch_get};
use super::item::{Item, from_item, key};
use super::reservation::{NEXT_FREE, Reservation, limits_partition, next_free, others_came_before};
use crate::account::AccountId;
use crate::quota::{Quotas, ReportsPerSecond};
use crate::store::{Places, ReportQuota, StoreError};

const RATE: &str = "RATE#REPORTS";
/// How often places are tried to take that others take at the same time.
const MAX_TRIES: usize = 3;

/// The part of an account that ingest reads.
#[derive(Deserialize)]
struct WithQuotas {
    #[serde(default)]
    quotas: Quotas,
}

impl ReportQuota for ConfigTable {
    async fn reports_per_second(
        &self,
        account: &AccountId,
    ) -> Result<Option<ReportsPerSecond>, StoreError> {
        const ACTION: &str = "reading the quota of an account";
        let item = self.part_of(ACTION, partition(account), ACCOUNT, &["quotas"]).await?;
        let Some(item) = item else { return Ok(None) };
        let account: WithQuotas = from_item(ACTION, item)?;
        Ok(account.quotas.reports_per_second)
    }

    async fn take_places(
        &self,
        account: &AccountId,
        count: u32,
        rate: ReportsPerSecond,
        now: Timestamp,
    ) -> Result<Places, StoreError> {
        const ACTION: &str = "taking places under the quota of an account";
        let interval = rate.interval();
        // The last of a second's places that begins now: an account that was quiet may have all of
        // them at once.
        let last = now + interval * (rate.get() - 1);
        let (sk, before) = (RATE.to_owned(), Some(last + Duration::from_micros(1)));
        let reservation = Reservation { action: ACTION, account, sk, count, interval, now, before };
        for _ in 0..MAX_TRIES {
            if self.reserve_once(&reservation).await?.is_some() {
                return Ok(Places::Taken);
            }
            let item = self.part_of(ACTION, limits_partition(account), RATE, &[NEXT_FREE]).await?;
            if let Some(next) = item.as_ref().and_then(next_free).filter(|next| *next > last) {
                return Ok(Places::NoneUntil(now + next.duration_since(last)));
            }
        }
        Err(others_came_before(ACTION, MAX_TRIES))
    }
}

impl ConfigTable {
    /// Some attributes of an item, read with the right that ingest has.
    async fn part_of(
        &self,
        action: &'static str,
        pk: String,
        sk: &str,
        attributes: &'static [&'static str],
    ) -> Result<Option<Item>, StoreError> {
        let keys = vec![key(pk, sk.to_owned())];
        let read = BatchRead { keys, projection: Some(attributes), consistent: true };
        let items = batch_get(&self.client, &self.table, action, read).await?;
        Ok(items.into_iter().next())
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::account::Account;
    use crate::store::AccountAdmin;
    use crate::testing::TestTables;
    use serde_json::json;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_764_205_483_000 + millis).unwrap()
    }

    fn acme() -> AccountId {
        "acme".parse().unwrap()
    }

    #[tokio::test]
    async fn the_quota_is_read_from_the_account() {
        let table = TestTables::start().await.unwrap().config();
        assert_eq!(table.reports_per_second(&acme()).await.unwrap(), None, "no account");
        for (quotas, expected) in [
            (json!({}), None),
            (json!({"reports_per_second": 7}), Some(ReportsPerSecond::new(7).unwrap())),
        ] {
            let request = json!({"id": "acme", "name": "Acme", "quotas": quotas});
            let account = Account::from_request(request.as_object().unwrap(), at(0)).unwrap();
            match table.create_account(&account).await {
                Ok(()) => {}
                Err(_) => table.replace_account(&account).await.unwrap(),
            }
            assert_eq!(table.reports_per_second(&acme()).await.unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn a_second_holds_as_many_as_the_quota_says() {
        let table = TestTables::start().await.unwrap().config();
        let take = async |count, now| {
            let rate = ReportsPerSecond::new(3).unwrap();
            table.take_places(&acme(), count, rate, now).await.unwrap()
        };
        for _ in 0..3 {
            assert_eq!(take(1, at(0)).await, Places::Taken);
        }
        let Places::NoneUntil(until) = take(1, at(0)).await else { panic!("a fourth") };
        assert!(until > at(333) && until < at(334), "as soon as the first is worked off: {until}");
        assert_eq!(take(1, at(334)).await, Places::Taken, "a third of a second later");
        assert!(matches!(take(1, at(334)).await, Places::NoneUntil(_)));
        for _ in 0..3 {
            assert_eq!(take(1, at(5_000)).await, Places::Taken, "after a pause");
        }
        assert!(matches!(take(1, at(5_000)).await, Places::NoneUntil(_)), "no more than before");
    }

    #[tokio::test]
    async fn many_at_once_are_taken_and_waited_for() {
        let table = TestTables::start().await.unwrap().config();
        let take = async |count, rate, now| {
            let rate = ReportsPerSecond::new(rate).unwrap();
            table.take_places(&acme(), count, rate, now).await.unwrap()
        };
        assert_eq!(take(1_000, 10, at(0)).await, Places::Taken, "an array larger than a second");
        assert_eq!(take(1, 10, at(10)).await, Places::NoneUntil(at(99_100)));
        assert_eq!(take(1, 10, at(99_100)).await, Places::Taken);
        assert_eq!(take(1, 1_000, at(99_101)).await, Places::Taken, "a raised quota holds at once");
    }
}
