//! Calls an API function as the gateway does: with the JSON of an event, and the authorizer's
//! context.

use axum::Router;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use lambda_http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::domain::scope::{Scope, Scopes};
use crate::http_api::{Caller, request_from};
use crate::testing::routes::chosen_route;

/// The authorizer's context of a caller.
#[derive(Debug, Clone)]
pub struct TestCaller(Value);

/// An account's key, with all scopes that it may have.
pub fn account(id: &str) -> TestCaller {
    scoped(id, &Scopes::new(Scope::of_accounts()).to_words())
}

/// An account's key, with these scopes.
pub fn scoped(account_id: &str, scopes: &str) -> TestCaller {
    TestCaller(json!({"key_id": "test", "account_id": account_id, "scopes": scopes}))
}

/// An account's key that is limited to one webhook, with these scopes.
pub fn narrowed(account_id: &str, webhook_id: &str, scopes: &str) -> TestCaller {
    TestCaller(json!({
        "key_id": "test", "account_id": account_id, "webhook_id": webhook_id, "scopes": scopes,
    }))
}

/// The operator, with all platform scopes.
pub fn platform() -> TestCaller {
    platform_key(Caller::OPERATOR, &Scopes::all())
}

/// A platform key, with these scopes.
pub fn platform_key(id: &str, scopes: &Scopes) -> TestCaller {
    TestCaller(json!({"key_id": id, "scopes": scopes.to_words()}))
}

/// The holder of a created key, from the answer that showed it.
pub fn holder(made: &Value) -> TestCaller {
    let scopes = made["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let scopes = scopes.collect::<Vec<_>>().join(" ");
    let mut context = serde_json::Map::from_iter([
        ("key_id".to_owned(), made["id"].clone()),
        ("scopes".to_owned(), scopes.into()),
    ]);
    let limits = ["account_id", "webhook_id"].into_iter();
    context.extend(limits.filter_map(|field| Some((field.to_owned(), made.get(field)?.clone()))));
    TestCaller(Value::Object(context))
}

/// A request as the gateway passes it on.
///
/// # Panics
///
/// If the event cannot be read as a request.
pub fn request(
    caller: &TestCaller,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Request {
    request_at(Mount::DEFAULT, caller, method, path, headers, body)
}

fn request_at(
    mount: Mount,
    caller: &TestCaller,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Request {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (route_key, parameters) = chosen_route(method, path);
    let path = format!("{}{path}", mount.base_path);
    let headers: serde_json::Map<String, Value> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let event = json!({
        "version": "2.0", "routeKey": route_key, "rawPath": path, "pathParameters": parameters,
        "rawQueryString": query, "headers": headers, "body": body, "isBase64Encoded": false,
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
            "authorizer": {"lambda": caller.0}, "requestId": "test-request",
            "stage": mount.stage, "routeKey": route_key, "timeEpoch": 1_700_000_000_000_i64,
        },
    });
    event_request(&event.to_string())
}

/// The request of an event, read as [`crate::http_api::serve`] does.
#[expect(clippy::expect_used, reason = "for tests")]
fn event_request(event: &str) -> Request {
    request_from(serde_json::from_str(event).expect("an event of the API gateway"))
}

/// The domain and stage at which the gateway received a request.
#[derive(Debug, Clone, Copy)]
pub struct Mount {
    /// The base path of a custom domain, or `/<stage>`; empty for none.
    pub base_path: &'static str,
    /// The stage.
    pub stage: &'static str,
}

impl Mount {
    /// The API's own domain and its default stage.
    pub const DEFAULT: Self = Self { base_path: "", stage: "$default" };
    /// All ways in which a path may differ from its route.
    pub const ALL: [Self; 5] = [
        Self::DEFAULT,
        Self { base_path: "/callhook", stage: "$default" },
        Self { base_path: "/call/hook", stage: "$default" },
        Self { base_path: "/prod", stage: "prod" },
        Self { base_path: "/callhook", stage: "prod" },
    ];
}

/// An API function and who calls it.
pub struct Api {
    router: Router,
    caller: TestCaller,
    headers: Vec<(String, String)>,
    mount: Mount,
}

impl Api {
    /// `router`, called by `caller`.
    pub fn new(router: Router, caller: TestCaller) -> Self {
        Self { router, caller, headers: Vec::new(), mount: Mount::DEFAULT }
    }

    /// The same function and caller, behind another domain or stage.
    #[must_use]
    pub fn at(&self, mount: Mount) -> Self {
        let (router, caller) = (self.router.clone(), self.caller.clone());
        Self { router, caller, headers: self.headers.clone(), mount }
    }

    /// The same function, called by another caller.
    #[must_use]
    pub fn with_caller(&self, caller: TestCaller) -> Self {
        Self { router: self.router.clone(), caller, headers: Vec::new(), mount: self.mount }
    }

    /// The same function and caller, with one more header.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name.to_owned(), value.to_owned()));
        Self {
            router: self.router.clone(),
            caller: self.caller.clone(),
            headers,
            mount: self.mount,
        }
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send_text("GET", path, "").await
    }

    /// `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send_text("POST", path, &body.to_string()).await
    }

    /// `PUT path` with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send_text("PUT", path, &body.to_string()).await
    }

    /// `PATCH path` with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send_text("PATCH", path, &body.to_string()).await
    }

    /// `DELETE path`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send_text("DELETE", path, "").await
    }

    /// Sends a request with a body of text.
    pub async fn send_text(&self, method: &str, path: &str, body: &str) -> Reply {
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.call(request_at(self.mount, &self.caller, method, path, &headers, body)).await
    }

    /// Sends a whole event of the gateway, as its JSON.
    pub async fn send_event(&self, event: &str) -> Reply {
        self.call(event_request(event)).await
    }

    async fn call(&self, request: Request) -> Reply {
        match self.router.clone().oneshot(request).await {
            Ok(response) => Reply::of(response).await,
            Err(infallible) => match infallible {},
        }
    }
}

/// An answer of an API function.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Reply {
    #[expect(clippy::expect_used, reason = "for tests")]
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body in memory").to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// If it is not JSON.
    #[expect(clippy::panic, reason = "for tests")]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header's text; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
