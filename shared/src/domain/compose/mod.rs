//! Composed requests: a customer writes templates for the URL, headers and body of a webhook's requests.
//!
//! A template is text with Liquid expressions `{{ … }}`, filters, and `%name%` for a secret of the
//! webhook. Liquid's tags are refused, so no template can loop; [`limits`] bounds the rest.
//!
//! In: [`ComposeSettings`] when a webhook is saved; [`Variables`] (a report) and [`Secrets`] for each
//! attempt. Out: a [`Composer`] or [`crate::input::fields::FieldErrors`]; then a [`ComposedRequest`] or, if a
//! template does not fit this report, a [`RenderError`].
//!
//! | step | modules |
//! |---|---|
//! | read, show and store settings | `settings`, `url_credentials`, `literal_secrets` |
//! | compile the parts of a request | `composer`, `url`, `headers`, `body`, `members`, `multipart` |
//! | compile one template | `compiler`, `scan` (splits it), `expression` (checks names), `mistake`, `warnings` |
//! | render one template | `template`, `scope` (looks variables up), `variables`, `times`, `raw_json`, `filters` |
//! | write values | `escaping`, `output` |
//! | shared | `secrets`, [`limits`], `error` |

mod body;
mod compiler;
mod composer;
mod error;
mod escaping;
mod expression;
mod filters;
mod headers;
pub mod limits;
mod literal_secrets;
mod members;
mod mistake;
mod multipart;
mod output;
mod raw_json;
mod scan;
mod scope;
mod secrets;
mod sent_request;
mod settings;
mod template;
mod times;
mod url;
mod url_credentials;
mod variables;
mod warnings;

pub use self::composer::{ComposedRequest, Composer, Preview};
pub use self::error::{RenderError, RenderFailure};
pub(crate) use self::literal_secrets::names_a_secret;
pub use self::secrets::{Secrets, is_secret_name};
pub use self::sent_request::SentRequest;
pub use self::settings::{BodyFormat, BodySettings, ComposeSettings, Method};
pub use self::variables::Variables;
