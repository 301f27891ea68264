//! Support of the end-to-end tests: the local cloud, its API, and receivers.
//!
//! `make test-e2e` starts a local cloud, deploys the template to it with IAM enforced, and runs these
//! tests with its address in the environment.

// Test support panics with a message when a step fails, and prints figures.
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

pub mod api;
pub mod cloud;
pub mod document;
pub mod faults;
pub mod operator;
pub mod page;
pub mod process;
pub mod python;
pub mod receiver;
pub mod replay;
pub mod role;
pub mod sensitive;
pub mod verify;
pub mod wait;
