//! The body of a composed request.
//!
//! In: [`BodySettings`], a JSON value whose strings are templates. Out: a [`BodyTemplate`], which
//! renders the bytes of a JSON, form or multipart body and its `content-type`.

use http::HeaderValue;
use serde_json::Value;

use super::compiler::Compiler;
use super::error::{RenderError, RenderFailure};
use super::escaping::Context;
use super::limits;
use super::members::{FIELD, child_path, flat_members, member_path, warn_of_literal};
use super::multipart::MultipartTemplate;
use super::output::{Full, Output, RenderedBody};
use super::scope::Scope;
use super::settings::{BodyFormat, BodySettings};
use super::template::Template;
use super::warnings::looks_like_json;

/// A compiled body.
#[derive(Debug)]
pub(super) enum BodyTemplate {
    /// JSON or a form: the concatenated parts are the body.
    Flat { content_type: &'static str, parts: Vec<BodyPart> },
    /// Multipart, whose boundary depends on the rendered values.
    Multipart(MultipartTemplate),
}

/// A part of a JSON or form body.
#[derive(Debug)]
pub(super) enum BodyPart {
    /// Bytes that are the same for every report.
    Fixed(Vec<u8>),
    /// A template, rendered for each report.
    Template(Template),
}

impl BodyTemplate {
    pub(super) fn compile(settings: &BodySettings, compiler: &mut Compiler<'_>) -> Option<Self> {
        let BodySettings { format, template } = settings;
        if let Some(message) = size_error(template) {
            compiler.errors.add(FIELD, message);
            return None;
        }
        match format {
            BodyFormat::Json => {
                if template.as_str().is_some_and(looks_like_json) {
                    let message = "is a string that holds JSON text; did you mean an object?";
                    compiler.warn(FIELD, message.to_owned());
                }
                let mut parts = PartsBuilder::default();
                parts.json(FIELD, template, compiler);
                Some(Self::Flat { content_type: "application/json", parts: parts.0 })
            }
            BodyFormat::Form => Some(Self::Flat {
                content_type: "application/x-www-form-urlencoded",
                parts: form_parts(template, compiler)?,
            }),
            BodyFormat::Multipart => {
                MultipartTemplate::compile(template, compiler).map(Self::Multipart)
            }
        }
    }

    pub(super) fn render(&self, scope: &Scope<'_, '_>) -> Result<RenderedBody, RenderError> {
        match self {
            Self::Multipart(template) => template.render(scope),
            Self::Flat { content_type, parts } => {
                let mut out = Output::with_limit(limits::BODY_BYTES);
                for part in parts {
                    part.render(&mut out, scope)?;
                }
                Ok((out.into_bytes(), HeaderValue::from_static(content_type)))
            }
        }
    }
}

impl BodyPart {
    fn render(&self, out: &mut Output, scope: &Scope<'_, '_>) -> Result<(), RenderError> {
        match self {
            Self::Template(template) => template.render(out, scope),
            Self::Fixed(bytes) => out.push(bytes).map_err(|Full| {
                let limit = out.limit();
                RenderFailure::TooLarge { limit }.of(FIELD)
            }),
        }
    }
}

/// Builds the parts of a body; adjacent fixed bytes become one part.
#[derive(Default)]
struct PartsBuilder(Vec<BodyPart>);

impl PartsBuilder {
    fn fixed(&mut self, bytes: &[u8]) {
        if let Some(BodyPart::Fixed(last)) = self.0.last_mut() {
            last.extend_from_slice(bytes);
        } else {
            self.0.push(BodyPart::Fixed(bytes.to_vec()));
        }
    }

    fn template(&mut self, template: Template) {
        match template.literal() {
            Some(bytes) => self.fixed(bytes),
            None => self.0.push(BodyPart::Template(template)),
        }
    }

    /// Adds a JSON string, or a JSON value if the string is one expression that makes JSON.
    fn text(&mut self, field: &str, text: &str, compiler: &mut Compiler<'_>) {
        let Some(template) = compiler.template(field, Context::JsonString, text) else {
            return;
        };
        match template.into_json_value() {
            Ok(value) => self.template(value),
            Err(template) => {
                self.fixed(b"\"");
                self.template(template);
                self.fixed(b"\"");
            }
        }
    }

    fn json(&mut self, field: &str, value: &Value, compiler: &mut Compiler<'_>) {
        match value {
            Value::String(text) => self.text(field, text, compiler),
            Value::Array(values) => {
                for (i, value) in values.iter().enumerate() {
                    self.fixed(if i == 0 { b"[" } else { b"," });
                    self.json(&child_path(field, &format!("[{i}]")), value, compiler);
                }
                self.fixed(if values.is_empty() { b"[]" } else { b"]" });
            }
            Value::Object(object) => {
                for (i, (name, value)) in object.iter().enumerate() {
                    warn_of_literal(field, name, value, compiler);
                    self.fixed(if i == 0 { b"{" } else { b"," });
                    self.fixed(Value::from(name.as_str()).to_string().as_bytes());
                    self.fixed(b":");
                    self.json(&member_path(field, name), value, compiler);
                }
                self.fixed(if object.is_empty() { b"{}" } else { b"}" });
            }
            other => self.fixed(other.to_string().as_bytes()),
        }
    }
}

fn form_parts(template: &Value, compiler: &mut Compiler<'_>) -> Option<Vec<BodyPart>> {
    let mut parts = PartsBuilder::default();
    for (i, (name, text)) in flat_members(template, compiler)?.into_iter().enumerate() {
        if i > 0 {
            parts.fixed(b"&");
        }
        parts.fixed(&Context::FormValue.literal(name));
        parts.fixed(b"=");
        if let Some(value) = compiler.template(&member_path(FIELD, name), Context::FormValue, &text)
        {
            parts.template(value);
        }
    }
    Some(parts.0)
}

fn size_error(template: &Value) -> Option<String> {
    if depth(template) > limits::BODY_DEPTH {
        let max = limits::BODY_DEPTH;
        return Some(format!("must not be nested deeper than {max} levels"));
    }
    let mut counter = ByteCounter(0);
    // Counting cannot fail.
    let _ = serde_json::to_writer(&mut counter, template);
    let max = limits::BODY_TEMPLATE_BYTES;
    (counter.0 > max).then(|| format!("must be at most {max} bytes of JSON, not {}", counter.0))
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Counts the bytes written to it.
struct ByteCounter(usize);

impl std::io::Write for ByteCounter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
