//! Send slots under a webhook's rate limit, in one item. An update assumes a backlog; if the item
//! has another, DynamoDB returns it, and the next update assumes that one.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure as OnFailure};
use jiff::Timestamp;

use super::ConfigTable;
use super::item::{Item, key, n, too_many_conflicts, unavailable};
use super::keys::partition;
use crate::domain::account::AccountId;
use crate::domain::ids::WebhookId;
use crate::domain::send_slots::{Backlog, SlotPlan, SlotRequest, Slots, StoredSlots};
use crate::ports::store::{RateLimit, StoreError};

const ACTION: &str = "reserving send slots under a rate limit";
/// The most updates, if the assumed backlog is wrong.
const MAX_TRIES: usize = 5;

/// The next free send slot, in microseconds since the epoch.
const NEXT_SEND: &str = "next_send";
/// The next free time for deferred deliveries, likewise.
const NEXT_TURN: &str = "next_free";
/// The spacing of the last update, in microseconds.
const SPACING: &str = "interval_micros";

fn stored(item: &Item) -> StoredSlots {
    let number = |name: &str| item.get(name)?.as_n().ok()?.parse().ok();
    StoredSlots {
        next_send: number(NEXT_SEND),
        next_turn: number(NEXT_TURN),
        spacing: number(SPACING),
    }
}

/// An update for an assumed backlog.
struct Update {
    expression: String,
    condition: String,
}

impl Update {
    fn of(backlog: Backlog) -> Self {
        let (send, sends_hold) = match backlog.next_send {
            Some(_) => (NEXT_SEND, "next_send > :now AND next_send <= :latest"),
            None => (":now", "(attribute_not_exists(next_send) OR next_send <= :now)"),
        };
        let (expression, turns_hold) = match backlog.next_turn {
            Some(_) => (
                format!("next_send = {send} + :sends, next_free = next_free + :turns"),
                "next_free > :now \
                 AND (attribute_not_exists(next_send) OR next_free > next_send) \
                 AND (attribute_not_exists(interval_micros) OR interval_micros <= :spacing)",
            ),
            None => (
                format!("next_send = {send} + :sends, next_free = {send} + :both"),
                "(attribute_not_exists(next_free) OR next_free <= :now \
                 OR next_free <= next_send OR interval_micros > :spacing)",
            ),
        };
        Self {
            expression: format!("SET interval_micros = :spacing, {expression}"),
            condition: format!("{sends_hold} AND {turns_hold}"),
        }
    }
}

/// The result of an update.
enum Updated {
    Done(StoredSlots),
    /// The stored backlog is another one.
    Differs(StoredSlots),
}

impl RateLimit for ConfigTable {
    async fn take_slots(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        request: SlotRequest,
        now: Timestamp,
    ) -> Result<Slots, StoreError> {
        let (micros, spacing) = (now.as_microsecond(), request.spacing());
        // Deferred deliveries returned, so a backlog is likely.
        let mut backlog = if request.first > 0 {
            let next = Some(micros.saturating_add(1));
            Backlog { next_send: next, next_turn: next }
        } else {
            Backlog::default()
        };
        for _ in 0..MAX_TRIES {
            let plan = request.plan(backlog, micros);
            match self.update_slots(account, webhook, backlog, plan, micros, spacing).await? {
                Updated::Done(StoredSlots { next_send, next_turn, .. }) => {
                    let (send, turn) = next_send.zip(next_turn).unwrap_or((i64::MAX, i64::MAX));
                    return Ok(plan.slots(send, turn));
                }
                Updated::Differs(stored) => backlog = Backlog::of(stored, spacing, micros),
            }
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES))
    }
}

