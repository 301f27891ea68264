//! Compiles a webhook's templates once and renders a request from them for each report.
//!
//! In: [`ComposeSettings`] and the names of the webhook's secrets; then [`Variables`] and [`Secrets`].
//! Out: a [`Composer`] with warnings, or field errors; then a [`ComposedRequest`], or a [`Preview`]
//! with secrets hidden.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use url::Url;

use super::body::BodyTemplate;
use super::compiler::Compiler;
use super::error::RenderError;
use super::headers::HeaderTemplates;
use super::scope::Scope;
use super::secrets::Secrets;
use super::settings::{BodyFormat, ComposeSettings, Method};
use super::url::{UrlTemplate, hidden_url};
use super::variables::Variables;
use crate::domain::compose::SentRequest;
use crate::input::fields::{FieldError, FieldErrors};

/// The compiled templates of a webhook: compiled once, rendered for every report.
pub struct Composer {
    method: Method,
    url: UrlTemplate,
    headers: HeaderTemplates,
    body: Option<BodyTemplate>,
    warnings: FieldErrors,
}

/// A rendered request, not signed yet.
#[derive(Clone)]
pub struct ComposedRequest {
    /// The method.
    pub method: http::Method,
    /// The URL.
    pub url: Url,
    /// The headers, with the `content-type` of the body.
    pub headers: http::HeaderMap,
    /// The exact bytes. `None` for `GET`, which has no body, and for `POST` and `PUT` without
    /// body settings, whose body is the default payload.
    pub body: Option<Vec<u8>>,
}

/// A rendered request for people: secrets are `•••`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The method.
    pub method: &'static str,
    /// The URL.
    pub url: String,
    /// The headers in order, with the `content-type` of the body.
    pub headers: Vec<(String, String)>,
    /// The body; `None` as in [`ComposedRequest::body`].
    pub body: Option<String>,
}

impl Composer {
    /// Compiles new settings. `secret_names` are the names of the webhook's secrets. The errors name
    /// fields, lines and columns.
    pub fn compile_new(
        settings: &ComposeSettings,
        secret_names: &BTreeSet<String>,
    ) -> Result<Self, FieldErrors> {
        Self::compiled(settings, Compiler::new(secret_names))
    }

    /// Compiles saved settings. An earlier version may have accepted more, so what only
    /// [`Composer::compile_new`] refuses is a warning here.
    pub fn compile(
        settings: &ComposeSettings,
        secret_names: &BTreeSet<String>,
    ) -> Result<Self, FieldErrors> {
        Self::compiled(settings, Compiler::lenient(secret_names))
    }

    fn compiled(
        settings: &ComposeSettings,
        mut compiler: Compiler<'_>,
    ) -> Result<Self, FieldErrors> {
        let url = UrlTemplate::compile(&settings.url, &mut compiler);
        // Without body settings, the default payload is sent: JSON.
        let format = match (&settings.body, settings.method) {
            (Some(body), _) => Some(body.format),
            (None, Method::Get) => None,
            (None, _) => Some(BodyFormat::Json),
        };
        let headers = HeaderTemplates::compile(&settings.headers, format, &mut compiler);
        let body = match &settings.body {
            Some(_) if settings.method == Method::Get => {
                let errors = &mut compiler.errors;
                errors.add("body", "must be left out: a GET request has no body");
                None
            }
            Some(body) => BodyTemplate::compile(body, &mut compiler),
            None => None,
        };
        let Some(url) = url else {
            return Err(compiler.errors);
        };
        if settings.method == Method::Get {
            let message = "`GET` has no body, so `webhook-signature` covers none of the content: have the receiver \
                           verify `webhook-url-signature`";
            compiler.warn("method", message.to_owned());
        } else if url.has_expressions() {
            let message = "holds variables, which `webhook-signature` does not cover: have the receiver verify \
                           `webhook-url-signature` before it uses them";
            compiler.warn("url", message.to_owned());
        }
        let Compiler { errors, warnings, .. } = compiler;
        errors.into_result(Self { method: settings.method, url, headers, body, warnings })
    }

