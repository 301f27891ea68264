//! The library that Callhook's Lambda functions share.
//!
//! | module | contains |
//! |---|---|
//! | [`account`], [`quota`], [`api_key`], [`scope`] | accounts, their quotas, their API keys and the scopes of keys |
//! | [`webhook`], [`subscription`] | targets of reports, and which reports they get |
//! | [`compose`] | requests composed by the customer: templates and their rendering |
//! | [`address`] | the URLs and addresses that requests may go to |
//! | [`signing`] | the secrets of a webhook and the signatures of its requests |
//! | [`report`] | call reports: parsing, ids, the default payload |
//! | [`message`] | queue messages |
//! | [`delivery`], [`retry`], [`retry_after`], [`request`] | the delivery of one report to one webhook |
//! | [`send_slots`] | send times of webhooks with a rate limit |
//! | [`allowance`] | the part of an account's rate quota that an instance uses without asking DynamoDB |
//! | [`health`], [`operational`] | a webhook's health by its attempts, and operational events |
//! | [`replay`] | sending a webhook's deliveries of a time range again |
//! | [`erasure`] | tombstones of erased reports, and their lifetime |
//! | [`journal`] | a row for each report, to search by number or time |
//! | [`stats`] | hourly statistics of a webhook |
//! | [`page`], [`time_range`] | pages and time ranges of lists |
//! | [`json`], [`fields`] | untrusted JSON |
//! | [`store`], [`queue`], [`alerts`] | AWS as the functions use it: one narrow trait per capability |
//! | `dynamodb`, `sqs`, `sns` | the implementations of those traits |
//! | `outbound` | requests to webhooks' URLs |
//! | `http_api` | the HTTP layer: callers, problem details, query parameters |
//! | [`config`], [`telemetry`] | settings from the environment, logs and metrics |
//!
//! The domain (the first fourteen rows) does not depend on Lambda, AWS or an HTTP framework.

#[cfg(feature = "aws")]
pub mod aws;
pub mod domain;
#[cfg(feature = "http-api")]
pub mod http_api;
pub mod input;
#[cfg(feature = "outbound")]
pub mod outbound;
pub mod ports;
pub mod runtime;
#[cfg(feature = "testing")]
pub mod testing;
