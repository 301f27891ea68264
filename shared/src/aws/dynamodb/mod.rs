//! The tables in DynamoDB.
//!
//! **Config**, by account:
//!
//! | `pk` | `sk` | item |
//! |---|---|---|
//! | `ACCOUNTS` | `<account>` | an account, for the list of accounts |
//! | `ACCT#<account>` | `ACCOUNT` | the account |
//! | `ACCT#<account>` | `WEBHOOK#<id>` | a webhook |
//! | `ACCT#<account>` | `SUBSCRIPTION#<id>` | a subscription |
//! | `ACCT#<account>` | `SUB#<event>#<identity>#<webhook>` | the same subscription, for deliver |
//! | `ACCT#<account>` | `HEALTH#<webhook>` | a webhook's health, once an attempt failed or was slow |
//! | `ACCT#<account>` | `RATE#<webhook>` | the next send slot of a webhook with a rate limit, and the next time for deferred deliveries |
//! | `RATE#<account>` | `RATE#REPORTS` | the next free permit for a report, if the account has a quota |
//! | `RATE#<account>` | `RATE#DELIVERIES` | the next free permit for a delivery, if the account has a quota |
//! | `ACCT#<account>` | `TRIALS` | the leases of its slots for trials and verifications |
//! | `RATE#<account>` | `RATE#ERASURES` | the next free permit for erasing a report of which nothing is stored |
//! | `ACCT#<account>` | `COUNTS` | the numbers of its webhooks and subscriptions; see `counts` |
//! | `ACCT#<account>` | `LINKS` | the console links that count towards its limit; see `console_links` |
//! | `ACCT#<account>` | `DELETED#<id>` | the id of a deleted webhook |
//! | `ACCT#<account>` | `ERASED` | the account's tombstone: it is being erased, or was |
//! | `ERASURES#<account>` | `REPORTS` | the account has erased reports, or is erasing its first |
//! | `KEY#<sha256>` | `KEY` | an API key for the authorizer, with the time of its last use |
//! | `ACCT#<account>` or `PLATFORM` | `KEY#<id>` | the same key for its owner's list |
//! | `MADE#<id>` | `KEY#<id>` | a key that a platform key created, until it is revoked |
//!
//! DynamoDB deletes items that have `forget_at` at that time.
//!
//! **Deliveries**: see [`deliveries`].

mod accounts;
mod api_keys;
mod batch;
mod calls;
mod console_links;
mod counts;
pub mod deliveries;
mod delivery_config;
mod delivery_quota;
mod erasure;
mod erasure_notes;
mod health;
mod health_reader;
mod item;
mod keys;
mod named_targets;
mod query;
mod rate_limit;
mod report_quota;
mod reservation;
mod size;
mod subscriptions;
mod trial_slots;
mod unknown_erasures;
mod webhook_history;
mod webhook_lookup;
mod webhooks;

#[cfg(test)]
#[cfg(feature = "testing")]
mod unreadable_tests;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;

pub use self::deliveries::DeliveriesTable;

/// A client whose calls time out within seconds: an invocation that waits longer costs more than
/// one that reports the failure.
pub fn client(config: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(8))
        .build();
    client_with(config, timeouts, RetryConfig::standard())
}

/// A client for optional checks: one attempt of at most a second.
pub fn no_retry_client(config: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(1)).build();
    client_with(config, timeouts, RetryConfig::disabled())
}

fn client_with(config: &SdkConfig, timeouts: TimeoutConfig, retries: RetryConfig) -> Client {
    let settings = aws_sdk_dynamodb::config::Builder::from(config)
        .behavior_version(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .retry_config(retries)
        .build();
    Client::from_conf(settings)
}

/// The table of accounts, keys, webhooks and subscriptions.
#[derive(Clone)]
pub struct ConfigTable {
    client: Client,
    table: String,
}

impl ConfigTable {
    /// The table named `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }
}
