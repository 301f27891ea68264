//! What the functions ask of the tables: a trait per capability, each mirrored by one statement
//! of a function's IAM role. The implementation is in `dynamodb`.

mod delivery;
mod erasure;
mod figures;
mod health;
mod journal;
mod keys;
mod log;
mod lookup;
mod quota;
mod replay;
mod trials;

use std::future::Future;

use jiff::Timestamp;

pub use self::delivery::{
    AccountTerms, DeliveryConfig, ProbeClaim, RateLimit, StoredWebhook, StoredWebhooks,
    WebhookHealth, WebhookVersion,
};
pub use self::erasure::{
    AccountEraser, AccountErasureState, AccountPurge, ConfigPart, ErasureMarker, ErasureQuota,
    LogPart, LogPurge, Purged, ReportEraser, ReportTrace, WebhookHistory,
};
pub use self::figures::{OutcomesReader, StatsReader, StatsWriter};
pub use self::health::HealthReader;
pub use self::journal::{
    JournalReader, JournalWriter, LateEntry, NewPage, PageBatch, PageKey, PageQuery, StoredPage,
};
pub use self::keys::{KeyUseMarker, NewLinkError};
pub use self::log::{DeliveryLog, LogLookup, LogWrite, PriorEntry, UnwantedReport};
pub use self::lookup::{
    DeliveryReader, ReportQuery, ReportState, WebhookLookup, WebhookStatusLookup,
};
pub use self::quota::{
    DeliveryBacklog, DeliveryQuota, PermitRequest, PermitResponse, ReportQuota, ReportTerms,
};
pub use self::replay::{ReplayAdmin, ReplayJobs, ReplaySource};
pub use self::trials::{TRIAL_SLOTS, TrialLease, TrialSlot, TrialSlots};
use crate::account::{Account, AccountId, AccountStatus, AccountZone, Retention};
use crate::api_key::{KeyHash, KeyId, KeyOwner, StoredKey};
use crate::ids::{SubscriptionId, WebhookId};
use crate::page::{Listed, Page, PageRequest};
use crate::subscription::Subscription;
use crate::webhook::Webhook;

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
    ) -> impl Future<Output = Result<Option<StoredKey>, StoreError>> + Send;
}

/// Whether there is such an account.
pub trait AccountLookup: Send + Sync {
    /// The account `id`.
    fn account(
        &self,
        id: &AccountId,
    ) -> impl Future<Output = Result<Option<Account>, StoreError>> + Send;
}

/// Whether there is such an account and it is in use, and nothing else of it. For those who let the platform act for it.
pub trait AccountStatusLookup: Send + Sync {
    /// The status of account `id`; `None` if there is no such account.
    fn account_status(
        &self,
        id: &AccountId,
    ) -> impl Future<Output = Result<Option<AccountStatus>, StoreError>> + Send;
}

/// The time zone of an account, and how long it keeps its reports, and nothing else of it. For deliveries.
pub trait AccountZoneLookup: Send + Sync + 'static {
    /// The zone of account `id`; `None` if there is no such account.
    fn account_zone(
        &self,
        id: &AccountId,
    ) -> impl Future<Output = Result<Option<AccountZone>, StoreError>> + Send;

    /// How long account `id` keeps its reports; `None` if there is no such account.
    fn account_retention(
        &self,
        id: &AccountId,
    ) -> impl Future<Output = Result<Option<Retention>, StoreError>> + Send;
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
    ) -> impl Future<Output = Result<Page<Listed<Account>>, StoreError>> + Send;
}

/// API keys, for their administration.
pub trait KeyAdmin: Send + Sync {
    /// Stores a new key; [`WriteError::Condition`] if its account or the key that makes it does not exist.
    fn create_key(
        &self,
        hash: &KeyHash,
        record: &StoredKey,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Stores the key of a console link that is made for `account` at `now`, if the account has room for it.
    fn create_link(
        &self,
        account: &AccountId,
        hash: &KeyHash,
        record: &StoredKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), NewLinkError>> + Send;

    /// A page of the keys of `owner`, by id; console links that have expired may be among them.
    fn keys(
        &self,
        owner: &KeyOwner,
        page: &PageRequest<KeyId>,
    ) -> impl Future<Output = Result<Page<Listed<StoredKey>>, StoreError>> + Send;

    /// Has a key say that its account is being erased, which is all that it may do from then on;
    /// `false` if the account has no such key.
    fn mark_erasing(
        &self,
        account: &AccountId,
        id: &KeyId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// What is stored of a key, but for its last use; none if `owner` has no such key.
    fn stored_key(
        &self,
        owner: &KeyOwner,
        id: &KeyId,
    ) -> impl Future<Output = Result<Option<StoredKey>, StoreError>> + Send;

    /// Revokes a key; none if `owner` has no such key. It stays among those that its maker made until
    /// [`remove_made_key`](Self::remove_made_key).
    fn revoke_key(
        &self,
        owner: &KeyOwner,
        id: &KeyId,
    ) -> impl Future<Output = Result<Option<RevokedKey>, StoreError>> + Send;

    /// Up to `most` keys that a key of the platform made, revoked ones among them.
    fn made_keys(
        &self,
        maker: &KeyId,
        most: usize,
    ) -> impl Future<Output = Result<Vec<MadeKey>, StoreError>> + Send;

    /// Removes a key from those that `maker` made.
    fn remove_made_key(
        &self,
        maker: &KeyId,
        id: &KeyId,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A key that was revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedKey {
    /// The platform key that made it, as far as that is known.
    pub created_by: Option<KeyId>,
}

/// A key that a key of the platform made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeKey {
    /// Its id.
    pub id: KeyId,
    /// Whose it is.
    pub owner: KeyOwner,
}

/// The webhooks of an account, for their administration.
pub trait WebhookAdmin: Send + Sync {
    /// The most webhooks that the account may have, if it has as many now. Only
    /// [`create_webhook`](Self::create_webhook) decides: others may make webhooks at the same time.
    fn exhausted_webhook_quota(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<Option<u32>, StoreError>> + Send;

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
    ) -> impl Future<Output = Result<Page<Listed<Webhook>>, StoreError>> + Send;

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

    /// A page of subscriptions, newest first; those of one webhook if `only` names it.
    fn subscriptions(
        &self,
        account: &AccountId,
        only: Option<WebhookId>,
        page: &PageRequest<SubscriptionId>,
    ) -> impl Future<Output = Result<Page<Listed<Subscription>>, StoreError>> + Send;

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
    #[error("the account has this subscription already: {0}")]
    Exists(SubscriptionId),
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
    fn missing_targets(
        &self,
        account: &AccountId,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<MissingTargets, StoreError>> + Send;
}

/// What of a caller's request does not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MissingTargets {
    /// The account itself.
    pub account: bool,
    /// The account is there, and is being erased.
    pub is_being_erased: bool,
    /// These webhooks of it.
    pub webhooks: Vec<WebhookId>,
}
