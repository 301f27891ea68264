//! For the tests of the functions: tables that run inside the test, and requests as the API
//! gateway hands them over.

pub mod api;
mod tables;

pub use self::tables::{SetupError, TestTables, unreachable_config_table};
