//! The places where a template may stand, and how a value is escaped there.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use url::form_urlencoded::byte_serialize;

use super::output::{Full, Output};

/// All but the unreserved characters of RFC 3986: no value can add a segment, a parameter or
/// a fragment.
const NOT_UNRESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where a template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The path or query of a URL.
    Url,
    /// The value of a header.
    Header,
    /// Between the quotes of a JSON string.
    Json,
    /// In the place of a JSON value: an expression that makes JSON, which needs no escaping.
    JsonValue,
    /// The value of an `application/x-www-form-urlencoded` pair.
    Form,
    /// The value of a `multipart/form-data` part; its boundary is chosen after it is known.
    Part,
}

impl Place {
    /// Writes the value `text`, escaped.
    pub(super) fn write(self, out: &mut Output, text: &str) -> Result<(), Full> {
        match self {
            Self::Url => push_all(out, percent_encode(text.as_bytes(), NOT_UNRESERVED)),
            Self::Form => push_all(out, byte_serialize(text.as_bytes())),
            Self::Json => out.push_json(text),
            Self::Header | Self::Part | Self::JsonValue => out.push(text.as_bytes()),
        }
    }

    /// Writes the template's own `text`: in a URL it is part of the URL.
    pub(super) fn write_literal(self, out: &mut Output, text: &str) -> Result<(), Full> {
        if self == Self::Url { out.push(text.as_bytes()) } else { self.write(out, text) }
    }
}

fn push_all<'t>(out: &mut Output, mut parts: impl Iterator<Item = &'t str>) -> Result<(), Full> {
    parts.try_for_each(|part| out.push(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(place: Place, text: &str) -> String {
        let mut out = Output::with_limit(1_000);
        place.write(&mut out, text).unwrap();
        out.into_text()
    }

    #[test]
    fn each_place_escapes_what_would_end_it() {
        let text = "a/b?c=d&e#f \"%\\\n\u{1}ü~";
        assert_eq!(written(Place::Url, text), "a%2Fb%3Fc%3Dd%26e%23f%20%22%25%5C%0A%01%C3%BC~");
        assert_eq!(written(Place::Form, text), "a%2Fb%3Fc%3Dd%26e%23f+%22%25%5C%0A%01%C3%BC%7E");
        assert_eq!(written(Place::Json, text), r#"a/b?c=d&e#f \"%\\\n\u0001ü~"#);
        assert_eq!(written(Place::Part, text), text);
    }
}