impl ConfigTable {
    async fn update_slots(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        backlog: Backlog,
        plan: SlotPlan,
        now: i64,
        spacing: i64,
    ) -> Result<Updated, StoreError> {
        let Update { expression, condition } = Update::of(backlog);
        let mut request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), format!("RATE#{webhook}"))))
            .update_expression(expression)
            .condition_expression(condition)
            .expression_attribute_values(":now", n(now))
            .expression_attribute_values(":spacing", n(spacing))
            .expression_attribute_values(":sends", n(plan.sends_length));
        if backlog.next_send.is_some() {
            request = request.expression_attribute_values(":latest", n(plan.latest));
        }
        // DynamoDB refuses a value that no expression uses.
        let (name, length) = match backlog.next_turn {
            Some(_) => (":turns", plan.turns_length),
            None => (":both", plan.sends_length.saturating_add(plan.turns_length)),
        };
        let request = request
            .expression_attribute_values(name, n(length))
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(OnFailure::AllOld);
        match request.send().await {
            Ok(answer) => Ok(Updated::Done(stored(&answer.attributes.unwrap_or_default()))),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Ok(Updated::Differs(refused.item().map(stored).unwrap_or_default()))
                }
                _ => Err(unavailable(ACTION)(error)),
            },
        }
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::aws::dynamodb::item::s;
    use crate::domain::webhook::MaxPerSecond;
    use crate::testing::TestTables;
    use serde_json::json;

    const START: i64 = 1_700_000_000_000_000;

    fn request(first: u32, new: u32, per_second: u16) -> SlotRequest {
        let rate = MaxPerSecond::from_json(&json!(per_second)).unwrap();
        SlotRequest { first, new, rate }
    }

    #[tokio::test]
    async fn the_item_follows_the_slot_plan() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let webhook = WebhookId::generate();
        let (mut expected, mut now) = (StoredSlots::default(), START);
        let mut random = fastrand::Rng::with_seed(7);
        for step in 0..300 {
            now += [0, 10_000, 300_000, 1_500_000, 20_000_000][random.usize(..5)];
            let per_second = [1, 5, 5, 5, 100][random.usize(..5)];
            let request = request(random.u32(..4), random.u32(..30), per_second);
            let backlog = Backlog::of(expected, request.spacing(), now);
            let plan = request.plan(backlog, now);
            expected = plan.applied(backlog, now, request.spacing());
            let wanted = plan.slots(expected.next_send.unwrap(), expected.next_turn.unwrap());
            let at = Timestamp::from_microsecond(now).unwrap();
            let slots = table.take_slots(&account, webhook, request, at).await.unwrap();
            assert_eq!(slots, wanted, "step {step}: {request:?} with {backlog:?}");
        }
    }

    #[tokio::test]
    async fn concurrent_instances_get_different_send_slots() {
        let table = TestTables::start().await.unwrap().config();
        let account: AccountId = "acme".parse().unwrap();
        let webhook = WebhookId::generate();
        let at = Timestamp::from_microsecond(START).unwrap();
        let takes = (0..4).map(|_| table.take_slots(&account, webhook, request(1, 0, 100), at));
        let slots = futures_util::future::join_all(takes).await;
        let mut times: Vec<_> = slots.into_iter().map(|slots| slots.unwrap().send_at).collect();
        times.sort_unstable();
        let spacing = request(1, 0, 100).rate.spacing();
        let expected: Vec<_> = (0..4).map(|index| at + spacing * index).collect();
        assert_eq!(times, expected);
    }

    #[tokio::test]
    async fn an_item_of_the_version_before_is_a_backlog() {
        let tables = TestTables::start().await.unwrap();
        let account: AccountId = "acme".parse().unwrap();
        let webhook = WebhookId::generate();
        let put = tables.client.put_item().table_name(crate::testing::CONFIG);
        let put = put.item("pk", s(partition(&account))).item("sk", s(format!("RATE#{webhook}")));
        let put = put.item(NEXT_TURN, n(START + 60_000_000)).item(SPACING, n(200_000));
        put.send().await.unwrap();
        let at = Timestamp::from_microsecond(START).unwrap();
        let slots = tables.config().take_slots(&account, webhook, request(1, 2, 5), at).await;
        let slots = slots.unwrap();
        assert_eq!((slots.sends, slots.send_at), (1, at));
        assert_eq!(slots.turn_at, Timestamp::from_microsecond(START + 60_000_000).unwrap());
    }
}
