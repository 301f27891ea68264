//! Splits a template into literal text, expressions and secrets.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::doubts::Doubt;
use super::limits;
use super::place::Place;
use super::secrets::is_secret_name;
use super::source::Mistake;
use super::variables;

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Span<'t> {
    /// Text that stands for itself, percent signs resolved.
    Text(Cow<'t, str>),
    /// `{{ … }}`, and where it begins.
    Expression { offset: usize, text: &'t str },
    /// `%name%`, and where it begins.
    Secret { offset: usize, name: &'t str },
}

/// The parts of a template, and what is doubtful in its own text.
pub(super) struct Scanned<'t> {
    pub(super) spans: Vec<Span<'t>>,
    /// The first doubts; at most [`limits::MESSAGES`].
    pub(super) doubts: Vec<Doubt>,
}

/// Splits `text` as it stands in `place`.
pub(super) fn scan<'t>(
    text: &'t str,
    place: Place,
    secret_names: &BTreeSet<String>,
) -> Result<Scanned<'t>, Mistake> {
    let mut scanner = Scanner {
        text,
        place,
        secret_names,
        spans: Vec::new(),
        doubts: Vec::new(),
        trim_next: false,
        encoded_until: 0,
    };
    scanner.run()?;
    Ok(Scanned { spans: scanner.spans, doubts: scanner.doubts })
}

struct Scanner<'t, 's> {
    text: &'t str,
    place: Place,
    secret_names: &'s BTreeSet<String>,
    spans: Vec<Span<'t>>,
    doubts: Vec<Doubt>,
    /// Up to here the text of a URL is percent-encoded UTF-8.
    encoded_until: usize,
    /// The expression before ended in `-}}`, which takes the white space behind it away.
    trim_next: bool,
}

impl<'t> Scanner<'t, '_> {
    fn run(&mut self) -> Result<(), Mistake> {
        let text = self.text;
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let stop = rest.find(['{', '%']).unwrap_or(rest.len());
            if stop > 0 {
                self.push_text(rest.get(..stop).unwrap_or_default());
                at += stop;
            } else if rest.starts_with("{{") {
                at += self.expression(at, rest)?;
            } else if rest.starts_with("{%") {
                return Err(Mistake::new(
                    at,
                    "tags such as `{% if %}` are not supported, only `{{ … }}`",
                ));
            } else if rest.starts_with('{') {
                self.push_text("{");
                at += 1;
            } else {
                at += self.percent(at, rest)?;
            }
        }
        Ok(())
    }

    /// Takes the expression at the beginning of `rest`; the bytes taken.
    fn expression(&mut self, offset: usize, rest: &'t str) -> Result<usize, Mistake> {
        let length =
            end_of(rest).ok_or_else(|| Mistake::new(offset, "`{{` has no matching `}}`"))?;
        let text = rest.get(..length).unwrap_or_default();
        if text.starts_with("{{-") {
            self.trim_last();
        }
        self.trim_next = text.ends_with("-}}");
        self.push(offset, Span::Expression { offset, text })?;
        Ok(length)
    }

    /// Bounds the spans, since each takes more memory than its text.
    fn push(&mut self, offset: usize, span: Span<'t>) -> Result<(), Mistake> {
        if self.spans.len() > 2 * limits::EXPRESSIONS {
            return Err(limits::too_many_expressions(offset));
        }
        self.spans.push(span);
        Ok(())
    }

    /// Takes the percent sign at the beginning of `rest` and what belongs to it.
    fn percent(&mut self, offset: usize, rest: &'t str) -> Result<usize, Mistake> {
        let behind = rest.get(1..).unwrap_or_default();
        let sign = if self.place == Place::Url { "%25" } else { "%" };
        if behind.starts_with('%') {
            self.push_text(sign);
            return Ok(2);
        }
        let name =
            behind.find('%').and_then(|end| behind.get(..end)).filter(|name| is_secret_name(name));
        if let Some(name) = name.filter(|name| self.secret_names.contains(*name)) {
            self.trim_next = false;
            self.push(offset, Span::Secret { offset, name })?;
            return Ok(name.len() + 2);
        }
        let is_encoding = self.place == Place::Url && is_encoded(rest);
        if let Some(name) = name {
            if !is_encoding {
                return Err(Mistake::new(offset, unset_secret(name)));
            }
            let behind = behind.get(name.len()..).unwrap_or_default();
            self.doubt_encoding(offset, rest, name, behind);
        }
        if is_encoding {
            self.push_text(rest.get(..3).unwrap_or_default());
            return Ok(3);
        }
        self.push_text(sign);
        Ok(1)
    }

    /// Doubts that `%name%`, which names no secret, is meant as the percent-encoding that it begins
    /// with. `behind` begins with its second percent sign.
    fn doubt_encoding(&mut self, offset: usize, rest: &str, name: &str, behind: &str) {
        if offset >= self.encoded_until {
            self.encoded_until = offset + encoded_utf8(rest);
        }
        // No secret's name begins with a digit, so the byte is not ASCII: alone it is no UTF-8.
        if offset < self.encoded_until || self.doubts.len() >= limits::MESSAGES {
            return;
        }
        let may_be_latin1 = name.len() == 2 || is_encoded(behind);
        if is_in_authority(self.text.get(..offset).unwrap_or_default()) {
            // It may be a part of a password, which no warning repeats.
            let what = "no secret may stand before the path (for a percent sign write `%%`)";
            let refused = (!may_be_latin1).then(|| Doubt::refused(Mistake::new(offset, what)));
            self.doubts.extend(refused);
            return;
        }
        let mistake = Mistake::new(offset, unset_secret(name));
        self.doubts.push(Doubt { mistake, is_refused: !may_be_latin1 });
    }

    fn push_text(&mut self, text: &'t str) {
        let text = if self.trim_next { text.trim_start() } else { text };
        if text.is_empty() {
            return;
        }
        self.trim_next = false;
        if let Some(Span::Text(last)) = self.spans.last_mut() {
            last.to_mut().push_str(text);
        } else {
            self.spans.push(Span::Text(Cow::Borrowed(text)));
        }
    }

    fn trim_last(&mut self) {
        if let Some(Span::Text(last)) = self.spans.last_mut() {
            let kept = last.trim_end().len();
            last.to_mut().truncate(kept);
        }
    }
}

