//! Permits under a quota of an account: an item has the time of the next free permit, in
//! microseconds since the epoch, and the interval between permits. A reservation advances the time
//! in one update.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValue;
use jiff::Timestamp;

use super::ConfigTable;
use super::item::{Item, key, n, unavailable};
use crate::domain::account::AccountId;
use crate::ports::store::StoreError;

/// The attribute with the time of the next free permit.
pub(super) const NEXT_FREE: &str = "next_free";
/// The attribute with the interval between the last reserved permits, in microseconds.
pub(super) const INTERVAL: &str = "interval_micros";

/// The partition of an account's limits, apart from the account's other items: a role that reserves
/// permits must not update those, as a failed condition would return them whole.
pub(super) fn limits_partition(account: &AccountId) -> String {
    format!("RATE#{account}")
}

/// Permits that are requested under one limit.
pub(super) struct Reservation<'a> {
    /// The action, for errors.
    pub action: &'static str,
    /// The owner of the permits.
    pub account: &'a AccountId,
    /// The sort key of the limit.
    pub sk: String,
    /// Number of permits.
    pub count: u32,
    /// The interval between permits.
    pub interval: Duration,
    /// The current time.
    pub now: Timestamp,
    /// The first permit must be before this time, if any.
    pub before: Option<Timestamp>,
    /// Whether a backlog is likely: permits after now are reserved. A wrong guess costs a second
    /// write.
    pub expects_backlog: bool,
}

/// The time of the next free permit of a limit's item.
pub(super) fn next_free(item: &Item) -> Option<Timestamp> {
    Timestamp::from_microsecond(number(item, NEXT_FREE)?).ok()
}

/// An integer attribute of a limit's item.
pub(super) fn number(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

impl ConfigTable {
    /// Reserves permits and returns the time of the first; `None` if another reservation came
    /// between, or if the first would be too late.
    pub(super) async fn reserve_once(
        &self,
        reservation: &Reservation<'_>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Reservation { action, account, ref sk, count, interval, now, before, expects_backlog } =
            *reservation;
        let length = i64::try_from((interval * count).as_micros()).unwrap_or(i64::MAX);
        let interval = i64::try_from(interval.as_micros()).unwrap_or(i64::MAX);
        let micros = now.as_microsecond();
        let in_time = if before.is_some() { " AND next_free < :before" } else { "" };
        // Behind the backlog …
        let queued = (
            "SET interval_micros = :interval ADD next_free :change",
            format!(
                "next_free > :now AND \
                 (attribute_not_exists(interval_micros) OR interval_micros <= :interval){in_time}"
            ),
            length,
            before,
        );
        // … or from now on, if there is none or the limit was raised: the backlog's permits are
        // then farther apart than needed, and no delivery has to wait for all of them. A lowered
        // limit is exceeded unless new permits queue behind the backlog.
        let from_now = (
            "SET interval_micros = :interval, next_free = :change",
            "attribute_not_exists(next_free) OR next_free <= :now OR \
             interval_micros > :interval"
                .to_owned(),
            micros.saturating_add(length),
            None,
        );
        let order = if expects_backlog { [queued, from_now] } else { [from_now, queued] };
        for (expression, condition, change, before) in order {
            let mut update = self
                .client
                .update_item()
                .table_name(&self.table)
                .set_key(Some(key(limits_partition(account), sk.clone())))
                .update_expression(expression)
                .condition_expression(condition)
                .expression_attribute_values(":now", n(micros))
                .expression_attribute_values(":change", n(change))
                .expression_attribute_values(":interval", n(interval))
                .return_values(ReturnValue::UpdatedNew);
            if let Some(before) = before {
                let before = n(before.as_microsecond());
                update = update.expression_attribute_values(":before", before);
            }
            match update.send().await {
                Ok(answer) => {
                    let attributes = answer.attributes.unwrap_or_default();
                    let next = attributes.get(NEXT_FREE).and_then(|value| value.as_n().ok());
                    let next = next.and_then(|next| next.parse::<i64>().ok());
                    let first = next.map_or(micros, |next| next.saturating_sub(length));
                    return Ok(Some(Timestamp::from_microsecond(first).unwrap_or(now)));
                }
                Err(error) => match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(_)) => {}
                    _ => return Err(unavailable(action)(error)),
                },
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::testing::TestTables;

    fn reservation(
        account: &AccountId,
        count: u32,
        interval: Duration,
        now: Timestamp,
    ) -> Reservation<'_> {
        let sk = "RATE#REPORTS".to_owned();
        Reservation {
            action: "test",
            account,
            sk,
            count,
            interval,
            now,
            before: None,
            expects_backlog: false,
        }
    }

    #[tokio::test]
    async fn the_expected_backlog_does_not_change_the_permits() {
        let table = TestTables::start().await.unwrap().config();
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        for (name, guesses) in [("right", [false, true, true]), ("wrong", [true, false, false])] {
            let account: AccountId = name.parse().unwrap();
            let mut permits = Vec::new();
            for (expects_backlog, now) in guesses.into_iter().zip([0, 10, 5_000]) {
                let interval = Duration::from_millis(100);
                let wanted = reservation(&account, 2, interval, at(now));
                let wanted = Reservation { expects_backlog, ..wanted };
                permits.push(table.reserve_once(&wanted).await.unwrap().unwrap());
            }
            assert_eq!(permits, [at(0), at(200), at(5_000)], "{name}");
        }
    }

    #[tokio::test]
    async fn permits_are_consecutive_and_restart_after_a_pause() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        let reserve = async |count, now| {
            let interval = Duration::from_millis(100);
            table.reserve_once(&reservation(&account, count, interval, now)).await.unwrap().unwrap()
        };
        assert_eq!(reserve(3, at(0)).await, at(0));
        assert_eq!(reserve(2, at(10)).await, at(300), "behind the first three");
        assert_eq!(reserve(1, at(5_000)).await, at(5_000), "no backlog is left");
    }

    #[tokio::test]
    async fn a_raised_limit_does_not_wait_for_permits_of_the_lower_one() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        let reserve = async |count, millis, now| {
            let interval = Duration::from_millis(millis);
            table.reserve_once(&reservation(&account, count, interval, now)).await.unwrap().unwrap()
        };
        assert_eq!(reserve(3_600, 1_000, at(0)).await, at(0));
        assert_eq!(reserve(1, 1_000, at(10)).await, at(3_600_000), "behind an hour of permits");
        assert_eq!(reserve(5, 10, at(20)).await, at(20), "raised");
        assert_eq!(reserve(1, 10, at(30)).await, at(70), "behind those of the new limit");
        assert_eq!(reserve(1, 1_000, at(40)).await, at(80), "lowered: behind the reserved permits");
        assert_eq!(reserve(1, 1_000, at(50)).await, at(1_080));
    }
}
