//! Reports under an account's quota: the quota itself, and permits.

use std::time::Duration;

use serde::Deserialize;

use super::ConfigTable;
use super::batch::{BatchRead, batch_get};
use super::delivery_quota::DELIVERIES;
use super::item::{Item, from_item, key, too_many_conflicts};
use super::keys::{ACCOUNT, partition};
use super::reservation::{INTERVAL, NEXT_FREE, Reservation, limits_partition, next_free, number};
use crate::domain::account::AccountId;
use crate::domain::quota::{Quotas, ReportsPerSecond};
use crate::ports::store::{
    DeliveryBacklog, PermitRequest, PermitResponse, ReportQuota, ReportTerms, StoreError,
};

const RATE: &str = "RATE#REPORTS";
const QUOTAS: &str = "quotas";
/// The most tries to reserve permits while others do.
const MAX_TRIES: usize = 3;

/// The attributes of an account that ingest reads.
#[derive(Deserialize)]
struct AccountQuotas {
    #[serde(default)]
    quotas: Quotas,
}

impl ReportQuota for ConfigTable {
    async fn report_terms(&self, account: &AccountId) -> Result<ReportTerms, StoreError> {
        const ACTION: &str = "reading the quota of an account";
        let attributes = &[QUOTAS, NEXT_FREE, INTERVAL];
        let mut terms = ReportTerms::default();
        let keys = [(partition(account), ACCOUNT), (limits_partition(account), DELIVERIES)];
        for item in self.attributes_of(ACTION, keys, attributes).await? {
            if item.contains_key(QUOTAS) {
                let account: AccountQuotas = from_item(ACTION, item)?;
                terms.reports_per_second = account.quotas.reports_per_second;
                terms.deliveries_per_second = account.quotas.deliveries_per_second;
            } else if let Some(backlog) = delivery_backlog(&item) {
                // The item of an account without quotas has none of these attributes.
                terms.backlog = Some(backlog);
            }
        }
        Ok(terms)
    }

    async fn take_report_permits(
        &self,
        account: &AccountId,
        request: PermitRequest<ReportsPerSecond>,
    ) -> Result<PermitResponse, StoreError> {
        const ACTION: &str = "reserving reports under a quota";
        let PermitRequest { count, rate, now, expects_backlog } = request;
        let interval = rate.interval();
        // The last permit of the second that begins now: a quiet account may use all of them in one
        // burst.
        let last = now + interval * (rate.get() - 1);
        let (sk, before) = (RATE.to_owned(), Some(last + Duration::from_micros(1)));
        let action = ACTION;
        let reservation =
            Reservation { action, account, sk, count, interval, now, before, expects_backlog };
        for _ in 0..MAX_TRIES {
            if let Some(first) = self.reserve_once(&reservation).await? {
                return Ok(PermitResponse::Granted(first + interval * count));
            }
            let keys = [(limits_partition(account), RATE)];
            let items = self.attributes_of(ACTION, keys, &[NEXT_FREE]).await?;
            let next = items.first().and_then(next_free);
            if let Some(next) = next.filter(|next| *next > last) {
                return Ok(PermitResponse::NoneUntil(now + next.duration_since(last)));
            }
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES))
    }
}

fn delivery_backlog(item: &Item) -> Option<DeliveryBacklog> {
    let micros = u64::try_from(number(item, INTERVAL)?).ok()?;
    Some(DeliveryBacklog { end: next_free(item)?, interval: Duration::from_micros(micros) })
}

