//! Places in time under a quota of an account: the time of the next free place, in microseconds since the
//! epoch, and how far apart places are. A reservation moves the first on, in one update.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValue;
use jiff::Timestamp;

use super::ConfigTable;
use super::item::{Item, key, n, unavailable};
use crate::account::AccountId;
use crate::store::StoreError;

/// The time of the next free place.
pub(super) const NEXT_FREE: &str = "next_free";
/// How far apart the last places are that were taken, in microseconds.
pub(super) const INTERVAL: &str = "interval_micros";

/// The partition of an account's limits: one of its own, so that a role that moves on free places has no
/// right to update other items of the account, which a failed condition would return whole.
pub(super) fn limits_partition(account: &AccountId) -> String {
    format!("RATE#{account}")
}

/// Places of one limit.
pub(super) struct Reservation<'a> {
    /// What is being done.
    pub action: &'static str,
    /// Whose they are.
    pub account: &'a AccountId,
    /// The sort key of the limit.
    pub sk: String,
    /// How many.
    pub count: u32,
    /// How far apart.
    pub interval: Duration,
    /// What time it is.
    pub now: Timestamp,
    /// The first has to be before this time, if given.
    pub before: Option<Timestamp>,
    /// Whether places after now are likely taken; a wrong guess costs a second write.
    pub expects_backlog: bool,
}

/// The error of a reservation that was tried often enough.
pub(super) fn others_came_before(action: &'static str, tries: usize) -> StoreError {
    let source = format!("others came before {tries} times in a row").into();
    StoreError::Unavailable { action, source }
}

/// The next free place of a limit's item.
pub(super) fn next_free(item: &Item) -> Option<Timestamp> {
    Timestamp::from_microsecond(number(item, NEXT_FREE)?).ok()
}

/// A whole number of a limit's item.
pub(super) fn number(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

impl ConfigTable {
    /// Reserves places and gives the time of the first; `None` if others came before, or if it
    /// would be too late.
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
        // Behind those who wait …
        let behind = (
            "SET interval_micros = :interval ADD next_free :change",
            format!(
                "next_free > :now AND \
                 (attribute_not_exists(interval_micros) OR interval_micros <= :interval){in_time}"
            ),
            length,
            before,
        );
        // … or from now on, if none does or the limit was raised: those who wait have
        // places that are farther apart than they need be, and no delivery has to wait for all of
        // them. Behind a limit that was lowered they are waited for, or it would be exceeded.
        let alone = (
            "SET interval_micros = :interval, next_free = :change",
            "attribute_not_exists(next_free) OR next_free <= :now OR \
             interval_micros > :interval"
                .to_owned(),
            micros.saturating_add(length),
            None,
        );
        let order = if expects_backlog { [behind, alone] } else { [alone, behind] };
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
    async fn what_is_expected_of_the_line_changes_no_place() {
        let table = TestTables::start().await.unwrap().config();
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        for (name, guesses) in [("right", [false, true, true]), ("wrong", [true, false, false])] {
            let account: AccountId = name.parse().unwrap();
            let mut places = Vec::new();
            for (expects_backlog, now) in guesses.into_iter().zip([0, 10, 5_000]) {
                let interval = Duration::from_millis(100);
                let wanted = reservation(&account, 2, interval, at(now));
                let wanted = Reservation { expects_backlog, ..wanted };
                places.push(table.reserve_once(&wanted).await.unwrap().unwrap());
            }
            assert_eq!(places, [at(0), at(200), at(5_000)], "{name}");
        }
    }

    #[tokio::test]
    async fn places_follow_each_other_and_start_afresh_after_a_pause() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        let reserve = async |count, now| {
            let interval = Duration::from_millis(100);
            table.reserve_once(&reservation(&account, count, interval, now)).await.unwrap().unwrap()
        };
        assert_eq!(reserve(3, at(0)).await, at(0));
        assert_eq!(reserve(2, at(10)).await, at(300), "behind the first three");
        assert_eq!(reserve(1, at(5_000)).await, at(5_000), "no line is left");
    }

    #[tokio::test]
    async fn a_raised_limit_does_not_wait_for_places_of_the_lower_one() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let at = |millis: i64| Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap();
        let reserve = async |count, millis, now| {
            let interval = Duration::from_millis(millis);
            table.reserve_once(&reservation(&account, count, interval, now)).await.unwrap().unwrap()
        };
        assert_eq!(reserve(3_600, 1_000, at(0)).await, at(0));
        assert_eq!(reserve(1, 1_000, at(10)).await, at(3_600_000), "behind an hour of places");
        assert_eq!(reserve(5, 10, at(20)).await, at(20), "raised");
        assert_eq!(reserve(1, 10, at(30)).await, at(70), "behind those of the new limit");
        assert_eq!(reserve(1, 1_000, at(40)).await, at(80), "lowered: the places are taken");
        assert_eq!(reserve(1, 1_000, at(50)).await, at(1_080));
    }
}
