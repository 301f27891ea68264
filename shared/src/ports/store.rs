//! Storage traits: one per capability, each mirrored by one statement of a function's IAM role.
//! The implementation is in `dynamodb`.

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
    LogPart, LogPurge, Purged, ReportEraser, ReportTrace, WebhookHistory, erase_report,
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
use crate::domain::account::{Account, AccountId, AccountStatus, AccountZone, Retention};
use crate::domain::api_key::{KeyHash, KeyId, KeyOwner, StoredKey};
use crate::domain::ids::{SubscriptionId, WebhookId};
use crate::domain::subscription::Subscription;
use crate::domain::webhook::Webhook;
use crate::input::page::{Listed, Page, PageRequest};

/// Why a store operation failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// DynamoDB did not answer, or refused: throttled, no permission, no network.
    #[error("{action}: DynamoDB is unavailable")]
    Unavailable {
        /// The operation that failed.
        action: &'static str,
        /// The SDK's error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A stored item cannot be parsed by this build.
    #[error("{action}: a stored item cannot be parsed")]
    Corrupt {
        /// The operation that failed.
        action: &'static str,
        /// The parse error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Why a conditional write failed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The condition is not met: the item exists already, was changed meanwhile, or is gone.
    #[error("the condition of the write is not met")]
    Condition,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks up the key that a caller presents. For the authorizer.
pub trait KeyLookup: Send + Sync {
    /// The key stored under `hash`.
    fn key(
        &self,
        hash: &KeyHash,
    ) -> impl Future<Output = Result<Option<StoredKey>, StoreError>> + Send;
}

/// Looks up accounts.
pub trait AccountLookup: Send + Sync {
    /// The account `id`.
    fn account(
        &self,
        id: &AccountId,
    ) -> impl Future<Output = Result<Option<Account>, StoreError>> + Send;
}

/// Reads the status of an account and nothing else. For functions in which the platform acts for accounts.
pub trait AccountStatusLookup: Send + Sync {
    /// The status of account `id`; `None` if there is no such account.
    fn account_status(
        &self,
        id: &AccountId,
    ) -> impl Future<Output = Result<Option<AccountStatus>, StoreError>> + Send;
}

/// Reads the time zone and the retention of an account and nothing else. For deliveries.
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

/// Administers accounts.
pub trait AccountAdmin: AccountLookup {
    /// Stores a new account; [`WriteError::Condition`] if the id exists.
    fn create_account(
        &self,
        account: &Account,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Replaces a stored account; [`WriteError::Condition`] if it does not exist.
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

/// Administers API keys.
pub trait KeyAdmin: Send + Sync {
    /// Stores a new key; [`WriteError::Condition`] if its account or the key that makes it does not exist.
    fn create_key(
        &self,
        hash: &KeyHash,
        key: &StoredKey,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Stores the key of a console link that is made for `account` at `now`, if the account is below its limit of links.
    fn create_link(
        &self,
        account: &AccountId,
        hash: &KeyHash,
        key: &StoredKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), NewLinkError>> + Send;

    /// A page of the keys of `owner`, by id; console links that have expired may be among them.
    fn keys(
        &self,
        owner: &KeyOwner,
        page: &PageRequest<KeyId>,
    ) -> impl Future<Output = Result<Page<Listed<StoredKey>>, StoreError>> + Send;

    /// Marks a key as one of an account that is being erased; it grants nothing from then on.
    /// `false` if the account has no such key.
    fn mark_erasing(
        &self,
        account: &AccountId,
        id: &KeyId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The stored key without its last use; `None` if `owner` has no such key.
    fn stored_key(
        &self,
        owner: &KeyOwner,
        id: &KeyId,
    ) -> impl Future<Output = Result<Option<StoredKey>, StoreError>> + Send;

    /// Revokes a key; `None` if `owner` has no such key. It stays listed among its maker's keys until
    /// [`remove_made_key`](Self::remove_made_key).
    fn revoke_key(
        &self,
        owner: &KeyOwner,
        id: &KeyId,
    ) -> impl Future<Output = Result<Option<RevokedKey>, StoreError>> + Send;

    /// Up to `most` keys that a platform key made, including revoked ones.
    fn made_keys(
        &self,
        maker: &KeyId,
        most: usize,
    ) -> impl Future<Output = Result<Vec<MadeKey>, StoreError>> + Send;

    /// Removes a key from the list of keys that `maker` made.
    fn remove_made_key(
        &self,
        maker: &KeyId,
        id: &KeyId,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A revoked key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedKey {
    /// The platform key that made it, if known.
    pub created_by: Option<KeyId>,
}

/// A key that a platform key made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeKey {
    /// Its id.
    pub id: KeyId,
    /// Its owner.
    pub owner: KeyOwner,
}

/// Administers the webhooks of an account.
pub trait WebhookAdmin: Send + Sync {
    /// The account's quota of webhooks, if it is used up. Only [`create_webhook`](Self::create_webhook)
    /// decides: other callers may create webhooks at the same time.
    fn exhausted_webhook_quota(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<Option<u32>, StoreError>> + Send;

    /// Stores a new webhook, if the account's quota allows it.
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

    /// Replaces version `webhook.version - 1`; [`WriteError::Condition`] if another version or none
    /// is stored.
    fn replace_webhook(
        &self,
        account: &AccountId,
        webhook: &Webhook,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Deletes the webhook at `version`; [`WriteError::Condition`] if another version or none is
    /// stored. Its subscriptions stay.
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
    /// The account has a webhook with this id.
    #[error("the account has this webhook already")]
    Exists,
    /// The account's quota is used up.
    #[error("the account has {0} webhooks, the most that its quota allows")]
    TooMany(u32),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Administers the subscriptions of an account.
pub trait SubscriptionAdmin: Send + Sync {
    /// Stores a new subscription, if the account's quota allows it.
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
    /// The account has a subscription with the same event, identity and webhook.
    #[error("the account has this subscription already: {0}")]
    Exists(SubscriptionId),
    /// The account's quota is used up.
    #[error("the account has {0} subscriptions, the most that its quota allows")]
    TooMany(u32),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks the account and the webhooks that a request names, in one read. For ingest.
pub trait NamedTargets: Send + Sync {
    /// Which of `webhooks` do not exist in `account`, and whether the account does.
    fn missing_targets(
        &self,
        account: &AccountId,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<MissingTargets, StoreError>> + Send;
}

/// The parts of a request that do not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MissingTargets {
    /// Whether the account does not exist.
    pub account: bool,
    /// Whether the account exists and is being erased.
    pub is_being_erased: bool,
    /// The webhooks that do not exist.
    pub webhooks: Vec<WebhookId>,
}
