#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test fail it")]

use callhook::testing::api::{Api, Mount, Reply, platform};
use http::StatusCode;

use super::*;
use crate::app::router;

fn api() -> Api {
    Api::new(router(&FrameAncestors::default()), platform())
}

fn file() -> String {
    let asset = ASSETS.first().unwrap_or_else(|| panic!("the console has no files"));
    format!("/console/assets/{}", asset.name)
}

fn assert_has_headers(reply: &Reply) {
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(reply.header(name), value, "{reply:?}");
    }
    assert!(reply.header("permissions-policy").contains("camera=()"));
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'; "));
    assert_eq!(reply.header("x-request-id"), "test-request");
}

/// The replies behind the API's own domain, base paths and stages, by the page's route and by `$default`.
async fn replies(method: &str, path: &str) -> Vec<(String, Reply)> {
    let mut replies = Vec::new();
    for mount in Mount::ALL {
        let reply = api().at(mount).send_text(method, path, "").await;
        replies.push((format!("{method} {path} at {mount:?}"), reply));
        let path = format!("{}{path}", mount.base_path);
        let reply = api().send_text(method, &path, "").await;
        replies.push((format!("{method} {path}"), reply));
    }
    replies
}

#[tokio::test]
async fn pages_are_served_behind_any_base_path() {
    let text =
        |asset: &'static crate::asset::Asset| std::str::from_utf8(asset.identity.bytes).unwrap();
    for (path, expected) in [("/console/", text(&CONSOLE)), ("/docs", text(&DOCS))] {
        for (what, reply) in replies("GET", path).await {
            assert_eq!(reply.status, StatusCode::OK, "{what}");
            assert_eq!(reply.body, expected, "{what}");
            assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
            assert_eq!(reply.header("cache-control"), "no-cache");
            assert_eq!(reply.header("vary"), "accept-encoding");
            assert_has_headers(&reply);
        }
        for (what, reply) in replies("HEAD", path).await {
            assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, ""), "{what}");
            assert_eq!(reply.header("content-length"), expected.len().to_string());
            assert_has_headers(&reply);
        }
    }
}

#[tokio::test]
async fn files_are_cached_for_good_since_their_names_change() {
    for (what, reply) in replies("GET", &file()).await {
        assert_eq!(reply.status, StatusCode::OK, "{what}");
        assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        let known = api().with_header("if-none-match", reply.header("etag")).get(&file()).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{what}");
    }
}

#[tokio::test]
async fn a_redirect_adds_or_removes_the_slash_and_keeps_the_base_path() {
    for (path, location) in [("/console", "console/"), ("/docs/", "../docs")] {
        for method in ["GET", "HEAD"] {
            for (what, reply) in replies(method, path).await {
                assert_eq!(reply.status, StatusCode::PERMANENT_REDIRECT, "{what}");
                assert_eq!(reply.header("location"), location, "{what}");
                assert_has_headers(&reply);
            }
        }
    }
}

/// If the gateway chose the route `/console` for `/console/`, a redirect would never end.
#[test]
fn the_console_page_is_not_redirected_whatever_the_route() {
    let pages = Pages::new(&FrameAncestors::default());
    let response = pages.answer("/callhook/console/", &HeaderMap::new());
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(Target::of("/console/"), Some(Target::Console));
}

#[tokio::test]
async fn an_unknown_file_is_404() {
    for name in [
        "other.js",
        "..",
        "%2e%2e",
        "..%2Findex.html",
        "%2e%2e%2f%2e%2e%2fCargo.toml",
        "%00",
        "index.html",
        "{file}",
    ] {
        for (what, reply) in replies("GET", &format!("/console/assets/{name}")).await {
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{what}: {reply:?}");
            assert_eq!(reply.header("content-type"), "application/problem+json", "{what}");
            assert_eq!(reply.json()["type"], "urn:callhook:problem:not-found");
            assert_has_headers(&reply);
        }
    }
    for path in [
        "/console/index.html",
        "/console/assets",
        "/console/assets/",
        "/console/assets/../index.html",
        "/console/assets/a/b.js",
        "/console/..",
        "/console/%2e%2e/docs/x",
        "/docs/index.html",
        "/third-party.json",
    ] {
        let reply = api().get(path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}: {reply:?}");
    }
}

#[tokio::test]
async fn pages_accept_get_and_head_only() {
    for path in ["/console", "/console/", &file(), "/docs"] {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            for (what, reply) in replies(method, path).await {
                assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{what}: {reply:?}");
                assert_eq!(reply.header("allow"), "GET, HEAD", "{what}");
                assert_eq!(reply.json()["type"], "urn:callhook:problem:method-not-allowed");
            }
        }
    }
}

#[tokio::test]
async fn a_page_runs_its_own_scripts_and_is_in_no_frame() {
    let ancestors = "'self' https://panel.example.com".parse().unwrap();
    for (router, in_frames_of) in [
        (router(&FrameAncestors::default()), "'none'"),
        (router(&ancestors), "'self' https://panel.example.com"),
    ] {
        let api = Api::new(router, platform());
        for path in ["/console/", "/console", "/docs", "/console/assets/other.js"] {
            let reply = api.get(path).await;
            let policy = reply.header("content-security-policy");
            let directives: Vec<_> = policy.split("; ").collect();
            for directive in [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "require-trusted-types-for 'script'",
                &format!("frame-ancestors {in_frames_of}"),
            ] {
                assert!(directives.contains(&directive), "{path}: {directive}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
        }
    }
}
