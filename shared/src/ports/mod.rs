//! What the functions ask of AWS: one narrow trait for each capability, as each is one statement of an IAM role.

pub mod alerts;
pub mod journal;
pub mod queue;
pub mod store;
