//! The templates of a webhook's requests, as the customer writes them.
//!
//! In: the fields `method`, `url`, `headers` and `body` of an API request, or JSON from a store.
//! Out: [`ComposeSettings`], the same fields for reads (with secrets hidden), and JSON for stores.

mod hidden_secrets;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::VariantArray;

use super::limits;
use super::literal_secrets;
use crate::input::fields::{FieldErrors, Fields, kind_of};

/// The templates of a webhook's requests, not compiled yet: [`super::Composer::compile`] checks them.
///
/// `Serialize` and `Deserialize` are for stores; the API shows [`ComposeSettings::to_fields`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposeSettings {
    /// The request's method.
    #[serde(default)]
    pub method: Method,
    /// The template of its URL.
    pub url: String,
    /// Names and templates of its headers, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Its body; without one the default payload is sent (nothing for `GET`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodySettings>,
}

/// The method of a composed request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `POST`.
    #[default]
    Post,
    /// `PUT`.
    Put,
    /// `GET`, without a body.
    Get,
}

/// A composed body.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodySettings {
    /// The encoding.
    pub format: BodyFormat,
    /// A JSON value whose strings are templates. Stored as text: a store may lose the digits of long
    /// numbers and the order of keys.
    #[serde(with = "as_text")]
    pub template: Value,
}

/// The encoding of a composed body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
}

impl ComposeSettings {
    /// Upper estimate of the memory that these settings occupy, in bytes.
    pub fn memory_bytes(&self) -> usize {
        /// A value or key: if its text is short, the overhead dominates.
        const PIECE: usize = 80;
        let text = self.as_json();
        1024 + 4 * text.len() + PIECE * text.matches([',', ':']).count()
    }

    /// Upper estimate of the memory that a [`super::Composer`] of these settings occupies, in bytes.
    pub fn compiled_bytes(&self) -> usize {
        /// An expression, one of its filters, or a secret.
        const PIECE: usize = 420;
        let text = self.as_json();
        let pieces = text.matches("{{").count() + text.matches('|').count();
        let secrets = text.matches('%').count() / 2;
        2048 + 4 * text.len() + PIECE * (pieces + secrets)
    }

    /// Cannot fail: all keys are strings, all numbers are JSON numbers.
    fn as_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads `method`, `url`, `headers` and `body` of an API request and adds errors to `fields`.
    /// Does not compile the templates.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let method = match fields.value("method") {
            None => Some(Method::default()),
            Some(_) => fields.parsed("method", Method::from_json),
        };
        let url = fields.value("url");
        let url = match url {
            None => Err("is required".to_owned()),
            Some(Value::String(url)) => Ok(url.clone()),
            Some(other) => Err(format!("must be a string, not {}", kind_of(other))),
        };
        let url = url.map_err(|error| fields.errors.add("url", error)).ok();
        let headers = match fields.value("headers") {
            None => Some(Vec::new()),
            Some(headers) => read_headers(headers, &mut fields.errors),
        };
        let body = match fields.value("body") {
            None => Some(None),
            Some(body) => BodySettings::read(body, &mut fields.errors).map(Some),
        };
        Some(Self { method: method?, url: url?, headers: headers?, body: body? })
    }

    /// Reads an object that has only these fields.
    pub fn parse(object: &Map<String, Value>) -> Result<Self, FieldErrors> {
        let mut fields = Fields::new(object);
        let settings = Self::read(&mut fields);
        let errors = fields.finish();
        match settings {
            Some(settings) => errors.into_result(settings),
            None => Err(errors),
        }
    }

    /// The fields as the API shows them, with `•••` for user and password of the URL and for literal
    /// secrets of headers. A caller may send them back: [`ComposeSettings::read`] reads them, and
    /// [`ComposeSettings::restore_hidden`] replaces each `•••` by the saved secret.
    pub fn to_fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("method".to_owned(), self.method.as_str().into());
        fields.insert("url".to_owned(), self.url_credentials().hidden_url().into());
        if !self.headers.is_empty() {
            let headers = self.headers.iter();
            let shown = |(name, value): &(String, String)| {
                (name.clone(), literal_secrets::hidden_value(name, value).into_owned().into())
            };
            let headers: Map<_, _> = headers.map(shown).collect();
            fields.insert("headers".to_owned(), headers.into());
        }
        if let Some(BodySettings { format, template }) = &self.body {
            let body = serde_json::json!({"format": format.as_str(), "template": template});
            fields.insert("body".to_owned(), body);
        }
        fields
    }
}

