//! Reports, webhooks, deliveries and their rules. Does not depend on AWS, Lambda or an HTTP framework.
//!
//! | module | contains |
//! |---|---|
//! | [`account`], [`quota`], [`api_key`], [`scope`] | accounts, their quotas, their API keys and the scopes of keys |
//! | [`webhook`], [`subscription`], [`verification`] | targets of reports, which reports they get, their verification |
//! | [`compose`], [`time_zone`] | requests composed by the customer: templates and their rendering |
//! | [`address`] | the URLs and addresses that requests may go to |
//! | [`signing`] | the secrets of a webhook and the signatures of its requests |
//! | [`report`], [`event`] | call reports: parsing, ids, the default payload |
//! | [`message`] | queue messages |
//! | [`delivery`], [`retry`], [`retry_after`], [`request`] | the delivery of one report to one webhook |
//! | [`send_slots`] | send slots of webhooks with a rate limit |
//! | [`allowance`] | the part of an account's rate quota that an instance uses without asking DynamoDB |
//! | [`health`], [`operational`] | a webhook's health by its attempts, and operational events |
//! | [`replay`] | sending a webhook's deliveries of a time range again |
//! | [`erasure`] | tombstones of erased reports, and their lifetime |
//! | [`journal`] | a row for each report, to search by number or time |
//! | [`stats`] | hourly statistics of a webhook |
//! | [`ids`], [`random`], [`redaction`] | ids, random bytes, the mark in place of secrets |

pub mod account;
pub mod address;
pub mod allowance;
pub mod api_key;
pub mod compose;
pub mod delivery;
pub mod erasure;
pub mod event;
pub mod health;
pub mod ids;
pub mod journal;
pub mod message;
pub mod operational;
pub mod quota;
pub mod random;
pub mod redaction;
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
pub mod time_zone;
pub mod verification;
pub mod webhook;
