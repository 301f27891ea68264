//! What runs around a function: settings, log lines, metrics, caches, work of many invocations.

pub mod config;
#[cfg(feature = "sqs")]
pub mod resumable_work;
#[cfg(any(feature = "aws", feature = "outbound"))]
pub(crate) mod roots;
pub mod telemetry;
pub mod ttl_cache;
