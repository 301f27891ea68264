//! Test support for the functions: tables that run inside the test, the entries that deliver writes
//! to them, and requests as the API gateway passes them on.
//!
//! Without the feature `testing`, the library's own unit tests have only [`NewWebhook`].

#[cfg(feature = "testing")]
pub mod api;
#[cfg(feature = "testing")]
mod emf;
#[cfg(feature = "testing")]
pub mod log;
#[cfg(feature = "testing")]
mod message;
#[cfg(feature = "testing")]
mod queue;
#[cfg(feature = "testing")]
pub mod routes;
#[cfg(feature = "testing")]
mod stream;
#[cfg(feature = "testing")]
mod tables;
#[cfg(feature = "testing")]
pub mod template;
mod webhook;

#[cfg(feature = "testing")]
pub use self::emf::emitted;
#[cfg(feature = "testing")]
pub use self::log::{noted, noted_in};
#[cfg(feature = "testing")]
pub use self::queue::RecordingQueue;
#[cfg(feature = "testing")]
pub use self::stream::LogStream;
#[cfg(feature = "testing")]
pub use self::tables::{CONFIG, DELIVERIES, SetupError, TestTables, unreachable_config_table};
pub use self::webhook::NewWebhook;
