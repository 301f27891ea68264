//! Answers requests that no route of the gateway matches: pages behind a base path, 405 with the methods of a
//! known path, or 404.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use callhook::http_api::{Problem, ProblemKind};
use http::HeaderValue;
use http::header::ALLOW;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::embedded::OPENAPI;
use crate::pages::{self, Pages};

/// The known paths and the pages.
pub(crate) struct Fallback {
    paths: Paths,
    pages: Arc<Pages>,
}

impl Fallback {
    pub(crate) fn new(pages: Arc<Pages>) -> Self {
        Self { paths: Paths::new(), pages }
    }
}

/// The paths of the OpenAPI document and of the pages, with their methods.
struct Paths(LazyLock<BTreeMap<&'static str, Vec<String>>>);

/// The part of the OpenAPI document with paths and methods.
#[derive(Deserialize)]
struct Operations {
    #[serde(borrow)]
    paths: BTreeMap<&'static str, BTreeMap<String, &'static RawValue>>,
}

impl Paths {
    /// Parsed at the first request that needs them, so that other requests do not wait.
    fn new() -> Self {
        Self(LazyLock::new(|| {
            let read: Result<Operations, _> = serde_json::from_slice(OPENAPI.identity.bytes);
            let paths = read.map(|document| document.paths).unwrap_or_default();
            let methods = |operations: BTreeMap<String, &'static RawValue>| {
                operations.into_keys().map(|method| method.to_uppercase()).collect()
            };
            let of_api = paths.into_iter().map(|(path, operations)| (path, methods(operations)));
            let of_pages =
                pages::PATHS.map(|path| (path, pages::METHODS.map(str::to_owned).into()));
            of_api.chain(of_pages).collect()
        }))
    }

    /// The known path that `path` ends with, and its methods. The function does not know the base path of
    /// a custom domain, or the stage, with which `path` may begin.
    fn matching(&self, path: &str) -> Option<(&'static str, &[String])> {
        let ends = path.match_indices('/').map(|(at, _)| path.get(at..).unwrap_or_default());
        let known = |end: &str| {
            let candidates = self.0.iter().filter(|(template, _)| matches(template, end));
            // The gateway chooses the path with the fewest parameters.
            let chosen = candidates.min_by_key(|(template, _)| template.matches('{').count());
            chosen.map(|(template, methods)| (*template, methods.as_slice()))
        };
        ends.into_iter().find_map(known)
    }
}

fn matches(template: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let is_same = template.split('/').all(|expected| {
        parts
            .next()
            .is_some_and(|part| part == expected || (expected.starts_with('{') && !part.is_empty()))
    });
    is_same && parts.next().is_none()
}

/// Answers a request that no route matches.
pub(crate) async fn answer(State(fallback): State<Arc<Fallback>>, request: Request) -> Response {
    let Fallback { paths, pages } = &*fallback;
    let path = request.uri().path();
    if let Some((template, methods)) = paths.matching(path) {
        if !methods.iter().any(|known| known == request.method().as_str()) {
            return not_allowed(methods);
        }
        if pages::PATHS.contains(&template) {
            return pages.answer(path, request.headers());
        }
    }
    let trimmed = path.trim_end_matches('/');
    let detail = match paths.matching(trimmed).filter(|_| trimmed != path) {
        Some((template, _)) => {
            format!("No resource at this path: `{template}` has no slash at its end.")
        }
        None => "No resource at this path. `GET /openapi.json` lists all paths.".to_owned(),
    };
    Problem::new(ProblemKind::NotFound, detail).into_response()
}

fn not_allowed(methods: &[String]) -> Response {
    let detail = format!("This path accepts {} only.", methods.join(", "));
    let mut response = Problem::new(ProblemKind::MethodNotAllowed, detail).into_response();
    if let Ok(allow) = HeaderValue::from_str(&methods.join(", ")) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_matched_by_its_end() {
        let paths = Paths::new();
        for (path, template) in [
            ("/v1/webhooks", Some("/v1/webhooks")),
            ("/v1/webhooks/1", Some("/v1/webhooks/{id}")),
            ("/v1/webhooks/preview", Some("/v1/webhooks/preview")),
            ("/callhook/v1/webhooks/1/replays/2", Some("/v1/webhooks/{id}/replays/{replay_id}")),
            ("/prod/healthz", Some("/healthz")),
            ("/console", Some("/console")),
            ("/call/hook/console/", Some("/console/")),
            ("/prod/console/assets/app-1.js", Some("/console/assets/{file}")),
            ("/callhook/docs", Some("/docs")),
            // The longest matching end decides: an id in a path may be any word.
            ("/callhook/v1/webhooks/docs", Some("/v1/webhooks/{id}")),
            ("/v1/accounts/console", Some("/v1/accounts/{id}")),
            ("/console/assets/", None),
            ("/console/assets/a/b", None),
            ("/v1/webhooks/", None),
            ("/v1/webhooks//deliveries", None),
            ("/v1", None),
            ("/", None),
            ("", None),
            ("//", None),
        ] {
            assert_eq!(paths.matching(path).map(|(template, _)| template), template, "{path}");
        }
    }
}
