//! Signatures of requests by Standard Webhooks 1.0, with secrets that Callhook and the receiver share.
//!
//! `webhook-signature` holds one signature per live secret, separated by spaces: `v1,` and the base64
//! of the HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`. So a receiver that knows one live
//! secret can verify every request, also during a rotation.
//!
//! `webhook-url-signature` is the same over `<webhook-id>.<webhook-timestamp>.<method> <URL>`, in
//! requests whose URL holds content ([`crate::domain::request::WEBHOOK_URL_SIGNATURE`]).
//!
//! The key is hashed when a secret is read; each signature then costs a copy of that hash state and one
//! pass over the body (`make bench` measures it).

mod overlap;
mod secret;
mod secrets;

pub use self::overlap::{InvalidOverlap, Overlap};
pub use self::secret::{InvalidSigningSecret, SigningSecret};
pub use self::secrets::{EarlierSecret, SigningSecrets, TooManySecrets};
