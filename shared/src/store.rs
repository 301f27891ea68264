//! What the functions ask of the tables: a trait per capability, each mirrored by one statement
//! of a function's IAM role. The implementation is in `dynamodb`.

mod erasure;
mod figures;
mod keys;
mod log;
mod lookup;
mod quota;
mod replay;

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use self::erasure::{
    AccountEraser, AccountErasureState, AccountPurge, ConfigPart, ErasureNotes, LogPart, LogPurge,
    Purged, ReportEraser, WebhookHistory,
};
pub use self::figures::{StatsLog, StatsReader};
pub use self::keys::KeyUse;
pub use self::log::{Before, DeliveryLog, LogWrite, LookedUp, UnwantedReport};
pub use self::lookup::{DeliveryReader, WebhookLookup};
pub use self::quota::{Places, ReportQuota};
pub use self::replay::{ReplayAdmin, ReplayJobs, ReplaySource};
use crate::account::{Account, AccountId, Retention};
use crate::api_key::{KeyHash, KeyId, KeyOwner, KeyRecord};
use crate::health::{Health, OpenCircuit};
use crate::ids::{SubscriptionId, WebhookId};
use crate::page::{Page, PageRequest};
use crate::subscription::{Event, Identity, Subscription};
use crate::webhook::{DisabledReason, Webhook};

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The table did not answer, or refused: throttled, no permission, no network.
    #[error("{action}: the table could not be used")]
    Unavailable {
        /// What was tried.
        action: &'static str,
        /// What the client said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An item does not have the shape that this build writes.
    #[error("{action}: an item of the table cannot be read")]
    Corrupt {
        /// What was tried.
        action: &'static str,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Why a conditional write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// What the write depends on is not so: it exists already, was changed meanwhile, or is gone.
    #[error("the condition of the write does not hold")]
    Condition,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finding a key that a caller presents. For the authorizer.
pub trait KeyLookup: Send + Sync {
    /// The key stored under `hash`.
    fn key(
        &self,
        hash: &KeyHash,
    ) -> impl Future<Output = Result<Option<KeyRecord>, StoreError>> + Send;
}

/// Whether there is such an account.
pub trait AccountLookup: Send + Sync {
    /// The account `id`.
    fn account(
        &self,
        id: &AccountId,
    ) -> impl Future<Output = Result<Option<Account>, StoreError>> + Send;
}

/// Accounts, for their administration.
pub trait AccountAdmin: AccountLookup {
    /// Stores a new account; [`WriteError::Condition`] if its id is taken.
    fn create_account(
        &self,
        account: &Account,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Replaces what is stored of an account; [`WriteError::Condition`] if there is none.
    fn replace_account(
        &self,
        account: &Account,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// A page of all accounts, by id.
    fn accounts(
        &self,
        page: &PageRequest<AccountId>,
    ) -> impl Future<Output = Result<Page<Account>, StoreError>> + Send;
}

/// API keys, for their administration.
pub trait KeyAdmin: Send + Sync {
    /// Stores a new key; [`WriteError::Condition`] if its account does not exist.
    fn create_key(
        &self,
        hash: &KeyHash,
        record: &KeyRecord,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// A page of the keys of `owner`, by id.
    fn keys(
        &self,
        owner: &KeyOwner,
        page: &PageRequest<KeyId>,
    ) -> impl Future<Output = Result<Page<KeyRecord>, StoreError>> + Send;

    /// Revokes a key; `false` if `owner` has no such key.
    fn revoke_key(
        &self,
        owner: &KeyOwner,
        id: &KeyId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// The webhooks of an account, for their administration.
pub trait WebhookAdmin: Send + Sync {
    /// Stores a new webhook, if the account's quota has room for it.
    fn create_webhook(
        &self,
        account: &AccountId,
        webhook: &Webhook,
    ) -> impl Future<Output = Result<(), NewWebhookError>> + Send;

    /// One webhook.
    fn webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> impl Future<Output = Result<Option<Webhook>, StoreError>> + Send;

    /// A page of webhooks, newest first; only those whose name contains `name`, without regard
    /// to case, if given.
    fn webhooks(
        &self,
        account: &AccountId,
        page: &PageRequest<WebhookId>,
        name: Option<&str>,
    ) -> impl Future<Output = Result<Page<Webhook>, StoreError>> + Send;

    /// Replaces the version before `webhook.version`; [`WriteError::Condition`] if another is
    /// stored, or none.
    fn replace_webhook(
        &self,
        account: &AccountId,
        webhook: &Webhook,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Deletes the webhook at `version`; [`WriteError::Condition`] if another version is stored,
    /// or none. Its subscriptions stay.
    fn delete_webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
        version: u64,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;
}

/// Why a webhook was not stored.
#[derive(Debug, thiserror::Error)]
pub enum NewWebhookError {
    /// Its id is taken.
    #[error("the account has this webhook already")]
    Exists,
    /// The account has as many as it may have.
    #[error("the account has {0} webhooks, as many as it may have")]
    TooMany(u32),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The subscriptions of an account, for their administration.
pub trait SubscriptionAdmin: Send + Sync {
    /// Stores a new subscription, if the account's quota has room for it.
    fn create_subscription(
        &self,
        account: &AccountId,
        subscription: &Subscription,
    ) -> impl Future<Output = Result<(), NewSubscriptionError>> + Send;

    /// One subscription.
    fn subscription(
        &self,
        account: &AccountId,
        id: SubscriptionId,
    ) -> impl Future<Output = Result<Option<Subscription>, StoreError>> + Send;

    /// A page of subscriptions, newest first.
    fn subscriptions(
        &self,
        account: &AccountId,
        page: &PageRequest<SubscriptionId>,
    ) -> impl Future<Output = Result<Page<Subscription>, StoreError>> + Send;

    /// Deletes all subscriptions to a webhook.
    fn delete_subscriptions_of(
        &self,
        account: &AccountId,
        webhook: WebhookId,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Deletes a subscription; `false` if there is none.
    fn delete_subscription(
        &self,
        account: &AccountId,
        id: SubscriptionId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// Why a subscription was not stored.
#[derive(Debug, thiserror::Error)]
pub enum NewSubscriptionError {
    /// The webhook does not exist.
    #[error("the webhook does not exist")]
    NoWebhook,
    /// There is one with the same event, identity and webhook.
    #[error("the account has this subscription already")]
    Exists,
    /// The account has as many as it may have.
    #[error("the account has {0} subscriptions, as many as it may have")]
    TooMany(u32),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a caller of ingest names, checked in one read. For ingest.
pub trait NamedTargets: Send + Sync {
    /// Which of `webhooks` do not exist in `account`, and whether the account does.
    fn missing(
        &self,
        account: &AccountId,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<Missing, StoreError>> + Send;
}

/// What of a caller's request does not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// The account itself.
    pub account: bool,
    /// These webhooks of it.
    pub webhooks: Vec<WebhookId>,
}

/// What is known of a webhook's client, kept for all instances. For deliver.
pub trait WebhookHealth: Send + Sync + 'static {
    /// Adds failures at `now`; gives what is known then. What was known of an older version of
    /// the webhook is forgotten.
    fn failed(
        &self,
        webhook: &WebhookVersion,
        failures: u32,
        now: Timestamp,
    ) -> impl Future<Output = Result<Health, StoreError>> + Send;

    /// Notes that the client is slow.
    fn slow(
        &self,
        webhook: &WebhookVersion,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes that the client took something: failures are forgotten, and so is the clock that
    /// they started. A circuit stays as it is; another instance may have opened it since.
    fn recovered(
        &self,
        webhook: &WebhookVersion,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Notes that the client took the probe of a circuit that was opened `level` times in a row:
    /// failures are forgotten and that circuit is closed.
    fn closed(
        &self,
        webhook: &WebhookVersion,
        level: u32,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Opens the circuit, for longer than it is open now.
    fn open(
        &self,
        webhook: &WebhookVersion,
        circuit: OpenCircuit,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Claims the one probe of a half-open circuit, which was `seen`, until `probe_until`. A claim
    /// is told from another by that time, so no two may have the same.
    fn claim_probe(
        &self,
        webhook: &WebhookVersion,
        seen: &OpenCircuit,
        probe_until: Timestamp,
    ) -> impl Future<Output = Result<Claim, StoreError>> + Send;

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
pub enum Claim {
    /// It is ours.
    Won,
    /// Another was quicker. This is what is known now; nothing if all is well.
    Lost(Option<Health>),
}

/// Places in time under a webhook's rate limit. For deliver.
pub trait RateLimit: Send + Sync + 'static {
    /// Reserves `count` places, `interval` apart, after all that were reserved before, but for
    /// those of a lower limit; gives the time of the first, `now` or later.
    fn reserve(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        count: u32,
        interval: Duration,
        now: Timestamp,
    ) -> impl Future<Output = Result<Timestamp, StoreError>> + Send;
}

/// What deliveries need to know of an account. For deliver.
pub trait DeliveryConfig: Send + Sync + 'static {
    /// The webhooks that subscribe to reports of `event` from `identity`.
    fn subscribers(
        &self,
        account: &AccountId,
        event: &Event,
        identity: &Identity,
    ) -> impl Future<Output = Result<Vec<WebhookId>, StoreError>> + Send;

    /// What an account chose for its deliveries; the defaults if there is no such account.
    fn account_terms(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<AccountTerms, StoreError>> + Send;

    /// What is stored under each of `ids`: `None` if there is no such webhook. An id without an
    /// entry has an item that cannot be read, which is logged and must not harm the others. The
    /// health is that of the webhook's version; none if all is well.
    fn webhooks_by_id(
        &self,
        account: &AccountId,
        ids: &[WebhookId],
    ) -> impl Future<Output = Result<StoredWebhooks, StoreError>> + Send;
}

/// Webhooks as they are stored.
pub type StoredWebhooks = HashMap<WebhookId, Option<(Webhook, Option<Health>)>>;

/// What an account chose for its deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountTerms {
    /// The zone of the times in its reports.
    pub zone: TimeZone,
    /// How long the log keeps its deliveries.
    pub retention: Retention,
    /// The webhook that is told of what happens to its webhooks and deliveries.
    pub operational_webhook: Option<WebhookId>,
    /// Whether some of its reports were erased, so that there may be a tombstone of any.
    pub has_erased_reports: bool,
    /// It is being erased, or was: nothing of it is sent or stored any more.
    pub is_erased: bool,
}

impl Default for AccountTerms {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            retention: Retention::default(),
            operational_webhook: None,
            has_erased_reports: false,
            is_erased: false,
        }
    }
}
