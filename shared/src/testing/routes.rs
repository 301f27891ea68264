//! The routes of the template, from which API Gateway gets them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::testing::api::{Api, Mount};
use crate::testing::template::resources;

/// A route of API Gateway.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateRoute {
    /// The path, with `{…}` for its parameters.
    pub path: String,
    /// The method.
    pub method: String,
    /// The function behind it.
    pub function: String,
    /// Whether the authorizer is called first.
    pub needs_key: bool,
}

const TEMPLATE: &str = include_str!("../../../infra/template.yaml");
/// The key of the route for requests that match no other route.
const DEFAULT: &str = "$default";

/// Every route of the template that has a method and a path.
pub fn routes() -> Vec<TemplateRoute> {
    let keys = ROUTES.iter().filter_map(|(key, function, needs_key)| {
        let (method, path) = key.split_once(' ')?;
        Some(TemplateRoute {
            path: path.to_owned(),
            method: method.to_owned(),
            function: function.clone(),
            needs_key: *needs_key,
        })
    });
    keys.collect()
}

/// The function behind the default route, and whether the authorizer is asked first.
pub fn default_route() -> Option<(String, bool)> {
    let default = ROUTES.iter().find(|(key, ..)| key == DEFAULT);
    default.map(|(_, function, needs_key)| (function.clone(), *needs_key))
}

/// The key, the function and whether a key is needed, of every route of the template.
static ROUTES: LazyLock<Vec<(String, String, bool)>> = LazyLock::new(|| {
    let routes = resources(TEMPLATE, "AWS::ApiGatewayV2::Route");
    routes.iter().map(|(name, route)| parsed(name, route)).collect()
});

#[expect(clippy::panic, reason = "for tests")]
fn parsed(name: &str, route: &Value) -> (String, String, bool) {
    let text = |pointer: &str| route.pointer(pointer).and_then(Value::as_str);
    let key = text("/Properties/RouteKey").unwrap_or_else(|| panic!("{name} has no RouteKey"));
    let target = text("/Properties/Target/Fn::Sub")
        .and_then(|target| target.strip_prefix("integrations/${")?.strip_suffix("Integration}"));
    let function = target.unwrap_or_else(|| panic!("{name} has no integration as its Target"));
    let needs_key = text("/Properties/AuthorizationType") == Some("CUSTOM")
        && text("/Properties/AuthorizerId/Ref") == Some("ApiKeyAuthorizer");
    (key.to_owned(), function.to_lowercase(), needs_key)
}

/// The key of the route that the gateway chooses for a request, and the parameters of its path. A
/// request without a route gets a key of its own here, so that a function's answer to it can be
/// tested.
pub(super) fn chosen_route(method: &str, path: &str) -> (String, BTreeMap<String, String>) {
    let parameters = |route: &TemplateRoute| {
        let mut parameters = BTreeMap::new();
        let (mut expected, mut given) = (route.path.split('/'), path.split('/'));
        loop {
            match (expected.next(), given.next()) {
                (None, None) => return Some(parameters),
                (Some(expected), Some(given)) if expected == given && !given.starts_with('{') => {}
                (Some(expected), Some(given)) if !given.is_empty() => {
                    let name = expected.strip_prefix('{')?.strip_suffix('}')?;
                    let value = percent_decode_str(given).decode_utf8_lossy().into_owned();
                    parameters.insert(name.to_owned(), value);
                }
                _ => return None,
            }
        }
    };
    let routes = routes().into_iter().filter(|route| route.method == method);
    let matching = routes.filter_map(|route| Some((parameters(&route)?, route)));
    // The route with the most literal segments.
    let chosen = matching.min_by_key(|(parameters, _)| parameters.len());
    match chosen {
        Some((parameters, route)) => (format!("{method} {}", route.path), parameters),
        None => (format!("{method} {path}"), BTreeMap::new()),
    }
}

/// The routes of `function`.
pub fn routes_of(function: &str) -> Vec<TemplateRoute> {
    routes().into_iter().filter(|route| route.function == function).collect()
}

impl Api {
    /// Checks that the function has a handler for each of `routes`.
    ///
    /// # Panics
    ///
    /// If a handler is missing, or if there are no routes.
    pub async fn serves(&self, routes: &[TemplateRoute]) {
        assert!(!routes.is_empty(), "the template has no such routes");
        for (route, mount) in routes.iter().flat_map(|route| Mount::ALL.map(|mount| (route, mount)))
        {
            let reply = self.at(mount).send_text(&route.method, &route.path, "").await;
            let is_fallback = reply.status == StatusCode::METHOD_NOT_ALLOWED
                || reply.body.contains("No resource at this path.");
            assert!(!is_fallback, "{route:?} at {mount:?} is not served: {reply:?}");
        }
    }

    /// Checks that each of `routes` refuses an unknown parameter.
    ///
    /// # Panics
    ///
    /// If one of them accepts it.
    pub async fn refuses_unknown_parameters(&self, routes: &[TemplateRoute]) {
        for route in routes {
            let path = format!("{}?nmae=x", route.path);
            let reply = self.send_text(&route.method, &path, "{}").await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{route:?}: {reply:?}");
            assert!(reply.body.contains("`nmae` is not a parameter"), "{route:?}: {reply:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_template_is_read() {
        let routes = routes();
        assert!(routes.iter().all(|route| route.path.starts_with('/')), "{routes:?}");
        let known = TemplateRoute {
            path: "/v1/webhooks/{id}".to_owned(),
            method: "PATCH".to_owned(),
            function: "webhooks".to_owned(),
            needs_key: true,
        };
        assert!(routes.contains(&known), "{routes:?}");
        let in_template = TEMPLATE.matches("RouteKey:").count();
        assert_eq!(routes.len() + usize::from(default_route().is_some()), in_template);
    }
}
