//! Secrets that a customer wrote as literal text: `Authorization: Bearer abc`, `?token=abc`,
//! `{"password": "abc"}`.
//!
//! In: the name and the template of a header, parameter or member; the name tells whether its value is
//! a secret. Out: the value with `•••` for reads (headers only), and the secrets as the receiver gets
//! them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::scan::expression_length;
use super::secrets::is_secret_name;
use crate::domain::redaction::HIDDEN;

/// The warning about a literal secret that reads do not hide.
pub(super) const LITERAL_SECRET_WARNING: &str =
    "seems to hold a literal secret, which reads show: put it in `secrets` and write `%name%`";

/// Ends of the names of headers, parameters and members that hold a secret.
const ENDINGS: [&str; 23] = [
    "authorization",
    "authentication",
    "auth-code",
    "authcode",
    "cookie",
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "accesskey",
    "appkey",
    "clientkey",
    "licensekey",
    "masterkey",
    "subscriptionkey",
    "authkey",
    "secretkey",
    "privatekey",
    "credential",
    "credentials",
    "jwt",
];
/// Last words of such names: the whole name, or the part after punctuation or after a lower-case letter
/// (`AppKey`).
const WORDS: [&str; 5] = ["auth", "key", "pass", "pwd", "session"];
/// Authentication schemes, which reads show before the hidden secret.
const SCHEMES: [&str; 11] = [
    "basic",
    "bearer",
    "digest",
    "dpop",
    "oauth",
    "token",
    "apikey",
    "api-key",
    "key",
    "negotiate",
    "genie-key",
];
/// Base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether a header, a query parameter or a member of a body with this name holds a secret. Ignores
/// letter case, and digits at the end (`X-Api-Key-2`).
pub(crate) fn names_a_secret(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let is_word = WORDS.iter().any(|word| last_word(name).eq_ignore_ascii_case(word));
    is_word || ENDINGS.iter().any(|ending| name.to_ascii_lowercase().ends_with(ending))
}

fn last_word(name: &str) -> &str {
    let word = name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let humps = word.char_indices().zip(word.chars().skip(1)).filter_map(|((at, one), next)| {
        (!one.is_ascii_uppercase() && next.is_ascii_uppercase()).then_some(at + one.len_utf8())
    });
    word.get(humps.last().unwrap_or_default()..).unwrap_or_default()
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'t> {
    /// Literal text.
    Text(&'t str),
    /// `{{ … }}` or `%name%`.
    Value(&'t str),
}

/// Splits a valid template.
fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = template.get(at..).filter(|rest| !rest.is_empty()) {
        match rest.find(['{', '%']) {
            None => break,
            Some(stop) if stop > 0 => at += stop,
            _ if rest.starts_with("%%") => at += 2,
            _ => match value_length(rest) {
                Some(length) => {
                    parts.extend(
                        template.get(start..at).filter(|it| !it.is_empty()).map(Part::Text),
                    );
                    parts.extend(rest.get(..length).map(Part::Value));
                    at += length;
                    start = at;
                }
                // No expression in the rest has an end either.
                None if rest.starts_with("{{") => break,
                None => at += 1,
            },
        }
    }
    parts.extend(template.get(start..).filter(|it| !it.is_empty()).map(Part::Text));
    parts
}

/// The length of the expression or secret at the beginning of `text`.
fn value_length(text: &str) -> Option<usize> {
    if text.starts_with("{{") {
        return expression_length(text);
    }
    let after = text.strip_prefix('%')?;
    let end = after.find('%')?;
    is_secret_name(after.get(..end)?).then_some(end + 2)
}

/// Whether a template is literal text that is not blank.
pub(super) fn is_literal(template: &str) -> bool {
    let is_text = |part: &Part<'_>| matches!(part, Part::Text(text) if !text.trim().is_empty());
    let parts = parts(template);
    !parts.is_empty() && parts.iter().all(is_text)
}

/// The names of query parameters that hold a literal secret.
pub(super) fn secret_parameters(url: &str) -> Vec<String> {
    // No URL contains `\0`, so it can stand for an expression or secret.
    let plain = parts(url).into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::Value(_) => "\0",
    });
    let plain: String = plain.collect();
    let query = plain.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let secret = pairs
        .filter(|(name, value)| !value.is_empty() && !value.contains('\0') && names_a_secret(name));
    secret.map(|(name, _)| name.replace('\0', "…")).collect()
}

