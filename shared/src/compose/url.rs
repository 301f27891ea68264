//! The URL of a composed request. Scheme, user, host and port are literal text; a value in the
//! path or query can neither end its segment nor its parameter.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Position, Url};

use super::error::{RenderError, RenderFailure};
use super::limits;
use super::literals::{SHOWN_LITERAL, parameters};
use super::outline::clip;
use super::output::Output;
use super::place::Place;
use super::scope::Scope;
use super::secrets::HIDDEN;
use super::template::{Compiler, Template};
use super::userinfo::Userinfo;
use crate::delivery::SentRequest;
use crate::webhook::WebhookUrl;

/// A URL's template, compiled.
#[derive(Debug)]
pub(super) struct UrlTemplate {
    template: Template,
    /// Scheme, user, host and port in normal form: no rendering may change them.
    base: Url,
    /// Segments `.` and `..` that its author wrote.
    dot_segments: usize,
    /// The URL of a template that is mere text, as most are: it is parsed once.
    fixed: Option<Url>,
    /// The same as the log shows it.
    shown: Option<Arc<str>>,
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
        let template = compiler.template(FIELD, Place::Url, text)?;
        if template.literal().is_none() && !ends_authority(&template.prefix()) {
            compiler.errors.add(
                FIELD,
                "must begin with scheme, host and port as literal text and a `/` or `?`: \
                 templates and secrets may stand behind it only",
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
        let mut url = Self { template, base, dot_segments, fixed: None, shown: None };
        url.fixed = url.literal();
        let shown = url.fixed.clone().map(readable);
        url.shown = shown.map(|shown| SentRequest::clipped(&shown).into());
        Some(url)
    }

    /// The URL without path and query: what all have in common that it renders.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// Whether a user stands before the host.
    pub(super) fn has_user(&self) -> bool {
        !self.base.username().is_empty() || self.base.password().is_some()
    }

    /// Whether values of reports go into it.
    pub(super) fn has_expressions(&self) -> bool {
        self.template.has_expressions()
    }

    /// Whether all requests have the same one.
    pub(super) fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    /// The URL that all requests have, as the log shows it.
    pub(super) fn shown(&self) -> Option<&Arc<str>> {
        self.shown.as_ref()
    }

    /// Whether it holds secrets, or a user or password.
    pub(super) fn hides(&self) -> bool {
        self.template.has_secrets() || self.has_user()
    }

    /// The URL that goes out.
    pub(super) fn render(&self, scope: &Scope<'_, '_>) -> Result<Url, RenderError> {
        if let Some(url) = &self.fixed {
            return Ok(url.clone());
        }
        let mut out = Output::with_limit(limits::URL_BYTES);
        self.template.render(&mut out, scope)?;
        self.parsed(&out.into_text()).map_err(|failure| failure.of(FIELD))
    }

    fn literal(&self) -> Option<Url> {
        let text = std::str::from_utf8(self.template.literal()?).ok()?;
        self.parsed(text).ok().filter(|_| text.len() <= limits::URL_BYTES)
    }

    fn parsed(&self, text: &str) -> Result<Url, RenderFailure> {
        // Percent-encoding would not help: `%2e%2e` walks up as well.
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

/// The URL with `•••` as such, and in the place of its user and password.
pub(super) fn readable(mut url: Url) -> String {
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

/// Warns of secrets that are literal text: user and password, and parameters of the query.
fn warn_of_literals(text: &str, compiler: &mut Compiler<'_>) {
    if Userinfo::of(text).credentials().is_some() {
        let message = "holds a user or password, which reads hide: put `Basic` credentials in `secrets` and write a \
                       header `Authorization: Basic %name%`, or use `bearer_secret`";
        compiler.warn(FIELD, message.to_owned());
    }
    for name in parameters(text) {
        let name = clip(&name);
        compiler.warn(FIELD, format!("with `{name}` {SHOWN_LITERAL}"));
    }
}

/// Whether `prefix` holds a whole authority and what ends it. URL parsers skip further slashes
/// behind the scheme: `https:///{{a}}` would make the value a host.
fn ends_authority(prefix: &str) -> bool {
    let behind_scheme = prefix.split_once("://").map(|(_, rest)| rest);
    behind_scheme.is_some_and(|rest| {
        let end = rest.find(['/', '?', '#', '\\']);
        end.is_some_and(|end| end > 0)
    })
}

fn authority(url: &Url) -> &str {
    // The positions are the crate's own, always within the text.
    url.as_str().get(..url[..Position::BeforePath].len()).unwrap_or_default()
}

/// Segments of the path that a URL parser resolves.
fn dot_segments(url: &str) -> usize {
    let behind_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = behind_scheme.split(['?', '#']).next().unwrap_or_default();
    let is_dots = |segment: &&str| {
        let dot = segment.replace("%2e", ".").replace("%2E", ".");
        dot == "." || dot == ".."
    };
    path.split('/').skip(1).filter(is_dots).count()
}

#[cfg(test)]
mod tests;