    /// Scheme, user, host and port of every request; no report can change them.
    pub fn base_url(&self) -> &Url {
        self.url.base()
    }

    /// Probable mistakes in valid templates, such as unknown variables.
    pub fn warnings(&self) -> impl Iterator<Item = &FieldError> {
        self.warnings.iter()
    }

    /// Whether the templates set `authorization`, by a header or by a user in the URL.
    pub fn sets_authorization(&self) -> bool {
        self.headers.has(&AUTHORIZATION) || self.url.has_user()
    }

    /// Whether requests carry a signature of their URL: it holds all of the content (`GET`), or part of it.
    pub fn signs_url(&self) -> bool {
        self.method == Method::Get || !self.url.is_fixed()
    }

    /// Renders the request for one report.
    pub fn render(
        &self,
        variables: &Variables<'_>,
        secrets: Secrets<'_>,
    ) -> Result<ComposedRequest, RenderError> {
        let scope = Scope::new(variables, secrets);
        let url = self.url.render(&scope)?;
        let mut headers = self.headers.render(&scope)?;
        let (body, content_type) = self.render_body(&scope)?;
        if let Some(content_type) = content_type {
            headers.entry(CONTENT_TYPE).or_insert(content_type);
        }
        Ok(ComposedRequest { method: self.method.into(), url, headers, body })
    }

    /// Renders the request for one report with secrets hidden. Fails where [`Composer::render`] fails.
    pub fn preview(&self, variables: &Variables<'_>) -> Result<Preview, RenderError> {
        let scope = Scope::new(variables, Secrets::Hidden);
        let url = self.url.render(&scope)?;
        let mut headers = self.headers.preview(&scope)?;
        let (body, content_type) = self.render_body(&scope)?;
        if let Some(content_type) = content_type
            && !headers.iter().any(|(name, _)| name == CONTENT_TYPE.as_str())
        {
            let value = String::from_utf8_lossy(content_type.as_bytes()).into_owned();
            headers.push((CONTENT_TYPE.to_string(), value));
        }
        Ok(Preview {
            method: self.method.as_str(),
            url: hidden_url(url),
            headers,
            body: body.map(|body| String::from_utf8_lossy(&body).into_owned()),
        })
    }

    /// The URL `sent`, rendered from `variables`, for the log: with `•••` for secrets, user and
    /// password. A URL without expressions and secrets is shared and not rendered again.
    pub fn log_url<'v>(&self, sent: &Url, variables: impl FnOnce() -> Variables<'v>) -> Arc<str> {
        if let Some(url) = self.url.log_url() {
            return Arc::clone(url);
        }
        if !self.url.has_secrets() {
            return SentRequest::clipped(sent.as_str()).into();
        }
        let variables = variables();
        let url = self.url.render(&Scope::new(&variables, Secrets::Hidden));
        let url = url.unwrap_or_else(|_| self.url.base().clone());
        SentRequest::clipped(&hidden_url(url)).into()
    }

    fn render_body(
        &self,
        scope: &Scope<'_, '_>,
    ) -> Result<(Option<Vec<u8>>, Option<HeaderValue>), RenderError> {
        if let Some(body) = &self.body {
            let (body, content_type) = body.render(scope)?;
            return Ok((Some(body), Some(content_type)));
        }
        let json = HeaderValue::from_static("application/json");
        Ok((None, (self.method != Method::Get).then_some(json)))
    }
}

/// Prints the method only: templates may hold secrets.
impl fmt::Debug for Composer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composer").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Prints method and origin only: the rest may hold secrets and phone numbers.
impl fmt::Debug for ComposedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.url.origin().ascii_serialization();
        write!(f, "{} {origin}", self.method)
    }
}

#[cfg(test)]
mod tests;
