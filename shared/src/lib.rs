//! Callhook's shared crate: what its Lambda functions have in common.
//!
//! | module | says |
//! |---|---|
//! | [`account`], [`quota`], [`api_key`], [`scope`] | tenants, how much they may have, their keys and what those may do |
//! | [`webhook`], [`subscription`] | where reports go, and which |
//! | [`compose`] | the request that a client composes: its templates and their rendering |
//! | [`address`] | where requests may go |
//! | [`signing`] | the secrets of a webhook and the signatures of its requests |
//! | [`report`] | a call report: reading it, its id, its default payload |
//! | [`message`] | what travels through the queues |
//! | [`delivery`], [`retry`], [`retry_after`], [`request`] | one report on its way to one webhook |
//! | [`send_slots`] | when requests go to a webhook with a rate limit |
//! | [`allowance`] | what an instance may use of an account's places without asking the table |
//! | [`health`], [`operational`] | what its attempts say of a webhook, and who is told |
//! | [`replay`] | a webhook's deliveries, sent once more |
//! | [`erasure`] | what is left of an erased report, and for how long |
//! | [`journal`] | a row for each report, for finding it by number or time |
//! | [`stats`] | hourly figures of a webhook |
//! | [`page`], [`time_range`] | which part of a list is asked for |
//! | [`json`], [`fields`] | JSON from outside |
//! | [`store`], [`queue`], [`alerts`] | what the functions ask of AWS: a narrow trait per capability |
//! | `dynamodb`, `sqs`, `sns` | the one implementation of those traits |
//! | `outbound` | requests to clients' URLs |
//! | `http_api` | the HTTP edge: callers, problem details, pages |
//! | [`config`], [`telemetry`] | settings from the environment, log lines |
//!
//! The domain (the first fourteen rows) knows neither Lambda, AWS nor an HTTP framework.

pub mod account;
pub mod address;
pub mod alerts;
pub mod allowance;
pub mod api_key;
#[cfg(feature = "aws")]
pub mod aws;
pub mod compose;
pub mod config;
pub mod delivery;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
pub mod erasure;
pub mod fields;
pub mod health;
#[cfg(feature = "http-api")]
pub mod http_api;
pub mod ids;
pub mod journal;
pub mod json;
pub mod message;
pub mod operational;
#[cfg(feature = "outbound")]
pub mod outbound;
pub mod page;
pub mod queue;
pub mod quota;
pub mod replay;
pub mod report;
pub mod request;
#[cfg(feature = "sqs")]
pub mod resumable_work;
pub mod retry;
pub mod retry_after;
#[cfg(any(feature = "aws", feature = "outbound"))]
mod roots;
pub mod scope;
pub mod send_slots;
pub mod signing;
#[cfg(feature = "sns")]
pub mod sns;
#[cfg(feature = "sqs")]
pub mod sqs;
pub mod stats;
pub mod store;
pub mod subscription;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time_range;
pub mod ttl_cache;
pub mod webhook;
