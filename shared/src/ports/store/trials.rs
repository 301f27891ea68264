//! Limit of concurrent trials and verifications.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use super::StoreError;
use crate::domain::account::AccountId;

/// The most concurrent trials and verifications of an account.
pub const TRIAL_SLOTS: u8 = 3;

/// An account's slots for trials and verifications, shared by all instances. For webhooks.
pub trait TrialSlots: Send + Sync {
    /// Leases a free slot of the account for `lease` from `now`. After a crash the slot is free again when
    /// its lease ends.
    fn take_trial_slot(
        &self,
        account: &AccountId,
        lease: Duration,
        now: Timestamp,
    ) -> impl Future<Output = Result<TrialSlot, StoreError>> + Send;

    /// Frees a slot before its lease ends. A slot that was leased again since stays leased.
    fn release_trial_slot(
        &self,
        account: &AccountId,
        lease: TrialLease,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The answer to a request for a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialSlot {
    /// The slot is leased to the caller.
    Leased(TrialLease),
    /// All slots are leased; the first lease ends at this time, unless a slot is freed before.
    NoneUntil(Timestamp),
}

/// Exclusive use of one slot until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialLease {
    /// The slot's index, from 0.
    pub(crate) slot: u8,
    /// The end of the lease, in microseconds since the epoch.
    pub(crate) until: i64,
}
