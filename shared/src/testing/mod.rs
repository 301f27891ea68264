//! Test support for the functions: tables that run inside the test, the entries that deliver writes
//! to them, and requests as the API gateway passes them on.

pub mod api;
mod emf;
pub mod log;
mod message;
mod queue;
pub mod routes;
mod stream;
mod tables;
pub mod template;

pub use self::emf::emitted;
pub use self::log::{noted, noted_in};
pub use self::queue::RecordingQueue;
pub use self::stream::LogStream;
pub use self::tables::{CONFIG, DELIVERIES, SetupError, TestTables, unreachable_config_table};
pub use crate::domain::webhook::testing::NewWebhook;
