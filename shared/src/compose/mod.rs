//! Composed requests: the client shapes URL, headers and body with variables of the report.
//!
//! Templates are Liquid expressions `{{ … }}` with filters, and `%name%` for a secret of the
//! webhook. There are no tags, so that no template can loop; everything else is bounded by
//! [`limits`].
//!
//! | module | says |
//! |---|---|
//! | `settings` | what a client composes, as read, shown and stored |
//! | `composer` | compiling that, and rendering requests and previews |
//! | `url`, `headers`, `body`, `multipart` | the parts of a request |
//! | `userinfo` | user and password of a URL, and its origin |
//! | `literals` | secrets that are written as literal text |
//! | `template` | one text with expressions: compiled, rendered |
//! | `scan`, `outline`, `source` | reading a text before the Liquid parser, and where a mistake is |
//! | `doubts` | what is valid and hardly meant: warnings, near names |
//! | `place`, `output`, `escaping` | escaping for a place, within a limit |
//! | `variables`, `times`, `scope` | what expressions can name |
//! | `raw` | JSON numbers and objects as the engine carries them |
//! | `filters` | what they can do with it |
//! | `secrets`, [`limits`], `error` | the rest |
//!
//! Errors of templates are [`crate::fields::FieldErrors`], found when a webhook is saved;
//! [`RenderError`] is for what only a report can bring about.

mod body;
mod composer;
mod doubts;
mod error;
mod escaping;
mod filters;
mod headers;
pub mod limits;
mod literals;
mod multipart;
mod outline;
mod output;
mod place;
mod raw;
mod scan;
mod scope;
mod secrets;
mod settings;
mod source;
mod template;
mod times;
mod url;
mod userinfo;
mod variables;

pub use self::composer::{ComposedRequest, Composer, Preview};
pub use self::error::{RenderError, RenderFailure};
pub(crate) use self::literals::names_a_secret;
pub use self::secrets::{HIDDEN, Secrets, is_secret_name};
pub use self::settings::{BodyFormat, BodySettings, ComposeSettings, Method};
pub use self::times::{UnknownTimeZone, time_zone};
pub use self::variables::Variables;
