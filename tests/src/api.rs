//! Client of Callhook's API.

use reqwest::{Client, Method};
use serde_json::Value;

use crate::sensitive::{note, note_body, note_header};

/// The API, with the headers of each request.
#[derive(Clone)]
pub struct Api {
    client: Client,
    base_url: String,
    headers: Vec<(String, String)>,
}

/// A response of the API.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: String,
}

impl Api {
    /// The API at `base_url`, called with `key`.
    pub fn new(base_url: &str, key: &str) -> Self {
        // reqwest needs a TLS provider even for http. An error says that another test installed one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        note("API key", key);
        let headers = vec![("authorization".to_owned(), format!("Bearer {key}"))];
        Self { client: Client::new(), base_url: base_url.to_owned(), headers }
    }

    /// The key in the `authorization` header.
    pub fn key(&self) -> &str {
        let authorization = self.headers.first().map_or("", |(_, value)| value.as_str());
        authorization.strip_prefix("Bearer ").unwrap_or_default()
    }

    /// The same API with other headers instead of its own.
    #[must_use]
    pub fn with_headers(&self, headers: &[(&str, &str)]) -> Self {
        let headers =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { headers, ..self.clone() }
    }

    /// The same API with one more header.
    #[must_use]
    pub fn and_header(&self, name: &str, value: &str) -> Self {
        let mut api = self.clone();
        api.headers.push((name.to_owned(), value.to_owned()));
        api
    }

    /// Sends `GET path`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, String::new()).await
    }

    /// Sends `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, body.to_string()).await
    }

    /// Sends `PATCH path` with a JSON body.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, body.to_string()).await
    }

    /// Sends `PUT path` with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, path, body.to_string()).await
    }

    /// Sends `DELETE path`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, String::new()).await
    }

    /// Sends any request.
    pub async fn send(&self, method: Method, path: &str, body: String) -> Reply {
        let url = format!("{}{path}", self.base_url);
        let mut request = self.client.request(method, &url);
        note_body(&body);
        for (name, value) in &self.headers {
            note_header(name, value);
            request = request.header(name, value);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.text().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        note_body(&body);
        Reply { status, headers, body }
    }
}

impl Reply {
    /// The body as JSON (`null` if it is none). Fails unless the status is `status`.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}
