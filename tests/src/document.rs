//! Operations of the OpenAPI document that the API serves.

use reqwest::Method;

use crate::api::Api;
use crate::cloud::setting;

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
    /// Whether it needs no key.
    pub is_public: bool,
    /// The scope that a key needs; none if the operation is public or open to any key.
    pub scope: Option<String>,
    /// Whether requests have a body.
    pub has_body: bool,
}

/// All operations of the document.
pub async fn operations() -> Vec<Operation> {
    let api = Api::new(&setting("CALLHOOK_URL"), "").with_headers(&[]);
    let document = api.get("/openapi.json").await.expect(200);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let requirements = operation["security"].as_array().expect("requirements");
            let key = requirements.first().map(|requirement| &requirement["key"]);
            let scopes = key.map(|scopes| scopes.as_array().expect("scopes"));
            let scope = scopes.and_then(|scopes| scopes.first());
            operations.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                is_public: scopes.is_none(),
                scope: scope.map(|scope| scope.as_str().expect("a scope").to_owned()),
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    operations
}

impl Operation {
    /// The method and the path, as API Gateway names a route.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it needs the scope `platform`.
    pub fn is_platform_only(&self) -> bool {
        self.scope.as_deref() == Some("platform")
    }

    /// The kind of resource that each parameter of the path identifies: the segment before it.
    pub fn parameter_kinds(&self) -> impl Iterator<Item = &str> {
        let parts = self.path.split('/');
        parts
            .clone()
            .zip(parts.skip(1))
            .filter(|(_, part)| part.starts_with('{'))
            .map(|pair| pair.0)
    }

    /// The path with the result of `id` in place of each parameter, by its position and kind.
    pub fn path_with(&self, id: impl Fn(usize, &str) -> String) -> String {
        let mut ids = self.parameter_kinds().enumerate().map(|(position, kind)| id(position, kind));
        let part = |part: &str| {
            if part.starts_with('{') {
                ids.next().expect("an id for each parameter")
            } else {
                part.to_owned()
            }
        };
        self.path.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}
