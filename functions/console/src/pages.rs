//! The console and the API reference: `GET /console/`, `GET /console/assets/{file}` and `GET /docs`.
//!
//! A path may begin with the base path of a custom domain or with a stage, which the function does not know.
//! So the end of the path decides, and redirects are relative.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use callhook::http_api::{Problem, ProblemKind};
use http::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lambda_http::RequestExt as _;

use crate::embedded::{ASSETS, CONSOLE, DOCS};
use crate::frame_ancestors::FrameAncestors;

/// The paths of pages and of their files.
pub(crate) const PATHS: [&str; 5] =
    ["/console", "/console/", "/console/assets/{file}", "/docs", "/docs/"];
/// The methods of these paths.
pub(crate) const METHODS: [&str; 2] = ["GET", "HEAD"];

/// The content security policy: the console loads only its own files and the API, and never turns text into HTML
/// (trusted types).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// Headers of all responses except files.
const HEADERS: [(HeaderName, &str); 4] = [
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Browsers revalidate a page: its files have new names with each build.
const CACHE_PAGES: &str = "no-cache";
/// Browsers cache a file for good: its name has the hash of its content.
const CACHE_FILES: &str = "public, max-age=31536000, immutable";

/// Pages, served with a content security policy.
pub(crate) struct Pages {
    policy: HeaderValue,
}

impl Pages {
    /// Pages that `ancestors` may show in a frame.
    pub(crate) fn new(ancestors: &FrameAncestors) -> Self {
        // The ancestors are visible ASCII, so the fallback is never used.
        let policy = HeaderValue::try_from(format!("{POLICY}; frame-ancestors {ancestors}"))
            .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        Self { policy }
    }

    /// Answers a request for one of [`PATHS`], by the path that the gateway received.
    pub(crate) fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let mut response = match Target::of(path) {
            Some(Target::Console) => CONSOLE.answer(headers, CACHE_PAGES),
            Some(Target::Docs) => DOCS.answer(headers, CACHE_PAGES),
            Some(Target::Redirect(location)) => redirect(location),
            Some(Target::File(name)) => match ASSETS.iter().find(|asset| asset.name == name) {
                Some(asset) => return with_nosniff(asset.answer(headers, CACHE_FILES)),
                None => not_found(),
            },
            None => not_found(),
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// The target of a path.
#[derive(Debug, PartialEq, Eq)]
enum Target<'a> {
    Console,
    Docs,
    File(&'a str),
    /// To the page's path with or without a slash at its end, as its relative URLs need it.
    Redirect(&'static str),
}

impl<'a> Target<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let mut segments = path.rsplit('/');
        match (segments.next()?, segments.next()?, segments.next()) {
            ("console", ..) => Some(Self::Redirect("console/")),
            ("", "console", Some(_)) => Some(Self::Console),
            ("docs", ..) => Some(Self::Docs),
            ("", "docs", Some(_)) => Some(Self::Redirect("../docs")),
            (file, "assets", Some("console")) => Some(Self::File(file)),
            _ => None,
        }
    }
}

/// A file that a page loads. The page's policy applies to it, so it needs only this header.
fn with_nosniff(mut file: Response) -> Response {
    file.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    file
}

fn redirect(location: &'static str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(location));
    response
}

fn not_found() -> Response {
    let detail =
        "The console has no such file. Reload the page: a deployment may have replaced its files.";
    Problem::new(ProblemKind::NotFound, detail).into_response()
}

/// Answers a request of one of [`PATHS`].
pub(crate) async fn read(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    // Not the route's path: if the gateway chose the route `/console` for `/console/`, a redirect by the
    // route's path would never end.
    pages.answer(request.raw_http_path(), request.headers())
}

#[cfg(test)]
mod tests;
