#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it")]

use std::collections::BTreeSet;
use std::io::Read as _;

use axum::body::Bytes;
use flate2::read::GzDecoder;
use http::header::ACCEPT_ENCODING;
use http_body_util::BodyExt as _;

use super::*;
use crate::embedded::{ASSETS, CONSOLE, DOCS, OPENAPI};

const CACHED: &str = "public, max-age=300";

fn all() -> impl Iterator<Item = &'static Asset> {
    [&CONSOLE, &DOCS, &OPENAPI].into_iter().chain(ASSETS)
}

fn accepting(accept_encoding: &str) -> HeaderMap {
    let value = HeaderValue::from_str(accept_encoding).unwrap();
    HeaderMap::from_iter([(ACCEPT_ENCODING, value)])
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn body(response: Response) -> Bytes {
    response.into_body().collect().await.unwrap().to_bytes()
}

/// The decoded content of a response.
async fn decoded(response: Response) -> Vec<u8> {
    let coding = header(&response, "content-encoding").to_owned();
    let bytes = body(response).await;
    let mut content = Vec::new();
    match coding.as_str() {
        "br" => {
            brotli_decompressor::BrotliDecompress(&mut &bytes[..], &mut content).unwrap();
        }
        "gzip" => {
            GzDecoder::new(&bytes[..]).read_to_end(&mut content).unwrap();
        }
        _ => content = bytes.to_vec(),
    }
    content
}

#[tokio::test]
async fn a_file_has_the_same_content_in_every_coding() {
    for asset in all() {
        let mut tags = BTreeSet::new();
        let mut codings = BTreeSet::new();
        for accept_encoding in ["br", "gzip", "identity"] {
            let response = asset.answer(&accepting(accept_encoding), CACHED);
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(header(&response, "content-type"), asset.media_type);
            assert_eq!(header(&response, "cache-control"), CACHED);
            assert_eq!(header(&response, "vary"), "accept-encoding");
            tags.insert(header(&response, "etag").to_owned());
            codings.insert(header(&response, "content-encoding").to_owned());
            assert_eq!(decoded(response).await, asset.identity.bytes, "{}", asset.name);
        }
        assert_eq!(tags.len(), codings.len(), "{}: a strong tag names one coding", asset.name);
    }
    assert_eq!(OPENAPI.identity.bytes, include_bytes!("../../../../docs/openapi.json"));
    let shorter = |variant: &Option<Variant>| variant.as_ref().unwrap().bytes.len() * 5;
    assert!(shorter(&OPENAPI.brotli) < OPENAPI.identity.bytes.len());
    assert!(shorter(&OPENAPI.brotli) < shorter(&OPENAPI.gzip));
}

#[test]
fn accept_encoding_chooses_the_coding() {
    for (accept_encoding, coding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.8, gzip;q=0.8", "br"),
        ("gzip;q=0.001", "gzip"),
        ("identity, br;q=0.5", ""),
        ("identity;q=0.5, br;q=0.5", "br"),
        ("br;q=0, gzip;q=0.0", ""),
        ("BR", "br"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("*;q=0.2, br;q=0", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("deflate, zstd", ""),
        (" gzip ; q=1 , br ; q=0.9", "gzip"),
        ("br;q=2, gzip", "gzip"),
        ("br;q=x", ""),
        ("identity", ""),
        ("", ""),
        (",;,", ""),
        // The caller accepts no coding: RFC 9110 lets the server ignore that.
        ("identity;q=0", ""),
        ("*;q=0", ""),
    ] {
        let response = OPENAPI.answer(&accepting(accept_encoding), CACHED);
        assert_eq!(header(&response, "content-encoding"), coding, "{accept_encoding:?}");
    }
    let response = OPENAPI.answer(&HeaderMap::new(), CACHED);
    assert_eq!(header(&response, "content-encoding"), "");
    let mut two = accepting("gzip;q=0.5");
    two.append(ACCEPT_ENCODING, HeaderValue::from_static("br"));
    assert_eq!(header(&OPENAPI.answer(&two, CACHED), "content-encoding"), "br");
}

#[tokio::test]
async fn a_cached_file_is_304_if_the_tag_is_that_of_the_chosen_coding() {
    let brotli = OPENAPI.brotli.as_ref().unwrap().etag;
    let gzip = OPENAPI.gzip.as_ref().unwrap().etag;
    for (known, status) in [
        (brotli.to_owned(), StatusCode::NOT_MODIFIED),
        (format!("W/{brotli}"), StatusCode::NOT_MODIFIED),
        (format!("{gzip}, {brotli}"), StatusCode::NOT_MODIFIED),
        ("*".to_owned(), StatusCode::NOT_MODIFIED),
        (gzip.to_owned(), StatusCode::OK),
        (OPENAPI.identity.etag.to_owned(), StatusCode::OK),
        (brotli.trim_matches('"').to_owned(), StatusCode::OK),
        (String::new(), StatusCode::OK),
    ] {
        let mut headers = accepting("br");
        headers.insert(IF_NONE_MATCH, HeaderValue::from_str(&known).unwrap());
        let response = OPENAPI.answer(&headers, CACHED);
        assert_eq!(response.status(), status, "{known}");
        assert_eq!(header(&response, "etag"), brotli);
        assert_eq!(header(&response, "cache-control"), CACHED);
        assert_eq!(header(&response, "vary"), "accept-encoding");
        if status == StatusCode::NOT_MODIFIED {
            assert_eq!(header(&response, "content-encoding"), "");
            assert!(body(response).await.is_empty(), "{known}");
        }
    }
}

#[test]
fn text_files_have_the_charset_utf_8() {
    for asset in all() {
        let has_charset = asset.media_type.ends_with("; charset=utf-8");
        let is_text = asset.media_type.starts_with("text/") || asset.media_type.contains("svg");
        assert_eq!(has_charset, is_text, "{}: {}", asset.name, asset.media_type);
    }
}

/// A page must not load files that this binary does not have.
#[test]
fn pages_load_existing_files_by_relative_urls() {
    for (page, before) in [(&CONSOLE, "assets/"), (&DOCS, "console/assets/")] {
        let html = std::str::from_utf8(page.identity.bytes).unwrap();
        let urls: Vec<_> = ["src=\"", "href=\""]
            .into_iter()
            .flat_map(|attribute| html.split(attribute).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|url| url.contains("assets/"))
            .collect();
        assert!(!urls.is_empty(), "{} loads nothing", page.name);
        for url in urls {
            let name = url.strip_prefix(before).unwrap_or_default();
            assert!(ASSETS.iter().any(|asset| asset.name == name), "{}: {url}", page.name);
        }
    }
}
