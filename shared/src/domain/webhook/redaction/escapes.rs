//! Decodes the escapes of JSON and programming languages, of HTML, and of URLs.

use super::html_entities;
use super::view::{Escape, Unescaped, View};

/// The views of `view` with one kind of escape decoded.
pub(super) fn views(view: &View) -> impl Iterator<Item = View> {
    let backslashes = || view.unescaped(b'\\', backslash);
    let references = || view.unescaped(b'&', entity);
    let percents = || view.unescaped(b'%', percent);
    let all: [&dyn Fn() -> Option<View>; 3] = [&backslashes, &references, &percents];
    all.map(|decode| decode()).into_iter().flatten()
}

/// Decodes `\/`, `\"`, `\n`, `\u00e9` with surrogates, `\u{e9}`, `\U000000e9`, `\xe9`; in upper case as
/// well, since a receiver may change the case of the whole response.
fn backslash(text: &[u8], is_cut: bool) -> Option<Escape> {
    let Some(kind) = text.get(1) else { return unfinished(text, is_cut) };
    let escape = match kind {
        b'x' | b'X' => hex_byte(text, 2, is_cut),
        b'u' | b'U' if text.get(2) == Some(&b'{') => braces(text, is_cut),
        b'U' => utf32(text).or_else(|| utf16(text, b"\\u", is_cut)),
        b'u' => utf16(text, b"\\u", is_cut),
        _ => None,
    };
    escape.or_else(|| {
        let byte = match kind {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            other => *other,
        };
        Some(Escape { len: 2, unescaped: Unescaped::Byte(byte) })
    })
}

/// Decodes `%C3`, and `%u00e9` as JavaScript's `escape` writes it.
fn percent(text: &[u8], is_cut: bool) -> Option<Escape> {
    match text.get(1) {
        Some(b'u' | b'U') => utf16(text, b"%u", is_cut),
        _ => hex_byte(text, 1, is_cut),
    }
}

/// Decodes `&quot;`, `&#34;`, `&#x22;`; the semicolon of a number may be missing.
fn entity(text: &[u8], is_cut: bool) -> Option<Escape> {
    /// The longest name or number.
    const MAX: usize = 8;
    let after = text.get(1..).unwrap_or_default();
    let (prefix, radix) = match after {
        [b'#', b'x' | b'X', ..] => (3, Some(16)),
        [b'#', ..] => (2, Some(10)),
        _ => (1, None),
    };
    let digits = text.get(prefix..).unwrap_or_default();
    let is_digit = |b: &u8| match radix {
        Some(radix) => char::from(*b).is_digit(radix),
        None => b.is_ascii_alphanumeric(),
    };
    let len = digits.iter().take(MAX).take_while(|b| is_digit(b)).count();
    let end = prefix + len;
    if end >= text.len() && is_cut {
        return unfinished(text, is_cut);
    }
    let name = std::str::from_utf8(digits.get(..len)?).ok()?;
    let is_closed = text.get(end) == Some(&b';');
    let c = match radix {
        Some(radix) => u32::from_str_radix(name, radix).ok().and_then(char::from_u32),
        None => html_entities::named(name).filter(|_| is_closed),
    };
    Some(Escape { len: end + usize::from(is_closed), unescaped: Unescaped::Char(c?) })
}

/// An escape whose end was cut off with the body's.
fn unfinished(text: &[u8], is_cut: bool) -> Option<Escape> {
    is_cut.then_some(Escape { len: text.len(), unescaped: Unescaped::Unknown })
}

/// The result of reading hexadecimal digits.
enum Digits {
    Number(u32),
    /// The text ends within the digits.
    Unfinished,
    Other,
}

fn digits(text: &[u8], from: usize, count: usize) -> Digits {
    let rest = text.get(from..).unwrap_or_default();
    let digits = rest.get(..count).unwrap_or(rest);
    let number = digits.iter().try_fold(0_u32, |number, byte| {
        char::from(*byte).to_digit(16).map(|digit| number << 4 | digit)
    });
    match number {
        Some(number) if digits.len() == count => Digits::Number(number),
        Some(_) => Digits::Unfinished,
        None => Digits::Other,
    }
}

/// Decodes a byte of two digits at `from`.
fn hex_byte(text: &[u8], from: usize, is_cut: bool) -> Option<Escape> {
    match digits(text, from, 2) {
        Digits::Number(number) => {
            let byte = u8::try_from(number).ok()?;
            Some(Escape { len: from + 2, unescaped: Unescaped::Byte(byte) })
        }
        Digits::Unfinished => unfinished(text, is_cut),
        Digits::Other => None,
    }
}

/// Decodes `lead` and four digits, twice for a character above U+FFFF.
fn utf16(text: &[u8], lead: &[u8], is_cut: bool) -> Option<Escape> {
    let unit = |at: usize| {
        let begins = text.get(at..).unwrap_or_default();
        let begins = begins.get(..lead.len()).unwrap_or(begins);
        if lead.len() == begins.len() && begins.eq_ignore_ascii_case(lead) {
            digits(text, at + lead.len(), 4)
        } else if lead.starts_with(begins) {
            Digits::Unfinished
        } else {
            Digits::Other
        }
    };
    let len = lead.len() + 4;
    let first = match unit(0) {
        Digits::Number(first) => first,
        Digits::Unfinished => return unfinished(text, is_cut),
        Digits::Other => return None,
    };
    let (c, len) = match (char::from_u32(first), unit(len)) {
        (Some(c), _) => (c, len),
        (None, Digits::Unfinished) if is_cut => return unfinished(text, is_cut),
        (None, Digits::Number(second)) => {
            let units = [first, second].map(|unit| u16::try_from(unit).unwrap_or_default());
            match char::decode_utf16(units).next() {
                Some(Ok(c)) => (c, 2 * len),
                _ => (char::REPLACEMENT_CHARACTER, len),
            }
        }
        (None, _) => (char::REPLACEMENT_CHARACTER, len),
    };
    Some(Escape { len, unescaped: Unescaped::Char(c) })
}

/// Decodes `\U` and eight digits.
fn utf32(text: &[u8]) -> Option<Escape> {
    let Digits::Number(number) = digits(text, 2, 8) else { return None };
    let c = char::from_u32(number)?;
    Some(Escape { len: 10, unescaped: Unescaped::Char(c) })
}

/// Decodes `\u{…}` of one to six digits.
fn braces(text: &[u8], is_cut: bool) -> Option<Escape> {
    const MAX: usize = 6;
    let inner = text.get(3..).unwrap_or_default();
    let count = inner.iter().take(MAX).take_while(|byte| byte.is_ascii_hexdigit()).count();
    match (inner.get(count), digits(text, 3, count)) {
        (Some(b'}'), Digits::Number(number)) if count > 0 => {
            let c = char::from_u32(number)?;
            Some(Escape { len: count + 4, unescaped: Unescaped::Char(c) })
        }
        (None, _) => unfinished(text, is_cut),
        _ => None,
    }
}
