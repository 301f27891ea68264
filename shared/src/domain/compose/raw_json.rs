//! JSON numbers and objects as values of the Liquid engine, without loss.
//!
//! The engine's own numbers lose digits, and its own objects print their members in random order. So
//! such a number or object is carried as its JSON text: an engine's object with one member whose name
//! is empty, which prints as that member's text. There are no other objects among the engine's values.
//!
//! In: JSON of a report. Out: an engine's value, or the JSON of one; phone numbers masked.

use std::io;

use liquid_core::model::{KString, KStringCow};
use liquid_core::{Object, Value, ValueView};
use serde_json::Value as Json;

use super::error::RenderFailure;
use crate::domain::report::Mask;

/// Memory charged for a wrapped value, in addition to its text.
pub(super) const OVERHEAD: usize = 512;

/// Wraps the text of a JSON number or object.
pub(super) fn wrap(json: String) -> Value {
    let member = (KString::from_static(""), Value::scalar(json));
    Value::Object(Object::from_iter([member]))
}

/// Converts the JSON number `text`, and wraps it if the engine would change it.
pub(super) fn wrap_number(text: String) -> Value {
    match text.parse::<i64>() {
        // `-0` would lose its sign.
        Ok(number) if text != "-0" => Value::scalar(number),
        _ => wrap(text),
    }
}

/// The JSON text of a wrapped number or object.
pub(super) fn text(value: &dyn ValueView) -> Option<KStringCow<'_>> {
    Some(value.as_object()?.get("")?.to_kstr())
}

/// The text of a value that is neither a list nor nil.
pub(super) fn leaf(value: &dyn ValueView) -> Option<KStringCow<'_>> {
    let is_leaf = value.is_scalar() || value.is_object();
    is_leaf.then(|| value.to_kstr())
}

pub(super) fn is_empty_object(value: &dyn ValueView) -> bool {
    text(value).is_some_and(|json| json == "{}")
}

/// Collects JSON and charges its bytes before it allocates them.
pub(super) struct ChargedWriter<F> {
    charge: F,
    json: Vec<u8>,
    failure: Option<RenderFailure>,
}

impl<F: FnMut(usize) -> Result<(), RenderFailure>> ChargedWriter<F> {
    pub(super) fn new(charge: F) -> Self {
        Self { charge, json: Vec::new(), failure: None }
    }

    /// The JSON, or the failure that ended `written`.
    pub(super) fn finish(self, written: io::Result<()>) -> Result<String, RenderFailure> {
        match (self.failure, written) {
            (Some(failure), _) => Err(failure),
            (None, Ok(())) => String::from_utf8(self.json).map_err(|_| RenderFailure::Template),
            (None, Err(_)) => Err(RenderFailure::Template),
        }
    }
}

impl<F: FnMut(usize) -> Result<(), RenderFailure>> io::Write for ChargedWriter<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.charge)(bytes.len()).map_err(|failure| {
            self.failure = Some(failure);
            io::ErrorKind::FileTooLarge
        })?;
        self.json.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes `value` as JSON. Masks the members that `mask` names, at every depth.
pub(super) fn write_masked(value: &Json, mask: Mask, out: &mut impl io::Write) -> io::Result<()> {
    match value {
        Json::Array(values) => {
            out.write_all(b"[")?;
            for (i, value) in values.iter().enumerate() {
                out.write_all(if i == 0 { b"" } else { b"," })?;
                write_masked(value, mask, out)?;
            }
            out.write_all(b"]")
        }
        Json::Object(members) => {
            out.write_all(b"{")?;
            for (i, (name, value)) in members.iter().enumerate() {
                out.write_all(if i == 0 { b"" } else { b"," })?;
                serde_json::to_writer(&mut *out, name)?;
                out.write_all(b":")?;
                if mask.hides(name) {
                    serde_json::to_writer(&mut *out, &masked_number(value))?;
                } else {
                    write_masked(value, mask, out)?;
                }
            }
            out.write_all(b"}")
        }
        leaf => Ok(serde_json::to_writer(out, leaf)?),
    }
}

/// The masked phone number; `None` if `value` is neither text nor number.
pub(super) fn masked_number(value: &Json) -> Option<String> {
    match value {
        Json::String(number) => Some(Mask::masked(number)),
        Json::Number(number) => Some(Mask::masked(&number.to_string())),
        _ => None,
    }
}
