//! Redacts the secrets that a receiver repeats in its response.
//!
//! A receiver may encode a secret in countless ways: escaped for JSON within HTML, in base64 at any
//! alignment. So the response is decoded instead. Each decoder yields a view in which every byte maps
//! to a part of the response; where a view holds a secret, that part of the response is replaced by
//! `•••`.

mod base64_hex;
mod escapes;
mod html_entities;
mod needle;
mod search;
mod view;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;

use self::needle::Needle;
use self::search::secret_parts;
use self::view::Part;
use super::Webhook;
use crate::domain::compose::SentRequest;
use crate::domain::delivery::{Attempt, ResponseHeaders};
use crate::domain::redaction::HIDDEN;
use crate::domain::signing::SigningSecret;

impl Webhook {
    /// The beginning of a response's body with `•••` for every secret of the webhook: named secrets,
    /// the bearer secret, signing secrets, literal secrets of headers, and user and password of the
    /// URL. If the body `is_cut`, the beginning of a secret at its end is redacted as well.
    pub fn redact_body(&self, body: Bytes, is_cut: bool) -> Bytes {
        // A cut body may end with the beginning of a secret that is longer than the body.
        let needles = self.needles(if is_cut { usize::MAX } else { body.len() });
        if needles.is_empty() {
            return body;
        }
        redact(body, &needles, is_cut)
    }

    /// Prepares `attempt`, which sent `request` to this webhook, for the log: redacts secrets, and
    /// drops the response headers of a success, which would cost one more write unit.
    pub fn redact_for_log(&self, attempt: &mut Attempt, request: SentRequest) {
        let is_success = attempt.result.is_ok_and(|code| self.settings.success_codes.contain(code));
        if let Some(evidence) = attempt.evidence.as_mut().filter(|_| is_success) {
            evidence.headers = None;
        }
        self.redact(attempt, request);
    }

    /// Redacts secrets in the response's body and headers, and adds `request` to the evidence.
    pub fn redact(&self, attempt: &mut Attempt, request: SentRequest) {
        attempt.body = self.redact_body(std::mem::take(&mut attempt.body), attempt.is_cut);
        if let Some(evidence) = &mut attempt.evidence {
            evidence.request = Some(request);
            let headers = evidence.headers.take();
            evidence.headers = headers.map(|headers| self.redact_headers(headers));
        }
    }

    /// The headers of a response with `•••` for every secret of the webhook in a name or value, as in bodies.
    pub fn redact_headers(&self, headers: ResponseHeaders) -> ResponseHeaders {
        let needles = self.needles(ResponseHeaders::MAX_BYTES);
        if needles.is_empty() {
            return headers;
        }
        headers.map(|text| {
            let shown = redact(text.into(), &needles, false);
            String::from_utf8_lossy(&shown).into_owned()
        })
    }

    /// The byte strings to search for in a response of at most `max_len` bytes.
    fn needles(&self, max_len: usize) -> Vec<Needle> {
        let mut needles = Vec::new();
        for secret in self.secrets.all() {
            needles.extend(Needle::text(secret.reveal().as_bytes(), max_len));
        }
        for secret in self.signing.all() {
            needles.extend(signing_needles(secret, max_len));
        }
        for literal in self.settings.request.literal_secrets() {
            needles.extend(Needle::password(literal.as_bytes(), max_len));
        }
        for (user, password) in self.settings.request.credentials() {
            needles.extend(credential_needles(&user, &password, max_len));
        }
        needles
    }
}

/// The key as bytes and in base64, without the padding, which a receiver may drop.
fn signing_needles(secret: &SigningSecret, max_len: usize) -> impl Iterator<Item = Needle> {
    let key = secret.key();
    let written = (key.len() <= max_len).then(|| STANDARD_NO_PAD.encode(key));
    let written = written.and_then(|written| Needle::text(written.as_bytes(), max_len));
    Needle::bytes(key, max_len).into_iter().chain(written)
}

/// The user, the password, and both in base64 as in `Basic …`. A short password is not searched for
/// within other text, so `user:password` is added for it.
fn credential_needles(
    user: &[u8],
    password: &[u8],
    max_len: usize,
) -> impl Iterator<Item = Needle> {
    let both = [user, b":", password].concat();
    let basic = Needle::text(STANDARD_NO_PAD.encode(&both).as_bytes(), max_len);
    let password = Needle::password(password, max_len);
    let is_short = password.as_ref().is_some_and(Needle::is_short);
    let both = Needle::text(&both, max_len).filter(|both| is_short && !both.is_short());
    [Needle::user(user, max_len), password, basic, both].into_iter().flatten()
}

fn redact(body: Bytes, needles: &[Needle], is_cut: bool) -> Bytes {
    let parts = match secret_parts(&body, needles, is_cut) {
        Ok(parts) if parts.is_empty() => return body,
        Ok(parts) => parts,
        Err(_) => vec![Part { start: 0, end: body.len() }],
    };
    let shown = replace_parts(&body, parts);
    let text = String::from_utf8_lossy(&shown);
    // Drops the rest of a character that was cut.
    let mut text =
        if is_cut { text.trim_end_matches('\u{FFFD}') } else { text.as_ref() }.to_owned();
    text.truncate(text.floor_char_boundary(Attempt::MAX_BODY));
    text.into()
}

/// Replaces `parts` of `body`, which may overlap, by `•••`.
fn replace_parts(body: &[u8], mut parts: Vec<Part>) -> Vec<u8> {
    parts.sort_unstable();
    let mut shown = Vec::with_capacity(body.len());
    let mut end = None;
    for part in parts {
        if end.is_none_or(|end| part.start > end) {
            let from = end.unwrap_or_default();
            shown.extend_from_slice(body.get(from..part.start).unwrap_or_default());
            shown.extend_from_slice(HIDDEN.as_bytes());
        }
        end = end.max(Some(part.end));
    }
    shown.extend_from_slice(body.get(end.unwrap_or_default()..).unwrap_or_default());
    shown
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