impl ConfigTable {
    /// Reads attributes of the items that exist, as ingest's role may.
    async fn attributes_of<const COUNT: usize>(
        &self,
        action: &'static str,
        keys: [(String, &str); COUNT],
        attributes: &'static [&'static str],
    ) -> Result<Vec<Item>, StoreError> {
        let keys = keys.into_iter().map(|(pk, sk)| key(pk, sk.to_owned())).collect();
        let read = BatchRead { keys, projection: Some(attributes), consistent: true };
        batch_get(&self.client, &self.table, action, read).await
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::domain::account::Account;
    use crate::domain::quota::DeliveriesPerSecond;
    use crate::ports::store::{AccountAdmin, DeliveryQuota};
    use crate::testing::TestTables;
    use jiff::Timestamp;
    use serde_json::json;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_764_205_483_000 + millis).unwrap()
    }

    fn acme() -> AccountId {
        "acme".parse().unwrap()
    }

    fn request(count: u32, rate: u32, now: Timestamp) -> PermitRequest<ReportsPerSecond> {
        let rate = ReportsPerSecond::new(rate).unwrap();
        PermitRequest { count, rate, now, expects_backlog: false }
    }

    #[tokio::test]
    async fn the_quotas_are_read_from_the_account() {
        let table = TestTables::start().await.unwrap().config();
        assert_eq!(table.report_terms(&acme()).await.unwrap(), ReportTerms::default());
        for (quotas, reports, deliveries) in [
            (json!({}), 0, 0),
            (json!({"reports_per_second": 7}), 7, 0),
            (json!({"deliveries_per_second": 9}), 0, 9),
        ] {
            let request = json!({"id": "acme", "name": "Acme", "quotas": quotas});
            let account = Account::from_request(request.as_object().unwrap(), at(0)).unwrap();
            match table.create_account(&account).await {
                Ok(()) => {}
                Err(_) => table.replace_account(&account).await.unwrap(),
            }
            let expected = ReportTerms {
                reports_per_second: ReportsPerSecond::new(reports).ok(),
                deliveries_per_second: DeliveriesPerSecond::new(deliveries).ok(),
                backlog: None,
            };
            assert_eq!(table.report_terms(&acme()).await.unwrap(), expected, "{request}");
        }
    }

    #[tokio::test]
    async fn the_backlog_of_deliveries_is_read_with_the_quotas() {
        let table = TestTables::start().await.unwrap().config();
        let rate = DeliveriesPerSecond::new(10).unwrap();
        let request = PermitRequest { count: 600, rate, now: at(0), expects_backlog: false };
        table.take_delivery_permits(&acme(), request).await.unwrap();
        let backlog = table.report_terms(&acme()).await.unwrap().backlog.unwrap();
        assert_eq!(
            backlog,
            DeliveryBacklog { end: at(60_000), interval: Duration::from_millis(100) }
        );
        for (quota, end) in [(9, Some(at(60_000))), (10, Some(at(60_000))), (11, None)] {
            let quota = DeliveriesPerSecond::new(quota).unwrap();
            assert_eq!(backlog.end_under(quota), end, "{quota:?}");
        }
    }

    #[tokio::test]
    async fn a_second_admits_as_many_reports_as_the_quota() {
        let table = TestTables::start().await.unwrap().config();
        let take = async |count, now| {
            table.take_report_permits(&acme(), request(count, 3, now)).await.unwrap()
        };
        for _ in 0..3 {
            assert!(matches!(take(1, at(0)).await, PermitResponse::Granted(_)));
        }
        let PermitResponse::NoneUntil(until) = take(1, at(0)).await else { panic!("a fourth") };
        assert!(until > at(333) && until < at(334), "a third of a second later: {until}");
        assert!(
            matches!(take(1, at(334)).await, PermitResponse::Granted(_)),
            "the next permit is free"
        );
        assert!(matches!(take(1, at(334)).await, PermitResponse::NoneUntil(_)));
        for _ in 0..3 {
            assert!(
                matches!(take(1, at(5_000)).await, PermitResponse::Granted(_)),
                "after a pause"
            );
        }
        assert!(
            matches!(take(1, at(5_000)).await, PermitResponse::NoneUntil(_)),
            "no more than the quota"
        );
    }

    #[tokio::test]
    async fn a_burst_above_the_quota_is_admitted_and_delays_the_next_report() {
        let table = TestTables::start().await.unwrap().config();
        let take = async |count, rate, now| {
            table.take_report_permits(&acme(), request(count, rate, now)).await.unwrap()
        };
        let granted = PermitResponse::Granted(at(100_000));
        assert_eq!(take(1_000, 10, at(0)).await, granted, "an array larger than a second");
        assert_eq!(take(1, 10, at(10)).await, PermitResponse::NoneUntil(at(99_100)));
        assert_eq!(take(1, 10, at(99_100)).await, PermitResponse::Granted(at(100_100)));
        let granted = PermitResponse::Granted(at(99_102));
        assert_eq!(take(1, 1_000, at(99_101)).await, granted, "a raised quota applies immediately");
    }
}
