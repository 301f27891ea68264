//! The destinations that requests may have. Customers choose the URLs, and the functions can reach hosts that
//! customers cannot (SSRF).
//!
//! | module | content |
//! |---|---|
//! | `special` | addresses that no host on the public internet has |
//! | `ports` | ports of other protocols |
//! | `webhook_url` | a webhook's URL in normal form |
//! | `policy` | the rules for URLs, and for the addresses to which their hosts resolve |
//!
//! The text of a URL does not show the addresses, and a name may resolve to others later. So the rules
//! are applied twice: when a webhook is saved, to tell its owner; and by `outbound` for every
//! connection, to enforce them.

mod policy;
mod ports;
mod special;
mod webhook_url;

pub use self::policy::{AddressPolicy, Refusal, parse_ip};
pub use self::special::SpecialUse;
pub use self::webhook_url::{InvalidUrl, WebhookUrl};
