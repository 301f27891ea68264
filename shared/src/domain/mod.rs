//! Reports, webhooks, deliveries and the rules for them. Knows neither AWS, Lambda nor an HTTP framework.

pub mod account;
pub mod address;
pub mod allowance;
pub mod api_key;
pub mod compose;
pub mod delivery;
pub mod erasure;
pub mod health;
pub mod ids;
pub mod journal;
pub mod message;
pub mod operational;
pub mod quota;
pub mod replay;
pub mod report;
pub mod request;
pub mod retry;
pub mod retry_after;
pub mod scope;
pub mod send_slots;
pub mod signing;
pub mod stats;
pub mod subscription;
pub mod webhook;