/// Prints the method only: templates may hold secrets.
impl fmt::Debug for ComposeSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComposeSettings")
            .field("method", &self.method)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// Prints the format only.
impl fmt::Debug for BodySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.format, f)
    }
}

fn read_headers(value: &Value, errors: &mut FieldErrors) -> Option<Vec<(String, String)>> {
    let Some(object) = value.as_object() else {
        let kind = kind_of(value);
        errors.add("headers", format_args!("must be an object, not {kind}"));
        return None;
    };
    if object.len() > limits::HEADERS {
        errors.add("headers", limits::too_many_headers());
        return None;
    }
    let mut headers = Some(Vec::with_capacity(object.len()));
    for (name, value) in object {
        if let Some(text) = value.as_str() {
            if let Some(headers) = &mut headers {
                headers.push((name.clone(), text.to_owned()));
            }
        } else {
            let field = format!("headers.{}", super::mistake::clip(name));
            errors.add(field, format_args!("must be a string, not {}", kind_of(value)));
            headers = None;
        }
    }
    headers
}

impl BodySettings {
    fn read(value: &Value, errors: &mut FieldErrors) -> Option<Self> {
        let Some(object) = value.as_object() else {
            let kind = kind_of(value);
            errors.add("body", format_args!("must be an object, not {kind}"));
            return None;
        };
        let mut fields = Fields::new(object);
        if fields.value("format").is_none() {
            fields.errors.add("format", BodyFormat::EXPECTED);
        }
        let format = fields.parsed("format", BodyFormat::from_json);
        // Here `null` is a value: the JSON body `null`.
        fields.ignore(&["template"]);
        let template = object.get("template");
        if template.is_none() {
            fields.errors.add("template", "is required");
        }
        for error in fields.finish().iter() {
            errors.add(format!("body.{}", error.field), &error.message);
        }
        Some(Self { format: format?, template: template?.clone() })
    }
}

impl Method {
    /// Every method.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    fn from_json(value: &Value) -> Result<Self, &'static str> {
        match value.as_str() {
            Some("POST") => Ok(Self::Post),
            Some("PUT") => Ok(Self::Put),
            Some("GET") => Ok(Self::Get),
            _ => Err("must be `POST`, `PUT` or `GET`"),
        }
    }

    /// The method's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Get => "GET",
        }
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Get => Self::GET,
        }
    }
}

impl BodyFormat {
    /// Every format.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    const EXPECTED: &str = "must be `json`, `form` or `multipart`";

    fn from_json(value: &Value) -> Result<Self, &'static str> {
        match value.as_str() {
            Some("json") => Ok(Self::Json),
            Some("form") => Ok(Self::Form),
            Some("multipart") => Ok(Self::Multipart),
            _ => Err(Self::EXPECTED),
        }
    }

    /// The format's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
            Self::Multipart => "multipart",
        }
    }

    /// The error of a header `content-type: {text}` that does not fit this format.
    pub(super) fn content_type_error(self, text: &str) -> Option<String> {
        let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
        let media_type = parts.next().unwrap_or_default();
        let utf8 = parts.all(|part| part == "charset=utf-8" || part == "charset=\"utf-8\"");
        let fits = match self {
            Self::Json => {
                let suffix = media_type.strip_prefix("application/");
                suffix.is_some_and(|it| it == "json" || (it.len() > 5 && it.ends_with("+json")))
            }
            Self::Form => media_type == "application/x-www-form-urlencoded",
            Self::Multipart => {
                return Some("must be left out for a multipart body".to_owned());
            }
        };
        let name = self.as_str();
        (!fits || !utf8).then(|| format!("contradicts the body, which is `{name}` in UTF-8"))
    }
}

mod as_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de, ser};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(value: &Value, to: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(value).map_err(ser::Error::custom)?;
        to.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
        let text = String::deserialize(from)?;
        serde_json::from_str(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
