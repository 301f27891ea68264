//! The tables in DynamoDB.
//!
//! **Config**, by account:
//!
//! | `pk` | `sk` | item |
//! |---|---|---|
//! | `ACCOUNTS` | `<account>` | an entry of the list of accounts |
//! | `ACCT#<account>` | `ACCOUNT` | the account |
//! | `ACCT#<account>` | `WEBHOOK#<id>` | a webhook |
//! | `ACCT#<account>` | `SUBSCRIPTION#<id>` | a subscription |
//! | `ACCT#<account>` | `SUB#<event>#<identity>#<webhook>` | the same, as deliver looks it up |
//! | `ACCT#<account>` | `HEALTH#<webhook>` | what is known of a webhook's client since an attempt failed or was slow |
//! | `ACCT#<account>` | `RATE#<webhook>` | when the next request may go to a webhook with a rate limit, and when those that wait come back |
//! | `RATE#<account>` | `RATE#REPORTS` | when the next report may be taken, if the account has a quota |
//! | `RATE#<account>` | `RATE#DELIVERIES` | when the next delivery may begin, if the account has a quota |
//! | `ACCT#<account>` | `TRIALS` | until when its slots for trials and verifications are leased |
//! | `RATE#<account>` | `RATE#ERASURES` | when the next report may be erased of which nothing is stored |
//! | `ACCT#<account>` | `COUNTS` | how many webhooks and subscriptions it has; see `counts` |
//! | `ACCT#<account>` | `LINKS` | until when its console links count towards the most that it may have |
//! | `ACCT#<account>` | `DELETED#<id>` | the name of a webhook that was deleted |
//! | `ACCT#<account>` | `ERASED` | the account is being erased, or was |
//! | `ERASURES#<account>` | `REPORTS` | the account has erased reports, or may just have |
//! | `KEY#<sha256>` | `KEY` | an API key, as the authorizer looks it up, and when it was last used |
//! | `ACCT#<account>` or `PLATFORM` | `KEY#<id>` | the same, as its owner lists it |
//! | `MADE#<id>` | `KEY#<id>` | that a key of the platform made another, until that is revoked |
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

/// A client of DynamoDB. Calls that do not answer are given up within seconds: an invocation
/// that waits longer costs more than one that reports the failure.
pub fn client(config: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(8))
        .build();
    client_with(config, timeouts, RetryConfig::standard())
}

/// A client for a check that must not delay what can do without it: one short attempt.
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