fn unset_secret(name: &str) -> String {
    let hint = if variables::is_known(name) {
        format!("; a variable is written `{{{{{name}}}}}`")
    } else {
        String::new()
    };
    format!("the webhook has no secret `{name}`{hint} (for a percent sign write `%%`)")
}

/// Whether what follows `before` belongs to the authority of a URL.
fn is_in_authority(before: &str) -> bool {
    before.split_once("://").is_some_and(|(_, rest)| !rest.contains(['/', '?', '#']))
}

/// Whether `text` begins with a percent-encoded byte.
fn is_encoded(text: &str) -> bool {
    let hex = |i: usize| text.as_bytes().get(i).is_some_and(u8::is_ascii_hexdigit);
    text.starts_with('%') && hex(1) && hex(2)
}

/// The length of the percent-encoded UTF-8 that `text` begins with, in bytes of `text`.
fn encoded_utf8(text: &str) -> usize {
    let mut rest = text;
    while is_encoded(rest) {
        rest = rest.get(3..).unwrap_or_default();
    }
    let encoded = text.get(..text.len() - rest.len()).unwrap_or_default();
    let bytes: Vec<u8> = percent_decode_str(encoded).collect();
    match str::from_utf8(&bytes) {
        Ok(_) => encoded.len(),
        Err(error) => error.valid_up_to() * 3,
    }
}

