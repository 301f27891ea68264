//! The mark in place of secrets.

/// The text that people see instead of a secret.
pub const HIDDEN: &str = "•••";
