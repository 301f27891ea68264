//! The headers of a composed request.
//!
//! In: names and templates. Out: [`HeaderTemplates`], which render a `HeaderMap`, or pairs for people.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::compiler::Compiler;
use super::error::{RenderError, RenderFailure};
use super::escaping::Context;
use super::limits;
use super::literal_secrets::names_a_secret;
use super::output::Output;
use super::scope::Scope;
use super::settings::BodyFormat;
use super::template::Template;

/// Headers that only the HTTP client sets: those of the connection or the transfer (RFC 9110, 7.6.1),
/// and those that decide where a message ends.
const RESERVED: [&str; 12] = [
    "host",
    "content-length",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
];
/// The prefix of the signature's headers (Standard Webhooks 1.0).
const SIGNATURE_PREFIX: &str = "webhook-";

/// The compiled headers of a webhook, in order.
#[derive(Debug)]
pub(super) struct HeaderTemplates(Vec<(HeaderName, Template)>);

impl HeaderTemplates {
    pub(super) fn compile(
        headers: &[(String, String)],
        format: Option<BodyFormat>,
        compiler: &mut Compiler<'_>,
    ) -> Self {
        if headers.len() > limits::HEADERS {
            compiler.errors.add("headers", limits::too_many_headers());
            return Self(Vec::new());
        }
        if headers.iter().map(|(_, text)| text.len()).sum::<usize>()
            > limits::ALL_HEADER_TEMPLATES_BYTES
        {
            let max = limits::ALL_HEADER_TEMPLATES_BYTES;
            compiler.errors.add("headers", format_args!("must be at most {max} bytes in all"));
            return Self(Vec::new());
        }
        let mut compiled: Vec<(HeaderName, Template)> = Vec::with_capacity(headers.len());
        for (name, text) in headers {
            let field = format!("headers.{}", super::mistake::clip(name));
            let others = compiled.iter().map(|(name, _)| name);
            let header = match check_name(name, others) {
                Ok(header) => header,
                Err(message) => {
                    compiler.errors.add(field, message);
                    continue;
                }
            };
            if let Some(meant) = folded_into(&header) {
                compiler.refuse_new(
                    &field,
                    format!(
                        "cannot be set: servers that fold the names of headers, such as CGI, WSGI and nginx, read \
                         it as `{meant}`"
                    ),
                );
            }
            if let Some(message) = template_error(&header, text, format) {
                compiler.errors.add(field, message);
            } else if let Some(mut template) = compiler.template(&field, Context::Header, text) {
                if names_a_secret(name) && template.hide_literals() {
                    let message = "holds a literal secret, which reads hide: put it in `secrets` and write `%name%`";
                    compiler.warn(&field, message.to_owned());
                }
                if header == http::header::CONTENT_TYPE
                    && format.is_some()
                    && template.literal().is_none()
                {
                    // A report's value could make it contradict the body.
                    compiler.errors.add(field, "must be fixed text beside a body");
                } else {
                    compiled.push((header, template));
                }
            }
        }
        Self(compiled)
    }

    pub(super) fn has(&self, name: &HeaderName) -> bool {
        self.0.iter().any(|(header, _)| header == name)
    }

    /// Renders the headers that are sent, in order.
    pub(super) fn render(&self, scope: &Scope<'_, '_>) -> Result<HeaderMap, RenderError> {
        // Every request gets up to six more.
        let mut headers = HeaderMap::with_capacity(self.0.len() + 6);
        for (name, template, text) in self.render_all(scope)? {
            let value = HeaderValue::from_maybe_shared(Bytes::from(text));
            let mut value =
                value.map_err(|_| RenderFailure::ControlCharacter.of(&template.field))?;
            value.set_sensitive(template.has_secrets());
            headers.insert(name.clone(), value);
        }
        Ok(headers)
    }

    /// Renders the headers for people.
    pub(super) fn preview(
        &self,
        scope: &Scope<'_, '_>,
    ) -> Result<Vec<(String, String)>, RenderError> {
        let rendered = self.render_all(scope)?.into_iter();
        let shown = rendered.map(|(name, _, text)| {
            let text = String::from_utf8_lossy(&text).into_owned();
            (name.to_string(), text)
        });
        Ok(shown.collect())
    }

    fn render_all(&self, scope: &Scope<'_, '_>) -> Result<Vec<RenderedHeader<'_>>, RenderError> {
        let mut rendered = Vec::with_capacity(self.0.len());
        let mut length = 0;
        for (name, template) in &self.0 {
            let text = Self::render_one(template, scope)?;
            length += text.len();
            if length > limits::ALL_HEADERS_BYTES {
                let limit = limits::ALL_HEADERS_BYTES;
                return Err(RenderFailure::TooLarge { limit }.of("headers"));
            }
            rendered.push((name, template, text));
        }
        Ok(rendered)
    }

    fn render_one(template: &Template, scope: &Scope<'_, '_>) -> Result<Vec<u8>, RenderError> {
        let mut out = Output::with_limit(limits::HEADER_BYTES);
        template.render(&mut out, scope)?;
        if out.bytes().iter().any(|b| b.is_ascii_control() && *b != b'\t') {
            return Err(RenderFailure::ControlCharacter.of(&template.field));
        }
        Ok(out.into_bytes())
    }
}

/// A header's name, its template and its rendered value.
type RenderedHeader<'h> = (&'h HeaderName, &'h Template, Vec<u8>);

fn check_name<'o>(
    name: &str,
    mut others: impl Iterator<Item = &'o HeaderName>,
) -> Result<HeaderName, &'static str> {
    let header = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| "must have a header's name: letters, digits and `-`")?;
    if RESERVED.contains(&header.as_str()) {
        Err("belongs to the connection and cannot be set")
    } else if header.as_str().starts_with(SIGNATURE_PREFIX) {
        Err("belongs to the signature and cannot be set")
    } else if others.any(|other| *other == header) {
        Err("is given twice")
    } else {
        Ok(header)
    }
}

/// The reserved header that CGI, WSGI and similar servers read instead of `header`: they treat all
/// punctuation alike. `Proxy` becomes the variable that tells CGI programs where to send their own
/// requests (CVE-2016-5385).
fn folded_into(header: &HeaderName) -> Option<String> {
    if header == "proxy" {
        return Some("HTTP_PROXY".to_owned());
    }
    let fold = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let folded: String = header.as_str().chars().map(fold).collect();
    let is_reserved = RESERVED.contains(&folded.as_str())
        || folded.starts_with(SIGNATURE_PREFIX)
        || folded == http::header::CONTENT_TYPE.as_str();
    (is_reserved && folded != header.as_str()).then_some(folded)
}

fn template_error(name: &HeaderName, text: &str, format: Option<BodyFormat>) -> Option<String> {
    if text.len() > limits::HEADER_TEMPLATE_BYTES {
        let max = limits::HEADER_TEMPLATE_BYTES;
        Some(format!("must be at most {max} bytes"))
    } else if text.chars().any(|c| c.is_ascii_control() && c != '\t') {
        Some("must not contain line breaks or other control characters".to_owned())
    } else if *name == http::header::CONTENT_TYPE {
        format.and_then(|format| format.content_type_error(text))
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
