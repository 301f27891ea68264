//! Splits a template into literal text, expressions and secrets.
//!
//! In: the text of a template, its [`Context`] and the names of the webhook's secrets. Out: [`Span`]s
//! with their offsets, and warnings; or a [`Mistake`].

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::escaping::Context;
use super::limits;
use super::mistake::Mistake;
use super::secrets::is_secret_name;
use super::variables;
use super::warnings::Warning;

/// A span of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Span<'t> {
    /// Literal text, `%%` resolved.
    Text(Cow<'t, str>),
    /// `{{ … }}` at `offset`.
    Expression { offset: usize, text: &'t str },
    /// `%name%` at `offset`.
    Secret { offset: usize, name: &'t str },
}

/// The spans of a template, and warnings about its literal text.
pub(super) struct Scanned<'t> {
    pub(super) spans: Vec<Span<'t>>,
    /// At most [`limits::MESSAGES`].
    pub(super) warnings: Vec<Warning>,
}

/// Splits `text`, a template for `context`.
pub(super) fn scan<'t>(
    text: &'t str,
    context: Context,
    secret_names: &BTreeSet<String>,
) -> Result<Scanned<'t>, Mistake> {
    let mut scanner = Scanner {
        text,
        context,
        secret_names,
        spans: Vec::new(),
        warnings: Vec::new(),
        trim_next: false,
        encoded_until: 0,
    };
    scanner.run()?;
    Ok(Scanned { spans: scanner.spans, warnings: scanner.warnings })
}

struct Scanner<'t, 's> {
    text: &'t str,
    context: Context,
    secret_names: &'s BTreeSet<String>,
    spans: Vec<Span<'t>>,
    warnings: Vec<Warning>,
    /// The offset up to which the text of a URL is percent-encoded UTF-8.
    encoded_until: usize,
    /// Whether the expression before ended in `-}}`, which removes the white space after it.
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

    /// Scans the expression at the beginning of `rest` and returns its length.
    fn expression(&mut self, offset: usize, rest: &'t str) -> Result<usize, Mistake> {
        let length = expression_length(rest)
            .ok_or_else(|| Mistake::new(offset, "`{{` has no matching `}}`"))?;
        let text = rest.get(..length).unwrap_or_default();
        if text.starts_with("{{-") {
            self.trim_last();
        }
        self.trim_next = text.ends_with("-}}");
        self.push(offset, Span::Expression { offset, text })?;
        Ok(length)
    }

    /// Adds a span. Their count is bounded, as each occupies more memory than its text.
    fn push(&mut self, offset: usize, span: Span<'t>) -> Result<(), Mistake> {
        if self.spans.len() > 2 * limits::EXPRESSIONS {
            return Err(limits::too_many_expressions(offset));
        }
        self.spans.push(span);
        Ok(())
    }

    /// Scans the percent sign at the beginning of `rest` and what belongs to it; returns its length.
    fn percent(&mut self, offset: usize, rest: &'t str) -> Result<usize, Mistake> {
        let after = rest.get(1..).unwrap_or_default();
        let sign = if self.context == Context::Url { "%25" } else { "%" };
        if after.starts_with('%') {
            self.push_text(sign);
            return Ok(2);
        }
        let name =
            after.find('%').and_then(|end| after.get(..end)).filter(|name| is_secret_name(name));
        if let Some(name) = name.filter(|name| self.secret_names.contains(*name)) {
            self.trim_next = false;
            self.push(offset, Span::Secret { offset, name })?;
            return Ok(name.len() + 2);
        }
        let is_encoding = self.context == Context::Url && is_encoded(rest);
        if let Some(name) = name {
            if !is_encoding {
                return Err(Mistake::new(offset, unset_secret(name)));
            }
            let after = after.get(name.len()..).unwrap_or_default();
            self.warn_of_unset_secret(offset, rest, name, after);
        }
        if is_encoding {
            self.push_text(rest.get(..3).unwrap_or_default());
            return Ok(3);
        }
        self.push_text(sign);
        Ok(1)
    }

