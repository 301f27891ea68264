//! Escapes values for the part of a request in which their template stands.
//!
//! In: a value's text and its [`Context`]. Out: escaped bytes in an [`Output`].

use std::io;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use url::form_urlencoded::byte_serialize;

use super::output::{Full, Output};

/// All but the unreserved characters of RFC 3986: no value can add a segment, a parameter or
/// a fragment.
const NOT_UNRESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The part of a request in which a template stands; it decides how values are escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// The path or query of a URL.
    Url,
    /// A header's value. Not escaped: control characters fail the rendering.
    Header,
    /// Between the quotes of a JSON string.
    JsonString,
    /// In place of a JSON value: an expression that makes JSON, which needs no escaping.
    JsonValue,
    /// The value of an `application/x-www-form-urlencoded` pair.
    FormValue,
    /// The value of a `multipart/form-data` part. Not escaped: the boundary is chosen afterwards.
    MultipartValue,
}

impl Context {
    /// Writes the value `text`, escaped.
    pub(super) fn write(self, out: &mut Output, text: &str) -> Result<(), Full> {
        match self {
            Self::Url => push_all(out, percent_encode(text.as_bytes(), NOT_UNRESERVED)),
            Self::FormValue => push_all(out, byte_serialize(text.as_bytes())),
            Self::JsonString => out.push_json(text),
            Self::Header | Self::MultipartValue | Self::JsonValue => out.push(text.as_bytes()),
        }
    }

    /// The template's own `text` as it is sent: verbatim in a URL, escaped elsewhere.
    pub(super) fn literal(self, text: &str) -> Box<[u8]> {
        let mut out = Output::with_limit(usize::MAX);
        // An output without a limit is never full.
        let _ =
            if self == Self::Url { out.push(text.as_bytes()) } else { self.write(&mut out, text) };
        out.into_bytes().into()
    }
}

fn push_all<'t>(out: &mut Output, mut parts: impl Iterator<Item = &'t str>) -> Result<(), Full> {
    parts.try_for_each(|part| out.push(part.as_bytes()))
}

/// Escapes what the Liquid engine writes.
pub(super) struct EscapingWriter<'o> {
    pub(super) out: &'o mut Output,
    pub(super) context: Context,
    /// Whether a write exceeded the limit of `out`.
    pub(super) is_full: bool,
}

impl io::Write for EscapingWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The engine formats with `write!`, so each write is whole UTF-8.
        let text = str::from_utf8(bytes).map_err(io::Error::other)?;
        self.context.write(self.out, text).map_err(|Full| {
            self.is_full = true;
            io::ErrorKind::FileTooLarge
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(context: Context, text: &str) -> String {
        let mut out = Output::with_limit(1_000);
        context.write(&mut out, text).unwrap();
        out.into_text()
    }

    #[test]
    fn each_context_escapes_the_characters_that_would_end_it() {
        let text = "a/b?c=d&e#f \"%\\\n\u{1}ü~";
        assert_eq!(escaped(Context::Url, text), "a%2Fb%3Fc%3Dd%26e%23f%20%22%25%5C%0A%01%C3%BC~");
        assert_eq!(
            escaped(Context::FormValue, text),
            "a%2Fb%3Fc%3Dd%26e%23f+%22%25%5C%0A%01%C3%BC%7E"
        );
        assert_eq!(escaped(Context::JsonString, text), r#"a/b?c=d&e#f \"%\\\n\u0001ü~"#);
        assert_eq!(escaped(Context::MultipartValue, text), text);
    }
}
