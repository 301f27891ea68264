//! A `multipart/form-data` body (RFC 7578).
//!
//! In: an object of templates. Out: the body and its `content-type`. The boundary is a hash of the
//! content, so equal content gives equal bodies; it never occurs in the content.

use std::fmt::Write as _;

use http::HeaderValue;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::compiler::Compiler;
use super::error::{RenderError, RenderFailure};
use super::escaping::Context;
use super::limits;
use super::members::{FIELD, flat_members, member_path};
use super::output::{Output, RenderedBody};
use super::scope::Scope;
use super::template::Template;

/// A compiled multipart body: head and value of each part.
#[derive(Debug)]
pub(super) struct MultipartTemplate(Vec<(String, Template)>);

impl MultipartTemplate {
    pub(super) fn compile(template: &Value, compiler: &mut Compiler<'_>) -> Option<Self> {
        let mut parts = Vec::new();
        for (name, text) in flat_members(template, compiler)? {
            if let Some(value) =
                compiler.template(&member_path(FIELD, name), Context::MultipartValue, &text)
            {
                parts.push((part_head(name), value));
            }
        }
        Some(Self(parts))
    }

    pub(super) fn render(&self, scope: &Scope<'_, '_>) -> Result<RenderedBody, RenderError> {
        let mut values = Output::with_limit(limits::BODY_BYTES);
        let mut ends = Vec::with_capacity(self.0.len());
        for (_, value) in &self.0 {
            value.render(&mut values, scope)?;
            ends.push(values.bytes().len());
        }
        let values = values.into_bytes();
        let boundary = self.boundary(&values, &ends);
        let framing: usize = self.0.iter().map(|(head, _)| head.len() + 2).sum();
        let delimiters = (self.0.len() + 1) * (boundary.len() + 4) + 2;
        let length = values.len() + framing + delimiters;
        if length > limits::BODY_BYTES {
            let limit = limits::BODY_BYTES;
            return Err(RenderFailure::TooLarge { limit }.of(FIELD));
        }
        let mut body = Vec::with_capacity(length);
        let mut start = 0;
        for ((head, _), end) in self.0.iter().zip(ends) {
            for bytes in [b"--", boundary.as_bytes(), b"\r\n", head.as_bytes()] {
                body.extend_from_slice(bytes);
            }
            body.extend_from_slice(values.get(start..end).unwrap_or_default());
            body.extend_from_slice(b"\r\n");
            start = end;
        }
        for bytes in [b"--", boundary.as_bytes(), b"--\r\n"] {
            body.extend_from_slice(bytes);
        }
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let content_type = HeaderValue::try_from(content_type)
            .map_err(|_| RenderFailure::ControlCharacter.of(FIELD))?;
        Ok((body, content_type))
    }

    /// A boundary that occurs neither in the values nor in the heads of the parts.
    fn boundary(&self, values: &[u8], ends: &[usize]) -> String {
        let mut hash = Sha256::new();
        for ((head, _), end) in self.0.iter().zip(ends) {
            hash.update(head);
            hash.update(end.to_be_bytes());
        }
        hash.update(values);
        loop {
            let mut boundary = "callhook-".to_owned();
            for byte in hash.clone().finalize().iter().take(16) {
                // Writing to a `String` cannot fail.
                let _ = write!(boundary, "{byte:02x}");
            }
            let occurs = |bytes: &[u8]| {
                let mut windows = bytes.windows(boundary.len());
                windows.any(|window| window == boundary.as_bytes())
            };
            if !occurs(values) && !self.0.iter().any(|(head, _)| occurs(head.as_bytes())) {
                return boundary;
            }
            hash.update(b"again");
        }
    }
}

/// The head of a part. Escapes quotes and line breaks of the name as browsers do (WHATWG HTML,
/// multipart/form-data encoding).
fn part_head(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '"' => escaped.push_str("%22"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            other => escaped.push(other),
        }
    }
    format!("content-disposition: form-data; name=\"{escaped}\"\r\n\r\n")
}

#[cfg(test)]
mod tests;
