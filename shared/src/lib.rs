//! The library that Callhook's Lambda functions share.
//!
//! | module | contains | imports |
//! |---|---|---|
//! | [`input`] | parsing of what callers send | nothing |
//! | [`domain`] | reports, webhooks, deliveries and their rules | `input` |
//! | [`ports`] | AWS as the functions use it: one narrow trait per capability | `domain` |
//! | [`runtime`] | settings, logs, metrics, caches, work of many invocations | `ports` |
//! | `aws` | the traits of `ports` on DynamoDB, SQS and SNS | `runtime` |
//! | `outbound` | requests to webhooks' URLs | `runtime` |
//! | `http_api` | the HTTP layer: callers, problem details, query parameters | `runtime` |
//!
//! A module may also import what the modules above it in this list may import. `make lint-imports` checks this.

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
