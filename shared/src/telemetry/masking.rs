//! Log lines without phone numbers: of a run of seven digits or more only the last four stay.
//!
//! This stands between all log lines and their output, so that no error, of ours or of a library,
//! can bring a number into the log. What has the shape of a UUID or of a time stays readable, and so
//! do the fields `account_id` and `key_id`.

use std::borrow::Cow;
use std::io::{self, Write};

/// Shorter runs of digits are no phone number.
const SHORTEST: usize = 7;
/// Digits at the end that stay.
const SHOWN: usize = 4;
/// A number outside of quotes is a count of ours up to this length.
const LONGEST_COUNT: usize = 9;
/// Fields whose values may be of digits alone, and are needed to find lines by: the platform chooses ids of
/// accounts, and those of keys are 12 random hex digits.
const EXEMPT: [&str; 2] = ["account_id", "key_id"];

/// Masks what is written to it: each write is one line, a JSON object.
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

/// A text in which of every run of seven digits or more only the last four are left. Single spaces,
/// hyphens and brackets within a run are part of it: `+91 88671-30000` becomes `+** *****-*0000`.
fn masked(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut out = String::new();
    while let Some(found) = next_run(rest) {
        let Run { start, end, digits } = found;
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

/// A run of digits that is to be masked: where it begins and ends, in bytes.
struct Run {
    start: usize,
    end: usize,
    digits: usize,
}

/// The first run that is to be masked.
fn next_run(text: &str) -> Option<Run> {
    let mut at = 0;
    // Whether what stands before belongs to the same word.
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
            if digits >= SHORTEST {
                return Some(Run { start: at, end: at + length, digits });
            }
            // Only the first group: a time may follow.
            at += rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len());
            within_word = true;
            continue;
        }
        within_word = first.is_alphanumeric();
        at += first.len_utf8();
    }
    None
}

/// How long the run at the beginning of `text` is, in bytes, and how many digits it has.
fn run(text: &str) -> (usize, usize) {
    let (mut end, mut digits, mut separators) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        if c.is_numeric() {
            // A time is no part of a number before it.
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

/// The length of a UUID that `text` begins with: 8, 4, 4, 4 and 12 hex digits.
fn uuid(text: &str) -> Option<usize> {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes().get(..LENGTH)?;
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let ends = !bytes_after(text, LENGTH).is_some_and(|byte| byte.is_ascii_alphanumeric());
    (ends && bytes.iter().enumerate().all(fits)).then_some(LENGTH)
}

/// The length of a time that `text` begins with: `2026-11-27`, maybe with `T01:05:11.123456` or
/// ` 01:05:11` behind it.
fn time(text: &str) -> Option<usize> {
    const DATE: usize = 10;
    const TIME: usize = 19;
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let is = |at: usize, byte: u8| bytes_after(text, at) == Some(byte);
    let date = (1900..2200).contains(&number(0, 4)?)
        && (1..=12).contains(&number(5, 7)?)
        && (1..=31).contains(&number(8, DATE)?)
        && is(4, b'-')
        && is(7, b'-');
    let digit_at = |at: usize| bytes_after(text, at).is_some_and(|byte| byte.is_ascii_digit());
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

fn bytes_after(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// A line of JSON, masked: within its strings, and where a number is longer than a count of ours.
/// It stays JSON.
pub(super) fn masked_line(line: &str) -> Cow<'_, str> {
    // Nearly every line ends here.
    if !may_hold_a_number(line) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let mut key = "";
    while let Some(quote) = rest.find('"') {
        let (outside, from_quote) = rest.split_at(quote);
        mask_counts(outside, &mut out);
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
    mask_counts(rest, &mut out);
    Cow::Owned(out)
}

/// Whether there are so many digits close together.
fn may_hold_a_number(line: &str) -> bool {
    let (mut digits, mut others) = (0, 0);
    for byte in line.bytes() {
        // Digits of other scripts are beyond ASCII.
        if byte.is_ascii_digit() || !byte.is_ascii() {
            digits += 1;
            others = 0;
            if digits >= SHORTEST {
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

/// Where a JSON string ends whose opening quote stands before `inside`.
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

/// Masks the content of a JSON string. Escapes stay as they are.
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

/// Masks numbers outside of strings: too long a one becomes a string.
fn mask_counts(outside: &str, out: &mut String) {
    let mut rest = outside;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let length = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (number, after) = number.split_at(length);
        out.push_str(before);
        if number.len() > LONGEST_COUNT {
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
