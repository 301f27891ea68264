//! The console and the API reference through the gateway, as a browser requests them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail it"
)]

use std::io::Read as _;

use callhook_tests::cloud::setting;
use flate2::read::GzDecoder;
use http::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};

/// A response with its body still encoded.
struct Served {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Served {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The decoded body.
    fn content(&self) -> String {
        let mut content = Vec::new();
        match self.header("content-encoding") {
            "br" => {
                brotli_decompressor::BrotliDecompress(&mut &self.bytes[..], &mut content).unwrap();
            }
            "gzip" => {
                GzDecoder::new(&self.bytes[..]).read_to_end(&mut content).unwrap();
            }
            "" => content.clone_from(&self.bytes),
            other => panic!("unexpected encoding: {other}"),
        }
        String::from_utf8(content).unwrap()
    }
}

async fn send(method: Method, path: &str, headers: &[(&str, &str)]) -> Served {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let url = format!("{}{path}", setting("CALLHOOK_URL"));
    let mut request = client.request(method, &url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response.bytes().await.unwrap().to_vec();
    Served { status, headers, bytes }
}

/// The path of the first file that a page loads, from its HTML.
fn file_of(page: &Served) -> String {
    let html = page.content();
    let at = html.find("assets/").unwrap_or_else(|| panic!("the page loads no file: {html}"));
    html[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn pages_and_files_arrive_whole_in_every_encoding() {
    let page = send(Method::GET, "/console/", &[]).await;
    let file = format!("/console/{}", file_of(&page));
    for (path, cache_control) in [
        ("/console/", "no-cache"),
        ("/docs", "no-cache"),
        (&file, "public, max-age=31536000, immutable"),
        ("/openapi.json", "public, max-age=300"),
    ] {
        let plain = send(Method::GET, path, &[]).await;
        assert_eq!(
            (plain.status, plain.header("content-encoding")),
            (StatusCode::OK, ""),
            "{path}"
        );
        for coding in ["br", "gzip"] {
            let asking = [("accept-encoding", coding)];
            let served = send(Method::GET, path, &asking).await;
            assert_eq!(served.status, StatusCode::OK, "{path}");
            assert_eq!(served.content(), plain.content(), "{path} by {coding}");
            assert_eq!(served.header("cache-control"), cache_control, "{path}");
            assert_eq!(served.header("vary"), "accept-encoding", "{path}");
            // A small file may be served uncompressed.
            if served.bytes.len() > 10_000 {
                assert_eq!(served.header("content-encoding"), coding, "{path}");
                assert_ne!(served.header("etag"), plain.header("etag"), "{path}");
            }
            let known = [asking[0], ("if-none-match", served.header("etag"))];
            let again = send(Method::GET, path, &known).await;
            assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
            let head = send(Method::HEAD, path, &asking).await;
            assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0), "{path}");
            assert_eq!(head.header("etag"), served.header("etag"), "{path}");
        }
    }
}

#[tokio::test]
async fn pages_have_security_headers() {
    let page = send(Method::GET, "/console/", &[]).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
    assert!(policy.ends_with("; frame-ancestors 'none'"), "{policy}");
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value);
    }
    assert!(page.headers.contains_key("permissions-policy"));

    let moved = send(Method::GET, "/console", &[]).await;
    let location = moved.header("location");
    assert_eq!((moved.status, location), (StatusCode::PERMANENT_REDIRECT, "console/"));
    let unknown = send(Method::GET, "/console/assets/other.js", &[]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.header("content-type"), "application/problem+json");
    let written = send(Method::POST, "/console/", &[]).await;
    assert_eq!(written.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(written.header("allow"), "GET, HEAD");
}
