//! Explains in one sentence why a body is not the expected JSON, and what to send. Never quotes the body: it may hold
//! phone numbers.

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::problem::{Problem, ProblemKind};
use crate::input::json::JsonError;

/// The body that a route expects; completes "send …".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected(pub &'static str);

impl Expected {
    /// Any route but `POST /v1/reports`.
    pub const OBJECT: Self = Self("a JSON object");
    /// `POST /v1/reports`.
    pub const REPORTS: Self = Self("a report as a JSON object, or an array of them");
}

/// How much of a body is examined to detect its format, in bytes.
const EXAMINED_BYTES: usize = 512;

impl Problem {
    /// The problem of a body, or a part of it, that is not JSON.
    pub fn not_json(
        body: &str,
        headers: &HeaderMap,
        error: &JsonError,
        expected: Expected,
    ) -> Self {
        let detail = match error {
            JsonError::Malformed(error) => match OtherFormat::detect(body.as_bytes(), headers) {
                Some(format) => format.explain(expected),
                None => explain_syntax(body, error),
            },
            JsonError::TooManyValues(most) => {
                let detail = format!("The body holds more than {most} values; send fewer.");
                return Self::new(ProblemKind::TooLarge, detail);
            }
            JsonError::ReservedName => format!("The body is refused: {error}."),
        };
        Self::new(ProblemKind::MalformedJson, detail)
    }
}

/// Reads a body as UTF-8; 400 otherwise.
pub fn utf8<'b>(
    body: &'b [u8],
    headers: &HeaderMap,
    expected: Expected,
) -> Result<&'b str, Problem> {
    std::str::from_utf8(body).map_err(|error| {
        let detail = if let Some(format) = OtherFormat::detect(body, headers) {
            format.explain(expected)
        } else {
            let at = error.valid_up_to();
            format!("The body is not UTF-8: the byte at offset {at} is invalid; send UTF-8.")
        };
        Problem::new(ProblemKind::MalformedJson, detail)
    })
}

/// The format of a body that is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OtherFormat {
    Empty,
    ByteOrderMark,
    Utf16,
    Compressed,
    Multipart,
    Form,
    PercentEncoded,
    Markup,
    Base64,
}

impl OtherFormat {
    fn explain(self, Expected(expected): Expected) -> String {
        let description = match self {
            Self::Empty => "is empty",
            Self::ByteOrderMark => {
                return format!(
                    "The body begins with a byte order mark (EF BB BF); send {expected} in UTF-8 \
                 without one."
                );
            }
            Self::Utf16 => return format!("The body is UTF-16; send {expected} in UTF-8."),
            Self::Compressed => {
                return format!("The body is compressed; send {expected} uncompressed.");
            }
            Self::Multipart => "is multipart",
            Self::Form => "is a form (`name=value`)",
            Self::PercentEncoded => {
                return format!(
                    "The body is percent-encoded; send {expected} unencoded (`curl --data-binary`)."
                );
            }
            Self::Markup => "begins with `<`, as XML and HTML do",
            Self::Base64 => {
                return format!("The body is base64; send {expected} without encoding it.");
            }
        };
        format!("The body {description}; send {expected}, with `content-type: application/json`.")
    }

    /// Detects the format of a body that is not JSON; `None` if it looks like JSON with a syntax error.
    fn detect(body: &[u8], headers: &HeaderMap) -> Option<Self> {
        let body = body.trim_ascii_start();
        let beginning = body.get(..EXAMINED_BYTES).unwrap_or(body);
        match beginning {
            [] => return Some(Self::Empty),
            [0xEF, 0xBB, 0xBF, ..] => return Some(Self::ByteOrderMark),
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'{' | b'[', 0, ..] | [0, b'{' | b'[', ..] => {
                return Some(Self::Utf16);
            }
            [0x1F, 0x8B, ..] => return Some(Self::Compressed),
            [b'{' | b'[', ..] => return None,
            [b'<', ..] => return Some(Self::Markup),
            _ => {}
        }
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_of_type = |name: &str| {
            let start = media_type.and_then(|media_type| media_type.get(..name.len()));
            start.is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        if is_of_type("multipart/") || beginning.starts_with(b"--") {
            Some(Self::Multipart)
        } else if is_percent_encoded(beginning) {
            Some(Self::PercentEncoded)
        } else if is_base64(beginning) {
            Some(Self::Base64)
        } else if is_form(beginning) || is_of_type("application/x-www-form-urlencoded") {
            Some(Self::Form)
        } else {
            None
        }
    }
}

