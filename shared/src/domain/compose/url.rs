//! The URL of a composed request.
//!
//! In: a template whose scheme, user, host and port are literal text. Out: a [`UrlTemplate`], which
//! renders a `Url`. A value can end neither its path segment nor its query parameter.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Position, Url};

use super::compiler::Compiler;
use super::error::{RenderError, RenderFailure};
use super::escaping::Context;
use super::limits;
use super::literal_secrets::{LITERAL_SECRET_WARNING, secret_parameters};
use super::mistake::clip;
use super::output::Output;
use super::scope::Scope;
use super::template::Template;
use super::url_credentials::UrlCredentials;
use crate::domain::address::WebhookUrl;
use crate::domain::compose::SentRequest;
use crate::domain::redaction::HIDDEN;

/// A compiled URL.
#[derive(Debug)]
pub(super) struct UrlTemplate {
    template: Template,
    /// Scheme, user, host and port in normal form; no report may change them.
    base: Url,
    /// Count of the segments `.` and `..` that the customer wrote.
    dot_segments: usize,
    /// The URL of a template without expressions and secrets (the usual case), parsed once.
    fixed: Option<Url>,
    /// The fixed URL for the log.
    log_url: Option<Arc<str>>,
}

const FIELD: &str = "url";

impl UrlTemplate {
    pub(super) fn compile(text: &str, compiler: &mut Compiler<'_>) -> Option<Self> {
        if text.len() > WebhookUrl::MAX_LEN {
            let max = WebhookUrl::MAX_LEN;
            let message = format_args!("must be at most {max} characters");
            compiler.errors.add(FIELD, message);
            return None;
        }
        let template = compiler.template(FIELD, Context::Url, text)?;
        if template.literal().is_none() && !holds_authority(&template.prefix()) {
            compiler.errors.add(
                FIELD,
                "must begin with scheme, host and port as literal text and a `/` or `?`: \
                 variables and secrets are allowed only after it",
            );
            return None;
        }
        let sample = template.sample();
        if sample.contains('\\') {
            compiler.errors.add(FIELD, "must not contain `\\`");
            return None;
        }
        let url =
            WebhookUrl::parse(&sample).map_err(|error| compiler.errors.add(FIELD, error)).ok()?;
        let mut base = url.as_url().clone();
        base.set_path("");
        base.set_query(None);
        warn_of_literals(text, compiler);
        let dot_segments = dot_segments(&sample);
        let mut url = Self { template, base, dot_segments, fixed: None, log_url: None };
        url.fixed = url.parse_fixed();
        let hidden = url.fixed.clone().map(hidden_url);
        url.log_url = hidden.map(|url| SentRequest::clipped(&url).into());
        Some(url)
    }

    /// The URL without path and query, common to all requests.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// Whether there is a user or a password before the host.
    pub(super) fn has_user(&self) -> bool {
        !self.base.username().is_empty() || self.base.password().is_some()
    }

    pub(super) fn has_expressions(&self) -> bool {
        self.template.has_expressions()
    }

    /// Whether all requests have the same URL.
    pub(super) fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    /// The URL for the log, if all requests have the same.
    pub(super) fn log_url(&self) -> Option<&Arc<str>> {
        self.log_url.as_ref()
    }

    /// Whether the URL holds secrets, a user or a password.
    pub(super) fn has_secrets(&self) -> bool {
        self.template.has_secrets() || self.has_user()
    }

    /// Renders the URL that is sent.
    pub(super) fn render(&self, scope: &Scope<'_, '_>) -> Result<Url, RenderError> {
        if let Some(url) = &self.fixed {
            return Ok(url.clone());
        }
        let mut out = Output::with_limit(limits::URL_BYTES);
        self.template.render(&mut out, scope)?;
        self.parse_rendered(&out.into_text()).map_err(|failure| failure.of(FIELD))
    }

    fn parse_fixed(&self) -> Option<Url> {
        let text = std::str::from_utf8(self.template.literal()?).ok()?;
        self.parse_rendered(text).ok().filter(|_| text.len() <= limits::URL_BYTES)
    }

    fn parse_rendered(&self, text: &str) -> Result<Url, RenderFailure> {
        // Percent-encoding the dots would not help: parsers resolve `%2e%2e` as well.
        if dot_segments(text) != self.dot_segments {
            return Err(RenderFailure::DotSegment);
        }
        let url = Url::parse(text).map_err(|_| RenderFailure::InvalidUrl)?;
        if authority(&url) == authority(&self.base) && url.as_str().len() <= limits::URL_BYTES {
            Ok(url)
        } else {
            Err(RenderFailure::InvalidUrl)
        }
    }
}

/// The URL for people: `•••` is not percent-encoded and replaces user and password.
pub(super) fn hidden_url(mut url: Url) -> String {
    // Only URLs without a host refuse these.
    if !url.username().is_empty() {
        let _ = url.set_username(HIDDEN);
    }
    if url.password().is_some() {
        let _ = url.set_password(Some(HIDDEN));
    }
    let encoded = utf8_percent_encode(HIDDEN, NON_ALPHANUMERIC).to_string();
    url.as_str().replace(&encoded, HIDDEN)
}

/// Warns of literal secrets: user and password, and query parameters.
fn warn_of_literals(text: &str, compiler: &mut Compiler<'_>) {
    if UrlCredentials::split(text).credentials().is_some() {
        let message = "holds a user or password, which reads hide: put `Basic` credentials in `secrets` and write a \
                       header `Authorization: Basic %name%`, or use `bearer_secret`";
        compiler.warn(FIELD, message.to_owned());
    }
    for name in secret_parameters(text) {
        let name = clip(&name);
        compiler.warn(FIELD, format!("with `{name}` {LITERAL_SECRET_WARNING}"));
    }
}

/// Whether `prefix` holds a whole authority and the character that ends it. URL parsers skip extra slashes
/// after the scheme: `https:///{{a}}` would make the value a host.
fn holds_authority(prefix: &str) -> bool {
    let after_scheme = prefix.split_once("://").map(|(_, rest)| rest);
    after_scheme.is_some_and(|rest| {
        let end = rest.find(['/', '?', '#', '\\']);
        end.is_some_and(|end| end > 0)
    })
}

fn authority(url: &Url) -> &str {
    // The crate computes the positions, so they are within the text.
    url.as_str().get(..url[..Position::BeforePath].len()).unwrap_or_default()
}

/// Count of the path segments `.` and `..`, which a URL parser resolves.
fn dot_segments(url: &str) -> usize {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.split(['?', '#']).next().unwrap_or_default();
    let is_dots = |segment: &&str| {
        let dot = segment.replace("%2e", ".").replace("%2E", ".");
        dot == "." || dot == ".."
    };
    path.split('/').skip(1).filter(is_dots).count()
}

#[cfg(test)]
mod tests;
