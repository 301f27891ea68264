//! Where requests may go: strangers choose the URLs, and the functions reach more than strangers do.
//!
//! | module | says |
//! |---|---|
//! | `special` | which addresses no host on the public internet has |
//! | `ports` | which ports belong to other protocols |
//! | `policy` | what follows for a URL, and for an address that its host turned out to have |
//!
//! A URL's text shows only so much, and what a name leads to changes. So the rules are asked twice: when
//! a webhook is saved, to tell its owner, and by `outbound` for every connection, to hold.

mod policy;
mod ports;
mod special;

pub use self::policy::{AddressPolicy, Refusal, literal};
pub use self::special::SpecialUse;