fn is_percent_encoded(beginning: &[u8]) -> bool {
    matches!(beginning, [b'%', b'7' | b'5', b'b' | b'B', ..])
}

/// Whether it begins with a name and `=`.
fn is_form(beginning: &[u8]) -> bool {
    let is_name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.%+[]".contains(byte);
    let name = beginning.iter().take_while(|byte| is_name_byte(byte)).count();
    name > 0 && beginning.get(name) == Some(&b'=')
}

/// Whether it is base64 of an object or array.
fn is_base64(beginning: &[u8]) -> bool {
    let beginning = beginning.strip_prefix(b"\"").unwrap_or(beginning);
    let decodes = |engine: &GeneralPurpose| {
        let decoded = beginning.get(..8).and_then(|start| engine.decode(start).ok());
        matches!(decoded.as_deref().map(<[u8]>::trim_ascii_start), Some([b'{' | b'[', ..]))
    };
    decodes(&STANDARD_NO_PAD) || decodes(&URL_SAFE_NO_PAD)
}

/// Explains a syntax error: what and where it is, and what to write instead.
fn explain_syntax(body: &str, error: &serde_json::Error) -> String {
    match advice(body, error) {
        Some(advice) => format!("The body is not JSON: {error}; {advice}."),
        None => format!("The body is not JSON: {error}."),
    }
}

fn advice(body: &str, error: &serde_json::Error) -> Option<&'static str> {
    if error.is_eof() {
        return Some("it ends too early, as if it was cut off");
    }
    let at = offset_of(body, error)?;
    let (before, rest) = (body.get(..at)?.trim_ascii_end(), body.get(at..)?);
    let is_complete = || {
        before.ends_with(['}', ']'])
            && serde_json::from_str::<serde::de::IgnoredAny>(before).is_ok()
    };
    match rest.chars().next()? {
        '\'' => Some("write names and strings in double quotes, not in single quotes"),
        '“' | '”' | '„' => Some("write names and strings in straight double quotes"),
        '}' | ']' if before.ends_with(',') => Some("remove the comma before it"),
        '{' | '[' | ',' if is_complete() => Some("send several values as one array, `[…, …]`"),
        '/' | '#' => Some("JSON has no comments"),
        '\n' | '\r' | '\t' => Some("write line breaks and tabs in strings as `\\n` and `\\t`"),
        _ => advice_on_word(word_at(body, at), before),
    }
}

/// The byte offset of an error's line and column.
fn offset_of(body: &str, error: &serde_json::Error) -> Option<usize> {
    let lines_before = error.line().checked_sub(1)?;
    let start = if lines_before == 0 {
        0
    } else {
        body.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').nth(lines_before - 1)?.0 + 1
    };
    // Column 0 is the end of the previous line. A column counts bytes, so it may be within a character.
    let at = (start + error.column()).saturating_sub(1);
    (0..=at).rev().find(|at| body.is_char_boundary(*at))
}

/// The unquoted word at `at`: letters, digits and the characters of masked numbers.
fn word_at(body: &str, at: usize) -> &str {
    const MAX_BYTES: usize = 64;
    let is_word_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-*#._".contains(byte);
    let bytes = body.as_bytes();
    let before = bytes.get(..at).unwrap_or_default().iter().rev();
    let start = at - before.take(MAX_BYTES).take_while(|byte| is_word_byte(byte)).count();
    let after = bytes.get(at..).unwrap_or_default().iter();
    let end = at + after.take(MAX_BYTES).take_while(|byte| is_word_byte(byte)).count();
    body.get(start..end).unwrap_or_default()
}

fn advice_on_word(word: &str, before: &str) -> Option<&'static str> {
    const QUOTES: &str = "write names and strings in double quotes";
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    match word {
        "" => None,
        "None" | "nil" | "undefined" | "NaN" | "nan" | "Infinity" | "NULL" | "Null" => {
            Some("write `null`")
        }
        "True" | "TRUE" | "False" | "FALSE" => Some("write `true` or `false`"),
        _ if digits == 0 && word.starts_with(|c: char| c.is_ascii_alphabetic()) => Some(QUOTES),
        _ if word.starts_with(|c: char| c.is_ascii_alphabetic()) => Some(QUOTES),
        _ if word.bytes().any(|byte| byte.is_ascii_alphabetic() || b"*#".contains(&byte)) => {
            Some("write a masked number in quotes, such as `\"91806828XXXX\"`")
        }
        _ if digits > 0 || before.ends_with(|c: char| c.is_ascii_digit()) => {
            Some("write a number with a plus, a leading zero, spaces or dashes in quotes")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
