//! Hides the secrets that a receiver repeats in its answer.
//!
//! A receiver may write a secret in more ways than a list can hold: escaped for JSON in a page of
//! HTML, in base64 at any alignment. Therefore the answer is decoded. Each decoder yields a reading
//! in which every byte knows its part of the answer; where a reading holds a secret, that part of
//! the answer is hidden.

mod entities;
mod escapes;
mod needle;
mod runs;
mod search;
mod view;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;

use self::needle::Needle;
use self::search::hidden_parts;
use self::view::Part;
use super::Webhook;
use crate::compose::HIDDEN;
use crate::delivery::{Attempt, ResponseHeaders, SentRequest};
use crate::signing::SigningSecret;

impl Webhook {
    /// The beginning of a response's body with `•••` for every secret of the webhook in it: named
    /// secrets, the bearer secret, those that sign, literal ones of headers, and the user and password in the URL.
    /// If the body `is_cut`, the beginning of a secret at its end is hidden as well.
    pub fn hidden_in(&self, body: Bytes, is_cut: bool) -> Bytes {
        // At the end of a body that was cut, the beginning of a long secret may stand.
        let needles = self.needles(if is_cut { usize::MAX } else { body.len() });
        if needles.is_empty() {
            return body;
        }
        hidden_in(body, &needles, is_cut)
    }

    /// Makes `attempt`, which sent `request` to this webhook, what the log keeps: the headers of a success are left
    /// out, which would cost the item a write unit more, and secrets are hidden.
    pub fn conceal_for_log(&self, attempt: &mut Attempt, request: SentRequest) {
        let is_success = attempt.result.is_ok_and(|code| self.settings.success_codes.contain(code));
        if let Some(evidence) = attempt.evidence.as_mut().filter(|_| is_success) {
            evidence.headers = None;
        }
        self.conceal(attempt, request);
    }

    /// Hides secrets in the body and the headers that answered `request`, and notes the request.
    pub fn conceal(&self, attempt: &mut Attempt, request: SentRequest) {
        attempt.body = self.hidden_in(std::mem::take(&mut attempt.body), attempt.is_cut);
        if let Some(evidence) = &mut attempt.evidence {
            evidence.request = Some(request);
            let headers = evidence.headers.take();
            evidence.headers = headers.map(|headers| self.hidden_in_headers(headers));
        }
    }

    /// The headers of an answer with `•••` for every secret of the webhook in a name or value, as in bodies.
    pub fn hidden_in_headers(&self, headers: ResponseHeaders) -> ResponseHeaders {
        let needles = self.needles(ResponseHeaders::MAX_BYTES);
        if needles.is_empty() {
            return headers;
        }
        headers.map(|text| {
            let shown = hidden_in(text.into(), &needles, false);
            String::from_utf8_lossy(&shown).into_owned()
        })
    }

    /// What a body with `room` for so many bytes may repeat.
    fn needles(&self, room: usize) -> Vec<Needle> {
        let mut needles = Vec::new();
        for secret in self.secrets.all() {
            needles.extend(Needle::text(secret.reveal().as_bytes(), room));
        }
        for secret in self.signing.all() {
            needles.extend(of_signing(secret, room));
        }
        for literal in self.settings.request.literal_secrets() {
            needles.extend(Needle::password(literal.as_bytes(), room));
        }
        for (user, password) in self.settings.request.credentials() {
            needles.extend(of_credentials(&user, &password, room));
        }
        needles
    }
}

/// The key itself and as it is written, without the padding that a receiver may leave out.
fn of_signing(secret: &SigningSecret, room: usize) -> impl Iterator<Item = Needle> {
    let key = secret.key();
    let written = (key.len() <= room).then(|| STANDARD_NO_PAD.encode(key));
    let written = written.and_then(|written| Needle::text(written.as_bytes(), room));
    Needle::bytes(key, room).into_iter().chain(written)
}

/// User, password, both as `Basic …` has them, and, since a short password is not looked for within other
/// text, `user:password` with such a one.
fn of_credentials(user: &[u8], password: &[u8], room: usize) -> impl Iterator<Item = Needle> {
    let both = [user, b":", password].concat();
    let basic = Needle::text(STANDARD_NO_PAD.encode(&both).as_bytes(), room);
    let password = Needle::password(password, room);
    let is_short = password.as_ref().is_some_and(Needle::is_short);
    let both = Needle::text(&both, room).filter(|both| is_short && !both.is_short());
    [Needle::user(user, room), password, basic, both].into_iter().flatten()
}

fn hidden_in(body: Bytes, needles: &[Needle], is_cut: bool) -> Bytes {
    let parts = match hidden_parts(&body, needles, is_cut) {
        Ok(parts) if parts.is_empty() => return body,
        Ok(parts) => parts,
        Err(_) => vec![Part { start: 0, end: body.len() }],
    };
    let shown = without(&body, parts);
    let text = String::from_utf8_lossy(&shown);
    // What is left of a character that was cut.
    let mut text =
        if is_cut { text.trim_end_matches('\u{FFFD}') } else { text.as_ref() }.to_owned();
    text.truncate(text.floor_char_boundary(Attempt::MAX_BODY));
    text.into()
}

/// `body` with `•••` for `parts`, which may overlap.
fn without(body: &[u8], mut parts: Vec<Part>) -> Vec<u8> {
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
