//! For the tests of the functions: tables that run inside the test, what deliver writes to them,
//! and requests as the API gateway hands them over.

pub mod api;
pub mod log;
mod queue;
pub mod routes;
mod tables;

pub use self::queue::KeptMessages;
pub use self::tables::{CONFIG, DELIVERIES, SetupError, TestTables, unreachable_config_table};
