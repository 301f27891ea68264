//! Probable mistakes in valid templates.
//!
//! In: literal text, or a name. Out: warnings about placeholders of other template languages and JSON
//! in a string, and `did you mean …?` for a misspelt name.

use std::borrow::Cow;

use super::escaping::Context;
use super::mistake::Mistake;
use super::variables;

/// A probable mistake in a valid template.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Warning {
    pub(super) mistake: Mistake,
    /// Whether it refuses new settings. Settings that an earlier version saved stay in use.
    pub(super) refuses_new: bool,
}

impl Warning {
    pub(super) fn refusing_new(mistake: Mistake) -> Self {
        Self { mistake, refuses_new: true }
    }

    pub(super) fn new(mistake: Mistake) -> Self {
        Self { mistake, refuses_new: false }
    }
}

/// The most warnings about placeholders in one text.
const MAX_PLACEHOLDERS: usize = 3;

/// Warnings about placeholders of other template languages in `text`, which are sent verbatim:
/// `{to}`, `${to}`, `%{to}`, `{to}}`, `<to>`, `[[to]]`, and in a URL `:to`, `$to` and `%7Bto%7D`.
/// In a URL every `{name}` is a placeholder, elsewhere only one with the name of a known variable.
pub(super) fn placeholders(context: Context, text: &str) -> impl Iterator<Item = String> {
    let is_url = context == Context::Url;
    let text = if is_url { after_authority(text) } else { text };
    let opens = move |c: char| matches!(c, '{' | '<' | '[') || (is_url && ":$%".contains(c));
    let found = text.match_indices(opens).filter_map(move |(at, open)| {
        let (shown, name) = placeholder(text, at, open, is_url)?;
        let is_meant = variables::is_known(root(&name)) || (is_url && open != "[");
        is_meant.then(|| {
            let name = root(&name);
            format!(
                "holds `{shown}`, which is sent as it is; a variable is written `{{{{{name}}}}}`"
            )
        })
    });
    found.take(MAX_PLACEHOLDERS)
}

/// The URL after its authority: no warning repeats user and password.
fn after_authority(text: &str) -> &str {
    let authority = text.split_once("://").map(|(_, rest)| rest);
    let authority_end = |rest: &str| rest.find(['/', '?', '#']).unwrap_or(rest.len());
    authority.map_or(text, |rest| rest.get(authority_end(rest)..).unwrap_or_default())
}

/// The placeholder at `at`, and the name in it.
fn placeholder<'t>(
    text: &'t str,
    at: usize,
    open: &str,
    is_url: bool,
) -> Option<(&'t str, Cow<'t, str>)> {
    let after = text.get(at + open.len()..)?;
    let (opening, close) = match open {
        "{" => ("", "}"),
        "<" => ("", ">"),
        "[" => ("[", "]]"),
        "%" if encodes(after, b'B') => return encoded_placeholder(text, at),
        "%" => return None,
        // `/:to/` or `=$to`. A port follows a letter, a digit or `]`.
        _ => {
            let is_first = text.get(..at)?.ends_with(['/', '=']);
            let end = after.find(['/', '?', '&', '#', '=']).unwrap_or(after.len());
            let name = after.get(..end).filter(|name| is_first && variables::is_known(name))?;
            return Some((text.get(at..=at + name.len())?, Cow::Borrowed(name)));
        }
    };
    let inner = after.strip_prefix(opening)?;
    // A name has at most 64 bytes, and may have blanks around it.
    let window = inner.get(..inner.floor_char_boundary(80))?;
    let end = window.find(close)?;
    let name = window.get(..end)?.trim();
    if !is_name(name) {
        return None;
    }
    let length = open.len() + opening.len() + end + close.len();
    let before = text.get(..at)?;
    let is_prefixed = open == "{" && before.ends_with(['$', '#', '%']);
    // A `%` of a URL is written `%25`.
    let start = match is_prefixed {
        true => at - 1,
        false if open == "{" && is_url && before.ends_with("%25") => at - 3,
        false => at,
    };
    Some((text.get(start..at + length)?, Cow::Borrowed(name)))
}

/// `%7Bto%7D` and `%7B%7Bto%7D%7D`: a template that was percent-encoded.
fn encoded_placeholder(text: &str, at: usize) -> Option<(&str, Cow<'_, str>)> {
    let is_second = text.get(..at)?.len() >= 3 && encodes(text.get(at - 2..at)?, b'B');
    let after = text.get(at + 3..).filter(|_| !is_second)?;
    let inner = after.strip_prefix('%').filter(|rest| encodes(rest, b'B'));
    let inner = inner.map_or(Some(after), |rest| rest.get(2..))?;
    let window = inner.get(..inner.floor_char_boundary(80))?;
    let end = window.find('%')?;
    let (name, close) = window.split_at_checked(end)?;
    let is_closed = close.strip_prefix('%').is_some_and(|rest| encodes(rest, b'D'));
    let name = name.trim_matches('+');
    let length = text.len() - inner.len() - at + end + 3;
    (is_closed && is_name(name)).then_some((text.get(at..at + length)?, Cow::Borrowed(name)))
}

/// Whether `text`, which follows a `%`, begins with `7B` or `7D` (`last` is `B` or `D`).
fn encodes(text: &str, last: u8) -> bool {
    let bytes = text.as_bytes();
    bytes.first() == Some(&b'7') && bytes.get(1).is_some_and(|b| b.eq_ignore_ascii_case(&last))
}

fn is_name(name: &str) -> bool {
    let other = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let first = name.bytes().next();
    name.len() <= 64
        && first.is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && name.bytes().all(other)
}

/// The variable of a path: `variables` of `variables.otp`.
fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// `; did you mean …?` with the candidate nearest to `name`, or an empty text.
pub(super) fn did_you_mean<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    nearest(name, candidates).map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}

/// The nearest candidate: it differs from `name` in case, hyphens or one typing error (two in a long name).
fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    /// In shorter names, another letter makes another word.
    const SHORT: usize = 4;
    const LONG: usize = 8;
    let plain = plain(name);
    let max_distance = match plain.len() {
        ..SHORT => 0,
        SHORT..LONG => 1,
        _ => 2,
    };
    let distance = |candidate: &str| strsim::osa_distance(&plain, &self::plain(candidate));
    let near = candidates.map(|candidate| (distance(candidate), candidate));
    let nearest =
        near.filter(|(distance, _)| *distance <= max_distance).min_by_key(|(it, _)| *it)?;
    Some(nearest.1)
}

fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '_' | '-'));
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether `text` looks like a JSON object or array.
pub(super) fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    let is_object = text.starts_with('{') && !text.starts_with("{{") && text.ends_with('}');
    is_object || (text.starts_with('[') && text.ends_with(']'))
}

#[cfg(test)]
mod tests;
