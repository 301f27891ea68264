//! The slots of an account for trials and verifications: one item, whose attributes `slot_0`,
//! `slot_1` … are the ends of the slots' leases, in microseconds since the epoch.
//!
//! An update assumes that a slot is free; if it is not, DynamoDB returns the item, and the next
//! update tries a slot that is free there.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure as OnFailure;
use jiff::Timestamp;

use super::ConfigTable;
use super::item::{Item, is_written, key, n, too_many_conflicts, unavailable};
use super::keys::partition;
use crate::domain::account::AccountId;
use crate::ports::store::{StoreError, TRIAL_SLOTS, TrialLease, TrialSlot, TrialSlots};

/// The sort key of the item.
pub(super) const TRIALS: &str = "TRIALS";
/// The most updates, if other requests take the slots.
const MAX_TRIES: usize = 6;

/// The attribute with the end of a slot's lease.
fn attribute(slot: u8) -> String {
    format!("slot_{slot}")
}

/// The lease of each slot; its end is 0 if the slot was never leased or was released.
fn leases(item: &Item) -> impl Iterator<Item = TrialLease> {
    (0..TRIAL_SLOTS).map(|slot| {
        let until = item.get(&attribute(slot)).and_then(|until| until.as_n().ok()?.parse().ok());
        TrialLease { slot, until: until.unwrap_or_default() }
    })
}

impl TrialSlots for ConfigTable {
    async fn take_trial_slot(
        &self,
        account: &AccountId,
        lease: Duration,
        now: Timestamp,
    ) -> Result<TrialSlot, StoreError> {
        const ACTION: &str = "taking a slot for a trial";
        let micros = now.as_microsecond();
        let until = (now + lease).as_microsecond();
        let mut stored = Item::new();
        for _ in 0..MAX_TRIES {
            // Most accounts have one trial at a time, so the first slot is nearly always free.
            let Some(free) = leases(&stored).find(|lease| lease.until <= micros) else {
                let earliest = leases(&stored).map(|lease| lease.until).min();
                let free_at = earliest.and_then(|until| Timestamp::from_microsecond(until).ok());
                return Ok(TrialSlot::NoneUntil(free_at.unwrap_or(now)));
            };
            let update = self
                .slot_update(account, free.slot)
                .update_expression("SET #slot = :until")
                .condition_expression("attribute_not_exists(#slot) OR #slot <= :now")
                .expression_attribute_values(":until", n(until))
                .expression_attribute_values(":now", n(micros))
                .return_values_on_condition_check_failure(OnFailure::AllOld);
            match update.send().await {
                Ok(_) => return Ok(TrialSlot::Leased(TrialLease { slot: free.slot, until })),
                Err(error) => match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                        stored = refused.item().cloned().unwrap_or_default();
                    }
                    _ => return Err(unavailable(ACTION)(error)),
                },
            }
        }
        Err(too_many_conflicts(ACTION, MAX_TRIES))
    }

    async fn release_trial_slot(
        &self,
        account: &AccountId,
        lease: TrialLease,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "releasing the slot of a trial";
        let update = self
            .slot_update(account, lease.slot)
            .update_expression("REMOVE #slot")
            .condition_expression("#slot = :until")
            .expression_attribute_values(":until", n(lease.until));
        // The lease had ended, or the account was erased meanwhile.
        is_written(ACTION, update.send().await).map(drop)
    }
}

impl ConfigTable {
    fn slot_update(&self, account: &AccountId, slot: u8) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(partition(account), TRIALS.to_owned())))
            .expression_attribute_names("#slot", attribute(slot))
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::testing::{TestTables, unreachable_config_table};

    const LEASE: Duration = Duration::from_secs(10);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_764_205_483 + seconds).unwrap()
    }

    fn acme() -> AccountId {
        "acme".parse().unwrap()
    }

    async fn take(table: &ConfigTable, account: &AccountId, now: i64) -> TrialSlot {
        table.take_trial_slot(account, LEASE, at(now)).await.unwrap()
    }

    #[tokio::test]
    async fn an_account_has_three_slots_and_leases_end() {
        let table = TestTables::start().await.unwrap().config();
        for now in 0..3 {
            let slot = take(&table, &acme(), now).await;
            assert!(matches!(slot, TrialSlot::Leased(_)), "{now}: {slot:?}");
        }
        assert_eq!(take(&table, &acme(), 3).await, TrialSlot::NoneUntil(at(10)));
        let other = take(&table, &"other".parse().unwrap(), 3).await;
        assert!(matches!(other, TrialSlot::Leased(_)), "each account has its own slots: {other:?}");
        // After a crash, slots are free again when their leases end, one after the other.
        assert!(matches!(take(&table, &acme(), 10).await, TrialSlot::Leased(_)));
        assert_eq!(take(&table, &acme(), 10).await, TrialSlot::NoneUntil(at(11)));
    }

    #[tokio::test]
    async fn a_released_slot_is_free_immediately() {
        let table = TestTables::start().await.unwrap().config();
        let mut leases = Vec::new();
        for now in 0..3 {
            let TrialSlot::Leased(lease) = take(&table, &acme(), now).await else {
                panic!("{now}")
            };
            leases.push(lease);
        }
        table.release_trial_slot(&acme(), leases[1]).await.unwrap();
        let TrialSlot::Leased(again) = take(&table, &acme(), 3).await else { panic!("no slot") };
        assert_eq!(again.slot, leases[1].slot);
        // An earlier lease of the slot releases nothing.
        table.release_trial_slot(&acme(), leases[1]).await.unwrap();
        assert!(matches!(take(&table, &acme(), 3).await, TrialSlot::NoneUntil(_)));
    }

    #[tokio::test]
    async fn concurrent_requests_get_different_slots() {
        let table = TestTables::start().await.unwrap().config();
        let account = acme();
        let takes = (0..8).map(|_| table.take_trial_slot(&account, LEASE, at(0)));
        let slots = futures_util::future::join_all(takes).await;
        let mut taken: Vec<_> = slots
            .into_iter()
            .filter_map(|slot| match slot.unwrap() {
                TrialSlot::Leased(lease) => Some(lease.slot),
                TrialSlot::NoneUntil(_) => None,
            })
            .collect();
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 2]);
    }

    #[tokio::test]
    async fn an_unreachable_table_gives_no_slot() {
        let taken = unreachable_config_table().take_trial_slot(&acme(), LEASE, at(0)).await;
        assert!(matches!(taken, Err(StoreError::Unavailable { .. })), "{taken:?}");
    }
}
