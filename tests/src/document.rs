//! The OpenAPI document, as it is served.

use reqwest::Method;

use crate::api::Api;
use crate::cloud::setting;

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The path, with `{…}` for its parameters.
    pub path: String,
    /// Whether it needs no key.
    pub is_public: bool,
    /// The scope that a key needs; none for what is public, and for what any key may do.
    pub scope: Option<String>,
    /// Whether it takes a body.
    pub takes_body: bool,
}

/// All operations that the API says it has.
pub async fn operations() -> Vec<Operation> {
    let anybody = Api::new(&setting("CALLHOOK_URL"), "").with_headers(&[]);
    let document = anybody.get("/openapi.json").await.expect(200);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let requirements = operation["security"].as_array().expect("who may call");
            let key = requirements.first().map(|requirement| &requirement["key"]);
            let scopes = key.map(|scopes| scopes.as_array().expect("scopes"));
            let scope = scopes.and_then(|scopes| scopes.first());
            operations.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                is_public: scopes.is_none(),
                scope: scope.map(|scope| scope.as_str().expect("a scope").to_owned()),
                takes_body: operation.get("requestBody").is_some(),
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

    /// Whether it is for the platform only.
    pub fn is_of_platform(&self) -> bool {
        self.scope.as_deref() == Some("platform")
    }

    /// The parameters of the path, by what they name: the part before them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let parts = self.path.split('/');
        parts
            .clone()
            .zip(parts.skip(1))
            .filter(|(_, part)| part.starts_with('{'))
            .map(|pair| pair.0)
    }

    /// The path, with what `id` gives for each of its parameters.
    pub fn path_with(&self, id: impl Fn(usize, &str) -> String) -> String {
        let mut ids = self.names().enumerate().map(|(place, kind)| id(place, kind));
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
