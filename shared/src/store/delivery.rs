//! What deliver works by: webhooks and their accounts, what is known of clients, rate limits.

use std::collections::HashMap;
use std::future::Future;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::StoreError;
use crate::account::{AccountId, Retention};
use crate::health::{Health, LastFailure, OpenCircuit, OutageNotice};
use crate::ids::WebhookId;
use crate::quota::DeliveriesPerSecond;
use crate::send_slots::{SlotRequest, Slots};
use crate::subscription::{Event, RuleRange, Subscriber};
use crate::webhook::{DisabledReason, Webhook};

/// What is known of a webhook's client, kept for all instances. For deliver.
pub trait WebhookHealth: Send + Sync + 'static {
    /// Adds failures, of which `last` is the last; gives what is known then. What was known of an
    /// older version of the webhook is forgotten.
    fn add_failures(
        &self,
        webhook: &WebhookVersion,
        failures: u32,
        last: LastFailure,
    ) -> impl Future<Output = Result<Health, StoreError>> + Send;

    /// Notes that the client is slow.
    fn mark_slow(
        &self,
        webhook: &WebhookVersion,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes that a webhook of the account is slow; nothing if there is no such account.
    fn mark_account_slow(
        &self,
        account: &AccountId,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes that the client took something at `now`: failures are forgotten, and so is the clock that
    /// they started. A circuit stays as it is; another instance may have opened it since.
    fn clear_failures(
        &self,
        webhook: &WebhookVersion,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes that the client took, at `now`, the probe of a circuit that was opened `level` times in a
    /// row: failures are forgotten and that circuit is closed; `false` if another instance has closed it, or
    /// opened it again.
    fn close_circuit(
        &self,
        webhook: &WebhookVersion,
        level: u32,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Opens the circuit, for longer than it is open now; `false` if another instance has opened it for as long.
    fn open_circuit(
        &self,
        webhook: &WebhookVersion,
        circuit: OpenCircuit,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Claims the one probe of a half-open circuit, which was `seen`, until `probe_until`. A claim
    /// is told from another by that time, so no two may have the same.
    fn claim_probe(
        &self,
        webhook: &WebhookVersion,
        seen: &OpenCircuit,
        probe_until: Timestamp,
    ) -> impl Future<Output = Result<ProbeClaim, StoreError>> + Send;

    /// Claims a message about the outage that began at `outage`, for a minute from `now`; `false` if
    /// it was sent, if another instance claims it, or if the webhook is not in that state any more.
    fn claim_notice(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Notes that a message about the outage that began at `outage` was sent: no other is.
    fn mark_notice_sent(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Deactivates the webhook; `false` if it was changed meanwhile, or is not active.
    fn disable(
        &self,
        webhook: &WebhookVersion,
        reason: DisabledReason,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// One version of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebhookVersion {
    /// Whose it is.
    pub account_id: AccountId,
    /// Which.
    pub webhook_id: WebhookId,
    /// Which version.
    pub version: u64,
}

/// What came of claiming a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one at a time")]
pub enum ProbeClaim {
    /// It is ours.
    Granted,
    /// Another was quicker. This is what is known now; `None` if no attempt has failed.
    Denied(Option<Health>),
}

/// Send times under webhooks' rate limits, shared by all instances. For deliver.
pub trait RateLimit: Send + Sync + 'static {
    /// Takes the next send times, and turns for those that find none near, in one update.
    fn take_slots(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        request: SlotRequest,
        now: Timestamp,
    ) -> impl Future<Output = Result<Slots, StoreError>> + Send;
}

/// What deliveries need to know of an account. For deliver.
pub trait DeliveryConfig: Send + Sync + 'static {
    /// The webhooks that subscribe to reports of `event`, of those in `range`.
    fn subscribers(
        &self,
        account: &AccountId,
        event: &Event,
        range: &RuleRange,
    ) -> impl Future<Output = Result<Vec<Subscriber>, StoreError>> + Send;

    /// What an account chose for its deliveries; the defaults if there is no such account.
    fn account_terms(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<AccountTerms, StoreError>> + Send;

    /// What is stored under each of `ids`, read consistently.
    fn webhooks_by_id(
        &self,
        account: &AccountId,
        ids: &[WebhookId],
    ) -> impl Future<Output = Result<StoredWebhooks, StoreError>> + Send;
}

/// Webhooks as they are stored.
pub type StoredWebhooks = HashMap<WebhookId, StoredWebhook>;

/// What is stored of a webhook.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all are of the large one")]
pub enum StoredWebhook {
    /// The webhook, and the health of this version of it; `None` if no attempt has failed.
    Readable(Box<Webhook>, Option<Health>),
    /// There is no such webhook.
    Missing,
    /// Its item cannot be read, which is logged and must not harm the others.
    Unreadable,
}

#[cfg(feature = "testing")]
impl StoredWebhook {
    /// The webhook and its health, if it can be read.
    pub fn readable(self) -> Option<(Webhook, Option<Health>)> {
        match self {
            Self::Readable(webhook, health) => Some((*webhook, health)),
            Self::Missing | Self::Unreadable => None,
        }
    }
}

/// What an account chose for its deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountTerms {
    /// The zone of the times in its reports.
    pub zone: TimeZone,
    /// How long the log keeps its deliveries.
    pub retention: Retention,
    /// The webhook that is told of what happens to its webhooks and deliveries.
    pub operational_webhook: Option<WebhookId>,
    /// Its own quota; `None` if the deployment's holds.
    pub deliveries_per_second: Option<DeliveriesPerSecond>,
    /// Whether some of its reports were erased, so that there may be a tombstone of any.
    pub has_erased_reports: bool,
    /// Until then one of its webhooks counts as slow.
    pub slow_until: Option<Timestamp>,
    /// It is being erased, or was: nothing of it is sent or stored any more.
    pub is_erased: bool,
    /// Whether there is such an account.
    pub exists: bool,
}

impl Default for AccountTerms {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            retention: Retention::default(),
            operational_webhook: None,
            deliveries_per_second: None,
            has_erased_reports: false,
            slow_until: None,
            is_erased: false,
            exists: true,
        }
    }
}