    /// Warns of `%name%` that names no secret and begins like a percent-encoding: probably a secret
    /// that is not set. `after` begins with its second percent sign.
    fn warn_of_unset_secret(&mut self, offset: usize, rest: &str, name: &str, after: &str) {
        if offset >= self.encoded_until {
            self.encoded_until = offset + encoded_utf8(rest);
        }
        // No name of a secret begins with a digit, so the byte is not ASCII: alone it is not UTF-8.
        if offset < self.encoded_until || self.warnings.len() >= limits::MESSAGES {
            return;
        }
        let may_be_latin1 = name.len() == 2 || is_encoded(after);
        if is_in_authority(self.text.get(..offset).unwrap_or_default()) {
            // It may be part of a password, which no warning repeats.
            let message = "no secret is allowed before the path (for a percent sign write `%%`)";
            let refused =
                (!may_be_latin1).then(|| Warning::refusing_new(Mistake::new(offset, message)));
            self.warnings.extend(refused);
            return;
        }
        let mistake = Mistake::new(offset, unset_secret(name));
        self.warnings.push(Warning { mistake, refuses_new: !may_be_latin1 });
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
            let trimmed = last.trim_end().len();
            last.to_mut().truncate(trimmed);
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

/// Whether the text after `before` is part of a URL's authority.
fn is_in_authority(before: &str) -> bool {
    before.split_once("://").is_some_and(|(_, rest)| !rest.contains(['/', '?', '#']))
}

/// Whether `text` begins with a percent-encoded byte.
fn is_encoded(text: &str) -> bool {
    let hex = |i: usize| text.as_bytes().get(i).is_some_and(u8::is_ascii_hexdigit);
    text.starts_with('%') && hex(1) && hex(2)
}

/// The length of the percent-encoded UTF-8 at the beginning of `text`, in bytes of `text`.
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

/// The length of the expression at the beginning of `text`, up to the first `}}` outside quotes.
pub(super) fn expression_length(text: &str) -> Option<usize> {
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

    fn spans(text: &str, context: Context) -> Result<String, String> {
        let names = BTreeSet::from(["token".to_owned(), "C3".to_owned()]);
        let Scanned { spans, .. } =
            scan(text, context, &names).map_err(|mistake| mistake.message)?;
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
        let shown = spans(text, Context::JsonString).unwrap();
        assert_eq!(shown, "[a]<{{b | default: '}}'}}>[c{d}]<{{e}}>");
        assert!(spans("{{to", Context::JsonString).unwrap_err().contains("no matching"));
        assert!(spans("{{a | b: '}}", Context::JsonString).unwrap_err().contains("no matching"));
    }

    #[test]
    fn a_hyphen_removes_white_space() {
        let shown = spans("a \n{{- b -}} \t c{{d -}}  {{e}}", Context::JsonString).unwrap();
        assert_eq!(shown, "[a]<{{- b -}}>[c]<{{d -}}><{{e}}>");
    }

    #[test]
    fn percent_signs_are_secrets_or_text() {
        for (text, shown) in [
            ("Bearer %token%", "[Bearer ](token)"),
            ("50% off", "[50% off]"),
            ("50% off, 20% on", "[50% off, 20% on]"),
            ("100%", "[100%]"),
            ("%%token%%", "[%token%]"),
            ("%%%token%", "[%](token)"),
            ("%20%", "[%20%]"),
        ] {
            assert_eq!(spans(text, Context::Header).unwrap(), shown, "{text}");
        }
        let error = spans("%nothere%", Context::Header).unwrap_err();
        assert!(error.contains("no secret `nothere`"), "{error}");
    }

    #[test]
    fn percent_encodings_of_a_url_are_kept() {
        for (text, shown) in [
            ("a%20b%2fc%BC", "[a%20b%2fc%BC]"),
            ("a%add%b", "[a%add%25b]"),
            ("a%C3%b", "[a](C3)[b]"),
            ("50%", "[50%25]"),
            ("50%%", "[50%25]"),
            ("k=%token%", "[k=](token)"),
        ] {
            assert_eq!(spans(text, Context::Url).unwrap(), shown, "{text}");
        }
        assert!(spans("k=%other%", Context::Url).is_err());
    }

    #[test]
    fn an_unset_secret_in_a_url_is_not_mistaken_for_a_percent_encoding() {
        let names = BTreeSet::new();
        let warnings = |text: &str| {
            let warnings = scan(text, Context::Url, &names).map_err(|_| "error")?.warnings;
            let seen = |warning: &Warning| (warning.mistake.offset, warning.refuses_new);
            Ok::<Vec<_>, &str>(warnings.iter().map(seen).collect())
        };
        for refused in ["k=%access_token%", "k=%access_token%&a=%20", "k=%dead-line%", "%face%"] {
            assert_eq!(
                warnings(refused).map(|warnings| warnings.first().map(|it| it.1)),
                Ok(Some(true)),
                "{refused}"
            );
        }
        for warned in ["k=%ab%", "k=%ab%&x", "k=%E9s%20a", "k=%E9%E8"] {
            assert_eq!(
                warnings(warned).map(|warnings| warnings.first().map(|it| it.1)),
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
            assert_eq!(warnings(encoding), Ok(Vec::new()), "{encoding}");
        }
        assert_eq!(warnings("https://u:%access_token%@h.io/").map(|it| it.len()), Ok(1));
        assert_eq!(
            warnings("https://u:%ab%@h.io/"),
            Ok(Vec::new()),
            "no warning repeats a part of a password"
        );
        assert_eq!(warnings("k=%token%"), Err("error"));
        assert_eq!(warnings("a=%C3%A9&k=%access_token%").map(|warnings| warnings[0].0), Ok(11));
    }

    #[test]
    fn tags_are_refused() {
        assert!(spans("a {% if b %}", Context::JsonString).unwrap_err().contains("tags"));
    }
}
