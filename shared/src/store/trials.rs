//! Keeping accounts to a few trials and verifications at a time.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use super::StoreError;
use crate::account::AccountId;

/// The most trials and verifications of an account that are in progress at a time.
pub const TRIAL_SLOTS: u8 = 3;

/// The slots of an account for trials and verifications, over all instances. For webhooks.
pub trait TrialSlots: Send + Sync {
    /// Takes a free slot of the account, leased for `lease` from `now`. After a crash the slot is free again when
    /// its lease ends.
    fn take_trial_slot(
        &self,
        account: &AccountId,
        lease: Duration,
        now: Timestamp,
    ) -> impl Future<Output = Result<TrialSlot, StoreError>> + Send;

    /// Frees a slot before its lease ends. A slot that another has taken since stays taken.
    fn release_trial_slot(
        &self,
        account: &AccountId,
        lease: TrialLease,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Whether an account got a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialSlot {
    /// It did.
    Leased(TrialLease),
    /// All are leased; the first lease ends then, if nothing frees a slot before.
    NoneUntil(Timestamp),
}

/// The exclusive use of one slot until a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialLease {
    /// Which slot, from 0.
    pub(crate) slot: u8,
    /// The end of the lease, in microseconds since the epoch.
    pub(crate) until: i64,
}