/// The offset of the secret in a literal part of a header that [holds one](names_a_secret). `None` if
/// the part only frames the expression or secret next to it: an authentication scheme, `; `, `token="`.
pub(super) fn secret_start(text: &str, is_first: bool, is_last: bool) -> Option<usize> {
    let start = if is_first { scheme_length(text) } else { 0 };
    let secret = text.get(start..).unwrap_or_default().trim();
    let is_whole = is_first && is_last;
    let frames = !is_whole && !secret.contains(char::is_alphanumeric);
    let is_framing = secret.is_empty() || frames || (!is_last && is_parameter(secret));
    (!is_framing).then_some(start)
}

/// The length of an authentication scheme and its space, such as `Bearer `, at the beginning of a
/// header's value.
fn scheme_length(text: &str) -> usize {
    let Some((scheme, rest)) = text.split_once(' ') else { return 0 };
    let is_known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if is_known { text.len() - rest.trim_start_matches(' ').len() } else { 0 }
}

/// Whether `text` is the name of a parameter whose value follows: `; token="`.
fn is_parameter(text: &str) -> bool {
    /// The longest name; a longer text may be a secret.
    const MAX: usize = 24;
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let name = text.trim_end_matches(['"', '\'']).trim_end().strip_suffix('=').unwrap_or_default();
    // Few secrets consist of letters only.
    let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_');
    (1..=MAX).contains(&name.len()) && name.chars().all(is_name)
}

/// The parts of a header's value, and the offset of the secret in each.
fn secrets(value: &str) -> impl Iterator<Item = (Part<'_>, Option<usize>)> {
    let parts = parts(value);
    let last = parts.len().saturating_sub(1);
    parts.into_iter().enumerate().map(move |(i, part)| match part {
        Part::Text(text) => (part, secret_start(text, i == 0, i == last)),
        Part::Value(_) => (part, None),
    })
}

/// The value of a header for reads, literal secrets hidden.
pub(super) fn hidden_value<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if !names_a_secret(name) || secrets(value).all(|(_, start)| start.is_none()) {
        return Cow::Borrowed(value);
    }
    let shown = secrets(value).map(|(part, start)| match (part, start) {
        (Part::Text(text), Some(start)) => {
            text.get(..start).unwrap_or_default().to_owned() + HIDDEN
        }
        (Part::Text(text) | Part::Value(text), _) => text.to_owned(),
    });
    Cow::Owned(shown.collect())
}

/// The secrets of a header's value as the receiver gets them: each literal part, and the pieces of it
/// that may be a secret alone: the value of each cookie or parameter, and the last word, which may
/// follow a scheme.
pub(super) fn sent_secrets(name: &str, value: &str) -> Vec<String> {
    if !names_a_secret(name) {
        return Vec::new();
    }
    let mut sent = Vec::new();
    for (part, start) in secrets(value) {
        let (Part::Text(text), Some(start)) = (part, start) else { continue };
        let secret = text.get(start..).unwrap_or_default().trim().replace("%%", "%");
        if name.to_ascii_lowercase().ends_with("cookie") {
            let pairs = secret.split(';').filter_map(|pair| pair.split_once('='));
            sent.extend(pairs.map(|(_, value)| value.trim().to_owned()));
        } else {
            sent.extend(pieces(&secret).map(str::to_owned));
        }
        sent.push(secret);
    }
    sent.retain(|secret| !secret.is_empty());
    sent
}

/// The pieces of a value of several words that may be a secret: `abc1` of `GenieKey abc1` and of `Token
/// token="abc1"`.
fn pieces(secret: &str) -> impl Iterator<Item = &str> {
    /// Shorter words of letters only do not count as secrets.
    const LONG_WORD: usize = 12;
    let mut words = secret.split([' ', ',', ';']);
    let values = words.clone().filter_map(|word| word.split_once('=')).map(|(_, value)| value);
    let last = words.next_back().filter(|word| word.len() < secret.len());
    let pieces = values.chain(last).map(|piece| piece.trim_matches(['"', '\'']));
    pieces.filter(|piece| {
        let is_word =
            piece.len() < LONG_WORD && piece.bytes().all(|byte| byte.is_ascii_alphabetic());
        piece.contains(char::is_alphanumeric) && !is_word
    })
}

/// User and password of a literal header value `Basic …`.
pub(super) fn basic_credentials(name: &str, value: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    if !names_a_secret(name) || !is_literal(value) {
        return None;
    }
    let (scheme, encoded) = value.trim().split_once(' ')?;
    let both =
        BASE64.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let colon = both.iter().position(|byte| *byte == b':')?;
    let (user, password) = both.split_at_checked(colon)?;
    Some((user.to_vec(), password.get(1..)?.to_vec()))
}

#[cfg(test)]
mod tests;