/// The length of the expression that `text` begins with. Its end is the first `}}` outside
/// quotes.
pub(super) fn end_of(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut bytes = text.bytes().enumerate().skip(2).peekable();
    while let Some((i, byte)) = bytes.next() {
        match quote {
            Some(open) => {
                if byte == open {
                    quote = None;
                }
            }
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            None => {
                if byte == b'}' && bytes.peek().is_some_and(|(_, next)| *next == b'}') {
                    return Some(i + 2);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str, place: Place) -> Result<String, String> {
        let names = BTreeSet::from(["token".to_owned(), "C3".to_owned()]);
        let Scanned { spans, .. } = scan(text, place, &names).map_err(|mistake| mistake.what)?;
        let shown = spans.into_iter().map(|span| match span {
            Span::Text(text) => format!("[{text}]"),
            Span::Expression { text, .. } => format!("<{text}>"),
            Span::Secret { name, .. } => format!("({name})"),
        });
        Ok(shown.collect())
    }

    #[test]
    fn expressions_end_outside_quotes() {
        let text = "a{{b | default: '}}'}}c{d}{{e}}";
        let shown = spans(text, Place::Json).unwrap();
        assert_eq!(shown, "[a]<{{b | default: '}}'}}>[c{d}]<{{e}}>");
        assert!(spans("{{to", Place::Json).unwrap_err().contains("no matching"));
        assert!(spans("{{a | b: '}}", Place::Json).unwrap_err().contains("no matching"));
    }

    #[test]
    fn a_hyphen_takes_white_space_away() {
        let shown = spans("a \n{{- b -}} \t c{{d -}}  {{e}}", Place::Json).unwrap();
        assert_eq!(shown, "[a]<{{- b -}}>[c]<{{d -}}><{{e}}>");
    }

    #[test]
    fn percent_signs() {
        for (text, shown) in [
            ("Bearer %token%", "[Bearer ](token)"),
            ("50% off", "[50% off]"),
            ("50% off, 20% on", "[50% off, 20% on]"),
            ("100%", "[100%]"),
            ("%%token%%", "[%token%]"),
            ("%%%token%", "[%](token)"),
            ("%20%", "[%20%]"),
        ] {
            assert_eq!(spans(text, Place::Header).unwrap(), shown, "{text}");
        }
        let error = spans("%nothere%", Place::Header).unwrap_err();
        assert!(error.contains("no secret `nothere`"), "{error}");
    }

    #[test]
    fn percent_encodings_of_a_url_stay() {
        for (text, shown) in [
            ("a%20b%2fc%BC", "[a%20b%2fc%BC]"),
            ("a%add%b", "[a%add%25b]"),
            ("a%C3%b", "[a](C3)[b]"),
            ("50%", "[50%25]"),
            ("50%%", "[50%25]"),
            ("k=%token%", "[k=](token)"),
        ] {
            assert_eq!(spans(text, Place::Url).unwrap(), shown, "{text}");
        }
        assert!(spans("k=%other%", Place::Url).is_err());
    }

    #[test]
    fn a_secret_that_is_not_set_is_no_percent_encoding() {
        let names = BTreeSet::new();
        let doubts = |text: &str| {
            let doubts = scan(text, Place::Url, &names).map_err(|_| "error")?.doubts;
            let seen = |doubt: &Doubt| (doubt.mistake.offset, doubt.is_refused);
            Ok::<Vec<_>, &str>(doubts.iter().map(seen).collect())
        };
        for refused in ["k=%access_token%", "k=%access_token%&a=%20", "k=%dead-line%", "%face%"] {
            assert_eq!(
                doubts(refused).map(|doubts| doubts.first().map(|it| it.1)),
                Ok(Some(true)),
                "{refused}"
            );
        }
        for warned in ["k=%ab%", "k=%ab%&x", "k=%E9s%20a", "k=%E9%E8"] {
            assert_eq!(
                doubts(warned).map(|doubts| doubts.first().map(|it| it.1)),
                Ok(Some(false)),
                "{warned}"
            );
        }
        for encoding in [
            "%C3%BC",
            "caf%C3%A9s%20x",
            "%C3%A9t%C3%A9",
            "%20access_token%20",
            "a%add",
            "%e2%82%ac",
        ] {
            assert_eq!(doubts(encoding), Ok(Vec::new()), "{encoding}");
        }
        assert_eq!(doubts("https://u:%access_token%@h.io/").map(|it| it.len()), Ok(1));
        assert_eq!(doubts("https://u:%ab%@h.io/"), Ok(Vec::new()), "no part of a password");
        assert_eq!(doubts("k=%token%"), Err("error"));
        assert_eq!(doubts("a=%C3%A9&k=%access_token%").map(|doubts| doubts[0].0), Ok(11));
    }

    #[test]
    fn tags_are_refused() {
        assert!(spans("a {% if b %}", Place::Json).unwrap_err().contains("tags"));
    }
}
