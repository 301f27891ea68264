//! The routes of the template, which is where API Gateway has them from.

use crate::testing::api::Api;
use http::StatusCode;

/// A route of API Gateway.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateRoute {
    /// The path, with `{…}` for its parameters.
    pub path: String,
    /// The method.
    pub method: String,
    /// The function behind it.
    pub function: String,
    /// Whether the authorizer is asked first.
    pub needs_key: bool,
}

/// Every route of the template.
///
/// # Panics
///
/// If a route is not written as the others are.
#[expect(clippy::expect_used, reason = "for tests")]
pub fn routes() -> Vec<TemplateRoute> {
    let template = include_str!("../../../infra/template.yaml");
    let resources = template.split("Type: AWS::ApiGatewayV2::Route\n").skip(1);
    resources
        .map(|rest| {
            // A resource ends with its first empty line.
            let route = rest.split("\n\n").next().unwrap_or_default();
            let value = |name: &str| {
                route.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim)
            };
            let key = value("RouteKey:").expect("a RouteKey");
            let (method, path) = key.split_once(' ').expect("a method and a path");
            let target = value("Target:").expect("a Target");
            let function = target
                .trim_start_matches("!Sub \"integrations/${")
                .trim_end_matches("Integration}\"")
                .to_lowercase();
            let needs_key = value("AuthorizationType:") == Some("CUSTOM")
                && value("AuthorizerId:") == Some("!Ref ApiKeyAuthorizer");
            TemplateRoute { path: path.to_owned(), method: method.to_owned(), function, needs_key }
        })
        .collect()
}

/// The routes behind which `function` is.
pub fn routes_of(function: &str) -> Vec<TemplateRoute> {
    routes().into_iter().filter(|route| route.function == function).collect()
}

impl Api {
    /// Checks that a function has a handler for each of `routes`.
    ///
    /// # Panics
    ///
    /// If it has none for one of them, or if there are none.
    pub async fn serves(&self, routes: &[TemplateRoute]) {
        assert!(!routes.is_empty(), "the template has no such routes");
        for route in routes {
            let reply = self.send_text(&route.method, &route.path, "").await;
            let is_fallback = reply.status == StatusCode::METHOD_NOT_ALLOWED
                || reply.body.contains("There is nothing at this path.");
            assert!(!is_fallback, "{route:?} is not served: {reply:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_understood() {
        let routes = routes();
        assert!(routes.iter().all(|route| route.path.starts_with('/')), "{routes:?}");
        let known = TemplateRoute {
            path: "/v1/webhooks/{id}".to_owned(),
            method: "PATCH".to_owned(),
            function: "webhooks".to_owned(),
            needs_key: true,
        };
        assert!(routes.contains(&known), "{routes:?}");
        let written = include_str!("../../../infra/template.yaml").matches("RouteKey:").count();
        assert_eq!(routes.len(), written);
    }
}
