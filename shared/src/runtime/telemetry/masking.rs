//! Masks phone numbers in log lines: of a run of seven or more digits, only the last four stay.
//!
//! All log lines pass through this writer, so that no error, of Callhook or of a library, brings a number into the log.
//! UUIDs, times and the fields `account_id` and `key_id` stay readable.

use std::borrow::Cow;
use std::io::{self, Write};

/// The shortest run of digits that is masked.
const MIN_DIGITS: usize = 7;
/// Unmasked digits at the end of a run.
const SHOWN: usize = 4;
/// The longest number outside of strings that stays: Callhook logs counts as numbers.
const MAX_COUNT_DIGITS: usize = 9;
/// Fields that stay, because lines are searched by them. Their values may be digits only: the platform chooses account
/// ids, and key ids are 12 random hex digits.
const EXEMPT: [&str; 2] = ["account_id", "key_id"];

/// A writer that masks lines. Each write must be one line, a JSON object.
pub(super) struct Masking<W>(pub(super) W);

impl<W: Write> Write for Masking<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.0.write_all(masked_line(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Masks every run of [`MIN_DIGITS`] or more digits but for its last [`SHOWN`]. A run may contain single spaces,
/// hyphens and parentheses: `+91 88671-30000` becomes `+** *****-*0000`.
fn masked(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut out = String::new();
    while let Some(Run { start, end, digits }) = next_run(rest) {
        let (Some(before), Some(run), Some(after)) =
            (rest.get(..start), rest.get(start..end), rest.get(end..))
        else {
            break;
        };
        out.push_str(before);
        let mut left = digits;
        for c in run.chars() {
            let is_digit = c.is_numeric();
            out.push(if is_digit && left > SHOWN { '*' } else { c });
            left -= usize::from(is_digit);
        }
        rest = after;
    }
    if out.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// A run of digits to mask, with its byte range.
struct Run {
    start: usize,
    end: usize,
    digits: usize,
}

/// The first run to mask.
fn next_run(text: &str) -> Option<Run> {
    let mut at = 0;
    // Whether the preceding character belongs to the same word.
    let mut within_word = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next()?;
        if !within_word && let Some(length) = uuid(rest).or_else(|| time(rest)) {
            at += length;
            within_word = true;
            continue;
        }
        if first.is_numeric() {
            let (length, digits) = run(rest);
            if digits >= MIN_DIGITS {
                return Some(Run { start: at, end: at + length, digits });
            }
            // Skip only the first group: a time may follow.
            at += rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len());
            within_word = true;
            continue;
        }
        within_word = first.is_alphanumeric();
        at += first.len_utf8();
    }
    None
}

/// The length in bytes of the run that `text` begins with, and its number of digits.
fn run(text: &str) -> (usize, usize) {
    let (mut end, mut digits, mut separators) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        if c.is_numeric() {
            // A run ends before a time.
            if separators > 0 && text.get(at..).is_some_and(|rest| time(rest).is_some()) {
                break;
            }
            digits += 1;
            end = at + c.len_utf8();
            separators = 0;
        } else if matches!(c, ' ' | '-' | '(' | ')') && separators < 2 {
            separators += 1;
        } else {
            break;
        }
    }
    (end, digits)
}

/// The length of a UUID at the beginning of `text`: 8, 4, 4, 4 and 12 hex digits.
fn uuid(text: &str) -> Option<usize> {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes().get(..LENGTH)?;
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let ends = !byte_at(text, LENGTH).is_some_and(|byte| byte.is_ascii_alphanumeric());
    (ends && bytes.iter().enumerate().all(fits)).then_some(LENGTH)
}

/// The length of a date or time at the beginning of `text`: `2026-11-27`, with or without `T01:05:11.123456` or
/// ` 01:05:11`.
fn time(text: &str) -> Option<usize> {
    const DATE: usize = 10;
    const TIME: usize = 19;
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let is = |at: usize, byte: u8| byte_at(text, at) == Some(byte);
    let date = (1900..2200).contains(&number(0, 4)?)
        && (1..=12).contains(&number(5, 7)?)
        && (1..=31).contains(&number(8, DATE)?)
        && is(4, b'-')
        && is(7, b'-');
    let digit_at = |at: usize| byte_at(text, at).is_some_and(|byte| byte.is_ascii_digit());
    if !date || digit_at(DATE) {
        return None;
    }
    let has_time = (is(DATE, b'T') || is(DATE, b' '))
        && number(11, 13).is_some_and(|hour| hour < 24)
        && number(14, 16).is_some_and(|minute| minute < 60)
        && number(17, TIME).is_some_and(|second| second < 61)
        && is(13, b':')
        && is(16, b':');
    if !has_time {
        return Some(DATE);
    }
    let fraction = (TIME + 1..TIME + 10).take_while(|at| digit_at(*at)).count();
    let end = if is(TIME, b'.') && fraction > 0 { TIME + 1 + fraction } else { TIME };
    (!digit_at(end)).then_some(end)
}

fn byte_at(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// Masks a line of JSON: its strings, and numbers longer than [`MAX_COUNT_DIGITS`]. The result is JSON.
pub(super) fn masked_line(line: &str) -> Cow<'_, str> {
    // True for nearly every line.
    if !may_hold_a_number(line) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let mut key = "";
    while let Some(quote) = rest.find('"') {
        let (outside, from_quote) = rest.split_at(quote);
        mask_numbers(outside, &mut out);
        let inside = from_quote.get(1..).unwrap_or_default();
        let end = end_of_string(inside);
        let (string, after) = inside.split_at(end);
        out.push('"');
        if EXEMPT.contains(&key) && outside.trim() == ":" {
            out.push_str(string);
        } else {
            mask_string(string, &mut out);
        }
        key = string;
        rest = match after.strip_prefix('"') {
            Some(after) => {
                out.push('"');
                after
            }
            None => after,
        };
    }
    mask_numbers(rest, &mut out);
    Cow::Owned(out)
}

/// A fast check for [`MIN_DIGITS`] digits close together.
fn may_hold_a_number(line: &str) -> bool {
    let (mut digits, mut others) = (0, 0);
    for byte in line.bytes() {
        // Digits of other scripts are not ASCII.
        if byte.is_ascii_digit() || !byte.is_ascii() {
            digits += 1;
            others = 0;
            if digits >= MIN_DIGITS {
                return true;
            }
        } else {
            others += 1;
            if others > 2 || !matches!(byte, b' ' | b'-' | b'(' | b')') {
                digits = 0;
            }
        }
    }
    false
}

/// The end of a JSON string whose opening quote precedes `inside`.
fn end_of_string(inside: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    inside.len()
}

/// Masks the content of a JSON string, but not its escapes.
fn mask_string(string: &str, out: &mut String) {
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        out.push_str(&masked(plain));
        let length = if escape.as_bytes().get(1) == Some(&b'u') { 6 } else { 2 };
        let length = escape.char_indices().map(|(at, _)| at).nth(length).unwrap_or(escape.len());
        let (escape, after) = escape.split_at(length);
        out.push_str(escape);
        rest = after;
    }
    out.push_str(&masked(rest));
}

/// Masks numbers outside of strings. A number that is too long becomes a string.
fn mask_numbers(outside: &str, out: &mut String) {
    let mut rest = outside;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let length = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (number, after) = number.split_at(length);
        out.push_str(before);
        if number.len() > MAX_COUNT_DIGITS {
            let sign = if out.ends_with('-') { out.pop() } else { None };
            out.push('"');
            out.extend(sign);
            out.push_str(&masked(number));
            out.push('"');
        } else {
            out.push_str(number);
        }
        rest = after;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests;
