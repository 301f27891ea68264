//! JSON that the template engine carries as it is: its own values have no number that keeps every
//! digit, and its objects print in another order every time.
//!
//! Such a number or object is an engine's object with one member without a name, which prints as
//! that member's text. There are no other objects among the engine's values.

use std::io;

use liquid_core::model::{KString, KStringCow};
use liquid_core::{Object, Value, ValueView};
use serde_json::Value as Json;

use super::error::RenderFailure;
use crate::report::Mask;

/// Memory of such a value beside its text, as it is charged.
pub(super) const BYTES: usize = 512;

/// `json` as the engine's value.
pub(super) fn value(json: String) -> Value {
    let member = (KString::from_static(""), Value::scalar(json));
    Value::Object(Object::from_iter([member]))
}

/// The JSON number `text` as the engine's value.
pub(super) fn number(text: String) -> Value {
    match text.parse::<i64>() {
        // `-0` would lose its sign.
        Ok(number) if text != "-0" => Value::scalar(number),
        _ => value(text),
    }
}

/// The JSON of a number or object that is carried as it is.
pub(super) fn json(value: &dyn ValueView) -> Option<KStringCow<'_>> {
    Some(value.as_object()?.get("")?.to_kstr())
}

/// The text of a single value; nothing of a list and of nothing.
pub(super) fn leaf(value: &dyn ValueView) -> Option<KStringCow<'_>> {
    let is_leaf = value.is_scalar() || value.is_object();
    is_leaf.then(|| value.to_kstr())
}

/// Whether it is the object `{}`.
pub(super) fn is_empty_object(value: &dyn ValueView) -> bool {
    json(value).is_some_and(|json| json == "{}")
}

/// JSON under construction, whose bytes are charged before they take memory.
pub(super) struct Charged<F> {
    charge: F,
    json: Vec<u8>,
    failure: Option<RenderFailure>,
}

impl<F: FnMut(usize) -> Result<(), RenderFailure>> Charged<F> {
    pub(super) fn new(charge: F) -> Self {
        Self { charge, json: Vec::new(), failure: None }
    }

    /// What `written` has come to.
    pub(super) fn finish(self, written: io::Result<()>) -> Result<String, RenderFailure> {
        match (self.failure, written) {
            (Some(failure), _) => Err(failure),
            (None, Ok(())) => String::from_utf8(self.json).map_err(|_| RenderFailure::Template),
            (None, Err(_)) => Err(RenderFailure::Template),
        }
    }
}

impl<F: FnMut(usize) -> Result<(), RenderFailure>> io::Write for Charged<F> {
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

/// Writes `value`; numbers that `mask` names are masked in objects of every depth.
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
                    serde_json::to_writer(&mut *out, &masked(value))?;
                } else {
                    write_masked(value, mask, out)?;
                }
            }
            out.write_all(b"}")
        }
        leaf => Ok(serde_json::to_writer(out, leaf)?),
    }
}

/// A masked number; what is none is nothing.
pub(super) fn masked(value: &Json) -> Option<String> {
    match value {
        Json::String(number) => Some(Mask::masked(number)),
        Json::Number(number) => Some(Mask::masked(&number.to_string())),
        _ => None,
    }
}
