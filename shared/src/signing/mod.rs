//! Signatures of requests: Standard Webhooks 1.0, with secrets that sender and receiver share.
//!
//! `webhook-signature` holds, for every live secret of the webhook, `v1,` and the base64 of the
//! HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`, separated by spaces. So a receiver
//! that knows any one of the live secrets can verify every request, also while they change.
//!
//! `webhook-url-signature` is the same over `<webhook-id>.<webhook-timestamp>.<method> <URL>`, in requests whose URL holds
//! content ([`crate::request::WEBHOOK_URL_SIGNATURE`]).
//!
//! A secret takes its key into the hash when it is read; a signature then costs a copy of that
//! state and one pass over the body (`make bench` measures it). Nothing is decoded per attempt.

mod live;
mod overlap;
mod secret;

pub use self::live::{EarlierSecret, SigningSecrets, TooManySecrets};
pub use self::overlap::{InvalidOverlap, Overlap};
pub use self::secret::{InvalidSigningSecret, SigningSecret};
