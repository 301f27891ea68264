//! Storage that deliver needs: webhooks and their accounts, health of receivers, rate limits.

use std::collections::HashMap;
use std::future::Future;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::StoreError;
use crate::domain::account::{AccountId, Retention};
use crate::domain::event::Event;
use crate::domain::health::{Health, LastFailure, OpenCircuit, OutageNotice};
use crate::domain::ids::WebhookId;
use crate::domain::quota::DeliveriesPerSecond;
use crate::domain::send_slots::{SlotRequest, Slots};
use crate::domain::subscription::{RuleRange, Subscriber};
use crate::domain::webhook::{DisabledReason, Webhook};

/// Health of webhooks' receivers, shared by all instances. For deliver.
pub trait WebhookHealth: Send + Sync + 'static {
    /// Adds failures, of which `last` is the latest, and returns the updated health. Health of an
    /// older version of the webhook is dropped.
    fn add_failures(
        &self,
        webhook: &WebhookVersion,
        failures: u32,
        last: LastFailure,
    ) -> impl Future<Output = Result<Health, StoreError>> + Send;

    /// Marks the webhook as slow.
    fn mark_slow(
        &self,
        webhook: &WebhookVersion,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Marks the account as one with a slow webhook; does nothing if the account does not exist.
    fn mark_account_slow(
        &self,
        account: &AccountId,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Resets the failures and the time since which the webhook is failing: the receiver accepted a request at `now`.
    /// The circuit stays as it is; another instance may have opened it since.
    fn clear_failures(
        &self,
        webhook: &WebhookVersion,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Closes the circuit that was opened `level` times in a row, and resets the failures: the receiver accepted
    /// the probe at `now`. `false` if another instance has closed the circuit or opened it again.
    fn close_circuit(
        &self,
        webhook: &WebhookVersion,
        level: u32,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Opens the circuit; `false` if another instance has opened it for at least as long.
    fn open_circuit(
        &self,
        webhook: &WebhookVersion,
        circuit: OpenCircuit,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Claims the one probe of the half-open circuit `seen`, until `probe_until`. That time
    /// identifies the claim, so no two claims may have the same.
    fn claim_probe(
        &self,
        webhook: &WebhookVersion,
        seen: &OpenCircuit,
        probe_until: Timestamp,
    ) -> impl Future<Output = Result<ProbeClaim, StoreError>> + Send;

    /// Claims the notice about the outage that began at `outage`, for a minute from `now`; `false` if
    /// it was sent, if another instance claims it, or if the webhook is no longer in that state.
    fn claim_notice(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Marks the notice about the outage that began at `outage` as sent, so that it is not sent again.
    fn mark_notice_sent(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Deactivates the webhook; `false` if it was changed meanwhile or is not active.
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
    /// The account that owns the webhook.
    pub account_id: AccountId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Its version.
    pub version: u64,
}

/// The result of claiming a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one at a time")]
pub enum ProbeClaim {
    /// The caller sends the probe.
    Granted,
    /// Another instance has claimed it or changed the circuit. Holds the current health; `None` if no attempt has failed.
    Denied(Option<Health>),
}

/// Send slots under webhooks' rate limits, shared by all instances. For deliver.
pub trait RateLimit: Send + Sync + 'static {
    /// Takes the next send slots, and turns for deliveries that find no send slot soon, in one update.
    fn take_slots(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        request: SlotRequest,
        now: Timestamp,
    ) -> impl Future<Output = Result<Slots, StoreError>> + Send;
}

/// Configuration of an account's deliveries. For deliver.
pub trait DeliveryConfig: Send + Sync + 'static {
    /// The webhooks in `range` that subscribe to reports of `event`.
    fn subscribers(
        &self,
        account: &AccountId,
        event: &Event,
        range: &RuleRange,
    ) -> impl Future<Output = Result<Vec<Subscriber>, StoreError>> + Send;

    /// The account's settings for deliveries; the defaults if the account does not exist.
    fn account_terms(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<AccountTerms, StoreError>> + Send;

    /// The webhooks with these ids, read consistently.
    fn webhooks_by_id(
        &self,
        account: &AccountId,
        ids: &[WebhookId],
    ) -> impl Future<Output = Result<StoredWebhooks, StoreError>> + Send;
}

/// Stored webhooks by id.
pub type StoredWebhooks = HashMap<WebhookId, StoredWebhook>;

/// A webhook as it is stored.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all are of the large one")]
pub enum StoredWebhook {
    /// The webhook, and the health of this version of it; `None` if no attempt has failed.
    Readable(Box<Webhook>, Option<Health>),
    /// The webhook does not exist.
    Missing,
    /// Its item cannot be parsed. That is logged and must not affect other webhooks.
    Unreadable,
}

#[cfg(feature = "testing")]
impl StoredWebhook {
    /// The webhook and its health, if it can be parsed.
    pub fn readable(self) -> Option<(Webhook, Option<Health>)> {
        match self {
            Self::Readable(webhook, health) => Some((*webhook, health)),
            Self::Missing | Self::Unreadable => None,
        }
    }
}

/// An account's settings and state that deliveries depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountTerms {
    /// The zone of the times in its reports.
    pub zone: TimeZone,
    /// How long the log keeps its deliveries.
    pub retention: Retention,
    /// The webhook that receives the account's operational events.
    pub operational_webhook: Option<WebhookId>,
    /// Its own quota; `None` if the deployment's default applies.
    pub deliveries_per_second: Option<DeliveriesPerSecond>,
    /// Whether it has erased reports, so that tombstones have to be looked up.
    pub has_erased_reports: bool,
    /// The time until which one of its webhooks counts as slow.
    pub slow_until: Option<Timestamp>,
    /// Whether it is being erased or was: nothing of it is sent or stored any more.
    pub is_erased: bool,
    /// Whether the account exists.
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
